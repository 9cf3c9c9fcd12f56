"""The reference city in the database: what the command says, what the importer made of it, who holds which post."""

import datetime as dt
import io
import tempfile
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import TestCase, override_settings

from cells.log.models import Entry
from cells.organisations.models import Organisation
from cells.people import rights
from cells.people.models import Office, Post, Role, User
from cells.sheets.load import import_workbook
from cells.sheets.sheet import State
from membership.models import Candidacy, Spell
from reports import reference_city
from reports.reference_city.load import DEMO_PASSWORD, open_demo_accounts
from reports.reference_city.units import SHOWN_BRANCH, SHOWN_COMMITTEE, SHOWN_SCHOOL

TODAY = dt.date(2024, 10, 15)


def run(**options) -> str:
    out = io.StringIO()
    call_command("load_reference_city", stdout=out, **options)
    return out.getvalue()


@pytest.mark.both_databases
class LoadedCity(TestCase):
    """The command fills an empty database once, as on a server of its own; each test starts from there."""

    @classmethod
    def setUpTestData(cls) -> None:
        with override_settings(LOCAL=False):
            cls.said = run()

    def test_a_real_server_gets_no_account_with_a_known_password(self):
        assert "--demo-accounts" in self.said
        assert DEMO_PASSWORD not in self.said
        assert not User.objects.exists()

    def test_the_register_has_the_resolution_s_members(self):
        assert Spell.objects.on(dt.date(2024, 1, 1)).count() == 7_894
        assert Spell.objects.started("admitted", dt.date(2024, 1, 1), dt.date(2025, 1, 1)).count() == 247
        assert Candidacy.objects.count() == len(reference_city.build().candidates)
        assert Organisation.objects.placed_on(dt.date(2024, 1, 1)).count() == 1 + 41 + 304
        assert Organisation.objects.placed_on(dt.date(2022, 1, 1)).count() == 1 + 42 + 302 + 26

    def test_a_second_import_of_the_same_workbook_changes_nothing(self):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "city.xlsx"
            reference_city.write(path)
            report = import_workbook(path, actor=None, today=TODAY)
        assert not report.refusals
        assert {state for tally in report.tallies for state in tally.states} == {State.UNCHANGED}

    def test_every_unit_has_a_secretary_who_is_a_full_member_in_it(self):
        led = {post.organisation_id: post for post in Post.objects.secretaries(TODAY)}
        standing = Organisation.objects.placed_on(TODAY).styled(TODAY)
        assert set(led) == set(standing.values_list("pk", flat=True))
        codes = dict(standing.values_list("pk", "code"))
        members = dict(Spell.objects.on(TODAY).filter(standing="full").values_list("person_id", "organisation__code"))
        for unit, post in led.items():
            where = members[post.person_id]
            assert codes[unit] == "TU" or where == codes[unit] or where.startswith(f"{codes[unit]}.")
        assert len({post.person_id for post in led.values()}) == len(led)

    def test_roles_follow_the_kind_of_unit(self):
        kind = "organisation__styles__kind__code"
        roles = set(Post.objects.secretaries(TODAY).values_list("role", kind))
        assert roles == {
            (Role.STANDING, "city"),
            (Role.COMMITTEE, "base_committee"),
            (Role.BRANCH, "base_branch"),
            (Role.BRANCH, "branch"),
        }
        deputies = Post.objects.on(TODAY).filter(office=Office.DEPUTY)
        assert deputies.filter(role=Role.COMMITTEE).count() == 24
        assert deputies.filter(role=Role.BRANCH).count() > 200

    def test_committee_members_share_the_units_below_them(self):
        charges = Post.objects.in_charge(TODAY)
        shared = dict(charges.order_by().values_list("person").annotate(units=Count("organisation")))
        assert min(shared.values()) > 1, "whoever is in charge is in charge of several"
        bases = charges.filter(organisation__places__parent__code="TU", organisation__places__to_day=None)
        assert 3 <= bases.order_by().values("person").distinct().count() <= 5
        own = Post.objects.on(TODAY).filter(office=Office.MEMBER).exclude(role=Role.SUPERVISOR)
        members = dict(own.values_list("person", "organisation__code"))
        for person, code in charges.values_list("person", "organisation__code"):
            above = members.get(person, "TU")  # the demo's own is no member of a committee here
            assert above == "TU" or code.startswith(f"{above}.")
        covered = charges.order_by().values("organisation").distinct().count()
        assert 0.85 < covered / (41 + 304) < 1, "a few units wait for somebody"

    def test_every_unit_can_be_telephoned(self):
        phones = Organisation.objects.placed_on(TODAY).values_list("office_phone", flat=True)
        assert all(phones)
        assert len(set(phones)) == len(phones)

    def test_what_was_done_stands_in_the_log_as_the_system_s(self):
        deeds = set(Entry.objects.values_list("deed", flat=True))
        assert {"import_workbook", "appoint", "set_phones", "receive"} <= deeds
        assert not Entry.objects.filter(actor__isnull=False).exists()

    def test_the_demo_accounts_reach_what_their_posts_reach(self):
        open_demo_accounts()
        users = {user.username: user for user in User.objects.all()}
        assert len(users) == 12
        assert all(user.check_password(DEMO_PASSWORD) for user in users.values())
        unit = {code: Organisation.objects.get(code=code).pk for code in ("TU", "01.04", "22.01", SHOWN_BRANCH)}
        unit |= {code: Organisation.objects.get(code=code).pk for code in (SHOWN_COMMITTEE, SHOWN_SCHOOL)}

        def may(username: str, capability: str, code: str) -> bool:
            return rights.may(users[username], capability, unit[code], on=TODAY)

        for username in ("bi-thu-khu-pho", "pho-bi-thu"):
            assert may(username, rights.BRANCH_WORK, SHOWN_BRANCH)
            assert not may(username, rights.SEE_PEOPLE, "01.04")
        assert may("dang-uy-phuong", rights.EXAMINE, "01.04")
        assert may("can-bo-phu-trach", rights.SEE_PEOPLE, SHOWN_SCHOOL)
        assert may("can-bo-phu-trach", rights.SEE_PEOPLE, SHOWN_BRANCH)
        assert len(users["can-bo-phu-trach"].units_on(TODAY)) == 6
        assert may("ban-to-chuc", rights.DECIDE, SHOWN_BRANCH)
        assert may("bi-thu-doanh-nghiep", rights.ENTER, "22.01")
        assert may("bi-thu-chi-bo-co-so", rights.ENTER, SHOWN_SCHOOL)
        assert may("thuong-truc", rights.SEE_PEOPLE, SHOWN_BRANCH)
        assert may("doan-the", rights.SEE_FIGURES, SHOWN_BRANCH)
        assert not may("doan-the", rights.SEE_PEOPLE, SHOWN_BRANCH)
        assert may("kiem-tra", rights.READ_LOG, "TU")
        assert [name for name, user in users.items() if user.is_staff or user.is_superuser] == ["quan-tri"]

    def test_on_a_loaded_city_the_command_only_repeats_the_logins(self):
        open_demo_accounts()
        people, posts = User.objects.count(), Post.objects.count()
        said = run(if_empty=True)
        logins = [line for line in said.splitlines() if line.startswith("  ")]
        assert len(logins) == 12
        assert DEMO_PASSWORD in said
        assert any("bi-thu-khu-pho" in line and "Chi bộ Khu phố Hồng Hà 3" in line for line in logins)
        assert (User.objects.count(), Post.objects.count()) == (people, posts)

    def test_without_if_empty_a_filled_database_is_refused(self):
        with pytest.raises(CommandError, match="đã có tổ chức"):
            run()


@pytest.mark.django_db
def test_a_clock_before_the_city_s_own_day_is_refused_and_nothing_is_kept(settings):
    settings.TODAY = dt.date(2024, 2, 1)
    with pytest.raises(CommandError, match="TODAY=2024-10-15"):
        run()
    assert not Organisation.objects.exists()


def test_write_needs_no_database(tmp_path):
    path = tmp_path / "mau.xlsx"
    assert str(path) in run(write=path)
    assert len(openpyxl.load_workbook(path, read_only=True).sheetnames) == 7
