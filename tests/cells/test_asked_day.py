"""The day a page is asked of: read once, told where it is not taken, and kept by every link of the frame."""

import datetime as dt

import pytest
from django.template import engines
from django.test import RequestFactory

from cells.asked_day import AskedDay, asked_day
from config.context import day as day_of_the_frame

D = dt.date
TODAY = D(2024, 10, 15)
PAST = AskedDay(D(2022, 12, 31), TODAY)
NOW = AskedDay(TODAY, TODAY)


@pytest.mark.parametrize(
    ("query", "on", "says"),
    [
        ("", TODAY, ""),
        ("on=", TODAY, ""),
        ("on=2022-12-31", D(2022, 12, 31), ""),
        ("on=31/12/2022", D(2022, 12, 31), ""),
        ("on=2024-10-15", TODAY, ""),
        ("on=abc", TODAY, "«abc» không phải là một ngày"),
        ("on=2022-02-30", TODAY, "không phải là một ngày"),
        ("on=1822-01-01", TODAY, "không phải là một ngày"),
        ("on=2022", TODAY, "«2022» chưa đủ ngày, tháng, năm"),
        ("on=2024-10-16", TODAY, "Ngày 16/10/2024 chưa đến"),
        ("on=" + "x" * 500, TODAY, "không phải là một ngày"),
    ],
)
def test_what_an_address_asks(query, on, says):
    asked = asked_day(RequestFactory().get("/?" + query), TODAY)
    assert (asked.on, asked.today) == (on, TODAY)
    assert says in asked.problem
    assert bool(asked.problem) == bool(says)
    assert len(asked.problem) < 150
    if says:
        assert "của hôm nay, 15/10/2024" in asked.problem


def test_a_page_may_look_ahead():
    asked = asked_day(RequestFactory().get("/?on=2025-02-01"), TODAY, ahead=True)
    assert (asked.on, asked.is_past, asked.is_today, asked.problem) == (D(2025, 2, 1), False, False, "")
    assert asked.keep("/ho-so/") == "/ho-so/", "a day to come leads nowhere else"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/don-vi/TU/", "/don-vi/TU/?on=2022-12-31"),
        ("/ho-so/?unit=TU", "/ho-so/?unit=TU&on=2022-12-31"),
        ("?", "?on=2022-12-31"),
        ("?sort=name", "?sort=name&on=2022-12-31"),
        ("/don-vi/42/?on=2022-06-30", "/don-vi/42/?on=2022-06-30"),
        ("/a/#part", "/a/?on=2022-12-31#part"),
        ("", ""),
    ],
)
def test_a_past_day_is_kept_and_today_is_not_said(url, kept):
    assert PAST.keep(url) == kept
    assert NOW.keep(url) == url


def test_rights_look_back_only_on_a_past_day():
    assert (PAST.seen, NOW.seen) == (D(2022, 12, 31), None)


def show(source, query="", **context):
    request = RequestFactory().get("/trang/?" + query)
    return engines["django"].from_string(source).render(day_of_the_frame(request) | context, request)


LINKS = '{% keep_day "/a/" %} {% keep_day "/a/" frame=True %}'


@pytest.mark.parametrize(
    ("query", "answers", "links"),
    [
        ("", True, "/a/ /a/"),
        ("on=2022-12-31", True, "/a/?on=2022-12-31 /a/?on=2022-12-31"),
        ("on=2022-12-31", False, "/a/ /a/?on=2022-12-31"),
        ("on=nonsense", True, "/a/ /a/"),
    ],
)
def test_the_frame_keeps_the_day_also_over_pages_of_today(query, answers, links):
    assert show(LINKS, query, can_choose_day=answers) == links


FRAME = '{% include "components/day.html" %}{% include "components/past_day.html" %}'


@pytest.mark.parametrize(
    ("query", "answers", "says", "silent"),
    [
        ("sort=name", True, ["tính đến <b>15/10/2024</b>", 'value="2024-10-15"'], ["Về hôm nay", "past-day"]),
        ("sort=name&on=2022-12-31", True, ["đang xem ngày <b>31/12/2022</b>", "Chỉ xem, không ghi"], ["tính đến"]),
        ("sort=name&on=2022-12-31", False, ["Trang này luôn là của hôm nay", "tính đến <b>15/10/2024</b>"], []),
        ("sort=name&on=2030-01-01", True, ["Ngày 01/01/2030 chưa đến", "tính đến <b>15/10/2024</b>"], ["Về hôm nay"]),
    ],
)
def test_the_frame_says_which_day_it_shows(query, answers, says, silent):
    request = RequestFactory().get("/trang/?" + query)
    page = show(FRAME, query, **(asked_day(request, TODAY).context() if answers else {}))
    assert [text for text in says if text not in page] == []
    assert [text for text in silent if text in page] == []


def test_back_to_today_keeps_the_rest_of_the_question():
    page = show(FRAME, "sort=name&page=2&on=2022-12-31", **PAST.context())
    assert 'href="?sort=name"' in page
    assert '<input type="hidden" name="sort" value="name">' in page
    assert '<input type="hidden" name="page"' not in page
