"""A small city, the secretary of its first branch, and a browser to log somebody in with.

pytest reads this file before Django is set up, so the builders are imported where they are used.
"""

import pytest


@pytest.fixture(scope="module")
def the_city(once):
    from tests.factories import a_city

    return once(a_city)


@pytest.fixture
def city(the_city, db):
    return the_city()


@pytest.fixture
def as_user(client):
    """Log somebody in and give the client back."""

    def enter(user):
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def secretary(city):
    from tests.factories import a_user

    return a_user("branch", city.branch, office="secretary")


@pytest.fixture(scope="module")
def the_case(once, the_city):
    import datetime as dt

    from membership.models import Introducer, Stage
    from tests.factories import a_case, the_papers

    def build():
        found = a_case(the_city().branch, stage=Stage.DOSSIER, papers=False, born=dt.date(1990, 3, 1))
        the_papers(found, Stage.BRANCH_RESOLVED, dt.date(2024, 9, 1))
        Introducer.objects.filter(candidacy=found).delete()
        found.refresh_from_db()
        return found

    return once(build)


@pytest.fixture
def case(the_case, db):
    """A dossier with all its papers but introducers."""
    return the_case()


@pytest.fixture
def members(city):
    """Two of the three full members of the branch, there since 2020."""
    from tests.factories import a_full_member

    a_full_member(city.branch)
    return [a_full_member(city.branch).person for _ in range(2)]
