"""`manage.py permission_matrix`: the table of rights in words; `docs/rights.md` is what it prints."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from cells.people.models import Role
from cells.people.rights import CAPABILITIES, CONDITIONS, TABLE, Reach, reach

WORDS = {Reach.OWN: "đơn vị mình", Reach.BELOW: "cấp dưới", Reach.ABOVE: "cấp trên"}
INTRODUCTION = """\
# Ai được làm gì

Trang này do `manage.py permission_matrix` in ra từ `cells/people/rights.py`; sửa quyền ở đó rồi in lại.

Quyền đi theo chức vụ đang giữ hôm nay. «Cấp dưới» là mọi đơn vị bên dưới đơn vị của chức vụ, «cấp trên» là mọi đơn vị
bên trên. Đơn vị ngang cấp và đơn vị khác: không có quyền nào. Ô có dấu – là không được."""


class Command(BaseCommand):
    requires_system_checks = []  # they load every page of the product, which a table does not need
    help = "In bảng quyền theo vai trò, dạng Markdown."

    def handle(self, *args, **options) -> None:
        self.stdout.write("\n\n".join((INTRODUCTION, table(), *CONDITIONS.values())))


def table() -> str:
    """One row a capability, one column a role; each cell says how far the capability reaches."""
    roles = [Role(role) for role in TABLE]
    lines = [_line("Việc", *(role.label for role in roles)), _line(*(["---"] * (len(roles) + 1)))]
    for capability, title in CAPABILITIES.items():
        lines.append(_line(title, *(_words(reach(role, capability)) for role in roles)))
    return "\n".join(lines)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _words(how_far: Reach) -> str:
    return ", ".join(word for part, word in WORDS.items() if part in how_far) or "–"
