"""Sharing a number among units in proportion to what they have: exact, explained, the same whatever the order (C20).

Largest remainder (Hamilton): everybody gets the whole part of the exact share, what is left goes to the largest
remainders. Whose share falls under its floor gets the floor, and the others share the rest. Whole numbers all the
way: a weight is the numerator of a fraction that has one denominator for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from cells import vietnamese
from cells.verdict import refuse

_NOBODY = (
    "Không có đơn vị nào để giao: chưa có đảng viên đầu năm, hoặc mọi đơn vị đã hết nguồn hay đã nhận mức ít nhất."
)
#: what counts → how it is called in a sentence
NOUNS = {"base": "đảng viên đầu năm", "results": "kết nạp các năm trước", "ready": "người có thể kết nạp"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One unit that may get something.

    `code` names it and settles ties. `base`: its members at the start of the year. `results`: what it did in the last
    years. `ready`: candidates who could be admitted in the year. `floor`: the least it should get, `floor_of` whose
    rule that is. `exhausted`: it has nobody left to admit, and gets nothing.
    """

    code: str
    base: int = 0
    results: int = 0
    ready: int = 0
    floor: int = 0
    floor_of: str = ""
    exhausted: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each of the three counts; only their proportion matters."""

    base: int = 1
    results: int = 0
    ready: int = 0


@dataclass(frozen=True, slots=True)
class Basis:
    """What is divided among those not held at their floor: `rest` by weights that come to `whole`.

    `told`: how what counts is called → its name in a claim, and how much of it all of them have.
    """

    rest: int
    whole: int
    told: Mapping[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Share:
    """What a unit gets; the exact share it comes from and why are worked out when asked."""

    claim: Claim
    number: int
    weight: int
    held: bool
    basis: Basis

    @property
    def code(self) -> str:
        return self.claim.code

    @property
    def exact(self) -> Fraction:
        """Before rounding; the floor of one held at it."""
        if self.held:
            return Fraction(self.number)
        return Fraction(self.basis.rest * self.weight, self.basis.whole) if self.weight else Fraction(0)

    @property
    def why(self) -> str:
        claim, number = self.claim, self.number
        if claim.exhausted:
            return "Hết nguồn: không giao."
        if self.held:
            of = f" ({claim.floor_of})" if claim.floor_of else ""
            return f"Mức ít nhất {vietnamese.number(claim.floor)}{of}."
        told = [
            f"{vietnamese.number(getattr(claim, name))}/{vietnamese.number(whole)} {noun}"
            for noun, (name, whole) in self.basis.told.items()
        ]
        exact = self.exact
        rounding = "làm tròn lên" if number > exact else "làm tròn xuống" if number < exact else "vừa đúng"
        under = f" Dưới mức ít nhất {vietnamese.number(claim.floor)}." if number < claim.floor else ""
        part = vietnamese.decimal_text(exact)
        return f"{', '.join(told)}, chia {vietnamese.number(self.basis.rest)}: {part}, {rounding}.{under}"


def allocate(
    total: int, claims: Sequence[Claim], weights: Weights = Weights(), nouns: Mapping[str, str] = NOUNS
) -> list[Share]:
    """`total` shared among `claims`, in their order; the numbers add up to it exactly. `nouns` as NOUNS, for the why.

    Floors are respected where all of them together fit into `total`; else none is, and each share under its floor
    says so. Refused (field `total`): a negative number, or something to share where nobody can take it.
    """
    if total < 0:
        raise refuse("Chỉ tiêu không thể âm.", field="total")
    taking = {claim.code: claim for claim in claims if not claim.exhausted}
    weight_of = _weights(taking, weights)
    held = _held_at_floor(total, taking, weight_of)
    sharing = [claim for code, claim in taking.items() if code not in held]
    rest = total - sum(taking[code].floor for code in held)
    whole = sum(weight_of[claim.code] for claim in sharing)
    if rest and not whole:
        raise refuse(_NOBODY, field="total")
    numbers = _rounded(rest, sharing, weight_of, whole) | {code: taking[code].floor for code in held}
    told = {nouns[name]: (name, all_of_them) for name, all_of_them in _wholes(sharing, weights).items()}
    basis = Basis(rest, whole, told)
    return [
        Share(claim, numbers.get(claim.code, 0), weight_of.get(claim.code, 0), claim.code in held, basis)
        for claim in claims
    ]


def _wholes(claims: Iterable[Claim], weights: Weights) -> dict[str, int]:
    """What all of them have together of each thing that counts; without what nobody has."""
    claims = list(claims)
    found = {name: sum(getattr(claim, name) for claim in claims) for name in NOUNS if getattr(weights, name)}
    return {name: whole for name, whole in found.items() if whole}


def _weights(taking: Mapping[str, Claim], weights: Weights) -> dict[str, int]:
    """Each one's part of the members, of the results and of the ready, as much as each counts, over one denominator."""
    wholes = _wholes(taking.values(), weights)
    product = prod(wholes.values())
    counts = [(name, getattr(weights, name) * (product // whole)) for name, whole in wholes.items()]
    return {code: sum(count * getattr(claim, name) for name, count in counts) for code, claim in taking.items()}


def _held_at_floor(total: int, taking: Mapping[str, Claim], weight_of: Mapping[str, int]) -> set[str]:
    """Whose exact share of what is left falls under its floor, until nobody's does; nobody where they do not fit."""
    if sum(claim.floor for claim in taking.values()) > total:
        return set()
    held: set[str] = set()
    rest, whole = total, sum(weight_of.values())
    while below := [
        code
        for code, claim in taking.items()
        if code not in held and claim.floor and rest * weight_of[code] < claim.floor * max(whole, 1)
    ]:
        held.update(below)
        rest -= sum(taking[code].floor for code in below)
        whole -= sum(weight_of[code] for code in below)
    return held


def _rounded(rest: int, sharing: Sequence[Claim], weight_of: Mapping[str, int], whole: int) -> dict[str, int]:
    parts = {claim.code: divmod(rest * weight_of[claim.code], max(whole, 1)) for claim in sharing}
    numbers = {code: number for code, (number, _) in parts.items()}
    left = rest - sum(numbers.values())
    ranked = sorted(sharing, key=lambda claim: (-parts[claim.code][1], -claim.base, claim.code))
    for claim in ranked[:left]:
        numbers[claim.code] += 1
    return numbers
