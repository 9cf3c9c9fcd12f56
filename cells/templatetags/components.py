"""Tags behind `templates/components/`: icons, links that keep the query string, pages.

Only what a plain `{% include %}` cannot do stands here.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of `static/icons.svg`. Mute for screen readers: a word always stands beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def keep_day(context: Context, url: str, frame: bool = False) -> str:
    """`url` asked of the day that this page is of (`cells.asked_day`); as it is on a page of today.

    `frame`: a link of the frame, which carries the day on also over pages that know only today.
    """
    asked = context.get("asked_day")
    return asked.keep(url) if asked and (frame or context.get("can_choose_day")) else url


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The query string of this page with some parameters changed; None or "" drops one.

    Comes with its leading "?", also when empty, so that it can stand alone in an href.
    """
    query = _query(context)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/kept_query.html", takes_context=True)
def kept_query(context: Context, form: Any = None, drop: str = "page") -> dict[str, Any]:
    """The page's parameters as hidden fields, for a GET form that must not lose them.

    Left out: the fields of `form` (it sends its own) and the space-separated names in `drop`.
    """
    own = {field.html_name for field in form} if form is not None else set()
    kept = [
        (key, value)
        for key, values in _query(context).lists()
        for value in values
        if key not in own and key not in drop.split()
    ]
    return {"kept": kept}


@register.inclusion_tag("components/sort_link.html", takes_context=True)
def sort_link(context: Context, label: str, key: str, param: str = "sort") -> dict[str, Any]:
    """The word of a column head as a link that sorts by `key`, the second time backwards.

    Keeps all other parameters but `page`: another order begins on its first page.
    """
    direction = _direction(context, key, param)
    changes = {param: f"-{key}" if direction == "ascending" else key, "page": None}
    return {"label": label, "direction": direction, "href": query_with(context, **changes)}


@register.inclusion_tag("components/table_head.html", takes_context=True)
def table_head(context: Context, columns: list[dict[str, Any]], param: str = "sort") -> Context:
    """A `<thead>` of one row. Each column: `label`, and if wanted `sort` (its key), `number`."""
    heads = [{**column, "direction": _direction(context, column.get("sort"), param)} for column in columns]
    return context.new({"request": context.get("request"), "columns": heads, "param": param})


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], noun: str = "dòng") -> dict[str, Any]:
    """Where the reader is and the links to the other pages; the query string is kept."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "noun": noun,
        "links": [_page_link(context, number, page) for number in numbers],
        "previous": query_with(context, page=page.number - 1),
        "next": query_with(context, page=page.number + 1),
    }


def _page_link(context: Context, number: int | str, page: Page[Any]) -> dict[str, Any]:
    if not isinstance(number, int):
        return {"number": "…", "href": "", "here": False}
    return {
        "number": number,
        "href": query_with(context, page=number),
        "here": number == page.number,
    }


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


def _direction(context: Context, key: str | None, param: str) -> str:
    """What `aria-sort` says of a column: ascending, descending or nothing."""
    if not key:
        return ""
    now = _query(context).get(param)
    return {key: "ascending", f"-{key}": "descending"}.get(now or "", "")
