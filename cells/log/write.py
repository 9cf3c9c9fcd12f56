"""Writing the log. Every deed ends here, once."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from cells.log.models import Entry, EntryValue

if TYPE_CHECKING:
    from cells.organisations.models import Organisation
    from cells.people.models import User

#: field → (old value, new value)
Changes = dict[str, tuple[Any, Any]]


def record(
    deed: str,
    *,
    actor: User | None,
    subject: str,
    subject_id: int | None = None,
    count: int = 1,
    organisation: Organisation | None = None,
    note: str = "",
    changes: Changes | None = None,
    sort: str = Entry.Sort.DEED,
) -> Entry:
    """Write one entry; `actor` null is the system itself ("hệ thống").

    `changes` (old and new values) go to the side table; the entry keeps a keyed hash of them.
    """
    values = [(field, _text(old), _text(new)) for field, (old, new) in (changes or {}).items()]
    body = [
        deed,
        sort,
        actor.pk if actor else None,
        subject,
        subject_id,
        count,
        organisation.pk if organisation else None,
        note,
    ]
    entry = Entry.objects.create(
        deed=deed,
        sort=sort,
        actor=actor,
        subject=subject,
        subject_id=subject_id,
        count=count,
        organisation=organisation,
        note=note,
        digest=keyed_hash([*body, keyed_hash(values)]),
    )
    EntryValue.objects.bulk_create(EntryValue(entry=entry, field=field, old=old, new=new) for field, old, new in values)
    return entry


def denied(*, actor: User, subject: str, subject_id: int | None) -> Entry:
    """Somebody asked for what is not theirs to see; the screen said 404."""
    return record("denied", actor=actor, subject=subject, subject_id=subject_id, sort=Entry.Sort.DENIED)


def record_rows(
    deed: str,
    rows: Sequence[Any],
    *,
    actor: User | None,
    subject: str,
    note: str = "",
    changes: Changes | None = None,
) -> Entry:
    """One entry for a deed on `rows` of units; of a single row it says which, and of which unit."""
    one = rows[0] if len(rows) == 1 else None
    return record(
        deed,
        actor=actor,
        subject=subject,
        subject_id=one.pk if one else None,
        count=len(rows),
        organisation=one.organisation if one else None,
        note=note,
        changes=changes,
    )


def read(
    *,
    actor: User,
    subject: str,
    subject_id: int | None = None,
    organisation: Organisation | None = None,
    count: int = 1,
) -> Entry:
    """Personal detail was shown or exported."""
    return record(
        "read",
        actor=actor,
        subject=subject,
        subject_id=subject_id,
        organisation=organisation,
        count=count,
        sort=Entry.Sort.READ,
    )


def keyed_hash(value: Any) -> str:
    """HMAC-SHA256 (hex) of `value` under the setting LOG_KEY."""
    canonical = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return hmac.new(settings.LOG_KEY.encode(), canonical.encode(), hashlib.sha256).hexdigest()


def _text(value: Any) -> str:
    return "" if value is None else str(value)
