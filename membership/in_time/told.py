"""What forecasts say in words, and their sums for a unit."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cells import vietnamese
from cells.rules.models import Rule
from membership.around import introducers as around
from membership.classes.models import AwarenessClass
from membership.in_time.asking import Asking
from membership.in_time.way import UNSURE, Forecast, Verdict, Wait
from membership.models import Stage

NO_CLASS = "chưa có lớp nào được báo"
VERDICTS = {
    Verdict.CERTAIN: "Chắc kịp",
    Verdict.POSSIBLE: "Có thể kịp",
    Verdict.TOO_LATE: "Không kịp",
}
#: what somebody waits for; {age} and {months} are what the rules of the day say
_WAITS = {
    Wait.LIST: "chờ chi bộ đưa vào danh sách cảm tình Đảng",
    Wait.CLASS: "chờ lớp",
    Wait.READMISSION: "ra khỏi Đảng chưa đủ thời hạn để xin kết nạp lại",
    Wait.DOSSIER: "chờ lập hồ sơ",
    Wait.BIRTH: "chưa có ngày sinh",
    Wait.AGE: "chưa đủ {age} tuổi",
    Wait.INTRODUCERS: "có người giới thiệu chưa đủ {months} tháng cùng công tác, cư trú",
    Wait.BRANCH: "chờ chi bộ họp xét",
    Wait.COMMITTEE: "chờ đảng ủy họp xét",
    Wait.DECISION: "chờ quyết định kết nạp",
    Wait.CEREMONY: "chờ lễ kết nạp",
}
_HURRY = {
    Stage.SYMPATHISER: "đưa vào danh sách cảm tình Đảng",
    Stage.TRAINED: "học lớp nhận thức",
    Stage.DOSSIER: "lập hồ sơ",
    Stage.BRANCH_RESOLVED: "họp chi bộ",
    Stage.EXAMINED: "họp đảng ủy",
    Stage.DECIDED: "ra quyết định",
    Stage.ADMITTED: "tổ chức lễ kết nạp",
}


@dataclass
class Tally:
    """How many cases of a unit have which verdict, and what those who are not certain wait for.

    `possible`: of each possible one the usual day (the last of days where nobody knows), the step to hasten and until
    when. `former`: those who come back into the Party; they count towards no quota and are counted only here.
    """

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    waits: Counter[Wait] = field(default_factory=Counter)
    classes: set[AwarenessClass] = field(default_factory=set)
    possible: list[tuple[dt.date, Stage, dt.date | None]] = field(default_factory=list)
    former: int = 0

    def add(self, one: Forecast, asking: Asking) -> None:
        if one.facts.former:
            self.former += 1
            return
        verdict = one.verdict(asking.last)
        self.verdicts[verdict] += 1
        if verdict not in UNSURE:
            return
        self.waits[one.waits] += 1
        if one.waits == Wait.CLASS and one.soonest.attended:
            self.classes.add(one.soonest.attended)
        if verdict == Verdict.POSSIBLE:
            usually = one.usually.counts_on if one.usually else dt.date.max
            self.possible.append((usually, *one.hurry(asking.pace, asking.last)))

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> Tally:
        """All of them together."""
        whole = cls()
        for one in tallies:
            whole.verdicts.update(one.verdicts)
            whole.waits.update(one.waits)
            whole.classes |= one.classes
            whole.possible += one.possible
            whole.former += one.former
        return whole

    def saving(self, needed: int) -> str:
        """What would bring `needed` more in time: possible ones hastened, the soonest first, and people not listed."""
        hastened = sorted(self.possible, key=lambda one: one[0])[:needed]
        lacking = needed - len(hastened)
        told = []
        for stage, words in _HURRY.items():
            days = [day for _, to, day in hastened if to == stage]
            if days:
                known = [day for day in days if day]
                until = f" chậm nhất {vietnamese.day(min(known))}" if known else ""
                told.append(f"đẩy nhanh {vietnamese.number(len(days))} hồ sơ: {words}{until}")
        if lacking:
            told.append(f"thiếu {vietnamese.number(lacking)} người chưa có trong danh sách")
        return "; ".join(told)


class Words:
    """The sentences of one day, with what its rules say."""

    def __init__(self, asking: Asking) -> None:
        self._on = asking.on
        rules: Mapping[str, Rule | None] = {
            "age": asking.law.rules.at("admission_age_min", asking.on),
            "months": asking.law.rules.at(around.KEYS[1], asking.on),
        }
        self._said = {name: rule.value if rule else "" for name, rule in rules.items()}

    def blocked(self, tally: Tally) -> str:
        """`3 người chờ lớp; lớp kế tiếp 12/09/2024. 1 người chưa đủ 18 tuổi.`"""
        told = [
            f"{vietnamese.number(tally.waits[wait])} người {self._what(wait, tally.classes)}."
            for wait in Wait
            if tally.waits[wait]
        ]
        return " ".join(told)

    def case(self, one: Forecast, last: dt.date) -> str:
        """`Có thể kịp: sớm nhất 20/11/2024, thường 03/02/2025; chờ chi bộ họp xét.`"""
        return f"{VERDICTS[one.verdict(last)]}: {self.days(one)}."

    def days(self, one: Forecast) -> str:
        """`sớm nhất 20/11/2024, thường 03/02/2025; chờ chi bộ họp xét`"""
        usually = vietnamese.day(one.usually.counts_on) if one.usually else "chưa rõ"
        classes = [one.soonest.attended] if one.soonest.attended else []
        return f"sớm nhất {vietnamese.day(one.soonest.counts_on)}, thường {usually}; {self._what(one.waits, classes)}"

    def _what(self, wait: Wait, classes: Iterable[AwarenessClass]) -> str:
        said = _WAITS[wait].format(**self._said)
        return f"{said}; {self._next(classes)}" if wait == Wait.CLASS else said

    def _next(self, classes: Iterable[AwarenessClass]) -> str:
        """The next class to begin, else the one that is running and ends first."""
        ahead = [one.opens_on for one in classes if one.opens_on >= self._on]
        if ahead:
            return f"lớp kế tiếp {vietnamese.day(min(ahead))}"
        running = [one.closes_on for one in classes]
        return f"lớp đang học, xong ngày {vietnamese.day(min(running))}" if running else NO_CLASS


def tallies(forecasts: Iterable[Forecast], asking: Asking) -> dict[int, Tally]:
    """Unit's id → the sum of its own cases."""
    found: dict[int, Tally] = {}
    for one in forecasts:
        found.setdefault(one.facts.case.organisation_id, Tally()).add(one, asking)
    return found
