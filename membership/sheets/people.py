"""Columns that tell who somebody is, and finding the people of many rows at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from cells import vietnamese
from cells.people import identity
from cells.people.identity import Identity, PersonKey
from cells.people.models import Person
from cells.sheets.session import Session, batches
from cells.sheets.sheet import Column, Row
from cells.sheets.values import Choice, Code, PartialDay, PersonalNumber, Text
from membership.completion import Details
from membership.models import Background

SEVERAL = "Có nhiều người trùng họ tên và ngày sinh; ghi qua màn hình để chọn đúng người."
TAKEN = "lấy người đã có"

PERSON_COLUMNS = (
    Column(
        "name",
        "Họ và tên",
        Text(120),
        required=True,
        aliases=("Họ tên", "Họ và tên khai sinh", "Họ, tên"),
        example="Nguyễn Thị Ví Dụ",
    ),
    Column(
        "born",
        "Ngày sinh",
        PartialDay(),
        required=True,
        aliases=("Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Năm sinh"),
        example=dt.date(1999, 5, 12),
        note="Không rõ ngày thì ghi 05/1999 hoặc 1999.",
    ),
    Column("sex", "Giới tính", Choice({sex.label: sex.value for sex in Person.Sex}), aliases=("Nam/Nữ",), example="Nữ"),
    Column("ethnicity", "Dân tộc", Text(40), example="Kinh"),
    Column("religion", "Tôn giáo", Text(60), example="Không"),
    Column(
        "organisation_code",
        "Mã tổ chức",
        Code(),
        required=True,
        aliases=("Mã chi bộ", "Mã đơn vị", "Mã TCĐ"),
        deed_fields=("organisation",),
        example="TU.01.02",
    ),
)

#: Many sheets carry it; what Excel made of it is worth a word, but the product does not keep it.
CHECKED_COLUMNS = (
    Column(
        "personal_number",
        "Số định danh cá nhân",
        PersonalNumber(),
        aliases=("Số định danh", "Số CCCD", "CCCD", "Số căn cước", "Số căn cước công dân", "Số CMND/CCCD"),
    ),
)


def born_cell(person: Person) -> dt.date | str | None:
    """The birth date as a sheet writes it: a date where it is whole, else `05/1999` or `1999`."""
    whole = person.born_precision == vietnamese.Precision.DAY
    return person.born if whole or person.born is None else person.born_text


def identify(rows: Sequence[Row]) -> None:
    """Put the identity that each row tells into it."""
    for row in rows:
        born, precision = row["born"]
        row["identity"] = Identity(row["name"], born, precision, row["sex"] or "", row["ethnicity"] or "")


def find_people(rows: Sequence[Row]) -> dict[PersonKey, list[Person]]:
    """Everybody the rows may mean, by key."""
    return identity.find(row["identity"] for row in rows)


def religions_of(people: Sequence[Person]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in batches(person.pk for person in people):
        found |= dict(Background.objects.filter(person__in=some).values_list("person_id", "religion"))
    return found


def waves(rows: Sequence[Row]) -> list[list[Row]]:
    """The first row of everybody, then the second rows, and so on, in the order given."""
    times: dict[PersonKey, int] = defaultdict(int)
    found: list[list[Row]] = []
    for row in rows:
        key = row["identity"].key
        if times[key] == len(found):
            found.append([])
        found[times[key]].append(row)
        times[key] += 1
    return found


def compare_person(session: Session, row: Row, person: Person, religion: str) -> Details | None:
    """Refuse a row that tells something else of a known person; what it tells more comes back."""
    held = {"sex": person.sex, "ethnicity": person.ethnicity, "religion": religion}
    more = False
    for name, value in held.items():
        if not row[name]:
            continue
        if not value:
            more = True
        elif vietnamese.fold(value) != vietnamese.fold(row[name]):
            shown = person.get_sex_display() if name == "sex" else value
            session.refuse(row, name, f"Đã có giá trị khác: «{shown}»; dùng chức năng đính chính.")
    return Details(person, row["sex"] or "", row["ethnicity"] or "", row["religion"] or "") if more else None
