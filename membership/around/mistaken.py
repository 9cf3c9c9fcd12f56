"""Taking back what was entered wrongly around a case: the row stays, void, and counts nowhere."""

from __future__ import annotations

from django.db import transaction

from cells import vietnamese
from cells.people.models import User
from cells.verdict import refuse
from membership.around.locked import finish, lock
from membership.around.models import Helper, Introducer, Opinion, Verification
from membership.correct import NO_REASON

Row = Helper | Introducer | Verification | Opinion


@transaction.atomic
def take_back(row: Row, *, reason: str, actor: User | None, version: int | None = None) -> None:
    """As if it had not been entered; who was replaced by a mistaken introducer introduces again.

    Refused (field `reason`) without a reason, for a row that was taken back, or was replaced; for a closed case.
    """
    case = lock(row.candidacy, version, on_probation=isinstance(row, Helper))
    held = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not vietnamese.clean(reason):
        raise refuse(NO_REASON, field="reason")
    if held.void:
        raise refuse("Nội dung này đã bị hủy.")
    if isinstance(held, Introducer):
        _give_way(held)
    held.void = True
    held.save()
    finish("take_back_around", case, actor, note=f"{held._meta.verbose_name}: {vietnamese.clean(reason)}"[:300])


def _give_way(held: Introducer) -> None:
    if Introducer.objects.valid().filter(replaces=held).exists():
        raise refuse("Người này đã có người thay; hủy người thay trước.")
    former = held.replaces
    if former is not None:
        held.replaces = None
        former.to_day, former.ended_because = None, ""
        former.save()
