"""Sheet `Quan chung`: people followed on their way in; a stage given takes the case over from the old book."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from cells import vietnamese
from cells.people.models import Person
from cells.rules.models import ExitReason, Stratum
from cells.sheets.session import Session, batches
from cells.sheets.sheet import Column, Row, Sheet, State
from cells.sheets.values import Choice, FirstDay, OneOf, SomeOf, Text
from membership.completion import Details, complete
from membership.models import Background, Candidacy, Stage
from membership.nomination import Nomination, nominate
from membership.sheets import people

#: No column says why a case was dropped.
UNKNOWN_REASON = "unknown"
_TEXTS = ("introduced_by", "certificate_number", "helper", "introducer_1", "introducer_2")
_CIRCUMSTANCES = ("education", "occupation")


def export_candidates() -> Iterator[Sequence[Any]]:
    """One row for each case, as it stands."""
    backgrounds = {row.person_id: row for row in Background.objects.all()}
    cases = Candidacy.objects.select_related("person", "organisation").prefetch_related("strata")
    for case in cases.order_by("person__name_key", "person_id", "listed_on", "pk"):
        person = case.person
        background = backgrounds.get(person.pk) or Background()
        yield (
            person.name,
            people.born_cell(person),
            person.get_sex_display(),
            person.ethnicity,
            background.religion,
            case.organisation.code,
            case.listed_on,
            case.introduced_by,
            "; ".join(stratum.name for stratum in case.strata.all()),
            background.education,
            background.occupation,
            case.get_stage_display(),
            case.stage_day,
            case.certificate_number,
            case.certificate_on,
            case.helper,
            case.introducer_1,
            case.introducer_2,
        )


CANDIDATES = Sheet(
    "Quan chung",
    (
        *people.PERSON_COLUMNS,
        Column(
            "listed_on",
            "Ngày giới thiệu",
            FirstDay(),
            required=True,
            aliases=("Ngày chi bộ họp giới thiệu",),
            example=dt.date(2024, 2, 3),
        ),
        Column("introduced_by", "Tổ chức giới thiệu", Text(200), example="Chi đoàn khu phố 3"),
        Column(
            "strata",
            "Diện",
            SomeOf(OneOf(lambda: Stratum)),
            example="đoàn viên; sinh viên",
            note="Nhiều diện thì cách nhau bằng dấu ;",
        ),
        Column("education", "Trình độ học vấn", Text(120), aliases=("Trình độ",), example="Đại học"),
        Column("occupation", "Nghề nghiệp", Text(120), example="Giáo viên"),
        Column(
            "stage", "Giai đoạn", Choice({stage.label: stage.value for stage in Stage}), example=Stage.SYMPATHISER.label
        ),
        Column(
            "stage_day",
            "Ngày đạt giai đoạn",
            FirstDay(),
            example=dt.date(2024, 3, 3),
            note="Cần ghi khi giai đoạn sau quần chúng ưu tú.",
        ),
        Column("certificate_number", "Số chứng nhận lớp nhận thức", Text(60), aliases=("Số chứng nhận",)),
        Column("certificate_on", "Ngày cấp chứng nhận", FirstDay()),
        Column("helper", "Người giúp đỡ", Text(120)),
        Column("introducer_1", "Người giới thiệu 1", Text(120)),
        Column("introducer_2", "Người giới thiệu 2", Text(120)),
    ),
    export_candidates,
    ("Để trống «Giai đoạn» nếu mới được giới thiệu. Hồ sơ đã có thì các bước tiếp theo ghi ở màn hình hồ sơ.",),
    checked=people.CHECKED_COLUMNS,
)


def load(session: Session, rows: dict[str, list[Row]]) -> None:
    """Open the cases that are not there yet; one that is must say the same."""
    placed = session.place(rows[CANDIDATES.name])
    for row in placed:
        _read_stage(session, row)
    told = [row for row in placed if row.state is not State.REFUSED]
    people.identify(told)
    told = session.refuse_doubles(
        told, lambda row: (row["identity"].key, row["organisation_code"], row["listed_on"]), "name"
    )
    told.sort(key=lambda row: row["listed_on"])
    for wave in people.waves(told):
        _load_wave(session, wave)


def _read_stage(session: Session, row: Row) -> None:
    row["stage"] = row["stage"] or Stage.NOMINEE
    if row["stage_day"] is None:
        row["stage_day"] = row["listed_on"]
        if row["stage"] != Stage.NOMINEE:
            reached = vietnamese.uncapitalised(Stage(row["stage"]).label)
            session.refuse(row, "stage_day", f"Giai đoạn là {reached} thì ghi ngày đạt giai đoạn.")


def _load_wave(session: Session, rows: Sequence[Row]) -> None:
    """One row for each of many people, against the cases they have."""
    known = people.find_people(rows)
    everybody = [person for found in known.values() for person in found]
    cases = _cases_of(everybody)
    backgrounds = _backgrounds_of(everybody)
    nominations: list[tuple[Row, Nomination]] = []
    details: list[tuple[Row, Details]] = []
    for row in rows:
        found = known.get(row["identity"].key, [])
        person = _choose(session, row, found, cases)
        if row.state is State.REFUSED:
            continue
        case = next((case for case in cases.get(person.pk, ()) if _is_of(row, case)), None) if person else None
        if person is not None:
            background = backgrounds.get(person.pk) or Background()
            more = people.compare_person(session, row, person, background.religion)
            details += [(row, more)] if more else []
            _compare_circumstances(session, row, background)
        if case is not None:
            row.state = State.UNCHANGED if row.state is not State.REFUSED else row.state
            _compare_case(session, row, case)
        elif row.state is not State.REFUSED:
            row.state = State.NEW
            nominations.append((row, _nomination(session, row, person, backgrounds.get(person.pk) if person else None)))
            if person is not None:
                session.note(CANDIDATES.name, people.TAKEN)
    session.perform(nominate, nominations)
    gained = {person.pk for person in session.perform(complete, details)}
    for row, more in details:
        if more.person.pk in gained and row.state is State.UNCHANGED:
            row.state = State.CHANGED


def _choose(session: Session, row: Row, found: Sequence[Person], cases: dict[int, list[Candidacy]]) -> Person | None:
    """The person a row means: the only one of that name and birth, or the only one with the row's case."""
    if len(found) < 2:
        return found[0] if found else None
    same = [person for person in found if any(_is_of(row, case) for case in cases.get(person.pk, ()))]
    if len(same) == 1:
        return same[0]
    session.refuse(row, "name", people.SEVERAL)
    return None


def _is_of(row: Row, case: Candidacy) -> bool:
    return case.organisation_id == row["organisation"].pk and case.listed_on == row["listed_on"]


def _compare_case(session: Session, row: Row, case: Candidacy) -> None:
    """A case that is there: its stage and papers go on at its own screen, never by a sheet."""
    if (row["stage"], row["stage_day"]) != (case.stage, case.stage_day):
        name = "stage" if row["stage"] != case.stage else "stage_day"
        held = f"{vietnamese.uncapitalised(case.get_stage_display())} ngày {vietnamese.day(case.stage_day)}"
        session.refuse(
            row, name, f"Đã có hồ sơ này, đang ở: «{held}»; ghi bước tiếp theo ở màn hình hồ sơ (dùng màn hình hồ sơ)."
        )
        return
    for name in (*_TEXTS, "certificate_on"):
        held = getattr(case, name)
        if row[name] and row[name] != held:
            shown = vietnamese.day(held) if isinstance(held, dt.date) else held or "để trống"
            session.refuse(row, name, f"Đã có hồ sơ này và ghi khác: «{shown}»; dùng màn hình hồ sơ.")
    if row["strata"] and {stratum.pk for stratum in row["strata"]} != {stratum.pk for stratum in case.strata.all()}:
        shown = "; ".join(stratum.name for stratum in case.strata.all())
        session.refuse(row, "strata", f"Đã có hồ sơ này và ghi khác: «{shown or 'để trống'}»; dùng màn hình hồ sơ.")


def _compare_circumstances(session: Session, row: Row, background: Background) -> None:
    for name in _CIRCUMSTANCES:
        held = getattr(background, name)
        if held and row[name] and vietnamese.fold(held) != vietnamese.fold(row[name]):
            session.refuse(row, name, f"Đã có giá trị khác: «{held}»; dùng chức năng đính chính.")


def _nomination(session: Session, row: Row, person: Person | None, background: Background | None) -> Nomination:
    """`background` keeps what was known where the row says nothing."""
    held = background or Background()
    return Nomination(
        identity=row["identity"],
        organisation=row["organisation"],
        listed_on=row["listed_on"],
        stage=row["stage"],
        stage_day=row["stage_day"],
        certificate_on=row["certificate_on"],
        strata=row["strata"] or (),
        religion=row["religion"] or held.religion,
        exit_reason=_unknown_reason(session) if row["stage"] == Stage.DROPPED else None,
        person=person,
        introduced_by=row["introduced_by"] or "",
        certificate_number=row["certificate_number"] or "",
        helper=row["helper"] or "",
        introducer_1=row["introducer_1"] or "",
        introducer_2=row["introducer_2"] or "",
        education=row["education"] or held.education,
        occupation=row["occupation"] or held.occupation,
    )


def _unknown_reason(session: Session) -> ExitReason | None:
    return session.memo("unknown reason", lambda: ExitReason.objects.filter(code=UNKNOWN_REASON).first())


def _cases_of(persons: Sequence[Person]) -> dict[int, list[Candidacy]]:
    found: dict[int, list[Candidacy]] = defaultdict(list)
    for some in batches(person.pk for person in persons):
        for case in Candidacy.objects.filter(person__in=some).prefetch_related("strata"):
            found[case.person_id].append(case)
    return found


def _backgrounds_of(persons: Sequence[Person]) -> dict[int, Background]:
    found: dict[int, Background] = {}
    for some in batches(person.pk for person in persons):
        found |= {row.person_id: row for row in Background.objects.filter(person__in=some)}
    return found
