"""What every page may show."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from cells.asked_day import asked_day
from cells.people import rights
from cells.people.models import Post, Role
from config import clock


def day(request: HttpRequest) -> dict[str, object]:
    """`today`, the day the product works on, and `day_is_moved`, whether it was set by hand.

    `asked_day` is what the address asks for: also pages that know only today carry it on.
    """
    today = clock.today()
    return {"today": today, "asked_day": asked_day(request, today), "day_is_moved": clock.is_moved()}


def frame(request: HttpRequest) -> dict[str, object]:
    """The reader and the menu; nothing for who is not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    posts = user.posts_on(clock.today())
    return {
        "reader_name": user.get_full_name(),
        "reader_post": _posts_text(posts),
        "menu": _menu(request, posts),
        "idle_seconds": settings.SESSION_COOKIE_AGE,
    }


def _posts_text(posts: list[Post]) -> str:
    """The post to be named first, and how many there are beside it."""
    if not posts:
        return ""
    more = f" và {len(posts) - 1} chức vụ khác" if len(posts) > 1 else ""
    return f"{posts[0].title}, {posts[0].unit_name}{more}"


def _menu(request: HttpRequest, posts: list[Post]) -> list[dict[str, object]]:
    """The first four stand in the bar of a phone: Việc cần làm · Hồ sơ · Đơn vị · Báo cáo."""
    # readers who follow figures have their dashboard as the first page, and the work beside it
    works = not posts or any(post.role in (Role.BRANCH, Role.COMMITTEE) for post in posts)
    items = [("Việc cần làm", reverse("home" if works else "worklist"), "tasks")]
    reaches = {capability for post in posts for capability in rights.TABLE[post.role]}
    if rights.SEE_PEOPLE in reaches:
        items.append(("Hồ sơ", reverse("cases"), "folder"))
    if posts:
        unit = posts[0].organisation
        several = len({post.organisation_id for post in posts}) > 1
        is_branch = posts[0].role == Role.BRANCH and not several
        address = reverse("my_units") if several else unit.get_absolute_url()
        items.append(("Chi bộ" if is_branch else "Đơn vị", address, "people"))
        items.append(("Báo cáo", reverse("table", args=[unit.code, "admission-rate"]), "report"))
    if rights.SEE_PEOPLE in reaches:
        items.append(("Đảng viên", reverse("members"), "person"))
    items += [
        ("Chương trình, chỉ tiêu", reverse("programmes"), "check"),
        ("Quy định", reverse("rules"), "info"),
        ("Biểu mẫu", reverse("sheet_templates"), "download"),
    ]
    if rights.READ_LOG in reaches:
        items.append(("Nhật ký", reverse("log"), "eye"))
    if request.user.is_staff:
        items.append(("Quản trị", reverse("admin:index"), "edit"))
    here = _here(request.path, [url for _, url, _ in items])
    return [{"label": label, "url": url, "icon": icon, "active": url == here} for label, url, icon in items]


def _here(path: str, urls: list[str]) -> str:
    """The one address of the menu that leads closest to this page, "" where none does."""
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")
