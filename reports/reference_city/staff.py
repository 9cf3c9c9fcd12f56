"""Who holds which post in the reference city, chosen among the members of the unit, and the demo accounts."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cells.organisations.models import Organisation
from cells.people.appoint import Appointment
from cells.people.models import Office, Person, Role
from membership.models import Spell
from reports.reference_city.records import SEED, Unit
from reports.reference_city.units import SHOWN_BRANCH, SHOWN_COMMITTEE, SHOWN_SCHOOL, TOP

#: First days of the terms: committees after the congresses of 2020, branches after theirs of 2022.
_COMMITTEE_TERM, _BRANCH_TERM = dt.date(2020, 8, 1), dt.date(2022, 7, 1)
_MEMBER_SINCE = dt.date(2016, 1, 1)
_CITY_OFFICE, _COLLEGE, _FIRM = "16", "18", "22.01"
_DEPUTY_FROM = 10  # members of a branch that elects a deputy
_IN_CHARGE_SINCE = dt.date(2023, 2, 1)
#: Committee members who share the base organisations, and of each base committee those who share its branches.
_CITY_MEMBERS, _COMMITTEE_MEMBERS = 3, 3
#: Every so many units nobody is in charge yet.
_NOBODY_AT = 13

SECRETARY, DEPUTY, MEMBER, STAFF = Office.SECRETARY, Office.DEPUTY, Office.MEMBER, Office.STAFF


@dataclass(frozen=True)
class Demo:
    """An account for trying out: its posts as (unit, role, office), and what to click first, in Vietnamese."""

    username: str
    posts: tuple[tuple[str, str, str], ...]
    click: str


DEMOS = (
    Demo("ban-to-chuc", ((TOP, Role.BOARD, STAFF),), "Báo cáo → bảng 41 tổ chức cơ sở; ghi quyết định kết nạp"),
    Demo("thuong-truc", ((TOP, Role.STANDING, DEPUTY),), "Báo cáo → tỷ lệ 5 năm so với 3,5%"),
    Demo(
        "can-bo-phu-trach",
        tuple((code, Role.SUPERVISOR, MEMBER) for code in (SHOWN_COMMITTEE, SHOWN_SCHOOL, "05", "14", "27", "35")),
        "Các đơn vị được phân công: số liệu, 30 ngày qua, hồ sơ chờ",
    ),
    Demo("dang-uy-phuong", ((SHOWN_COMMITTEE, Role.COMMITTEE, SECRETARY),), "Việc cần làm → ghi nghị quyết đảng ủy"),
    Demo("dang-uy-truong", ((_COLLEGE, Role.COMMITTEE, SECRETARY),), "Chi bộ → chỉ tiêu từng khoa"),
    Demo("bi-thu-khu-pho", ((SHOWN_BRANCH, Role.BRANCH, SECRETARY),), "Thêm quần chúng ưu tú; ghi nghị quyết chi bộ"),
    Demo("pho-bi-thu", ((SHOWN_BRANCH, Role.BRANCH, DEPUTY),), "Hồ sơ → ghi lễ kết nạp"),
    Demo("bi-thu-doanh-nghiep", ((_FIRM, Role.BRANCH, SECRETARY),), "Thêm quần chúng ưu tú là người lao động"),
    Demo("bi-thu-chi-bo-co-so", ((SHOWN_SCHOOL, Role.BRANCH, SECRETARY),), "Hồ sơ → học sinh chưa đủ 18 tuổi"),
    Demo("doan-the", ((TOP, Role.BODY, STAFF),), "Báo cáo: chỉ xem số liệu, không xem tên"),
    Demo("kiem-tra", ((TOP, Role.AUDITOR, STAFF),), "Nhật ký các việc đã ghi"),
    Demo("quan-tri", ((TOP, Role.ADMINISTRATOR, STAFF),), "Quản trị: tài khoản, chức vụ, danh mục, quy định"),
)


@dataclass(frozen=True)
class _Standing:
    person: int
    born: dt.date
    since: dt.date


class Staff:
    """Chooses people for posts; nobody leads two units."""

    def __init__(self, units: Iterable[Unit], today: dt.date) -> None:
        self._rng = random.Random(f"{SEED}:staff")
        self._units = list(units)
        self._founded = {unit.code: unit.founded for unit in self._units}
        self._organisations = {unit.code: unit for unit in Organisation.objects.placed_on(today)}
        self._sizes: dict[str, int] = defaultdict(int)
        self._full: dict[str, list[_Standing]] = self._members(today)
        self._taken: set[int] = set()
        self._chosen: list[tuple[str, str, str, int, dt.date]] = []

    def appointments(self) -> list[Appointment]:
        """Secretaries of every base organisation and branch, deputies of the larger, committee members in charge, and
        the posts of the demos.
        """
        self._lead_city()
        for unit in self._units:
            if unit.is_committee:
                self._choose(unit.code, Role.COMMITTEE, SECRETARY, _COMMITTEE_TERM)
                self._choose(unit.code, Role.COMMITTEE, DEPUTY, _COMMITTEE_TERM)
            elif unit.is_branch:
                start = max(_BRANCH_TERM, unit.founded or _BRANCH_TERM)
                self._choose(unit.code, Role.BRANCH, SECRETARY, start)
                if self._sizes[unit.code] >= _DEPUTY_FROM:
                    self._choose(unit.code, Role.BRANCH, DEPUTY, start)
        self._put_in_charge()
        persons = Person.objects.in_bulk([person for *_, person, _ in self._chosen])
        return [
            Appointment(persons[person], self._organisations[code], role, office, start)
            for code, role, office, person, start in self._chosen
        ]

    def _lead_city(self) -> None:
        """The city committee's own people, members in the branches of its offices."""
        self._choose(TOP, Role.STANDING, SECRETARY, _COMMITTEE_TERM, among=_CITY_OFFICE)
        for demo in DEMOS:
            code, role, office = demo.posts[0]
            if office in (MEMBER, STAFF) or code == TOP:
                person = self._pick(_CITY_OFFICE)
                for code, role, office in demo.posts:
                    self._chosen.append((code, role, office, person, _COMMITTEE_TERM))

    def _put_in_charge(self) -> None:
        """Of the city committee some share the base organisations, of each base committee some share its branches.

        They come last: who leads what was drawn before them.
        """
        own = {code for demo in DEMOS for code, role, _ in demo.posts if role == Role.SUPERVISOR}
        bases = [unit.code for unit in self._units if unit.parent == TOP and unit.code not in own]
        self._share(TOP, Role.STANDING, bases, _CITY_MEMBERS, among=_CITY_OFFICE)
        for unit in self._units:
            if unit.is_committee and unit.parent == TOP:
                branches = [other.code for other in self._units if other.parent == unit.code]
                self._share(unit.code, Role.COMMITTEE, branches, min(_COMMITTEE_MEMBERS, len(branches) // 3))

    def _share(self, code: str, role: str, units: list[str], members: int, *, among: str = "") -> None:
        """`members` of the committee of `code`, each in charge of a run of `units`."""
        if not members:
            return
        chosen = [self._pick(among or code) for _ in range(members)]
        self._chosen += [(code, role, MEMBER, person, _COMMITTEE_TERM) for person in chosen]
        for place, unit in enumerate(units):
            if (place + 1) % _NOBODY_AT:
                person = chosen[place * members // len(units)]
                start = max(_IN_CHARGE_SINCE, self._founded.get(unit) or _IN_CHARGE_SINCE)
                self._chosen.append((unit, Role.SUPERVISOR, MEMBER, person, start))

    def _choose(self, code: str, role: str, office: str, start: dt.date, *, among: str = "") -> None:
        self._chosen.append((code, role, office, self._pick(among or code), start))

    def _pick(self, code: str) -> int:
        """A full member of long standing in the unit or below it, of an age to lead."""
        inside = [row for key, rows in self._full.items() if key == code or key.startswith(f"{code}.") for row in rows]
        free = [row for row in inside if row.person not in self._taken]
        seasoned = [row for row in free if row.since < _MEMBER_SINCE and 1950 <= row.born.year <= 1990]
        chosen = self._rng.choice(seasoned or free).person
        self._taken.add(chosen)
        return chosen

    def _members(self, today: dt.date) -> dict[str, list[_Standing]]:
        full: dict[str, list[_Standing]] = defaultdict(list)
        rows = Spell.objects.on(today).order_by("organisation__code", "person__name_key", "person_id")
        for code, person, born, since, standing, exempt in rows.values_list(
            "organisation__code", "person_id", "person__born", "decided_on", "standing", "exempt_from"
        ):
            self._sizes[code] += 1
            if standing == Spell.Standing.FULL and exempt is None:
                full[code].append(_Standing(person, born, since))
        return full
