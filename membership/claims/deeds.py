"""A second branch's wish is kept for the committee over both, answered there, and read by the branch."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from cells import vietnamese
from cells.log.write import record
from cells.organisations.models import Organisation
from cells.organisations.path import path
from cells.people import identity, rights
from cells.people.identity import Identity
from cells.people.models import Person, User
from cells.rules.models import Kind
from cells.verdict import refuse
from membership.models import Candidacy, SecondClaim, Spell


@transaction.atomic
def claim(
    who: Identity | Person, organisation: Organisation, *, actor: User | None, today: dt.date
) -> SecondClaim | None:
    """Keep that `organisation` would follow somebody who is followed, or a member, elsewhere.

    It goes to the lowest committee over both that examines. Null where nobody or more than one bears the name and
    birth, or no unit stands over both. Asked again before the answer it is the same wish.
    """
    found = [who] if isinstance(who, Person) else identity.find([who]).get(who.key, [])
    elsewhere = _unit_of(found[0].pk) if len(found) == 1 else None
    if elsewhere is None or elsewhere.pk == organisation.pk:
        return None
    over = {unit.pk for unit in path(elsewhere, today)}
    examining = set(Kind.objects.filter(level__in=rights.DECIDING).values_list("pk", flat=True))
    both = [unit for unit in path(organisation, today)[:-1] if unit.pk in over and unit.kind_id in examining]
    if not both:
        return None
    asked = SecondClaim.objects.of([organisation.pk], on=today).filter(person=found[0], answered_on=None).first()
    if asked:
        return asked
    made = SecondClaim.objects.create(
        person=found[0],
        organisation=organisation,
        elsewhere=elsewhere,
        superior=both[-1],
        asked_on=today,
        actor=actor,
    )
    _log("claim_second", made, actor)
    return made


@transaction.atomic
def answer(second: SecondClaim, text: str, *, actor: User, today: dt.date) -> SecondClaim:
    """Tell the branch. Refused (field `answer`) without words, or where somebody answered before."""
    held = SecondClaim.objects.select_for_update().get(pk=second.pk)
    if not text.strip():
        raise refuse("Ghi nội dung trả lời.", field="answer")
    if held.answered_on is not None:
        raise refuse("Đã có người trả lời; tải lại trang để xem.", field="answer")
    held.answer, held.answered_on = vietnamese.clean(text), today
    held.save(update_fields=["answer", "answered_on"])
    _log("answer_second", held, actor)
    return held


@transaction.atomic
def read(second: SecondClaim, *, actor: User, today: dt.date) -> SecondClaim:
    """The branch has read the answer; without one there is nothing to read."""
    held = SecondClaim.objects.select_for_update().get(pk=second.pk)
    if held.answered_on is None:
        raise refuse("Cấp ủy chưa trả lời.")
    if held.read_on is None:
        held.read_on = today
        held.save(update_fields=["read_on"])
        _log("read_answer", held, actor)
    return held


def _unit_of(person: int) -> Organisation | None:
    """Where somebody is followed, or is a member."""
    case = Candidacy.objects.open().filter(person=person).select_related("organisation").first()
    spell = Spell.objects.filter(person=person, to_day=None).select_related("organisation").first()
    held = spell or case
    return held.organisation if held else None


def _log(deed: str, second: SecondClaim, actor: User | None) -> None:
    record(deed, actor=actor, subject="second_claim", subject_id=second.pk, organisation=second.organisation)
