"""The power over posts: who may give, end and lend which; and that nobody takes away their own last one.

Screens, deeds and Django admin ask here and nowhere else. A post that is lent gives no power over posts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from cells.organisations.access import who_can
from cells.organisations.models import Organisation, Style
from cells.people import rights
from cells.people.models import LEADING, Post, Role, User
from cells.people.rights import Reach
from cells.verdict import YES, Verdict, no

_FAR = dt.date(9999, 12, 31)

FROM_ABOVE = (
    "Bí thư, phó bí thư của cấp ủy và cấp ủy viên phụ trách do cấp trên ghi; nhờ Ban Tổ chức hoặc cấp ủy cấp trên."
)
LAST_POWER = (
    "Đây là chức vụ cuối cùng cho chính đồng chí quyền ghi chức vụ ở đơn vị này; nhờ người khác có quyền ghi thay."
)
OWN_ADMINISTRATION = "Không ai tự bỏ quyền quản trị của chính mình; nhờ người quản trị khác."
LAST_ADMINISTRATOR = "Đây là người quản trị cuối cùng còn hoạt động; cấp quyền quản trị cho người khác trước."
LENT_ON = "Chức vụ được ủy quyền không ủy quyền tiếp được."
ADMINISTRATION_LENT = "Quyền quản trị hệ thống không ủy quyền được; nhờ người quản trị khác."


@dataclass(frozen=True)
class Giver:
    """What somebody may give at one unit: `held` is how far each capability reaches there (own, below).

    `leads`: also its secretary and deputies. `everything`: whatever the role (administrators, the system), to others.
    """

    level: str
    held: dict[str, Reach] = field(default_factory=dict)
    leads: bool = False
    everything: bool = False
    person: int | None = None  # the giver's own
    unlimited: bool = False  # the system, a superuser: also to oneself

    def may_give(self, role: str, office: str, to: int | None = None) -> Verdict:
        """Whether a post of this role and office, to the person `to` (by id)."""
        if self.unlimited or (self.everything and (to is None or to != self.person)):
            return YES
        if Reach.OWN not in self._reach(rights.APPOINT):
            return no("Đồng chí không có quyền ghi chức vụ ở đơn vị này.", who_can=who_can(rights.APPOINT))
        if (office in LEADING or role == Role.SUPERVISOR) and not self.leads:
            return no(FROM_ABOVE)
        lacking = self._lacking(role)
        if lacking:
            words = rights.CAPABILITIES[lacking]
            return no(f"Vai trò «{Role(role).label}» có quyền «{words}» mà đồng chí không có ở đơn vị này.")
        return YES

    def roles(self) -> list[Role]:
        """The roles that may be given with some office or other."""
        return [role for role in Role if not self._lacking(role)]

    def _lacking(self, role: str) -> str:
        """A capability that the role has at the unit or below and the giver has not; "" if there is none."""
        for capability in rights.TABLE[role]:
            given = rights.reach_at(role, self.level, capability) & Reach.DOWN
            if given & ~self._reach(capability):
                return capability
        return ""

    def _reach(self, capability: str) -> Reach:
        return self.held.get(capability, Reach.NOWHERE)


def giver(actor: User | None, unit: int, *, today: dt.date, by_posts: bool = False) -> Giver:
    """What `actor` (null: the system) may give at `unit` today; at most three queries.

    `by_posts`: only what posts give, as on the screens; administrators have Django admin.
    """
    level = Style.objects.on(today).filter(organisation=unit).values_list("kind__level", flat=True).first() or ""
    if actor is None or (_is_superuser(actor) and not by_posts):
        return Giver(level, unlimited=True)
    above = set(Organisation.objects.above(unit, on=today).values_list("pk", flat=True))
    held: dict[str, Reach] = {}
    leads = everything = False
    for post in lasting_posts(actor, today):
        everything |= post.role == Role.ADMINISTRATOR and actor.is_staff and not by_posts
        if post.organisation_id != unit and post.organisation_id not in above:
            continue
        for capability in rights.TABLE[post.role]:
            held[capability] = held.get(capability, Reach.NOWHERE) | _seen_from(post, capability, unit)
        if rights.APPOINT in rights.TABLE[post.role]:
            leads |= _leads(post, unit)
    return Giver(level, held, leads, everything, actor.person_id)


def may_end(actor: User | None, post: Post, *, today: dt.date, by: Giver | None = None) -> Verdict:
    """Whether `actor` may end or withdraw `post`: who may give it; one lent, also who lends it."""
    if post.delegated_from is not None:
        return _by_holder_or_giver(actor, post.delegated_from, today, by)
    return (by or giver(actor, post.organisation_id, today=today)).may_give(post.role, post.office)


def may_delegate(actor: User | None, post: Post, *, today: dt.date, by: Giver | None = None) -> Verdict:
    """Whether `actor` may lend `post` to somebody: its holder, or who may give it."""
    if post.delegated_from_id is not None:
        return no(LENT_ON)
    if post.role == Role.ADMINISTRATOR:
        return no(ADMINISTRATION_LENT)
    return _by_holder_or_giver(actor, post, today, by)


def keeps_power(actor: User | None, ending: Collection[Post], *, today: dt.date) -> Verdict:
    """Whether `actor`, who ends these posts, still has every power over posts held by them, for as long.

    And whether somebody is left who administers the system.
    """
    last = _keeps_administrator(ending, today)
    if not last or actor is None:
        return last
    gone = {post.pk for post in ending}
    held = lasting_posts(actor, today)
    left = [post for post in held if post.pk not in gone]
    for post in held:
        if post.pk not in gone:
            continue
        if post.role == Role.ADMINISTRATOR and not actor.is_superuser and not _any(left, post, _administers_too):
            return no(OWN_ADMINISTRATION)
        if rights.APPOINT in rights.TABLE[post.role] and not _any(_above(left, post, today), post, _gives_as_much):
            return no(LAST_POWER)
    return YES


def keeps_administration(account: User, *, actor: User, today: dt.date) -> Verdict:
    """Whether an account may become what `account`, changed and not yet saved, says: its flags and its person."""
    before = User.objects.select_for_update().get(pk=account.pk)
    administrators = set(administering(today).values_list("pk", flat=True))
    if account.pk == actor.pk:
        dropped = before.is_active > account.is_active or before.is_staff > account.is_staff
        if dropped or (before.person_id is not None and account.person_id != before.person_id):
            return no(OWN_ADMINISTRATION)
        if account.person_id != before.person_id and not actor.is_superuser:
            return no("Không ai tự gắn tài khoản của mình với một người; nhờ người quản trị khác.")
    if administrators == {account.pk} and not _administers(account, today):
        return no(LAST_ADMINISTRATOR)
    return YES


def administering(on: dt.date):
    """The active accounts that administer the system on `on`: by a post, or as superusers."""
    post = Post.objects.on(on).own().filter(role=Role.ADMINISTRATOR, person=OuterRef("person"))
    return User.objects.filter(Q(is_superuser=True) | Exists(post), is_active=True, is_staff=True)


def lasting_posts(actor: User, today: dt.date) -> list[Post]:
    """The posts of today that are the actor's own, asked anew."""
    if not actor.is_active or actor.person_id is None:
        return []
    return list(Post.objects.on(today).own().filter(person=actor.person_id).with_unit(today))


def _is_superuser(actor: User) -> bool:
    return actor.is_active and actor.is_staff and actor.is_superuser


def _by_holder_or_giver(actor: User | None, post: Post, today: dt.date, by: Giver | None) -> Verdict:
    if actor is not None and actor.is_active and post.person_id == actor.person_id and post.holds_on(today):
        return YES
    return (by or giver(actor, post.organisation_id, today=today)).may_give(post.role, post.office)


def _seen_from(post: Post, capability: str, unit: int) -> Reach:
    """How far a post at or above `unit` carries a capability, seen from there."""
    how_far = rights.reach_of(post, capability)
    if post.organisation_id == unit:
        return how_far & Reach.DOWN
    return Reach.DOWN if Reach.BELOW in how_far else Reach.NOWHERE


def _keeps_administrator(ending: Iterable[Post], today: dt.date) -> Verdict:
    gone = [post for post in ending if post.role == Role.ADMINISTRATOR and post.delegated_from_id is None]
    if not gone:
        return YES
    list(User.objects.select_for_update().filter(is_staff=True).order_by("pk"))  # two who end each other's wait
    before = administering(today)
    kept = Post.objects.on(today).own().filter(role=Role.ADMINISTRATOR).exclude(pk__in=[post.pk for post in gone])
    after = before.filter(Q(is_superuser=True) | Exists(kept.filter(person=OuterRef("person"))))
    return no(LAST_ADMINISTRATOR) if before.exists() and not after.exists() else YES


def _administers(account: User, today: dt.date) -> bool:
    if not (account.is_active and account.is_staff):
        return False
    held = Post.objects.on(today).own().filter(role=Role.ADMINISTRATOR, person=account.person_id)
    return account.is_superuser or held.exists()


def _above(posts: Iterable[Post], ended: Post, today: dt.date) -> list[Post]:
    """Those of `posts` at the unit of `ended` or above it."""
    above = Organisation.objects.above(ended.organisation_id, on=today).values_list("pk", flat=True)
    over = {ended.organisation_id, *above}
    return [post for post in posts if post.organisation_id in over]


def _any(posts: Iterable[Post], ended: Post, serves: Callable[[Post, Post], bool]) -> bool:
    """Whether one of `posts`, held for as long as `ended` would have been, serves as well."""
    return any((post.to_day or _FAR) >= (ended.to_day or _FAR) and serves(post, ended) for post in posts)


def _administers_too(post: Post, ended: Post) -> bool:
    return post.role == ended.role


def _gives_as_much(post: Post, ended: Post) -> bool:
    """Whether `post`, at the unit of `ended` or above it, gives there whatever `ended` gives."""
    unit = ended.organisation_id
    return _leads(post, unit) >= _leads(ended, unit) and not any(
        _seen_from(ended, capability, unit) & ~_seen_from(post, capability, unit)
        for capability in rights.TABLE[ended.role]
    )


def _leads(post: Post, unit: int) -> bool:
    """Whether a post that gives posts also gives those of secretary and deputy; a committee not its own."""
    return post.organisation_id != unit or post.role != Role.COMMITTEE
