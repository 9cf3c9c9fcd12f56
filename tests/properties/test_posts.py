"""Whatever somebody does with posts, their own power over posts does not shrink; what is lent stays within its post."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.dated import ONE_DAY
from cells.models import Organisation, Person, Post, User
from cells.people import power, rights
from cells.people.appoint import Appointment, Relief, Withdrawal, appoint, meet, relieve, withdraw
from cells.people.delegate import Delegation, delegate
from cells.people.models import OFFICES, Office, Role
from cells.verdict import Refused
from tests.factories import TODAY, a_city, a_person, a_user
from tests.properties import world

pytestmark = pytest.mark.django_db

GIVING = (Role.BOARD, Role.COMMITTEE, Role.ADMINISTRATOR)
DAYS = [TODAY + number * ONE_DAY for number in (-40, -1, 0, 1, 2, 40)]
SOME = st.integers(0, 20)


@dataclass(frozen=True)
class Try:
    """Something one of three people tries: `one` and `two` choose among people, units, roles or posts."""

    what: str
    who: int
    one: int
    two: int
    role: str
    office: int
    first: dt.date
    last: dt.date | None


TRIES = st.lists(
    st.builds(
        Try,
        st.sampled_from(("give", "give", "relieve", "relieve", "withdraw", "lend")),
        st.integers(0, 2),
        SOME,
        SOME,
        st.sampled_from((*GIVING, Role.BRANCH, Role.SUPERVISOR)),
        SOME,
        st.sampled_from(DAYS),
        st.none() | st.sampled_from(DAYS),
    ),
    min_size=3,
    max_size=14,
)


class Desk:
    """Three people with posts that give posts, two others without an account, five units."""

    def __init__(self, roles: list[str]) -> None:
        city = a_city(committees=2, branches=1, base_branches=1)
        self.units = [city.top, city.committee, *city.branches, *city.base_branches]
        first = dt.date(2024, 1, 1)
        self.users = [a_user(role, self.units[place % 2], from_day=first) for place, role in enumerate(roles)]
        User.objects.filter(person__posts__role=Role.ADMINISTRATOR).update(is_staff=True)
        self.people: list[Person] = [*(user.person for user in self.users), a_person(), a_person()]

    def actor(self, who: int) -> User:
        return User.objects.get(pk=self.users[who].pk)

    def attempt(self, tried: Try) -> None:
        actor = self.actor(tried.who)
        posts = list(Post.objects.order_by("pk"))
        post = posts[tried.two % len(posts)]
        person, unit = self.people[tried.one % len(self.people)], self.units[tried.two % len(self.units)]
        office = OFFICES[Role(tried.role)][tried.office % len(OFFICES[Role(tried.role)])]
        last = tried.last or tried.first
        deed, item = {
            "give": (appoint, Appointment(person, unit, tried.role, office, tried.first, tried.last)),
            "relieve": (relieve, Relief(post.pk, last)),
            "withdraw": (withdraw, Withdrawal(post.pk, "thử")),
            "lend": (delegate, Delegation(post.pk, person, tried.first, last)),
        }[tried.what]
        try:
            deed([item], actor=actor, today=TODAY)
        except Refused:
            return


def powers(user: User) -> set[tuple[int, dt.date]]:
    """(unit, day) for which the user gives posts, today and later; (0, day): administers."""
    held = set()
    for day in [day for day in DAYS if day >= TODAY]:
        units = Organisation.objects.for_user(user, rights.APPOINT, on=day).values_list("pk", flat=True)
        held |= {(unit, day) for unit in units}
        if power.administering(day).filter(pk=user.pk).exists():
            held.add((0, day))
    return held


@world.examples(4)
@given(st.lists(st.sampled_from(GIVING), min_size=3, max_size=3), TRIES)
def test_nobody_loses_power_by_their_own_deeds(roles, tries):
    with world.forgotten():
        desk = Desk(roles)
        for tried in tries:
            before = powers(desk.actor(tried.who))
            some = power.administering(TODAY).exists()
            desk.attempt(tried)
            assert before <= powers(desk.actor(tried.who)), tried
            assert power.administering(TODAY).exists() or not some, tried
        _posts_make_sense()


def _posts_make_sense() -> None:
    held = list(Post.objects.select_related("delegated_from"))
    for lent in held:
        if post := lent.delegated_from:
            assert not post.void
            assert post.delegated_from_id is None
            assert post.from_day <= lent.from_day
            assert post.to_day is None or lent.to_day <= post.to_day
    for one, other in combinations(held, 2):
        if one.organisation_id == other.organisation_id and meet(one, other):
            assert Office.SECRETARY not in (one.office, other.office) or one.office != other.office
            assert (one.person_id, one.role, one.office) != (other.person_id, other.role, other.office)
