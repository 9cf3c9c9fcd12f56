"""What several tests do around a case: somebody introduces, a relative is asked about; and what a refusal said."""

from __future__ import annotations

import datetime as dt

import pytest

from cells.verdict import Refused
from membership.around.asking import Question, ask_verification
from membership.around.introducers import Introduction, add_introducer
from membership.around.models import Verification
from membership.papers.checklist import checklist
from tests.factories import TODAY

D = dt.date
#: the day of the branch's meeting
MET = D(2024, 10, 1)
HOW = {"actor": None, "today": TODAY}


def introduce(case, person=None, **more):
    """`person` introduces from 1/9/2024."""
    return add_introducer(Introduction(case, D(2024, 9, 1), person=person, **more), **HOW)


def ask(case, relation=Verification.Relation.FATHER, **more):
    return ask_verification(
        Question(**{"case": case, "relation": relation, "place": "Đảng ủy xã A", "asked_on": D(2024, 9, 1)} | more),
        **HOW,
    )


def refusals(deed):
    """Field and words of each problem that the deed was refused for."""
    with pytest.raises(Refused) as caught:
        deed()
    return [(problem.field, problem.message) for problem in caught.value.problems]


def line_of(case, code, on=MET):
    return next(line for line in checklist(case, on) if line.rule.code == code)
