"""A branch under a committee with one thing of each kind that somebody has to do, and who may be asked to do it."""

import datetime as dt

from membership.models import Spell, Stage
from membership.votes.models import Subject
from tests.factories import a_case, a_member, a_step, a_user, a_vote_on

D = dt.date


def the_readers(city):
    """Somebody of each kind of post, by what the tests call them."""
    return {
        "branch": a_user("branch", city.branch, office="secretary"),
        "base branch": a_user("committee", city.base_branch),
        "committee": a_user("committee", city.committee),
        "board": a_user("board", city.top),
        "sibling": a_user("branch", city.sibling),
        "standing": a_user("standing", city.top),
        "body": a_user("body", city.top),
        "nobody": a_user(),
    }


def resolved(branch, day=None, **more):
    case = a_case(branch, stage=Stage.DOSSIER, listed_on=D(2024, 1, 5), step_days=20, **more)
    return a_step(case, Stage.BRANCH_RESOLVED, day or D(2024, 9, 2))


def decided(branch):
    case = resolved(branch)
    if branch.code.startswith("DU"):
        a_step(case, Stage.EXAMINED, D(2024, 9, 10))
    return a_step(case, Stage.DECIDED, D(2024, 9, 20))


def admitted(branch):
    return Spell.objects.get(candidacy=a_step(decided(branch), Stage.ADMITTED, D(2024, 10, 8)))


def on_probation(branch, ceremony=None):
    ceremony = ceremony or D(2023, 6, 20)
    return a_member(branch, ceremony_on=ceremony, decided_on=ceremony)


def reviewed(branch):
    spell = on_probation(branch)
    a_vote_on(spell, D(2024, 9, 20))
    return spell


def examined(branch):
    spell = reviewed(branch)
    a_vote_on(spell, D(2024, 9, 25), subject=Subject.COMMITTEE_RECOGNITION)
    return spell


def removed(branch):
    spell = on_probation(branch)
    a_vote_on(spell, D(2024, 9, 20), subject=Subject.BRANCH_REMOVAL)
    return spell


EACH = (resolved, decided, admitted, on_probation, reviewed, examined, removed)


def lively(city):
    """Each of them, and a case without a deadline, in two branches of one committee."""
    for branch in (city.branch, city.sibling):
        for what in EACH:
            what(branch)
        a_case(branch)
