"""The reference city into an empty database: through the importer, then posts, telephones and demo accounts."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from django.db import transaction

from cells import vietnamese
from cells.organisations.contact import Phone, set_phones
from cells.organisations.models import Organisation
from cells.people import identity
from cells.people.accounts import Account, create_account
from cells.people.appoint import appoint
from cells.people.identity import Identity
from cells.people.models import Person, Post, User
from cells.sheets.load import import_workbook
from membership.classes.deeds import Announced, announce
from membership.models import Spell
from membership.register import Reception, receive
from reports import reference_city
from reports.reference_city import bodies
from reports.reference_city.records import TODAY as CITY_DAY
from reports.reference_city.records import Arrival
from reports.reference_city.staff import DEMOS, Staff
from reports.reference_city.units import TOP

DEMO_PASSWORD = "hoa-giang-2024"
_SHOWN_ERRORS = 10


class NotLoaded(Exception):
    """The importer refused the city; the message quotes the first refusals."""


@transaction.atomic
def load(*, today: dt.date, with_accounts: bool) -> None:
    """Fill an empty database, all or nothing. `NotLoaded` if `today` is before the city's own day."""
    if today < CITY_DAY:
        raise NotLoaded(
            f"Thành phố mẫu đã sống đến ngày {vietnamese.day(CITY_DAY)}, hôm nay mới là {vietnamese.day(today)}; "
            f"đặt TODAY={CITY_DAY} hoặc muộn hơn."
        )
    city = reference_city.build()
    _import(today)
    _receive(city.arrivals, today)
    appoint(Staff(city.standing(), today).appointments(), actor=None, today=today)
    _give_phones(today)
    bodies.give(today)
    _announce_classes()
    if with_accounts:
        open_demo_accounts()


def open_demo_accounts() -> None:
    """Accounts with one known password for the people in the demos' posts; never on a real server unasked."""
    create_account([_account(demo.username, *demo.posts[0]) for demo in DEMOS], actor=None)


def _import(today: dt.date) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "thanh-pho-mau.xlsx"
        reference_city.write(path)
        report = import_workbook(path, actor=None, today=today)
    if report.refusals:
        raise NotLoaded("\n".join(str(refusal) for refusal in report.refusals[:_SHOWN_ERRORS]))


def _receive(arrivals: list[Arrival], today: dt.date) -> None:
    units = {unit.code: unit for unit in Organisation.objects.filter(code__in={row.unit for row in arrivals})}
    sexes = {Person.Sex(value).label: value for value in Person.Sex.values}
    people = identity.enter([Identity(row.name, row.born, "day", sexes[row.sex], row.ethnicity) for row in arrivals])
    receptions = [
        Reception(person, units[row.unit], row.day, Spell.Standing.FULL, decided_on=row.decided, elsewhere=row.origin)
        for row, person in zip(arrivals, people, strict=True)
    ]
    receive(receptions, actor=None, today=today)


def _give_phones(today: dt.date) -> None:
    """Invented numbers, in an area code that nobody has."""
    offices = Organisation.objects.placed_on(today).order_by("code")
    set_phones([Phone(unit, f"0200 385 {1000 + 7 * place}") for place, unit in enumerate(offices)], actor=None)


def _announce_classes() -> None:
    """The two awareness classes that are still to come in the city's year."""
    top, held_by = Organisation.objects.get(code=TOP), "Trung tâm Chính trị thành phố"
    days = ((dt.date(2024, 11, 11), dt.date(2024, 11, 15)), (dt.date(2024, 12, 9), dt.date(2024, 12, 13)))
    classes = [
        Announced(top, f"Lớp bồi dưỡng nhận thức về Đảng khóa {number} năm 2024", held_by, first, last)
        for number, (first, last) in enumerate(days, start=5)
    ]
    announce(classes, actor=None)


def _account(username: str, code: str, role: str, office: str) -> Account:
    person = Post.objects.get(organisation__code=code, role=role, office=office).person
    system = username == "quan-tri"
    return Account(username, DEMO_PASSWORD, person, is_staff=system, is_superuser=system)


def logins(today: dt.date) -> list[tuple[str, str, str, str]]:
    """The demo accounts there are: name, role, unit, what to click; none where the database holds real ones."""
    users = {
        user.username: user
        for user in User.objects.filter(username__in=[demo.username for demo in DEMOS]).select_related("person")
    }
    rows = []
    for demo in DEMOS:
        user = users.get(demo.username)
        posts = user.posts_on(today) if user else []
        if posts:
            unit = posts[0].organisation.style(today).name
            rows.append((demo.username, posts[0].get_role_display(), unit, demo.click))
    return rows
