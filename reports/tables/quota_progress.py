"""Quotas of both lines and what is done of them; quotas never roll up."""

from __future__ import annotations

from reports.figures.book import open_book
from reports.figures.scopes import Scopes
from reports.tables.table import Answer, Column, Question, Row, Table, Unit, rest_row, units
from reports.tables.told import name_units
from targets import progress


class QuotaProgress(Table):
    key = "quota-progress"
    title = "Thực hiện chỉ tiêu kết nạp và bồi dưỡng"
    has_quotas = True
    columns = (
        Column("code", "Mã", "text"),
        Column("name", "Tổ chức", "text"),
        Column("admission_quota", "Chỉ tiêu kết nạp"),
        Column("admission_done", "Đã kết nạp", figure="admitted"),
        Column("admission_percent", "% kết nạp", "rate"),
        Column("fostering_quota", "Chỉ tiêu bồi dưỡng"),
        Column("fostering_done", "Đã bồi dưỡng", figure="fostered"),
        Column("fostering_percent", "% bồi dưỡng", "rate"),
    )
    beside = ("pace", "pace-fostering")

    def answer(self, question: Question) -> Answer:
        """Rows of the children; the total also has the children's sum and its difference to the own quota."""
        year = question.period.year
        book = open_book(question.organisation.pk, question.period, scope=question.scope, quotas=question.quotas)
        standing = book.forest.standing(question.scope, year, question.on)
        done = {key: book.counted(key, standing, question.period) for key in ("admitted", "fostered")}
        root = question.organisation.pk
        known = units([*standing.below(root), root], question.on)

        def row(unit: Unit) -> Row:
            quota = book.quotas.get((unit.pk, year))
            values = [done[key].value(unit.pk) for key in ("admitted", "fostered")]
            admitted, fostered = (value.number for value in values)
            admission, fostering = (quota.admission, quota.fostering) if quota else (None, None)
            return unit.row(
                last_day=book.forest.gone_since(unit.pk, question.on),
                not_reported=max(value.missing for value in values),
                admission_quota=admission,
                admission_done=admitted,
                admission_percent=progress.share(admitted, admission),
                fostering_quota=fostering,
                fostering_done=fostered,
                fostering_percent=progress.share(fostered, fostering),
            )

        total = row(known.pop(root))
        rows = [row(child) for child in known.values()]
        given = [line["admission_quota"] for line in rows if line["admission_quota"] is not None]
        total["children_admission_quota"] = sum(given) if given else None
        own = total["admission_quota"]
        total["admission_difference"] = sum(given) - own if given and own is not None else None
        rest = rest_row(self.columns, rows, total, ("admission_done", "fostering_done"))
        both = Scopes(book, question.scope).of_year(question.period, question.on)
        name_units([both], question.on)
        late = total["not_reported"]
        notes = [f"{late} đơn vị chưa báo cáo đủ cho kỳ này; số đã làm chưa đủ."] if late else []
        return Answer([*rows, rest] if rest else rows, total, notes, scopes=[both])
