"""Sheet `Dang vien`: members with their whole history, and what has changed since."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cells import vietnamese
from cells.organisations.models import Organisation
from cells.people import identity
from cells.people.models import Person
from cells.sheets.session import Session, batches
from cells.sheets.sheet import Column, Row, Sheet, State
from cells.sheets.values import Choice, FirstDay, Text
from membership.completion import Details, complete
from membership.counting import CountingRule
from membership.models import Background, Candidacy, Spell, Stage
from membership.register import Change, Enrolment, depart, enrol, recognise, transfer
from membership.sheets import people
from membership.sheets.chain import Stay, divided_units, stays, stays_of

End = Spell.End
EXEMPT = "exempt"
GONE = {End.TRANSFERRED_OUT, End.STRUCK_OFF, End.RESIGNED, End.EXPELLED, End.DECEASED}
STATUSES = {
    "dự bị": Spell.Standing.PROBATIONARY.value,
    "chính thức": Spell.Standing.FULL.value,
    "chuyển đi": End.TRANSFERRED_OUT.value,
    "chuyển sinh hoạt": End.TRANSFERRED_OUT.value,
    "xóa tên": End.STRUCK_OFF.value,
    "xin ra": End.RESIGNED.value,
    "khai trừ": End.EXPELLED.value,
    "từ trần": End.DECEASED.value,
    "miễn sinh hoạt": EXEMPT,
}
_WORDS = {meaning: word for word, meaning in reversed(STATUSES.items())}
_LIKE_A_CODE = re.compile(r"(?=\S*\d)\S+")


def export_members() -> Iterator[Sequence[Any]]:
    """One row for each unit that each member was in."""
    codes = dict(Organisation.objects.values_list("pk", "code"))
    religions = dict(Background.objects.exclude(religion="").values_list("person_id", "religion"))
    spells = Spell.objects.select_related("person").order_by("person__name_key", "person_id", "from_day")
    divided = divided_units()
    chain: list[Spell] = []
    for spell in spells.iterator(chunk_size=2000):
        if chain and chain[0].person_id != spell.person_id:
            yield from _exported(chain[0].person, stays(chain, divided), codes, religions)
            chain = []
        chain.append(spell)
    if chain:
        yield from _exported(chain[0].person, stays(chain, divided), codes, religions)


def _exported(
    person: Person, told: Sequence[Stay], codes: dict[int, str], religions: dict[int, str]
) -> Iterator[Sequence[Any]]:
    for stay in told:
        exempt = stay.last.exempt_from if not stay.end else None
        standing = Spell.Standing.FULL if stay.recognised_on else Spell.Standing.PROBATIONARY
        yield (
            person.name,
            people.born_cell(person),
            person.get_sex_display(),
            person.ethnicity,
            religions.get(person.pk, ""),
            codes[stay.organisation_id],
            stay.decided_on,
            stay.ceremony_on,
            stay.recognised_on,
            _WORDS[EXEMPT if exempt else stay.end or standing],
            stay.ended_on or exempt,
            codes[stay.destination_id] if stay.destination_id else stay.elsewhere,
        )


MEMBERS = Sheet(
    "Dang vien",
    (
        *people.PERSON_COLUMNS,
        Column(
            "decided_on",
            "Ngày quyết định kết nạp",
            FirstDay(),
            required=True,
            aliases=("Ngày kết nạp", "Ngày QĐ kết nạp", "Ngày vào Đảng"),
            example=dt.date(2023, 3, 10),
        ),
        Column(
            "ceremony_on",
            "Ngày lễ kết nạp",
            FirstDay(),
            aliases=("Ngày tổ chức lễ kết nạp",),
            example=dt.date(2023, 3, 20),
        ),
        Column(
            "recognised_on",
            "Ngày chính thức",
            FirstDay(),
            aliases=("Ngày công nhận chính thức", "Ngày vào Đảng chính thức"),
            example=dt.date(2024, 3, 20),
        ),
        Column("status", "Trạng thái", Choice(STATUSES), deed_fields=("end", "cause"), example="chính thức"),
        Column(
            "changed_on",
            "Ngày thay đổi",
            FirstDay(),
            deed_fields=("day",),
            note="Ngày cuối cùng ở chi bộ; với miễn sinh hoạt là ngày bắt đầu miễn.",
        ),
        Column(
            "destination",
            "Nơi chuyển đến",
            Text(200),
            deed_fields=("elsewhere",),
            note="Mã tổ chức trong đảng bộ, hoặc tên nơi đến ở ngoài.",
        ),
    ),
    export_members,
    (
        "Mỗi đảng viên một dòng cho mỗi chi bộ đã sinh hoạt. Người được nhận ra theo họ tên và ngày sinh.",
        "Chuyển sinh hoạt: ghi dòng của chi bộ cũ với Trạng thái «chuyển đi», Ngày thay đổi và Nơi chuyển đến.",
    ),
    checked=people.CHECKED_COLUMNS,
)


def load(session: Session, rows: dict[str, list[Row]]) -> None:
    """Enrol new members; apply recognitions, transfers and ways out to known ones; refuse what contradicts."""
    placed = session.place(rows[MEMBERS.name])
    _place_destinations(session, placed)
    told = [row for row in placed if _is_consistent(session, row)]
    people.identify(told)
    told = session.refuse_doubles(
        told, lambda row: (row["identity"].key, row["organisation_code"], row["decided_on"], row["changed_on"]), "name"
    )
    told.sort(key=lambda row: (row["decided_on"], _arrives(row), row["changed_on"] or dt.date.max))
    for wave in people.waves(told):
        _Wave(session, wave).load()


def _place_destinations(session: Session, rows: Sequence[Row]) -> None:
    units = session.find_units(row["destination"] for row in rows if row["destination"])
    for row in rows:
        text = row["destination"] or ""
        row["destination_unit"] = units.get(text)
        if text and row["destination_unit"] is None and _LIKE_A_CODE.fullmatch(text):
            session.refuse(row, "destination", f"Không có tổ chức mã «{text}»; nếu là nơi ở ngoài thì ghi tên đầy đủ.")


def _is_consistent(session: Session, row: Row) -> bool:
    """Whether status, days and destination of a row agree with each other."""
    status, recognised = row["status"], row["recognised_on"]
    if status == Spell.Standing.FULL and not recognised:
        session.refuse(row, "recognised_on", "Trạng thái là chính thức thì ghi ngày chính thức.")
    elif status == Spell.Standing.PROBATIONARY and recognised:
        session.refuse(row, "status", "Đã có ngày chính thức thì trạng thái không thể là dự bị.")
    elif status in GONE | {EXEMPT} and not row["changed_on"]:
        session.refuse(row, "changed_on", f"Trạng thái là {_WORDS[status]} thì ghi ngày thay đổi.")
    elif row["changed_on"] and status not in GONE | {EXEMPT}:
        session.refuse(
            row,
            "status",
            "Có ngày thay đổi thì ghi trạng thái (chuyển đi, xóa tên, xin ra, khai trừ, từ trần, miễn sinh hoạt).",
        )
    elif row["destination"] and status != End.TRANSFERRED_OUT:
        session.refuse(row, "status", "Có nơi chuyển đến thì trạng thái phải là chuyển đi.")
    return row.state is not State.REFUSED


@dataclass
class _Wave:
    """One row for each of many people, against what is known of them."""

    session: Session
    rows: list[Row]
    fresh: list[tuple[Row, Person | None, bool]] = field(default_factory=list)  # row, known person, readmitted
    recognised: list[tuple[Row, Change]] = field(default_factory=list)
    moved: list[tuple[Row, Stay, Organisation | None]] = field(default_factory=list)
    gone: list[tuple[Row, Stay]] = field(default_factory=list)
    details: list[tuple[Row, Details]] = field(default_factory=list)

    def load(self) -> None:
        known = people.find_people(self.rows)
        everybody = [person for found in known.values() for person in found]
        held = stays_of(everybody)
        religions = people.religions_of(everybody)
        cases = _open_cases([person for person in everybody if person.pk not in held])
        for row in self.rows:
            person = self._choose(row, known.get(row["identity"].key, []), held)
            if row.state is State.REFUSED:
                continue
            if person is not None:
                self._compare_person(row, person, religions.get(person.pk, ""))
            if person is None or person.pk not in held:
                self._enter(row, person, busy=person is not None and person.pk in cases)
            else:
                self._compare(row, person, held[person.pk])
        self._write()

    def _choose(self, row: Row, found: Sequence[Person], held: dict[int, list[Stay]]) -> Person | None:
        """The person a row means: the only one of that name and birth, or the only one with the row's stay."""
        if len(found) < 2:
            return found[0] if found else None
        same = [person for person in found if any(_is_of(row, stay) for stay in held.get(person.pk, ()))]
        if len(same) == 1:
            return same[0]
        self.session.refuse(row, "name", people.SEVERAL)
        return None

    def _compare_person(self, row: Row, person: Person, religion: str) -> None:
        more = people.compare_person(self.session, row, person, religion)
        if more:
            self.details.append((row, more))

    def _enter(self, row: Row, person: Person | None, *, busy: bool = False, readmitted: bool = False) -> None:
        if busy:
            self.session.refuse(
                row, "name", "Người này có hồ sơ đang theo dõi; ghi quyết định và lễ kết nạp ở màn hình hồ sơ."
            )
            return
        if _lacks_destination(self.session, row):
            return
        row.state = State.NEW
        self.fresh.append((row, person, readmitted))
        if person is not None:
            self.session.note(MEMBERS.name, people.TAKEN)

    # --- against what is known ------------------------------------------------------------------------

    def _compare(self, row: Row, person: Person, held: Sequence[Stay]) -> None:
        last = held[-1]
        if _arrives(row) and any(_came_by(row, stay) for stay in held):
            row.state = State.UNCHANGED
            return
        stay = next(
            (stay for stay in reversed(held) if _is_of(row, stay) and row["changed_on"] in (None, stay.ended_on)), None
        )
        stay = stay or next((stay for stay in reversed(held) if _is_of(row, stay)), None)
        if stay is not None:
            self._compare_stay(row, stay)
        elif last.end in GONE - {End.TRANSFERRED_OUT} and last.ended_on and row["decided_on"] > last.ended_on:
            self._enter(row, person, readmitted=True)
        elif row["organisation"].pk in last.units:
            self._differs(row, "decided_on", last.decided_on)
        elif _arrives(row) and not last.end:
            self._change(row, last, row["organisation"])
        else:
            self._is_elsewhere(row, last)

    def _compare_stay(self, row: Row, stay: Stay) -> None:
        row.state = State.UNCHANGED
        if row["ceremony_on"] and row["ceremony_on"] != stay.ceremony_on:
            self._differs(row, "ceremony_on", stay.ceremony_on)
        elif row["recognised_on"] and stay.recognised_on and row["recognised_on"] != stay.recognised_on:
            self._differs(row, "recognised_on", stay.recognised_on)
        elif row["recognised_on"] and not stay.recognised_on and stay.end:
            self._is_elsewhere(row, stay)
        elif stay.end:
            self._compare_end(row, stay)
        else:
            self._change_stay(row, stay)

    def _compare_end(self, row: Row, stay: Stay) -> None:
        """The stay is over: the row must say the same, or nothing."""
        if row["status"] is None:
            return
        if row["status"] not in GONE:
            self._is_elsewhere(row, stay)
        elif row["status"] != stay.end:
            self.session.refuse(row, "status", f"Đã ghi khác: {_WORDS[stay.end]}; dùng chức năng đính chính.")
        elif row["changed_on"] != stay.ended_on:
            self._differs(row, "changed_on", stay.ended_on)
        elif stay.end == End.TRANSFERRED_OUT and not _same_place(row, stay):
            self.session.refuse(row, "destination", "Đã ghi nơi chuyển đến khác; dùng chức năng đính chính.")

    def _change_stay(self, row: Row, stay: Stay) -> None:
        """The stay is open: a recognition and a way out are changes."""
        if row["recognised_on"] and not stay.recognised_on:
            self.recognised.append((row, Change(stay.last.pk, row["recognised_on"])))
            row.state = State.CHANGED
        if row["status"] == EXEMPT and row["changed_on"] != stay.last.exempt_from:
            self._differs(row, "changed_on", stay.last.exempt_from)
        elif row["status"] in GONE and not _lacks_destination(self.session, row):
            self._change(row, stay, row["destination_unit"])

    def _change(self, row: Row, stay: Stay, destination: Organisation | None) -> None:
        row.state = State.CHANGED
        if row["status"] == End.TRANSFERRED_OUT:
            self.moved.append((row, stay, destination))
        else:
            self.gone.append((row, stay))

    def _differs(self, row: Row, name: str, day: dt.date | None) -> None:
        shown = vietnamese.day(day) if day else "để trống"
        self.session.refuse(row, name, f"Đã có người này và ghi khác: «{shown}»; dùng chức năng đính chính.")

    def _is_elsewhere(self, row: Row, stay: Stay) -> None:
        if stay.end:
            day = vietnamese.day(stay.ended_on) if stay.ended_on else ""
            message = f"Đã có người này, {_WORDS[stay.end]} ngày {day}; dùng chức năng đính chính nếu ghi nhầm."
            self.session.refuse(row, "status" if row["status"] else "organisation_code", message)
            return
        code = Organisation.objects.get(pk=stay.last.organisation_id).code
        self.session.refuse(
            row,
            "organisation_code",
            f"Đã có người này ở tổ chức «{code}»; muốn chuyển thì ghi dòng của tổ chức đó với trạng thái "
            "chuyển đi, ngày thay đổi và nơi chuyển đến.",
        )

    # --- writing --------------------------------------------------------------------------------------

    def _write(self) -> None:
        entered = iter(identity.enter([row["identity"] for row, person, _ in self.fresh if person is None]))
        rule = CountingRule()
        self.session.perform(
            enrol,
            [
                (row, _enrolment(row, person or next(entered), rule, readmitted))
                for row, person, readmitted in self.fresh
            ],
            organisation="organisation_code",
        )
        gained = {person.pk for person in self.session.perform(complete, self.details)}
        for row, details in self.details:
            if details.person.pk in gained and row.state is State.UNCHANGED:
                row.state = State.CHANGED
        begun = self.session.perform(recognise, self.recognised, day="recognised_on")
        now = {change.spell_id: spell.pk for (_, change), spell in zip(self.recognised, begun, strict=True)}
        self.session.perform(transfer, [(row, _departure(row, stay, now, unit)) for row, stay, unit in self.moved])
        self.session.perform(depart, [(row, _departure(row, stay, now, None)) for row, stay in self.gone])


def _enrolment(row: Row, person: Person, rule: CountingRule, readmitted: bool) -> Enrolment:
    gone = row["status"] in GONE
    return Enrolment(
        person=person,
        organisation=row["organisation"],
        decided_on=row["decided_on"],
        counting_on=rule.day(row["decided_on"], row["ceremony_on"]),
        ceremony_on=row["ceremony_on"],
        recognised_on=row["recognised_on"],
        end=row["status"] if gone else "",
        changed_on=row["changed_on"] if gone else None,
        destination=row["destination_unit"],
        elsewhere="" if row["destination_unit"] else row["destination"] or "",
        exempt_from=row["changed_on"] if row["status"] == EXEMPT else None,
        religion=row["religion"] or "",
        readmitted=readmitted,
    )


def _departure(row: Row, stay: Stay, now: dict[int, int], destination: Organisation | None) -> Change:
    elsewhere = "" if destination else row["destination"] or ""
    return Change(now.get(stay.last.pk, stay.last.pk), row["changed_on"], row["status"], destination, elsewhere)


def _is_of(row: Row, stay: Stay) -> bool:
    return row["organisation"].pk in stay.units and stay.decided_on == row["decided_on"]


def _arrives(row: Row) -> bool:
    """Whether a row may tell of a transfer from the side of the new unit: it names no other destination."""
    if row["status"] != End.TRANSFERRED_OUT:
        return False
    return not row["destination"] or row["destination_unit"] == row["organisation"]


def _came_by(row: Row, stay: Stay) -> bool:
    """Whether `stay` ended by the transfer that the row tells of from the side of the new unit."""
    return (stay.destination_id, stay.ended_on) == (row["organisation"].pk, row["changed_on"])


def _lacks_destination(session: Session, row: Row) -> bool:
    """Refuse a way out of a unit that does not say where to."""
    if row["status"] != End.TRANSFERRED_OUT or row["destination"]:
        return False
    session.refuse(row, "destination", "Trạng thái là chuyển đi thì ghi nơi chuyển đến.")
    return True


def _same_place(row: Row, stay: Stay) -> bool:
    if stay.destination_id or row["destination_unit"]:
        return row["destination_unit"] is not None and row["destination_unit"].pk == stay.destination_id
    return vietnamese.fold(row["destination"]) == vietnamese.fold(stay.elsewhere)


def _open_cases(persons: Sequence[Person]) -> set[int]:
    """Those of `persons` whose case is open and not yet decided: they become members on the case's screen."""
    found: set[int] = set()
    for some in batches(person.pk for person in persons):
        cases = Candidacy.objects.open().exclude(stage=Stage.DECIDED).filter(person__in=some)
        found |= set(cases.values_list("person_id", flat=True))
    return found
