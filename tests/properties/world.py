"""Random cities: things that happen, done through the deeds; what a deed refuses does not happen."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st

from cells.models import Kind, Organisation, Place
from cells.organisations import reorganise
from cells.rules.models import Stratum
from cells.verdict import Refused
from membership import admission, register, temporary
from membership.models import Candidacy, Spell, Stage
from targets import enter
from targets.base import freeze
from tests import factories

#: `make test-all` looks at so many times the examples, other ones each time; `make test` always at the same few
TIMES = int(os.environ.get("PROPERTY_TIMES", "1"))

TODAY = dt.date(2024, 10, 15)

#: Few days, and those on which years, quarters and half-years turn, so that things meet on one day.
DAYS = [
    dt.date(2022, 3, 31),
    dt.date(2022, 7, 1),
    dt.date(2022, 12, 31),
    dt.date(2023, 1, 1),
    dt.date(2023, 1, 2),
    dt.date(2023, 6, 30),
    dt.date(2023, 7, 1),
    dt.date(2023, 12, 31),
    dt.date(2024, 1, 1),
    dt.date(2024, 3, 10),
    dt.date(2024, 7, 1),
    TODAY,
]

STRUCTURE = ("found", "join", "leave", "rename", "change_kind", "move", "move", "merge", "split", "dissolve")
PEOPLE = ("admit", "induct", "receive", "transfer", "depart", "recognise", "foster", "go_away", "come_back", "readmit")
FIGURES = ("declare", "base", "freeze")

#: who introduced the candidates of `induct`
INTRODUCED_BY = ("Đoàn phường", "Chi đoàn 3", "Công đoàn cơ sở", "Hội Khuyến học", "")


@dataclass(frozen=True)
class Event:
    """Something that is tried: `one` and `two` choose among the units, members or numbers there are."""

    what: str
    day: dt.date
    one: int
    two: int


def events(*whats: str, least: int = 4, most: int = 22) -> st.SearchStrategy[list[Event]]:
    choice = st.integers(0, 40)
    event = st.builds(Event, st.sampled_from(whats), st.sampled_from(DAYS), choice, choice)
    return st.lists(event, min_size=least, max_size=most)


#: any day on which something may be asked
days = st.dates(dt.date(2022, 1, 1), TODAY)


def examples(number: int) -> settings:
    return settings(max_examples=number * TIMES, deadline=None, derandomize=TIMES == 1)


@contextmanager
def forgotten() -> Iterator[None]:
    """What is done inside is undone after it: one example leaves nothing to the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class World:
    """A small city (TU over DU1 over two branches, and DU2 over one), and what happened to it."""

    def __init__(self, happened: list[Event]) -> None:
        self.kinds = {kind.code: kind for kind in Kind.objects.all()}
        top = factories.a_unit("TU", "city")
        first, second = (factories.a_unit(code, "base_committee", top) for code in ("DU1", "DU2"))
        branches = [factories.a_unit(f"{unit.code}-1", "branch", unit) for unit in (first, second)]
        self.units = [top, first, second, *branches, factories.a_unit("DU1-2", "branch", first)]
        for event in happened:
            self.happen(event)

    def happen(self, event: Event) -> None:
        with suppress(Refused), transaction.atomic():
            getattr(self, event.what)(event)

    def unit(self, number: int) -> Organisation:
        return self.units[number % len(self.units)]

    def spell(self, event: Event) -> Spell | None:
        spells = list(Spell.objects.filter(to_day=None).order_by("pk"))
        return spells[event.one % len(spells)] if spells else None

    def found(self, event: Event) -> None:
        code, kind = f"N{len(self.units)}", ("branch", "base_committee")[event.two % 2]
        founding = reorganise.Founding(code, code, self.kinds[kind], None, self.unit(event.one).code, event.day)
        self.units += reorganise.found([founding], actor=None, today=TODAY)

    def join(self, event: Event) -> None:
        """A new unit, or one that is known and has left."""
        back = event.two < len(self.units)
        code = self.unit(event.two).code if back else f"J{len(self.units)}"
        joining = reorganise.Joining(code, event.day, self.unit(event.one).code, code, self.kinds["branch"])
        (unit,) = reorganise.join([joining], actor=None, today=TODAY)
        self.units += [] if back else [unit]

    def leave(self, event: Event) -> None:
        reorganise.leave([reorganise.Leaving(self.unit(event.one).code, event.day)], actor=None, today=TODAY)

    def rename(self, event: Event) -> None:
        renaming = reorganise.Renaming(self.unit(event.one).code, event.day, f"Tên {event.two}")
        reorganise.rename([renaming], actor=None, today=TODAY)

    def change_kind(self, event: Event) -> None:
        kind = self.kinds[("branch", "base_branch", "base_committee")[event.two % 3]]
        reorganise.change_kind(
            [reorganise.KindChange(self.unit(event.one).code, event.day, kind)], actor=None, today=TODAY
        )

    def move(self, event: Event) -> None:
        moving = reorganise.Moving(self.unit(event.one).code, event.day, self.unit(event.two).code)
        reorganise.move([moving], actor=None, today=TODAY)

    def merge(self, event: Event) -> None:
        merging = reorganise.Merging(self.unit(event.one).code, event.day, self.unit(event.two).code)
        reorganise.merge([merging], actor=None, today=TODAY)

    def dissolve(self, event: Event) -> None:
        receiver = "" if event.two % 3 == 0 else self.unit(event.two).code
        reorganise.dissolve(
            [reorganise.Dissolving(self.unit(event.one).code, event.day, receiver)], actor=None, today=TODAY
        )

    def split(self, event: Event) -> None:
        """Into a new unit and one there is, or so that it stands on; its people and the units below by turns."""
        unit, other, code = self.unit(event.one), self.unit(event.two), f"S{len(self.units)}"
        place = Place.objects.on(event.day).filter(organisation=unit).select_related("parent").first()
        if place is None or place.parent is None:
            return
        parts = (code, other.code if event.two % 3 else unit.code)
        members = Spell.objects.filter(organisation=unit, to_day=None).values_list("person_id", flat=True)
        cases = Candidacy.objects.open().filter(organisation=unit).values_list("person_id", flat=True)
        people = {person: parts[turn % 2] for turn, person in enumerate(sorted({*members, *cases}))}
        below = Place.objects.on(event.day).filter(parent=unit).order_by("pk")
        units = {held: parts[turn % 2] for turn, held in enumerate(below.values_list("organisation__code", flat=True))}
        new = reorganise.Founding(code, code, unit.style(event.day).kind, None, place.parent.code, event.day)
        item = reorganise.Splitting(unit.code, event.day, parts, [new], people, units)
        reorganise.split([item], actor=None, today=TODAY)
        self.units.append(Organisation.objects.get(code=code))

    def admit(self, event: Event) -> None:
        unit = self.unit(event.one)
        first = Place.objects.filter(organisation=unit).order_by("from_day").first()
        if first.opened_as == Place.Opened.FOUNDED and event.day < first.from_day:
            return  # nobody is admitted by a branch that is not founded yet
        recognised = event.day + dt.timedelta(days=event.two) if event.two % 4 == 1 else None
        if recognised is None or recognised <= TODAY:
            factories.a_member(unit, decided_on=event.day, recognised_on=recognised)

    def induct(self, event: Event) -> None:
        """A candidate goes all the way, from some half-year before the day."""
        strata = list(Stratum.objects.order_by("order")[: event.two % 3])
        factories.a_case(
            self.unit(event.one),
            stage=Stage.ADMITTED,
            listed_on=event.day - dt.timedelta(days=210),
            introduced_by=INTRODUCED_BY[event.two % len(INTRODUCED_BY)],
            strata=strata,
            today=TODAY,
        )

    def receive(self, event: Event) -> None:
        reception = register.Reception(factories.a_person(), self.unit(event.one), event.day, Spell.Standing.FULL)
        register.receive([reception], actor=None, today=TODAY)

    def transfer(self, event: Event) -> None:
        spell = self.spell(event)
        to = None if event.two % 5 == 0 else self.unit(event.two)
        if spell:
            change = register.Change(spell.pk, event.day, destination=to, elsewhere="tỉnh bạn")
            register.transfer([change], actor=None, today=TODAY)

    def depart(self, event: Event) -> None:
        spell = self.spell(event)
        cause = ("deceased", "struck_off", "resigned", "expelled")[event.two % 4]
        if spell:
            register.depart([register.Change(spell.pk, event.day, cause)], actor=None, today=TODAY)

    def recognise(self, event: Event) -> None:
        spell = self.spell(event)
        if spell:
            register.recognise([register.Change(spell.pk, event.day)], actor=None, today=TODAY)

    def go_away(self, event: Event) -> None:
        """For a while: who is convened, never who is counted."""
        spell = self.spell(event)
        if spell:
            leave = temporary.Leave(spell.pk, event.day, "Chi bộ nơi công tác")
            temporary.transfer_temporarily([leave], actor=None, today=TODAY)

    def come_back(self, event: Event) -> None:
        spell = self.spell(event)
        if spell:
            temporary.end_temporary_transfer([temporary.Return(spell.pk, event.day)], actor=None, today=TODAY)

    def readmit(self, event: Event) -> None:
        """Somebody who left the Party, as an old book tells it."""
        left = Spell.objects.filter(ended_by__in=("struck_off", "resigned"), to_day__lt=event.day).order_by("pk")
        gone = [spell for spell in left if not Spell.objects.filter(person=spell.person_id, to_day=None).exists()]
        unit = self.unit(event.one)
        if gone and Place.objects.on(event.day).filter(organisation=unit).exists():
            enrolment = register.Enrolment(
                person=gone[event.two % len(gone)].person,
                organisation=unit,
                decided_on=event.day,
                counting_on=event.day,
                ceremony_on=event.day,
                readmitted=True,
            )
            register.enrol([enrolment], actor=None, today=TODAY)

    def foster(self, event: Event) -> None:
        case = factories.a_case(self.unit(event.one), listed_on=DAYS[0], today=TODAY)
        for stage in (Stage.SYMPATHISER, Stage.TRAINED):
            move = admission.Move(case.pk, stage, event.day, number="01")
            admission.advance([move], actor=None, today=TODAY)

    def declare(self, event: Event) -> None:
        month = event.day.month if event.two % 2 else None
        values = {"admitted": event.two, "fostered": event.two % 3, "deceased": None if event.two % 3 else 1}
        line = enter.ResultLine(self.unit(event.one), event.day.year, month, values)
        enter.declare_results([line], actor=None, today=TODAY)

    def base(self, event: Event) -> None:
        enter.declare_bases([enter.BaseLine(self.unit(event.one), event.day.year, event.two)], actor=None, today=TODAY)

    def freeze(self, event: Event) -> None:
        freeze(self.unit(event.one), event.day.year, actor=None, today=TODAY)
