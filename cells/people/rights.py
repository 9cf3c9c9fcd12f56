"""Who may do what, where: one table, read by every queryset and every view.

A right is a capability held by a role at a position relative to the unit of the post: the unit
itself (own), the units below it, the units above it. Siblings and everything else: never.
Two rights are apart (`architecture.md`, principle 6): the figures of a unit and its people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from enum import Flag, auto
from typing import TYPE_CHECKING

from django.db.models import Q

from cells.organisations import tree
from cells.people.models import Role
from cells.rules.models import Kind

if TYPE_CHECKING:
    from cells.people.models import Post, User


class Reach(Flag):
    NOWHERE = 0
    OWN = auto()
    BELOW = auto()
    ABOVE = auto()
    DOWN = OWN | BELOW
    ALL = OWN | BELOW | ABOVE


SEE_FIGURES = "see_figures"  # numbers of a unit
SEE_PEOPLE = "see_people"  # names in a unit
SEE_SENSITIVE = "see_sensitive"  # religion, a political clearance, the result of a verification
ENTER = "enter"  # put somebody on the list, keep the particulars
BRANCH_WORK = "branch_work"  # the branch's steps: list, dossier, resolution, ceremony
EXAMINE = "examine"  # the base committee's resolution
DECIDE = "decide"  # the decision to admit
KEEP_REGISTER = "keep_register"  # recognition, transfers, leaving
OVERRIDE = "override"  # take a step although papers are lacking
CORRECT = "correct"  # we were wrong: replace a recorded value
REVOKE = "revoke"  # take an admission back
DECLARE = "declare"  # bases and declared figures
ALLOCATE = "allocate"  # quotas
SET_TARGETS = "set_targets"  # programmes and their targets; they bind every unit, so it counts at the top alone
REORGANISE = "reorganise"  # the tree
APPOINT = "appoint"  # who holds which post (`cells.people.power` says which)
HOLD_CLASSES = "hold_classes"  # announce awareness classes
KEEP_CONTACT = "keep_contact"  # the office telephone
READ_LOG = "read_log"
ADMINISTER = "administer"  # accounts and lookups, in Django admin

#: what is left of the rights of today on a past day: nothing is written there
LOOKING = frozenset({SEE_FIGURES, SEE_PEOPLE, SEE_SENSITIVE})

CAPABILITIES = {
    SEE_FIGURES: "xem số liệu",
    SEE_PEOPLE: "xem danh sách người",
    SEE_SENSITIVE: "xem tôn giáo, tiêu chuẩn chính trị, kết quả thẩm tra",
    ENTER: "nhập quần chúng ưu tú",
    BRANCH_WORK: "ghi việc của chi bộ",
    EXAMINE: "ghi việc xét của đảng ủy",
    DECIDE: "ghi quyết định kết nạp, công nhận",
    KEEP_REGISTER: "ghi biến động đảng viên",
    OVERRIDE: "cho qua khi còn thiếu giấy tờ",
    CORRECT: "sửa sai",
    REVOKE: "hủy việc kết nạp",
    DECLARE: "khai số liệu",
    ALLOCATE: "giao chỉ tiêu",
    SET_TARGETS: "đặt chỉ tiêu chương trình",
    REORGANISE: "sắp xếp tổ chức",
    APPOINT: "ghi chức vụ",
    HOLD_CLASSES: "báo lớp nhận thức về Đảng",
    KEEP_CONTACT: "ghi điện thoại cơ quan",
    READ_LOG: "xem nhật ký",
    ADMINISTER: "quản trị tài khoản, danh mục",
}

#: what a capability asks besides the role, told with who holds it
CONDITIONS = {
    EXAMINE: "Đảng ủy bộ phận thẩm định; nghị quyết đề nghị là của đảng ủy từ cấp cơ sở trở lên.",
    DECIDE: "Quyết định kết nạp do đảng ủy từ cấp cơ sở trở lên ra; đảng ủy bộ phận không ra quyết định.",
    OVERRIDE: "Cho qua khi còn thiếu giấy tờ là việc của đảng ủy từ cấp cơ sở trở lên.",
    SET_TARGETS: "Chương trình áp dụng cho mọi đơn vị, nên chỉ người có quyền này ở tổ chức cao nhất đặt chỉ tiêu.",
    APPOINT: "Không ai ghi cho người khác vai trò có quyền mà chính mình không có ở đơn vị đó. Bí thư, phó bí thư của"
    " một cấp ủy và cấp ủy viên phụ trách một đơn vị do cấp trên ghi. Người được ủy quyền không ghi chức vụ.",
}

_LOOK = {SEE_FIGURES: Reach.ALL, SEE_PEOPLE: Reach.DOWN}
_FIGURES_ONLY = {SEE_FIGURES: Reach.ALL}

#: what a committee below the base one does not do
_OF_BASE = (EXAMINE, OVERRIDE, DECIDE)
#: where committees examine and decide
DECIDING = (Kind.Level.TOP, Kind.Level.BASE)

TABLE: dict[str, dict[str, Reach]] = {
    Role.BOARD: _LOOK
    | {
        SEE_SENSITIVE: Reach.DOWN,
        ENTER: Reach.DOWN,
        BRANCH_WORK: Reach.DOWN,
        EXAMINE: Reach.DOWN,
        DECIDE: Reach.DOWN,
        KEEP_REGISTER: Reach.DOWN,
        OVERRIDE: Reach.DOWN,
        CORRECT: Reach.DOWN,
        REVOKE: Reach.DOWN,
        DECLARE: Reach.DOWN,
        ALLOCATE: Reach.DOWN,
        SET_TARGETS: Reach.DOWN,
        REORGANISE: Reach.DOWN,
        APPOINT: Reach.DOWN,
        HOLD_CLASSES: Reach.DOWN,
        KEEP_CONTACT: Reach.DOWN,
        READ_LOG: Reach.DOWN,
    },
    Role.STANDING: _LOOK,
    Role.SUPERVISOR: _LOOK,
    Role.COMMITTEE: _LOOK
    | {
        SEE_SENSITIVE: Reach.DOWN,
        ENTER: Reach.DOWN,
        BRANCH_WORK: Reach.DOWN,
        EXAMINE: Reach.DOWN,
        DECIDE: Reach.DOWN,
        KEEP_REGISTER: Reach.DOWN,
        OVERRIDE: Reach.DOWN,
        CORRECT: Reach.DOWN,
        DECLARE: Reach.DOWN,
        ALLOCATE: Reach.BELOW,
        APPOINT: Reach.DOWN,
        KEEP_CONTACT: Reach.DOWN,
    },
    Role.BRANCH: _LOOK
    | {
        SEE_SENSITIVE: Reach.DOWN,
        ENTER: Reach.DOWN,
        BRANCH_WORK: Reach.DOWN,
        CORRECT: Reach.DOWN,  # its own steps, until the committee has acted (`correct.may_correct_step`)
        KEEP_CONTACT: Reach.DOWN,
    },
    Role.BODY: _FIGURES_ONLY,
    Role.TRAINING: _FIGURES_ONLY | {HOLD_CLASSES: Reach.DOWN},
    Role.PROPAGANDA: _FIGURES_ONLY,
    Role.AUDITOR: _LOOK | {READ_LOG: Reach.DOWN},
    Role.ADMINISTRATOR: _FIGURES_ONLY | {ADMINISTER: Reach.DOWN, SET_TARGETS: Reach.DOWN},
}


def reach(role: str, capability: str) -> Reach:
    """How far `role` carries `capability` from the unit of the post."""
    return TABLE[role].get(capability, Reach.NOWHERE)


def reach_at(role: str, level: str, capability: str) -> Reach:
    """How far `role` carries `capability` from a unit of `level`.

    A committee below the base one reports on what its branches propose; it neither resolves nor decides (`domain.md`
    §1.2, steps 11 to 13).
    """
    if capability in _OF_BASE and role == Role.COMMITTEE and level not in DECIDING:
        return Reach.NOWHERE
    return reach(role, capability)


def reach_of(post: Post, capability: str) -> Reach:
    """How far this `post` (of `User.posts_on`) carries `capability` from its unit; one lent gives no posts on."""
    if capability == APPOINT and post.delegated_from_id is not None:
        return Reach.NOWHERE
    return reach_at(post.role, post.unit_level, capability)


def organisations(
    user: User, capability: str, *, on: dt.date, field: str = "organisation", seen: dt.date | None = None
) -> Q:
    """The condition that `field` is a unit for which `user` holds `capability` on `on`.

    Rights are those of the posts of `on`; a reader without any gets a condition nothing meets.
    Looking at a past day `seen`, the figures (never the names) of units that were then below are there too.
    """
    own: set[int] = set()
    down: set[int] = set()
    up: set[int] = set()
    for post in user.posts_on(on):
        how_far = reach_of(post, capability)
        if Reach.OWN in how_far:
            own.add(post.organisation_id)
        if Reach.BELOW in how_far:
            down.add(post.organisation_id)
        if Reach.ABOVE in how_far:
            up.add(post.organisation_id)
    condition = Q(**{f"{field}__in": own - down})
    # one list where it can be one: PostgreSQL joins with it, while of two it looks through the long one for each row
    for ids, question in ((own & down, tree.below), (down - own, tree.under)):
        if ids:
            condition |= Q(**{f"{field}__in": question(ids, on)})
    if down and seen is not None and capability == SEE_FIGURES:
        condition |= Q(**{f"{field}__in": tree.under(down, seen)})
    if up:
        condition |= Q(**{f"{field}__in": tree.above(up, on)})
    return condition


def may(user: User, capability: str, organisation_id: int, *, on: dt.date, seen: dt.date | None = None) -> bool:
    """Whether `user` holds `capability` for this one unit on `on`; `seen` as for `organisations`."""
    from cells.organisations.models import Organisation

    held = organisations(user, capability, on=on, field="pk", seen=seen)
    return Organisation.objects.filter(held, pk=organisation_id).exists()


def anywhere(user: User, capability: str, *, on: dt.date) -> bool:
    """Whether `user` holds `capability` for any unit at all on `on`; no query."""
    return any(reach_of(post, capability) for post in user.posts_on(on))


def capabilities(
    user: User, organisation_id: int, *, on: dt.date, above: Collection[int] | None = None
) -> frozenset[str]:
    """Every capability `user` holds for this unit, in at most two queries (its place in the tree).

    `above`: the ids of the units over it on `on`, where the caller knows them already.
    """
    from cells.organisations.models import Organisation

    posts = user.posts_on(on)
    if not posts:
        return frozenset()
    if above is None:
        above = Organisation.objects.above(organisation_id, on=on).values_list("pk", flat=True)
    over = set(above)
    under = set()
    if any(post.organisation_id != organisation_id and post.organisation_id not in over for post in posts):
        holders = {post.organisation_id for post in posts}
        under = set(
            Organisation.objects.below(organisation_id, on=on).filter(pk__in=holders).values_list("pk", flat=True)
        )
    held = set()
    for post in posts:
        if post.organisation_id == organisation_id:
            position = Reach.OWN
        elif post.organisation_id in over:
            position = Reach.BELOW
        elif post.organisation_id in under:
            position = Reach.ABOVE
        else:
            continue
        held |= {capability for capability in CAPABILITIES if position & reach_of(post, capability)}
    return frozenset(held)
