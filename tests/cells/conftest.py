"""A small city and an administrator inside Django admin, for the tests of its pages. Read before Django is set up."""

import pytest


@pytest.fixture
def city(db):
    from tests import factories

    return factories.a_city(committees=1, branches=1, base_branches=0)


@pytest.fixture
def let_in():
    """Lets an account into Django admin; gives it back as a request would read it."""
    from cells.models import User

    def let_in(user):
        User.objects.filter(pk=user.pk).update(is_staff=True)
        return User.objects.get(pk=user.pk)

    return let_in


@pytest.fixture
def administrator(city, let_in):
    from cells.people.models import Role
    from tests import factories

    return let_in(factories.a_user(Role.ADMINISTRATOR, city.top, username="quan-tri", name="Đỗ Thị Quản"))


@pytest.fixture
def inside(client, administrator):
    client.force_login(administrator)
    return client
