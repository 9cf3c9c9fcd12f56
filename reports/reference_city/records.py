"""What the reference city consists of: one small record for each row of its workbook."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

#: The seed of everything drawn; another one gives another city with the same figures of the resolution.
SEED = "hoa-giang-2024"
#: The day whose counts the resolution quotes, and the day the city's current year has come to.
START = dt.date(2024, 1, 1)
TODAY = dt.date(2024, 10, 15)
#: Years told by declared figures alone, and the years with quotas.
PAST_YEARS = (2020, 2021, 2022, 2023)
YEARS = (*PAST_YEARS, 2024)


@dataclass(frozen=True)
class Profile:
    """What people of a sort of unit are like, as shares of one and whole numbers of members."""

    sizes: tuple[int, int]  # smallest and largest branch
    women: float
    retired: float  # share of members past working age
    minority: float = 0.04


@dataclass(frozen=True)
class Unit:
    """A Party organisation as at its founding; `parent` "" is the top, `founded` null is open start."""

    code: str
    name: str
    kind: str
    sector: str
    profile: str
    parent: str = ""
    founded: dt.date | None = None
    decision: str = ""

    @property
    def is_committee(self) -> bool:
        return self.kind == "đảng bộ cơ sở"

    @property
    def is_branch(self) -> bool:
        return self.kind in ("chi bộ", "chi bộ cơ sở")


@dataclass(frozen=True)
class Operation:
    """A row of `Sắp xếp`."""

    day: dt.date
    work: str
    unit: Unit
    related: str = ""
    decision: str = ""


@dataclass(frozen=True)
class StartCount:
    """Members of a unit on 1/1 of `year`."""

    code: str
    year: int
    total: int
    full: int
    probationary: int
    female: int


@dataclass
class YearFlow:
    """What a base organisation declares for a year; `next_base` = `base` + in − out."""

    code: str
    year: int
    next_base: int = 0
    admitted: int = 0
    fostered: int = 0
    recognised: int = 0
    transferred_in: int = 0
    transferred_out: int = 0
    deceased: int = 0
    struck_off: int = 0
    resigned: int = 0
    expelled: int = 0
    joined: int = 0
    left: int = 0

    @property
    def base(self) -> int:
        incoming = self.admitted + self.transferred_in + self.joined
        outgoing = self.transferred_out + self.deceased + self.struck_off + self.resigned + self.expelled + self.left
        return self.next_base - incoming + outgoing


@dataclass(frozen=True)
class Quota:
    """Both lines of the quota of a unit and year, and whether it has sources left (null: not said)."""

    code: str
    year: int
    admission: int
    fostering: int
    decision: str
    decided: dt.date
    has_sources: bool | None = None
    reason: str = ""


@dataclass
class Member:
    """A member's row: admitted, recognised, and at most one thing that happened since (`state`, `changed`)."""

    name: str
    born: dt.date
    sex: str
    ethnicity: str
    religion: str
    unit: str
    decided: dt.date
    ceremony: dt.date | None = None
    recognised: dt.date | None = None
    state: str = "chính thức"
    changed: dt.date | None = None
    destination: str = ""
    year_only: bool = False  # of the birth only the year is known

    def full_on(self, day: dt.date) -> bool:
        return self.recognised is not None and self.recognised <= day

    def in_register_on(self, day: dt.date) -> bool:
        gone = self.state in GONE and self.changed is not None and self.changed <= day
        return self.decided <= day and not gone


#: States that end the time in the unit of the row (a transfer inside begins another elsewhere).
GONE = ("chuyển đi", "xóa tên", "xin ra", "khai trừ", "từ trần")


@dataclass
class Candidate:
    """A row of `Quần chúng`."""

    name: str
    born: dt.date
    sex: str
    ethnicity: str
    religion: str
    unit: str
    introduced: dt.date
    body: str
    strata: tuple[str, ...]
    education: str
    occupation: str
    stage: str
    reached: dt.date
    certificate: str = ""
    certified: dt.date | None = None
    helper: str = ""
    introducers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrival:
    """A full member of elsewhere who came on `day` with a transfer paper."""

    name: str
    born: dt.date
    sex: str
    ethnicity: str
    unit: str
    day: dt.date
    origin: str
    decided: dt.date


@dataclass
class City:
    """All of it; `units` holds the top, the base organisations and the branches, parents first."""

    units: list[Unit]
    operations: list[Operation]
    start_counts: list[StartCount] = field(default_factory=list)
    flows: list[YearFlow] = field(default_factory=list)
    quotas: list[Quota] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)

    def standing(self) -> list[Unit]:
        """The units there at the end, parents before children: without who left, with who joined."""
        left = {row.unit.code for row in self.operations if row.work == "chuyển ra"}
        joined = [row.unit for row in self.operations if row.work == "tiếp nhận"]
        return [unit for unit in self.units if not left & {unit.code, unit.parent}] + joined
