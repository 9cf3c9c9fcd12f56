"""Office telephones: kept by a deed that remembers the old ones."""

import pytest

from cells.log.models import EntryValue
from cells.organisations.contact import Phone, set_phones
from cells.organisations.models import Organisation
from cells.verdict import Refused
from tests.factories import a_city

pytestmark = pytest.mark.django_db


def test_a_new_number_replaces_the_old_one_which_stays_in_the_log():
    unit = a_city().branch
    set_phones([Phone(unit, "0200 385 1234")], actor=None)
    set_phones([Phone(unit, " 0200 385  9999 ")], actor=None)
    assert Organisation.objects.get(pk=unit.pk).office_phone == "0200 385 9999"
    assert list(EntryValue.objects.filter(old="0200 385 1234").values_list("new", flat=True)) == ["0200 385 9999"]


@pytest.mark.parametrize("number", ["gọi anh Ba", "12", "0200 385 1234 hoặc 0200 385 1235 máy lẻ 12"])
def test_what_is_no_number_is_refused_and_nothing_is_written(number):
    city = a_city()
    with pytest.raises(Refused) as refusal:
        set_phones([Phone(city.branch, "0200 385 1234"), Phone(city.sibling, number)], actor=None)
    assert [(problem.index, problem.field) for problem in refusal.value.problems] == [(1, "number")]
    assert not Organisation.objects.exclude(office_phone="").exists()
