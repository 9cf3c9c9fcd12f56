"""What `migrate` alone leaves behind in `cells`: lookups and rules, open at the start, bound to no organisation."""

import datetime as dt
import importlib
from collections import defaultdict
from itertools import pairwise

import pytest
from django.apps import apps

from cells.dated import OPEN_START
from cells.models import CalendarDay, CalendarYear, ExitReason, Kind, MissReason, Organisation, Rule, Sector, Stratum
from cells.rules import catalogue
from cells.vietnamese import fold_header

pytestmark = pytest.mark.django_db

KINDS = [
    # code, name, level, has a committee, members vote there
    ("province", "đảng bộ tỉnh", "top", True, False),
    ("city", "đảng bộ thành phố", "top", True, False),
    ("commune", "đảng bộ xã/phường/đặc khu", "top", True, False),
    ("base_committee", "đảng bộ cơ sở", "base", True, False),
    ("subordinate_committee", "đảng bộ trực thuộc cơ sở", "inner", True, False),
    ("base_branch", "chi bộ cơ sở", "base", False, True),
    ("section_committee", "đảng bộ bộ phận", "inner", True, False),
    ("branch", "chi bộ", "branch", False, True),
    ("group", "tổ đảng", "group", False, False),
]
SECTORS = (
    "thôn, khu phố · xã, phường · đơn vị kinh tế tư nhân · doanh nghiệp nhà nước · doanh nghiệp có vốn nước ngoài · "
    "hợp tác xã · cơ quan · đơn vị sự nghiệp · trường học · y tế · quân sự · công an"
)
STRATA = (
    "trí thức · doanh nhân, chủ doanh nghiệp tư nhân · công nhân · người lao động khu vực tư nhân · "
    "viên chức giáo dục · viên chức y tế · cán bộ, công chức · lực lượng vũ trang · quân nhân xuất ngũ · "
    "dự bị động viên · dân quân tự vệ · người theo tôn giáo · dân tộc thiểu số · sinh viên · học sinh · "
    "đoàn viên · đoàn viên công đoàn · cư dân thôn, khu phố"
)
VALUES = {
    "admission_age_min": "18",
    "admission_age_max": "60",
    "admission_age_unit": "month",
    "probation_months": "12",
    "admission_counts_on": "decision",
    "fostering_counts": "sympathiser_list",
    "introducer_count": "2",
    "introducer_months": "12",
    "readmission_months": "36",
    "vote_minimum": "3",
    "branch_vote_share": "2/3",
    "committee_vote_share": "2/3",
    "recognition_attempts": "3",
    "recognition_takes_effect": "probation_end",
    "committee_minimum": "30",
    "group_threshold": "50",
    "certificate_months": "60",
    "dossier_months": "12",
    "decision_days": "60",
    "decision_extension_days": "30",
    "ceremony_days": "30",
    "ceremony_counts_from": "received",
    "member_file_days": "30",
    "recognition_review_days": "30",
    "recognition_decision_days": "30",
    "recognition_extension_days": "30",
}
#: key → (first day, value): what a later regulation changed
LATER = {"ceremony_counts_from": (dt.date(2026, 7, 26), "issued")}
DAYS = [
    OPEN_START,
    dt.date(1986, 3, 1),
    dt.date(2021, 7, 29),
    dt.date(2021, 7, 30),
    dt.date(2024, 10, 15),
    dt.date(2025, 1, 20),
    dt.date(2025, 6, 30),
    dt.date(2025, 7, 1),
    dt.date(2026, 7, 26),
    dt.date(2099, 12, 31),
]


def test_kinds():
    kinds = Kind.objects.order_by("order")
    assert [(kind.code, kind.name, kind.level, kind.has_committee, kind.is_branch) for kind in kinds] == KINDS


@pytest.mark.parametrize(("lookup", "names"), [(Sector, SECTORS), (Stratum, STRATA)])
def test_names_and_their_order(lookup, names):
    assert " · ".join(lookup.objects.order_by("order").values_list("name", flat=True)) == names


def test_reasons_for_leaving_the_list():
    names = dict(ExitReason.objects.values_list("code", "name"))
    assert len(names) == 8
    assert (names["unknown"], names["other"]) == ("không rõ", "lý do khác")


def test_reasons_for_missing_a_quota():
    """`domain.md` §5, and those that a unit may also give for having no sources left."""
    assert list(MissReason.objects.order_by("order").values_list("name", "also_sources")) == [
        ("hết nguồn", False),
        ("người đủ tiêu chuẩn đều đã là đảng viên", True),
        ("chủ doanh nghiệp chưa phải đảng viên", True),
        ("thẩm tra ở xa, chậm", False),
        ("người đi làm ăn xa, di cư", True),
        ("tuyển dụng hạn chế", True),
        ("tổ chức chuyển ra khỏi đảng bộ", False),
        ("cấp ủy chưa quan tâm", False),
        ("quần chúng không đủ tiêu chuẩn", True),
        ("lý do khác", False),
    ]


@pytest.mark.parametrize("lookup", [Kind, Sector, Stratum, ExitReason, MissReason])
def test_every_spelling_means_one_row_and_all_hold_from_the_start(lookup):
    meanings = {}
    for row in lookup.objects.all():
        assert (row.from_day, row.to_day) == (OPEN_START, None)
        for spelling in row.spellings():
            assert meanings.setdefault(fold_header(spelling), row.code) == row.code, spelling


@pytest.mark.parametrize(
    ("lookup", "written", "code"),
    [
        (Kind, "Chi bộ trực thuộc", "branch"),
        (Kind, "ĐẢNG BỘ PHƯỜNG", "commune"),
        (Sector, "Khu phố", "village"),
        (Sector, "phường", "ward"),
        (Stratum, "cán bộ công chức", "civil_servant"),
        (ExitReason, "Từ trần", "deceased"),
    ],
)
def test_other_spellings(lookup, written, code):
    found = {fold_header(spelling): row.code for row in lookup.objects.all() for spelling in row.spellings()}
    assert found[fold_header(written)] == code


@pytest.mark.parametrize("key", list(catalogue.KEYS))
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_key_has_one_rule_on_any_day(key, day):
    rule = Rule.objects.of(key, day)
    since, value = LATER.get(key, (dt.date.max, ""))
    assert rule.value == (value if day >= since else VALUES[key])
    assert rule.document
    assert rule.text


@pytest.mark.parametrize("key", list(catalogue.KEYS))
def test_versions_follow_each_other_without_gap(key):
    versions = list(Rule.objects.filter(key=key).order_by("from_day"))
    assert versions[0].from_day == OPEN_START
    assert versions[-1].to_day is None
    assert all(earlier.to_day == later.from_day for earlier, later in pairwise(versions))
    for version in versions:
        version.full_clean()


def test_no_organisation_is_made():
    assert not Organisation.objects.exists()


def test_a_second_run_changes_nothing_and_keeps_what_the_board_edited():
    Kind.objects.filter(code="branch").update(name="chi bộ (đã sửa)")
    Rule.objects.filter(key="fostering_counts").update(value="certificate")
    Rule.objects.filter(key="decision_days").update(value="45")
    CalendarDay.objects.filter(day=dt.date(2026, 11, 24)).update(worked=True)
    before = _everything()
    seeds = importlib.import_module("cells.migrations.0002_lookups_and_rules")
    seeds.add_lookups(apps, None)
    seeds.add_rules(apps, None)
    importlib.import_module("cells.migrations.0009_working_calendar").add_calendar(apps, None)
    importlib.import_module("cells.migrations.0010_clocks").add_clocks(apps, None)
    assert _everything() == before


def test_the_calendar_says_which_days_were_swapped():
    """Each swap is a day off and the Saturday worked for it, in one year, by one notice."""
    assert list(CalendarYear.objects.order_by("year").values_list("year", flat=True)) == [2024, 2025, 2026]
    by_notice = defaultdict(list)
    for row in CalendarDay.objects.exclude(reason="Ngày Văn hóa Việt Nam"):
        row.full_clean()
        by_notice[row.document].append((row.day.isoformat(), row.worked))
    assert sorted(by_notice.values()) == [
        [("2024-04-29", False), ("2024-05-04", True)],
        [("2025-04-26", True), ("2025-05-02", False)],
        [("2026-01-02", False), ("2026-01-10", True)],
        [("2026-08-22", True), ("2026-08-31", False)],
    ]


def _everything():
    models = (Kind, Sector, Stratum, ExitReason, Rule, CalendarYear, CalendarDay)
    return [list(model.objects.order_by("pk").values()) for model in models]
