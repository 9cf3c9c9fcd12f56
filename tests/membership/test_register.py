"""The register's deeds: what each changes, what it refuses at which field, and that nobody is counted twice or lost."""

import datetime as dt

import pytest

from cells.organisations import reorganise
from cells.people.identity import Identity
from cells.people.models import Person
from cells.verdict import Refused
from membership import register
from membership.models import Spell, Stage
from membership.register import Change, Enrolment, Reception
from tests.factories import TODAY, a_case, a_full_member, a_member, a_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

D = dt.date
End, Start = Spell.End, Spell.Start


def refusals(deed) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        deed()
    return [(problem.field, problem.message) for problem in caught.value.problems]


def carry_out(deed, *changes):
    return deed(changes, actor=None, today=TODAY)


def members_on(day, unit=None) -> int:
    found = Spell.objects.on(day)
    return found.filter(organisation=unit).count() if unit else found.count()


def chain(person) -> list[tuple]:
    rows = Spell.objects.filter(person=person).order_by("from_day")
    return [
        (row.organisation.code, row.standing, row.from_day, row.to_day, row.started_by, row.ended_by) for row in rows
    ]


def test_recognition_changes_the_standing_and_not_the_count(city):
    spell = a_member(city.branch, decided_on=D(2023, 9, 1))
    (full,) = carry_out(register.recognise, Change(spell.pk, D(2024, 9, 1)))
    assert chain(spell.person) == [
        ("DU1-01", "probationary", D(2023, 9, 1), D(2024, 9, 1), "admitted", "recognised"),
        ("DU1-01", "full", D(2024, 9, 1), None, "recognised", ""),
    ]
    assert (full.decided_on, full.ceremony_on) == (spell.decided_on, spell.ceremony_on)
    assert members_on(D(2024, 8, 31)) == members_on(D(2024, 9, 1)) == 1


def test_who_leaves_on_the_last_day_of_the_year_counts_on_it(city):
    spell = a_full_member(city.branch)
    carry_out(register.depart, Change(spell.pk, D(2023, 12, 31), cause=End.DECEASED))
    assert (members_on(D(2023, 12, 31)), members_on(D(2024, 1, 1))) == (1, 0)
    spell.refresh_from_db()
    assert spell.last_day == D(2023, 12, 31)


def test_a_move_inside_keeps_the_member_and_the_standing(city):
    spell = a_member(city.branch, decided_on=D(2024, 2, 1))
    carry_out(register.transfer, Change(spell.pk, D(2024, 5, 31), destination=city.outside))
    assert chain(spell.person) == [
        ("DU1-01", "probationary", D(2024, 2, 1), D(2024, 6, 1), "admitted", "transferred_out"),
        ("DU2-02", "probationary", D(2024, 6, 1), None, "transferred_in", ""),
    ]
    for day in (D(2024, 5, 31), D(2024, 6, 1)):
        assert members_on(day) == 1


def test_a_move_outside_ends_the_membership_here(city):
    spell = a_full_member(city.branch)
    carry_out(register.transfer, Change(spell.pk, D(2024, 5, 31), elsewhere="Đảng bộ  thành phố bên"))
    spell.refresh_from_db()
    assert (spell.ended_by, spell.elsewhere, spell.to_day) == (
        End.TRANSFERRED_OUT, "Đảng bộ thành phố bên", D(2024, 6, 1),
    )  # fmt: skip
    assert members_on(D(2024, 6, 1)) == 0


@pytest.mark.parametrize("cause", [End.DECEASED, End.STRUCK_OFF, End.RESIGNED, End.EXPELLED])
def test_every_way_out_may_be_today(city, cause):
    spell = a_full_member(city.branch)
    carry_out(register.depart, Change(spell.pk, TODAY, cause=cause))
    assert members_on(TODAY) == 1
    assert members_on(TODAY + dt.timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("deed", "change", "field", "says"),
    [
        ("recognise", {"day": D(2024, 10, 16)}, "day", "sau ngày hôm nay"),
        ("recognise", {"day": D(2023, 8, 31)}, "day", "ở trước"),
        ("recognise", {"day": D(2023, 9, 1)}, "day", "sau ngày kết nạp"),
        ("recognise", {"day": D(2023, 9, 10)}, "day", "lễ kết nạp"),
        ("depart", {"day": D(2024, 10, 16), "cause": End.DECEASED}, "day", "sau ngày hôm nay"),
        ("depart", {"day": D(2023, 8, 31), "cause": End.DECEASED}, "day", "ở trước"),
        ("depart", {"day": D(2024, 9, 1)}, "cause", "lý do"),
        ("depart", {"day": D(2024, 9, 1), "cause": End.TRANSFERRED_OUT}, "cause", "lý do"),
        ("depart", {"day": D(2024, 9, 1), "cause": End.EXPELLED}, "cause", "xóa tên"),
        ("transfer", {"day": D(2024, 9, 1)}, "elsewhere", "nơi chuyển đến"),
        ("transfer", {"day": D(2024, 9, 1), "elsewhere": "   "}, "elsewhere", "nơi chuyển đến"),
        ("transfer", {"day": D(2024, 10, 16), "elsewhere": "x"}, "day", "sau ngày hôm nay"),
    ],
)
def test_a_wrong_change_is_refused_at_its_field(city, deed, change, field, says):
    spell = a_member(city.branch, decided_on=D(2023, 9, 1), ceremony_on=D(2023, 9, 15))
    found = refusals(lambda: carry_out(getattr(register, deed), Change(spell.pk, **change)))
    assert [name for name, message in found if says in message] == [field]
    assert chain(spell.person) == [("DU1-01", "probationary", D(2023, 9, 1), None, "admitted", "")]


def test_a_move_needs_a_receiver_that_stands_then(city):
    spell = a_full_member(city.branch)
    same = Change(spell.pk, D(2024, 5, 31), destination=city.branch)
    assert refusals(lambda: carry_out(register.transfer, same))[0][0] == "destination"
    reorganise.leave([reorganise.Leaving("DU2", D(2024, 6, 1))], actor=None, today=TODAY)
    gone = Change(spell.pk, D(2024, 5, 31), destination=city.outside)
    assert refusals(lambda: carry_out(register.transfer, gone))[0][0] == "destination"


def test_recognition_waits_for_the_ceremony(city):
    case = a_case(city.branch, stage=Stage.DECIDED)
    spell = Spell.objects.get(candidacy=case)
    assert "lễ kết nạp" in refusals(lambda: carry_out(register.recognise, Change(spell.pk, TODAY)))[0][1]


def test_a_full_member_is_not_recognised_and_an_ended_spell_not_changed(city):
    full = a_full_member(city.branch)
    assert refusals(lambda: carry_out(register.recognise, Change(full.pk, TODAY)))[0][0] == "day"
    gone = a_full_member(city.branch)
    out = Change(gone.pk, D(2024, 9, 1), cause=End.RESIGNED)
    carry_out(register.depart, out)
    assert refusals(lambda: carry_out(register.depart, out)) == [("", "Biến động này đã được ghi.")]


def test_one_wrong_change_of_a_list_stops_all(city):
    good, wrong = a_full_member(city.branch), a_full_member(city.branch)
    changes = [Change(good.pk, D(2024, 9, 1), cause=End.RESIGNED), Change(wrong.pk, D(2025, 9, 1), cause=End.RESIGNED)]
    with pytest.raises(Refused) as caught:
        carry_out(register.depart, *changes)
    assert [problem.index for problem in caught.value.problems] == [1]
    assert members_on(TODAY) == 2


def reception(branch, **more) -> Reception:
    who = Identity("Lê Văn Tám", D(1980, 4, 2))
    return Reception(**{"person": who, "organisation": branch, "day": D(2024, 7, 1), "standing": "full"} | more)


def test_a_member_comes_from_outside_and_is_the_person_known(city):
    (new,) = carry_out(register.receive, reception(city.branch, elsewhere="Đảng bộ tỉnh bên"))
    assert chain(new.person) == [("DU1-01", "full", D(2024, 7, 1), None, "transferred_in", "")]
    carry_out(register.transfer, Change(new.pk, D(2024, 8, 1), elsewhere="Đảng bộ tỉnh bên"))
    (again,) = carry_out(register.receive, reception(city.sibling, day=D(2024, 9, 1)))
    assert again.person == new.person


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"day": D(2024, 10, 16)}, "day", "sau ngày hôm nay"),
        ({"day": D(1979, 1, 1)}, "day", "ngày sinh"),
        ({"person": Identity(" ", D(1980, 4, 2))}, "name", "họ và tên"),
        ({"person": Identity("Lê Văn Tám", None)}, "born", "ngày sinh"),
        ({"decided_on": D(2024, 8, 1)}, "day", "quyết định kết nạp"),
        ({"decided_on": D(2020, 8, 1), "ceremony_on": D(2020, 7, 1)}, "ceremony_on", "quyết định kết nạp"),
    ],
)
def test_a_wrong_reception_writes_nothing(city, change, field, says):
    found, message = refusals(lambda: carry_out(register.receive, reception(city.branch, **change)))[0]
    assert found == field
    assert says in message
    assert not Spell.objects.exists()
    assert not Person.objects.exists()


def test_nobody_is_received_while_a_member_here(city):
    spell = a_full_member(city.outside)
    known = Identity(spell.person.name, spell.person.born)
    assert refusals(lambda: carry_out(register.receive, reception(city.branch, person=known)))[0][0] == "name"
    carry_out(register.depart, Change(spell.pk, D(2024, 8, 1), cause=End.RESIGNED))
    # a member until 1/8 cannot have come on 1/7
    assert refusals(lambda: carry_out(register.receive, reception(city.branch, person=spell.person)))[0][0] == "name"
    carry_out(register.receive, reception(city.branch, person=spell.person, day=D(2024, 8, 2)))


def test_an_old_book_tells_a_whole_life(city):
    person = a_person(born=D(1970, 1, 1))
    item = Enrolment(
        person, city.branch, decided_on=D(1995, 5, 1), counting_on=D(1995, 5, 1), ceremony_on=D(1995, 5, 20),
        recognised_on=D(1996, 5, 20), end=End.TRANSFERRED_OUT, changed_on=D(2010, 3, 31), destination=city.sibling,
    )  # fmt: skip
    assert register.enrol([item], actor=None, today=TODAY) == 3
    assert chain(person) == [
        ("DU1-01", "probationary", D(1995, 5, 1), D(1996, 5, 20), "admitted", "recognised"),
        ("DU1-01", "full", D(1996, 5, 20), D(2010, 4, 1), "recognised", "transferred_out"),
        ("DU1-02", "full", D(2010, 4, 1), None, "transferred_in", ""),
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"decided_on": D(2025, 1, 1)}, "decided_on"),
        ({"decided_on": D(1969, 1, 1)}, "decided_on"),
        ({"ceremony_on": D(1995, 4, 1)}, "ceremony_on"),
        ({"recognised_on": D(1995, 4, 1)}, "recognised_on"),
        ({"end": End.RESIGNED}, "changed_on"),
        ({"end": End.RESIGNED, "changed_on": D(1994, 1, 1)}, "changed_on"),
        ({"end": End.TRANSFERRED_OUT, "changed_on": D(2000, 1, 1)}, "elsewhere"),
        ({"end": End.EXPELLED, "changed_on": D(2000, 1, 1)}, "end"),
    ],
)
def test_a_wrong_enrolment_writes_nothing(city, change, field):
    person = a_person(born=D(1970, 1, 1))
    told = {"person": person, "organisation": city.branch, "decided_on": D(1995, 5, 1), "counting_on": D(1995, 5, 1)}
    found = refusals(lambda: register.enrol([Enrolment(**told | change)], actor=None, today=TODAY))
    assert field in [name for name, _ in found]
    assert not Spell.objects.exists()
