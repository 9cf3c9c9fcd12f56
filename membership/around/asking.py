"""What is asked of others about a candidate: verifications of relatives, opinions; and what they answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from cells import vietnamese
from cells.people.models import User
from cells.verdict import Problem, Refused, refuse
from membership.around.locked import day_problems, finish, lock
from membership.around.models import Opinion, Verification
from membership.models import Candidacy

Relation, Result = Verification.Relation, Verification.Result

#: relatives who, being members and declared in full, are not verified (`domain.md` §1.2, step 7)
EXEMPTED = (Relation.FATHER, Relation.MOTHER, Relation.SIBLING, Relation.CHILD)
_NOT_EXEMPTED = "Chỉ cha, mẹ đẻ, anh chị em ruột, con đẻ là đảng viên đã khai đủ mới không phải thẩm tra."


@dataclass(frozen=True)
class Question:
    """A verification of one relation: `exempt`, or asked at `place` on `asked_on` by the letter `number`."""

    case: Candidacy
    relation: str
    place: str = ""
    asked_on: dt.date | None = None
    number: str = ""
    exempt: bool = False


@transaction.atomic
def ask_verification(item: Question, *, actor: User | None, today: dt.date, version: int | None = None) -> Verification:
    """Write down who was asked about which relative.

    Refused (fields `relation`, `exempt`, `place`, `asked_on`): nowhere or on no day, a day to come, an exemption of a
    relative whom membership does not exempt; a closed case. `Stale`: changed since `version`.
    """
    case = lock(item.case, version)
    problems = day_problems(case, today, asked_on=item.asked_on)
    if item.relation not in Relation.values:
        problems.append(Problem(0, "relation", "Chọn quan hệ trong danh sách."))
    if item.exempt and item.relation not in EXEMPTED:
        problems.append(Problem(0, "exempt", _NOT_EXEMPTED))
    if not item.exempt and not vietnamese.clean(item.place):
        problems.append(Problem(0, "place", "Ghi nơi hỏi, như đảng ủy xã nơi cư trú."))
    if not item.exempt and item.asked_on is None:
        problems.append(Problem(0, "asked_on", "Ghi ngày gửi."))
    if problems:
        raise Refused(*problems)
    made = Verification.objects.create(
        candidacy=case,
        relation=item.relation,
        exempt=item.exempt,
        place="" if item.exempt else vietnamese.clean(item.place),
        asked_on=None if item.exempt else item.asked_on,
        number=vietnamese.clean(item.number),
    )
    finish("ask_verification", case, actor, {"asked_on": made.asked_on, "number": made.number})
    return made


@transaction.atomic
def answer_verification(
    row: Verification, day: dt.date, result: str, *, actor: User | None, today: dt.date, version: int | None = None
) -> Verification:
    """Write down the answer of `day`; where it was unclear, on which day it was cleared up.

    Refused (fields `day`, `result`): to come, before it was asked or answered, no result; nothing open.
    """
    case = lock(row.candidacy, version)
    held = Verification.objects.select_for_update().get(pk=row.pk)
    if held.void or held.is_settled:
        raise refuse("Lần thẩm tra này đã xong.")
    before = held.answered_on or held.asked_on
    problems = day_problems(case, today, day=day)
    if before and day < before:
        what = "ngày trả lời" if held.answered_on else "ngày gửi"
        problems.append(Problem(0, "day", f"Ngày {vietnamese.day(day)} ở trước {what} ({vietnamese.day(before)})."))
    if result not in Result.values or (held.answered_on and result != Result.CLEAR):
        problems.append(Problem(0, "result", "Chọn kết quả."))
    if problems:
        raise Refused(*problems)
    if held.answered_on is None:
        held.answered_on, held.result = day, result
    else:
        held.cleared_on = day
    held.save()
    finish("answer_verification", case, actor, {"day": day})
    return held


@transaction.atomic
def ask_opinion(
    case: Candidacy,
    source: str,
    asked_of: str,
    asked_on: dt.date,
    *,
    actor: User | None,
    today: dt.date,
    version: int | None = None,
) -> Opinion:
    """Write down whose opinion was asked. Refused (fields `source`, `asked_of`, `asked_on`): none, to come; closed."""
    held = lock(case, version)
    problems = day_problems(held, today, asked_on=asked_on)
    if source not in Opinion.Source.values:
        problems.append(Problem(0, "source", "Chọn nơi lấy ý kiến."))
    if not vietnamese.clean(asked_of):
        problems.append(Problem(0, "asked_of", "Ghi tên tổ chức."))
    if problems:
        raise Refused(*problems)
    made = Opinion.objects.create(candidacy=held, source=source, asked_of=vietnamese.clean(asked_of), asked_on=asked_on)
    finish("ask_opinion", held, actor, {"asked_on": asked_on})
    return made


@transaction.atomic
def receive_opinion(
    row: Opinion, day: dt.date, number: str = "", *, actor: User | None, today: dt.date, version: int | None = None
) -> Opinion:
    """Write down that the opinion came on `day`. Refused (field `day`): to come, before it was asked; come already."""
    case = lock(row.candidacy, version)
    held = Opinion.objects.select_for_update().get(pk=row.pk)
    if held.void or held.received_on is not None:
        raise refuse("Ý kiến này đã nhận.")
    problems = day_problems(case, today, day=day)
    if day < held.asked_on:
        problems.append(
            Problem(0, "day", f"Ngày {vietnamese.day(day)} ở trước ngày gửi ({vietnamese.day(held.asked_on)}).")
        )
    if problems:
        raise Refused(*problems)
    held.received_on, held.number = day, vietnamese.clean(number)
    held.save()
    finish("receive_opinion", case, actor, {"day": day, "number": held.number})
    return held
