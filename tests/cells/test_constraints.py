"""What the database refuses by itself, whatever the code above it forgets."""

import datetime as dt
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from cells.log.write import record
from cells.models import Body, BodyKind, BodyPlace, Entry, Kind, Organisation, Person, Place, Post, Rule, Style
from membership.models import Spell

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Y20, Y21, Y22, Y23 = (dt.date(year, 1, 1) for year in (2020, 2021, 2022, 2023))


def _place(from_day, to_day, *, unit="A", parent="TU"):
    units = {code: Organisation.objects.get_or_create(code=code)[0] for code in ("TU", unit)}
    return Place(organisation=units[unit], parent=units.get(parent), from_day=from_day, to_day=to_day)


def _body_place(from_day, to_day, *, code="DTN"):
    unit, _ = Organisation.objects.get_or_create(code="TU")
    kind = BodyKind.objects.get(code="youth_union")
    body, _ = Body.objects.get_or_create(code=code, defaults={"name": "Đoàn", "kind": kind})
    return BodyPlace(body=body, organisation=unit, from_day=from_day, to_day=to_day)


def _style(from_day, to_day, *, unit="A"):
    unit, _ = Organisation.objects.get_or_create(code=unit)
    return Style(
        organisation=unit,
        name="Chi bộ",
        name_folded="chi bo",
        name_key="",
        kind=Kind.objects.get(code="branch"),
        from_day=from_day,
        to_day=to_day,
    )


def _rule(from_day, to_day, *, key="admission_age_min"):
    Rule.objects.filter(key=key, document__startswith="Quy định").delete()  # the seeded versions hold on every day
    return Rule(key=key, value="18", document="thử", text="thử", from_day=from_day, to_day=to_day)


def _spell(from_day, to_day, *, name="Nguyễn Văn Thử", void=False):
    person = Person.objects.filter(name=name).first() or Person.objects.create(name=name)
    unit, _ = Organisation.objects.get_or_create(code="A")
    return Spell(
        person=person,
        organisation=unit,
        standing="full",
        started_by="transferred_in",
        from_day=from_day,
        to_day=to_day,
        ended_by="transferred_out" if to_day else "",
        void=void,
    )


def _post(from_day, to_day, *, name="Nguyễn Văn Thử", role="branch", office="secretary", **more):
    person = Person.objects.filter(name=name).first() or Person.objects.create(name=name)
    unit, _ = Organisation.objects.get_or_create(code="A")
    return Post(person=person, organisation=unit, role=role, office=office, from_day=from_day, to_day=to_day, **more)


def _saved(*rows):
    with transaction.atomic():
        for row in rows:
            row.save()


def _refused_on_postgresql():
    """SQLite has no such constraint and leaves overlaps to the deeds."""
    return pytest.raises(IntegrityError) if connection.vendor == "postgresql" else nullcontext()


# which row (made by), its span, what differs from the first row, which held from 2020 until before 2022
OVERLAPS = [
    pytest.param(_place, Y21, Y23, {}, id="a unit in two places"),
    pytest.param(_place, Y20, Y21, {}, id="a place inside another"),
    pytest.param(_style, Y21, None, {}, id="a unit with two names"),
    pytest.param(_rule, Y21, None, {}, id="a rule with two values"),
    pytest.param(_spell, Y21, Y23, {}, id="a member twice"),
    pytest.param(_body_place, Y21, Y23, {}, id="a body at two units"),
    pytest.param(_post, Y21, Y23, {"name": "Lê Thị Thử"}, id="two secretaries"),
    pytest.param(_post, Y21, Y23, {}, id="a post twice"),
]
APART = [
    pytest.param(_place, Y22, None, {}, id="a place after another"),
    pytest.param(_place, Y21, Y23, {"unit": "B"}, id="places of two units"),
    pytest.param(_style, Y22, None, {}, id="a name after another"),
    pytest.param(_style, Y20, Y22, {"unit": "B"}, id="names of two units"),
    pytest.param(_rule, Y22, None, {}, id="a rule's next version"),
    pytest.param(_spell, Y22, None, {}, id="a spell after another"),
    pytest.param(_body_place, Y22, None, {}, id="a body's next place"),
    pytest.param(_body_place, Y20, Y22, {"code": "CD"}, id="places of two bodies"),
    pytest.param(_spell, Y20, Y22, {"name": "Lê Thị Thử"}, id="two members"),
    pytest.param(_spell, Y20, Y22, {"void": True}, id="a revoked spell"),
    pytest.param(_post, Y22, None, {"name": "Lê Thị Thử"}, id="the next secretary"),
    pytest.param(_post, Y20, Y22, {"name": "Lê Thị Thử", "office": "deputy"}, id="secretary and deputy"),
    pytest.param(_post, Y20, Y22, {"role": "supervisor", "office": "member"}, id="two posts of one person"),
    pytest.param(_post, Y20, Y22, {"void": True}, id="a post withdrawn"),
]


@pytest.mark.parametrize(("make", "start", "stop", "other"), OVERLAPS)
def test_overlaps_are_refused_on_postgresql(make, start, stop, other):
    _saved(make(Y20, Y22))
    with _refused_on_postgresql():
        _saved(make(start, stop, **other))


def test_two_tops_on_one_day_are_refused_on_postgresql():
    _saved(_place(Y20, Y22, unit="TU", parent=None))
    _saved(_place(Y22, None, unit="NEW", parent=None))
    with _refused_on_postgresql():
        _saved(_place(Y21, Y22, unit="OTHER", parent=None))


@pytest.mark.parametrize(("make", "start", "stop", "other"), APART)
def test_neighbours_are_welcome(make, start, stop, other):
    first = make(Y20, Y22)
    second = make(start, stop, **other)
    _saved(first, second)


REFUSED_EVERYWHERE = [
    pytest.param([(_place, Y21, Y21)], id="an empty place"),
    pytest.param([(_place, Y22, Y21)], id="a place that ends before it begins"),
    pytest.param([(_place, Y20, None), (_place, Y21, None)], id="two open places"),
    pytest.param([(_style, Y21, Y21)], id="an empty style"),
    pytest.param([(_style, Y20, None), (_style, Y21, None)], id="two open styles"),
    pytest.param([(_rule, Y21, Y21)], id="an empty rule"),
    pytest.param([(_spell, Y21, Y21)], id="an empty spell"),
    pytest.param([(_spell, Y20, None), (_spell, Y21, None)], id="two open spells"),
    pytest.param([(_post, Y21, Y21)], id="an empty post"),
    pytest.param([(_post, Y20, None), (_post, Y21, None)], id="two secretaries until further notice"),
]


@pytest.mark.parametrize("rows", REFUSED_EVERYWHERE)
def test_bad_rows_are_refused_on_both(rows):
    made = [make(start, stop) for make, start, stop in rows]
    with pytest.raises(IntegrityError):
        _saved(*made)


@pytest.mark.parametrize(
    ("office", "lent", "to_day"),
    [("delegate", False, Y22), ("delegate", True, None), ("staff", True, Y22)],
)
def test_what_is_lent_has_an_end_and_an_office_of_its_own(office, lent, to_day):
    post = _post(Y20, None)
    _saved(post)
    with pytest.raises(IntegrityError):
        _saved(_post(Y20, to_day, name="Lê Thị Thử", office=office, delegated_from=post if lent else None))


def test_a_unit_under_itself_is_refused_on_both():
    with pytest.raises(IntegrityError):
        _saved(_place(Y20, None, unit="TU", parent="TU"))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE cells_entry SET note = 'đổi'", "DELETE FROM cells_entry"],
)
def test_the_log_refuses_to_be_changed_even_by_plain_sql(statement):
    record("test", actor=None, subject="rule", changes={"value": (1, 2)})
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get(deed="test").values.get().new == "2"


def test_the_values_in_the_log_may_be_erased():
    """Retention erases them; the entry with its digest stays."""
    entry = record("test", actor=None, subject="rule", changes={"value": (1, 2)})
    entry.values.all().delete()
    assert Entry.objects.filter(pk=entry.pk).exists()


@pytest.mark.everywhere
@pytest.mark.django_db(transaction=True)
def test_guards_can_be_taken_away_and_put_back():
    def migrate(*targets):
        executor = MigrationExecutor(connection)
        executor.migrate(targets or executor.loader.graph.leaf_nodes())

    before = _guards()
    assert {"entry_no_update", "entry_append_only"} & before
    try:
        migrate(("cells", "0002_lookups_and_rules"), ("membership", "0001_initial"))
        assert not _guards()
    finally:
        migrate()
    assert _guards() == before


def _guards() -> set[str]:
    """Names of the triggers, and of the exclusion constraints and indexes of PostgreSQL, that the migrations make."""
    question = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT conname FROM pg_constraint WHERE contype = 'x'"
        " UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        " UNION SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="trigrams are PostgreSQL's")
def test_trigrams_serve_the_search_and_not_whole_names():
    """Equality by trigrams took five seconds for 500 names among 8.000; the plain index takes milliseconds."""
    with connection.cursor() as cursor:
        for plan in ("seqscan", "indexscan"):  # of an empty table the planner would read every row
            cursor.execute(f"SET LOCAL enable_{plan} = off")
    whole = Person.objects.filter(name_folded__in=["nguyen van a", "tran thi b"]).order_by().explain()
    searched = Person.objects.named("nguyen van").order_by().explain()
    assert "trigrams" not in whole
    assert "person_name_trigrams" in searched
