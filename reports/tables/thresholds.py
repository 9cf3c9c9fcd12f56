"""Units whose size asks for something, by the dated rules of the day (`domain.md` §3.1; C13, C18)."""

from __future__ import annotations

from collections.abc import Iterator

from cells.dated import ONE_DAY
from cells.organisations.models import Style
from cells.rules.models import Kind, Rule
from membership.models import Spell
from reports.figures.cohort import units_of
from reports.figures.sizes import Size, sizes
from reports.figures.standing import CURRENT, Forest
from reports.tables.table import HEADS, Answer, Column, Found, Question, Row, Table, units

CANNOT_VOTE, TO_UPGRADE, TOO_SMALL, TO_DIVIDE = "cannot_vote", "to_upgrade", "too_small", "to_divide"

#: finding → what it says, in the order of the list
FINDINGS = {
    CANNOT_VOTE: "Chưa đủ đảng viên chính thức để biểu quyết",
    TO_UPGRADE: "Chi bộ cơ sở đủ điều kiện nâng lên đảng bộ",
    TOO_SMALL: "Đảng bộ cơ sở chưa đủ số đảng viên",
    TO_DIVIDE: "Chi bộ đông, cần có tổ đảng",
}
RULES = ("vote_minimum", "committee_minimum", "group_threshold")


class Thresholds(Table):
    """The register of the day alone: a unit that never kept one is in no list."""

    key = "thresholds"
    title = "Đơn vị theo ngưỡng số đảng viên"
    about = "Chi bộ chưa biểu quyết được, chi bộ cơ sở nâng lên đảng bộ được, đảng bộ còn nhỏ, chi bộ cần tổ đảng."
    one_year = False
    of_day = True
    row_choices = {"": "Tất cả", **FINDINGS}
    found = tuple(Found(f"units_{finding}", title, finding) for finding, title in FINDINGS.items())
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        Column("finding", "Tình trạng", "text", words=FINDINGS),
        Column("members", "Đảng viên", opens="members"),
        Column("full", "Chính thức", opens="members", narrowed={"standing": Spell.Standing.FULL.value}),
        Column("groups", "Số tổ đảng"),
        *HEADS,
    )

    def answer(self, question: Question) -> Answer:
        """A row for each finding of a unit at or below the one asked, by finding; or only those of the one asked."""
        root, day = question.organisation.pk, question.on
        standing = Forest(root, day, day + ONE_DAY).standing(CURRENT, day.year, day)
        below = units_of(standing)
        rules = {rule.key: rule for rule in Rule.objects.on(day).filter(key__in=RULES)}
        styles = Style.objects.on(day).filter(organisation__in=below).select_related("kind")
        found_sizes = sizes(standing, {row.organisation_id: row.kind for row in styles}, day)
        found = list(_findings(below, found_sizes, rules))
        known = units([root, *(unit for unit, _ in found)], day)

        def row(unit: int, finding: str | None) -> Row:
            named, size = known[unit], found_sizes.get(unit)
            return named.row(
                finding=finding,
                members=size.members if size else None,
                full=size.full if size else None,
                groups=size.groups if size else None,
            )

        order = {pk: place for place, pk in enumerate(known)}
        found.sort(key=lambda one: (list(FINDINGS).index(one[1]), order[one[0]]))
        total = row(root, None)
        for finding in FINDINGS:
            total[f"units_{finding}"] = sum(one == finding for _, one in found)
        total["units_divided"] = sum(one == TO_DIVIDE and found_sizes[unit].groups > 0 for unit, one in found)
        texts = [f"{rules[key].text} ({rules[key].document})" for key in RULES if key in rules]
        shown = [row(*one) for one in found if question.rows in ("", one[1])]
        return Answer(shown, total, _notes(found_sizes), texts)


def _findings(below: list[int], sizes: dict[int, Size], rules: dict[str, Rule]) -> Iterator[tuple[int, str]]:
    """(unit, finding), by the rules there are."""
    limits = {key: rules[key].number for key in RULES if key in rules}
    for unit in below:
        size = sizes.get(unit)
        if size is None or size.kind is None or size.members is None or size.full is None:
            continue
        vote, committee, groups = (limits.get(key) for key in RULES)
        base = size.kind.level == Kind.Level.BASE
        if vote is not None and size.kind.is_branch and size.full < vote:
            yield unit, CANNOT_VOTE
        if committee is not None and base and size.kind.is_branch and size.members >= committee:
            yield unit, TO_UPGRADE
        if committee is not None and base and size.kind.has_committee and size.members < committee:
            yield unit, TOO_SMALL
        if groups is not None and size.kind.is_branch and size.members >= groups:
            yield unit, TO_DIVIDE


def _notes(sizes: dict[int, Size]) -> list[str]:
    silent = sum(bool(size.kind and size.kind.is_branch and size.members is None) for size in sizes.values())
    return [f"{silent} chi bộ chưa có sổ đảng viên, không có trong danh sách."] if silent else []
