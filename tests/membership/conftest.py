"""A small city, the secretary of its first branch, and a browser to log somebody in with.

pytest reads this file before Django is set up, so the builders are imported where they are used.
"""

import pytest


@pytest.fixture
def city():
    from tests.factories import a_city

    return a_city()


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
