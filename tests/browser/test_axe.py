"""Every page at a desk and on a phone: axe finds nothing, nothing is wider than the screen, nothing goes wrong.

The addresses are those of tests/rights/urls.py, each by one reader; more pages stand beside them: forms with what was
refused, lists with nothing in them, the pages of refusal. (The gallery of components: tests/cells/test_components.py.)
"""

import datetime as dt
import itertools

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import Page, expect

from cells.log.models import Entry
from cells.models import Post
from cells.organisations.models import Operation, Organisation
from cells.organisations.work_path import SLUGS
from config.kept_form import KeptForm
from membership.models import (
    AwarenessClass,
    Candidacy,
    Helper,
    Introducer,
    Opinion,
    Paper,
    Spell,
    Stage,
    StageEvent,
    Verification,
    Vote,
)
from targets.models import Programme, Sources
from tests import factories
from tests.browser.reading import DESK, PHONE, problems, too_wide
from tests.everywhere import few, some
from tests.rights.urls import ADDRESSES, CASE, MEMBER, UNIT

BRANCH, WARD, CITY = "01.03", "01", "TU"
#: ceremonies up to this day: the probation is over on TODAY
DUE = dt.date(2023, 10, 15)
#: pages of somebody whose probation is over
_AT_THE_END = ("member_recognise", "member_vote", "member_examine")
#: rows around a case: part of an address → model
_AROUND = {"helper": Helper, "introducer": Introducer, "verification": Verification, "opinion": Opinion}
#: their pages
AROUND = [
    "case_helper",
    "case_helper_end",
    "case_introducer",
    "case_introducer_replace",
    "case_verification",
    "case_verification_answer",
    "case_opinion",
    "case_opinion_receive",
    "case_around_take_back",
]
#: who opens which page, beside the Organisation Board who opens all the others
OTHERS = {
    "bi-thu-khu-pho": [
        "home",
        "case_new",
        "case",
        "case_step",
        "case_drop",
        "case_particulars",
        "case_identity",
        "branch_meeting",
        "claim_told",
        "member_vote",
        "sources",
        "missed_reasons",
        "case_papers",
        "case_paper_take_back",
        *AROUND,
    ],
    "dang-uy-phuong": [
        "unit",
        "quotas",
        "member",
        "committee_meeting",
        "claim_answer",
        "sources_waiting",
        "member_recognise",
        "member_depart",
        "member_receive",
    ],
    "kiem-tra": ["log", "log_entry"],
    "can-bo-phu-trach": ["my_units", "posts"],
}
#: answers with a file, or only leads on
NO_PAGE = {"logout", "sheet_template", "reference_city", "bases_sheet", "quotas_sheet", "results_sheet"}
BOARD = (
    set(ADDRESSES)
    - NO_PAGE
    - {"login", "home"}
    - {"case_new", "case_drop", "case_particulars", "case_papers", "case_paper_take_back", "log_entry"}
    - set(AROUND)
)
WALKS = OTHERS | {"ban-to-chuc": sorted(BOARD)}
FORMS = [
    ("bi-thu-khu-pho", "case_new"),
    ("bi-thu-khu-pho", "case_step"),
    ("bi-thu-khu-pho", "case_drop"),
    ("bi-thu-khu-pho", "case_identity"),
    ("bi-thu-khu-pho", "case_introducer"),
    ("bi-thu-khu-pho", "case_verification"),
    ("bi-thu-khu-pho", "case_correct_step"),
    ("bi-thu-khu-pho", "branch_meeting"),
    ("bi-thu-khu-pho", "sources"),
    ("ban-to-chuc", "case_correct_vote"),
    ("ban-to-chuc", "member_temporary"),
    ("ban-to-chuc", "case_revoke"),
    ("ban-to-chuc", "member_recognise"),
    ("ban-to-chuc", "member_transfer"),
    ("ban-to-chuc", "member_depart"),
    ("ban-to-chuc", "member_receive"),
    ("ban-to-chuc", "operation"),
    ("ban-to-chuc", "correct_operation"),
    ("ban-to-chuc", "post_new"),
    ("ban-to-chuc", "post_end"),
    ("ban-to-chuc", "post_delegate"),
    ("ban-to-chuc", "supervise"),
    ("ban-to-chuc", "supervise_end"),
    ("ban-to-chuc", "unit_phone"),
    ("ban-to-chuc", "class_new"),
    ("ban-to-chuc", "bases"),
    ("ban-to-chuc", "quotas"),
    ("ban-to-chuc", "received_quota"),
    ("ban-to-chuc", "allocation"),
    ("ban-to-chuc", "results"),
    ("ban-to-chuc", "programme_new"),
    ("ban-to-chuc", "target_new"),
    ("ban-to-chuc", "programme_edit"),
    ("ban-to-chuc", "target_edit"),
    ("ban-to-chuc", "class_correct"),
    ("ban-to-chuc", "class_call_off"),
]
#: forms that any word in their first field would satisfy
_LEFT_EMPTY = ("case_revoke", "programme_edit", "class_call_off")
_EMPTY = [
    f"/ho-so/?unit={BRANCH}&stage=dropped",
    "/ho-so/?unit=18&view=stages",
    "/dang-vien/?on=01/01/1950",
    f"/don-vi/{BRANCH}/danh-sach/expelled/",
    "/don-vi/TU/?name=khong+co+don+vi+nay",
    "/don-vi/TU/?on=2022-12-31&scope=current",
    "/don-vi/42/?on=2022-06-30",
    "/don-vi/TU/co-cau/?on=2022-06-30",
    "/don-vi/01/so-do/?on=2022-06-30&open=all",
    "/don-vi/TU/dau-nam/2022/?on=2022-12-31",
    "/ho-so/?on=2024-03-01",
    "/quy-dinh/?on=2030-01-01",
    "/tu-dien/?on=2022-06-30",
    "/don-vi/TU/bang/years/",
    "/don-vi/TU/bang/ledger/",
    "/don-vi/TU/bang/quota-progress/",
    "/don-vi/TU/bang/sources/",
    "/don-vi/TU/bang/sources/?rows=accepted",
    "/don-vi/TU/bang/missed-years/?rows=branches",
    "/don-vi/TU/bang/pace/",
    "/don-vi/TU/bang/pace-fostering/?rows=sector",
    "/don-vi/TU/bang/sector-minimums/",
    "/chuong-trinh/?unit=01&year=2022",
    f"/don-vi/{BRANCH}/chi-bo-theo-loai-hinh/fostering/?state=exempt",
    "/don-vi/TU/bang/in-time/",
    "/ho-so/?in_time=possible",
    "/ho-so/?view=stages",
    "/ho-so/moi/?kind=taken-over",
    *(f"/don-vi/{WARD}/sap-xep/{slug}/" for slug in SLUGS.values()),
]


def path_to(name: str) -> str:
    """A page that stands for all of this name: the unit, case or member where most is to be seen."""
    address = ADDRESSES[name]
    if name == "sources_waiting":
        _a_word_that_waits()
    stage = {"case_revoke": Stage.DECIDED}.get(name, Stage.DOSSIER)
    case = Candidacy.objects.filter(organisation__code=BRANCH, stage=stage).earliest("pk")
    if name == "case_resume":
        case = Candidacy.objects.filter(stage=Stage.DROPPED).earliest("pk")
    spells = Spell.objects.filter(organisation__code=BRANCH, to_day=None).order_by("pk")
    due = spells.filter(standing="probationary", ceremony_on__lte=DUE)
    member = due.first() if name in _AT_THE_END else spells.first()
    vote = None
    if "vote" in address.more:
        vote = _vote_on(due.first() if address.at == MEMBER else case)
        member = vote.spell or member
    found = {
        UNIT: _unit_of(name),
        "vote": vote and vote.pk,
        "claim": _claim(name),
        "class": AwarenessClass.objects.valid().earliest("pk").pk,
        CASE: case.pk,
        MEMBER: member.pk,
        "stage": Stage.BRANCH_RESOLVED,
        "event": StageEvent.objects.filter(candidacy=case).latest("pk").pk,
        "operation": Operation.objects.latest("pk").pk,
        **(_around(case) if set(address.more) & set(_AROUND) else {}),
        "paper": _paper_of(case).pk if "paper" in address.more else None,
        "entry": Entry.objects.latest("pk").pk,
        **_programme(),
        "post": Post.objects.get(organisation__code=WARD, office="deputy").pk,
    }
    first = [found[address.at]] if address.at else []
    return reverse(name, args=first + [found.get(part, part) for part in address.more])


def _programme() -> dict[str, int]:
    """The programme of the year, and a target of many units."""
    row = Programme.objects.get(from_year=factories.TODAY.year)
    return {"programme": row.pk, "target": row.targets.filter(with_sources_only=True).earliest("pk").pk}


def _paper_of(case: Candidacy) -> Paper:
    return case.papers.valid().first() or Paper.objects.create(candidacy=case, code="opinions", number="5")


def _around(case: Candidacy) -> dict[str, int]:
    """The rows around the case, made where there are none."""
    rows = {kind: model.objects.valid().filter(candidacy=case).first() for kind, model in _AROUND.items()}
    made = rows if all(rows.values()) else factories.the_people_around(case)
    return {kind: row.pk for kind, row in made.items()}


def _unit_of(name: str) -> str:
    if name in ("branch_meeting", "claim_told", "sources", "missed_reasons"):
        return BRANCH
    return (
        WARD
        if name
        in (
            "quotas",
            "allocation",
            "quota_versions",
            "operation",
            "committee_meeting",
            "claim_answer",
            "sources_waiting",
        )
        or name.startswith("post")
        else CITY
    )


def _claim(name: str) -> int | None:
    if not name.startswith("claim"):
        return None
    answer = "Mời đồng chí trao đổi với đảng ủy." if name == "claim_told" else ""
    return factories.a_second_claim(Organisation.objects.get(code=_unit_of(name)), answer=answer).pk


def _a_word_that_waits() -> None:
    """What a page of answers shows: one to answer, one answered."""
    branch = Organisation.objects.get(code=BRANCH)
    for year, state in ((2023, "waiting"), (2022, "refused")):
        said = {"has_sources": False, "reason": "ít người", "said_on": factories.TODAY}
        said |= {"settled_on": factories.TODAY} if state == "refused" else {}
        Sources.objects.get_or_create(organisation=branch, year=year, state=state, defaults=said)


def _vote_on(whom: Candidacy | Spell) -> Vote:
    """A vote that was not enough, so that nothing changes but the story."""
    held = Vote.objects.filter(candidacy=whom) if isinstance(whom, Candidacy) else Vote.objects.filter(spell=whom)
    if held.exists():
        return held.latest("pk")
    if isinstance(whom, Candidacy):
        return factories.a_vote(whom, factories.TODAY, yes=5, no=4, override="thử")
    return factories.a_vote_on(whom, factories.TODAY, yes=5)


@pytest.fixture
def look():
    """Looks at a page as it stands, at a desk and on a phone; axe looks at one of the two, by turns."""
    turns = itertools.count()

    def at(page: Page) -> list[str]:
        found, axe = [], some((DESK, PHONE), next(turns))
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 800})
            looked = problems if width in axe else too_wide
            found += [f"{width}: {problem}" for problem in looked(page)]
        page.set_viewport_size({"width": DESK, "height": 800})
        return found

    return at


def test_every_address_is_looked_at():
    assert {"login", *NO_PAGE}.union(*WALKS.values()) == set(ADDRESSES)


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("username", WALKS)
def test_every_page(desk, look, username, half):
    page, found = desk(username), []
    for name in few(WALKS[username][half::2], half):
        answer = page.goto(path_to(name))
        assert answer.status == 200, name
        found += look(page)
    assert found == []


@pytest.mark.everywhere
@pytest.mark.parametrize("half", [0, 1])
def test_every_form_with_what_was_refused(desk, look, half):
    found = []
    for username, name in FORMS[half::2]:
        page = desk(username)
        page.goto(path_to(name))
        numeric = name in ("quotas", "received_quota", "allocation")  # "abc" is a number of a decision
        kind = "[inputmode=numeric]" if numeric else "[type=text]"
        first = page.locator(f"main form[method=post] input{kind}:visible").first
        first.fill("" if name in _LEFT_EMPTY else "abc")
        page.locator("main form[method=post] button.btn-primary").first.click()
        expect(page.locator("#form-errors")).to_be_visible()
        found += look(page)
        page.context.close()
    assert found == []


@pytest.mark.everywhere
def test_other_views_and_pages_with_nothing_on_them(desk, look):
    page, found = desk("ban-to-chuc"), []
    for address in _EMPTY:
        assert page.goto(address).status == 200, address
        found += look(page)
    page.get_by_role("searchbox").fill("khong co ai ten nhu the")
    page.get_by_role("button", name="Tìm").click()
    found += look(page)
    body = desk("doan-the")
    for address in ("/ho-so/", f"/don-vi/{BRANCH}/danh-sach/admitted/"):
        body.goto(address)
        found += look(body)
    nobody = factories.a_user()
    idle = desk(nobody.username)
    idle.goto("/")
    found += look(idle)
    assert found == []


def test_doors_and_pages_of_refusal(desk, look):
    page, found = desk(), []
    page.goto("/dang-nhap/")
    found += look(page)
    page.get_by_role("button", name="Đăng nhập").click()
    found += look(page)
    secretary = desk("bi-thu-khu-pho")
    for address, status in (("/khong-co-trang-nay/", 404), ("/don-vi/02.01/", 404), ("/nhat-ky/", 403)):
        assert secretary.goto(address).status == status
        found += look(secretary)
    board = desk("ban-to-chuc")
    assert board.goto("/don-vi/42/").status == 404
    found += look(board)
    kept = KeptForm("/ho-so/moi/", (("name", "Tổ"),), True).context()
    for template, context in (
        ("400.html", {}),
        ("403_csrf.html", {}),
        ("500.html", {}),
        ("cells/locked.html", {"failure_limit": 5, "minutes": 15}),
        ("cells/resume.html", kept),
    ):
        _show(page, render_to_string(template, context))
        found += look(page)
    assert found == []


def _show(page: Page, html: str) -> None:
    """A page that cannot be asked for, as if the server had answered with it."""
    page.unroute_all()
    page.route("**/mot-trang", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/mot-trang")
