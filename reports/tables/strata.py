"""People by stratum (C25): followed on the day, fostered and admitted in the period; who is of two is in two rows."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from cells import vietnamese
from cells.organisations.models import Organisation
from membership import strata
from membership.models import Candidacy
from reports.figures.book import Book, open_book
from reports.figures.cohort import STRATA
from reports.figures.counted import COUNTED
from reports.figures.items import Items, items_of
from reports.tables.cohort import SEVERAL_STRATA
from reports.tables.table import Answer, Column, Question, Row, Table, units

#: the figures of a period that are cut
CUT = ("fostered", "admitted")


class Strata(Table):
    """The strata are those the case has now: nobody keeps which it had on a past day."""

    key = "strata"
    title = "Theo dõi, bồi dưỡng, kết nạp theo diện"
    about = "Mỗi diện đang theo dõi, đã bồi dưỡng, đã kết nạp bao nhiêu người; diện theo hồ sơ hiện nay."
    cut = STRATA
    columns = (
        Column("stratum", "Diện", "text"),
        Column("followed", "Đang theo dõi", opens="cases"),
        *(Column(key, COUNTED[key].title, figure=key) for key in CUT),
    )

    def answer(self, question: Question) -> Answer:
        """One row for each stratum that holds anybody, as listed, those not known last; the total has each once."""
        root, day = question.organisation.pk, question.on
        book = open_book(root, question.period, scope=question.scope)
        standing = book.forest.standing(question.scope, question.period.year, day)
        values = {key: book.counted(key, standing, question.period) for key in CUT}
        listed = {key: items_of(values[key].parts(root), book, COUNTED[key]) for key in CUT}
        below = Organisation.objects.below(root, on=day)
        followed = Candidacy.objects.followed_on(day).filter(unit_then__in=below.values("pk"))
        kept = _kept_register(book, question, below)
        total = units([root], day)[root].row(
            last_day=book.forest.gone_since(root, day),
            followed=followed.count() if kept else None,
            **{key: values[key].value(root).number for key in CUT},
        )
        counts = {"followed": strata.counted(followed)}
        counts |= {key: strata.counted(listed[key].named, "candidacy__") for key in CUT}
        return Answer(_rows(counts), total, _notes(listed))


def _kept_register(book: Book, question: Question, below: QuerySet) -> bool:
    """Whether a unit of those ever followed anybody or had members by the day: without, 0 would be a guess."""
    kept = book.kept_registers
    return any(kept[pk] <= question.on for pk in below.values_list("pk", flat=True) if pk in kept)


def _rows(counts: Mapping[str, Mapping[str, int]]) -> list[Row]:
    return [
        {"stratum": name, "row": code} | {key: told.get(code, 0) for key, told in counts.items()}
        for code, name in strata.names().items()
        if any(code in told for told in counts.values())
    ]


def _notes(listed: Mapping[str, Items]) -> list[str]:
    notes = [SEVERAL_STRATA]
    nameless = {COUNTED[key].title.lower(): sum(items.declared.values()) for key, items in listed.items()}
    told = ", ".join(f"{title} {vietnamese.number(number)}" for title, number in nameless.items() if number)
    if told:
        notes.append(f"Số chỉ khai báo, không có tên, chỉ tính ở dòng toàn đơn vị: {told}.")
    silent = max(items.missing for items in listed.values())
    if silent:
        notes.append(f"{vietnamese.number(silent)} đơn vị chưa báo cáo đủ cho kỳ này.")
    return notes
