"""The components as a reader meets them: links keep the query, states have words, nothing is inline."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.template import engines
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.urls import path

from tests.gallery import SampleFilter, SampleForm, sample

ROOT = Path(django_settings.BASE_DIR)
COMPONENTS = ROOT / "templates" / "components"
READER = SimpleNamespace(is_authenticated=True, get_username=lambda: "minh")


@login_not_required
def gallery(request):
    return render(request, "components/gallery.html", sample() | {"user": READER})


@login_not_required
def nothing(request):
    return HttpResponse()


urlpatterns = [
    path("", gallery, name="home"),
    path("tim/", nothing, name="search"),
    path("vao/", nothing, name="login"),
    path("ra/", nothing, name="logout"),
]


@pytest.fixture(autouse=True)
def own_addresses(settings):
    settings.ROOT_URLCONF = __name__


def show(source, query="", **context):
    """The source rendered as in a request for /?query."""
    request = RequestFactory().get("/?" + query)
    return engines["django"].from_string(source).render(context, request)


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


class Elements(HTMLParser):
    """Start tags of a page as (tag, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def values(self, attribute):
        return [attrs[attribute] for _, attrs in self.found if attrs.get(attribute)]


@pytest.fixture
def page_elements():
    return Elements(gallery(RequestFactory().get("/?sort=-rate&state=behind")).content.decode())


# ---- the gallery as a whole ----------------------------------------------------------------------
def test_the_gallery_shows_every_component():
    seen = set()

    def note(template, **_):
        seen.add(template.name)

    template_rendered.connect(note)
    gallery(RequestFactory().get("/"))
    template_rendered.disconnect(note)
    files = {f"components/{file.relative_to(COMPONENTS)}" for file in COMPONENTS.rglob("*.html")}
    assert files - seen == set()


def test_no_component_reads_a_variable_that_is_not_there(settings):
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"string_if_invalid": "MISSING(%s)"}}]
    assert re.findall(r"MISSING\(.*?\)", gallery(RequestFactory().get("/")).content.decode()) == []
    assert re.findall(r"MISSING\(.*?\)", show(BASE)) == []


@pytest.mark.parametrize("file", sorted(COMPONENTS.rglob("*.html")), ids=lambda file: file.name)
def test_every_component_begins_by_naming_its_parameters(file):
    assert file.read_text().startswith("{# ")


def test_nothing_is_inline(page_elements):
    for tag, attrs in page_elements.found:
        assert tag != "style"
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        assert tag != "script" or attrs["src"].startswith("/static/")


def test_ids_are_unique_and_references_reach_them(page_elements):
    ids = page_elements.values("id")
    assert len(ids) == len(set(ids))
    references = " ".join(
        value for name in ("for", "aria-labelledby", "aria-describedby") for value in page_elements.values(name)
    )
    assert set(references.split()) <= set(ids)
    assert {href[1:] for href in page_elements.values("href") if href.startswith("#")} <= set(ids)


def test_every_icon_used_is_in_the_sprite(page_elements):
    sprite = (ROOT / "static" / "icons.svg").read_text()
    symbols = re.findall(r'<symbol id="([a-z]+)"', sprite)
    named = {
        name
        for file in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'(?:\{% icon |icon=)"([a-z]+)"', file.read_text())
    }
    used = {href.split("#")[1] for href in page_elements.values("href") if "icons.svg#" in href}
    assert len(symbols) == len(set(symbols))
    assert named | used <= set(symbols)


# ---- links that keep the query string ------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "href", "spoken"),
    [
        ("", "?sort=rate", "chọn để xếp theo cột này"),
        ("sort=rate", "?sort=-rate", "đang xếp tăng dần"),
        ("sort=-rate", "?sort=rate", "đang xếp giảm dần"),
        ("sort=name&state=behind&page=3", "?sort=rate&amp;state=behind", "chọn để xếp theo cột này"),
        ("state=a&state=b", "?state=a&amp;state=b&amp;sort=rate", "chọn để xếp theo cột này"),
    ],
)
def test_sort_link(query, href, spoken):
    html = show('{% sort_link "Tỷ lệ" "rate" %}', query)
    assert f'href="{href}"' in html
    assert spoken in html


def test_table_head_says_which_column_is_sorted():
    columns = [
        {"label": "Tên", "sort": "name"},
        {"label": "Bí thư"},
        {"label": "Tỷ lệ", "sort": "rate", "number": True},
    ]
    heads = [
        attrs
        for tag, attrs in Elements(show("{% table_head columns %}", "sort=-rate", columns=columns)).found
        if tag == "th"
    ]
    assert [head.get("aria-sort") for head in heads] == [None, None, "descending"]
    assert [head.get("class") for head in heads] == [None, None, "number"]


def test_pagination_says_where_one_is_and_keeps_the_filter():
    page = Paginator(range(7894), 25).page(2)
    html = show('{% pagination page "đảng viên" %}', "state=behind&page=2", page=page)
    assert "26–50 trong 7.894 đảng viên" in text_of(html)
    assert 'href="?state=behind&amp;page=3" rel="next"' in html
    assert 'href="?state=behind&amp;page=1" rel="prev"' in html
    assert html.count("aria-current") == 1


def test_pagination_of_one_page_and_of_nothing():
    assert "<nav" not in show("{% pagination page %}", page=Paginator([1], 25).page(1))
    assert "Không có người nào" in show('{% pagination page "người" %}', page=Paginator([], 25).page(1))


def test_a_filter_keeps_the_order_but_not_its_own_fields_nor_the_page():
    html = show(
        '{% include "components/filter_bar.html" with form=form target="units" %}',
        "sort=-rate&state=behind&page=2&x=%22%3E",
        form=SampleFilter(),
    )
    hidden = {a["name"]: a["value"] for t, a in Elements(html).found if t == "input" and a.get("type") == "hidden"}
    assert hidden == {"sort": "-rate", "x": '">'}
    assert 'data-hx-get="/"' in html


# ---- words ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("met", "đạt"),
        ("on_track", "đúng tiến độ"),
        ("behind", "chậm"),
        ("followed", "theo dõi"),
        ("not_asked", "không giao"),
        ("no_data", "chưa có số liệu"),
        (None, "chưa có số liệu"),
    ],
)
def test_a_state_has_a_word_and_a_sign(state, word):
    html = show('{% include "components/state.html" %}', state=state)
    assert text_of(html) == word
    assert "icons.svg#" in html


@pytest.mark.parametrize(
    ("level", "role", "opening"),
    [
        ("success", "status", "Đã ghi"),
        ("info", "status", "Đã ghi"),
        ("warning", "alert", "Lưu ý: Đã ghi"),
        ("error", "alert", "Chưa được: Đã ghi"),
    ],
)
def test_a_message_speaks_by_its_level(level, role, opening):
    html = show('{% include "components/message.html" with text="Đã ghi <1>" %}', level=level)
    assert f'role="{role}"' in html
    assert text_of(html).startswith(opening)
    show_text = show('{% include "components/message.html" %}', level=level, text="<b>")
    assert "&lt;b&gt;" in show_text


@pytest.mark.parametrize(
    ("days", "words"),
    [(1200, "còn 1.200 ngày"), (12, "còn 12 ngày"), (0, "hạn hôm nay"), (-3, "quá hạn 3 ngày"), (None, None)],
)
def test_days_left_are_said_in_words(days, words):
    task = {"person": "Đỗ Minh Châu", "what": "Tổ chức lễ.", "url": "/", "deed": "Ghi lễ", "days_left": days}
    text = text_of(show('{% include "components/task.html" %}', task=task))
    assert (words in text) if words else ("ngày" not in text)


def test_a_zero_is_a_value_and_an_empty_one_is_said():
    facts = [{"name": "Con", "value": 0}, {"name": "Nghề", "value": ""}, {"name": "Tôn giáo", "value": None}]
    assert (
        text_of(show('{% include "components/facts.html" %}', facts=facts)) == "Con 0 Nghề chưa ghi Tôn giáo chưa ghi"
    )


# ---- forms ---------------------------------------------------------------------------------------
FORM = '{% include "components/form.html" with deed="Ghi vào danh sách" %}'


def test_errors_stand_on_top_and_lead_to_their_fields():
    html = show(FORM, form=SampleForm({"version": "1", "body": "doan", "sex": ""}))
    elements = Elements(html)
    targets = [href[1:] for href in elements.values("href") if href.startswith("#")]
    assert targets == ["id_name", "id_born", "div_id_sex"]
    assert set(targets) <= set(elements.values("id"))
    assert html.index("form-errors") < html.index("<form")


def test_a_form_that_was_not_sent_has_no_errors_but_token_version_and_one_main_button():
    html = show(FORM, form=SampleForm())
    assert "form-errors" not in html
    assert "csrfmiddlewaretoken" in html
    assert html.count('name="version"') == 1
    assert html.count("btn-primary") == 1


# ---- frame ---------------------------------------------------------------------------------------
BASE = '{% extends "components/base.html" %}'


def test_the_frame_of_a_stranger_has_no_menu_search_or_log_out():
    html = show(BASE, user=SimpleNamespace(is_authenticated=False))
    assert 'lang="vi"' in html
    for part in ("main-menu", 'role="search"', 'action="/ra/"'):
        assert part not in html


def test_the_frame_of_a_reader_logs_out_by_post_and_says_who_and_which_day():
    html = show(BASE, **sample(), user=READER)
    assert re.search(r'<form action="/ra/" method="post">\s*<input type="hidden" name="csrfmiddlewaretoken"', html)
    assert "tính đến 15/10/2024 ngày đặt để thử" in text_of(html)
    assert "Nguyễn Thị Minh" in html
    assert text_of(html).index("Thành phố") < text_of(html).index("Chi bộ khu phố 3")


def test_a_day_that_was_not_moved_is_not_marked():
    assert "ngày đặt để thử" not in show(BASE, **(sample() | {"day_is_moved": False}), user=READER)


# ---- in a browser --------------------------------------------------------------------------------
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_a_phone_need_not_scroll_sideways(page, live_server, width):
    complaints = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url)
    found = Axe().run(page)
    assert found.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
