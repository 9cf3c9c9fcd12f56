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
class Share:
    """What a unit gets, the exact share it comes from, and why in a sentence."""

    code: str
    number: int
    exact: Fraction
    why: str


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
    wholes = _wholes(taking.values(), weights)
    weight_of = {code: _weight(claim, weights, wholes) for code, claim in taking.items()}
    held = _held_at_floor(total, taking, weight_of)
    sharing = [claim for code, claim in taking.items() if code not in held]
    rest = total - sum(taking[code].floor for code in held)
    whole = sum(weight_of[claim.code] for claim in sharing)
    if rest and not whole:
        raise refuse(_NOBODY, field="total")
    numbers = _rounded(rest, sharing, weight_of, whole)
    told = {nouns[name]: (name, whole) for name, whole in _wholes(sharing, weights).items()}

    def share(claim: Claim) -> Share:
        if claim.exhausted:
            return Share(claim.code, 0, Fraction(0), "Hết nguồn: không giao.")
        if claim.code in held:
            return Share(claim.code, claim.floor, Fraction(claim.floor), _why_floor(claim))
        exact = Fraction(rest * weight_of[claim.code], whole) if whole else Fraction(0)
        number = numbers[claim.code]
        return Share(claim.code, number, exact, _why(claim, number, exact, rest, told))

    return [share(claim) for claim in claims]


def _wholes(claims: Iterable[Claim], weights: Weights) -> dict[str, int]:
    """What all of them have together of each thing that counts; without what nobody has."""
    claims = list(claims)
    found = {name: sum(getattr(claim, name) for claim in claims) for name in NOUNS if getattr(weights, name)}
    return {name: whole for name, whole in found.items() if whole}


def _weight(claim: Claim, weights: Weights, wholes: Mapping[str, int]) -> int:
    """Its part of the members, of the results and of the ready, as much as each counts, over the product of all."""
    product = prod(wholes.values())
    return sum(getattr(weights, name) * getattr(claim, name) * (product // whole) for name, whole in wholes.items())


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


def _why_floor(claim: Claim) -> str:
    of = f" ({claim.floor_of})" if claim.floor_of else ""
    return f"Mức ít nhất {vietnamese.number(claim.floor)}{of}."


def _why(claim: Claim, number: int, exact: Fraction, rest: int, wholes: Mapping[str, tuple[str, int]]) -> str:
    told = [
        f"{vietnamese.number(getattr(claim, name))}/{vietnamese.number(whole)} {noun}"
        for noun, (name, whole) in wholes.items()
    ]
    rounding = "làm tròn lên" if number > exact else "làm tròn xuống" if number < exact else "vừa đúng"
    under = f" Dưới mức ít nhất {vietnamese.number(claim.floor)}." if number < claim.floor else ""
    return f"{', '.join(told)}, chia {vietnamese.number(rest)}: {vietnamese.decimal_text(exact)}, {rounding}.{under}"
