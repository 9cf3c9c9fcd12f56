"""Laws of sharing a quota: exact sum, floors where they fit, more members never less, no matter the order."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cells.verdict import Refused
from targets.quotas.allocate import Claim, Weights, allocate
from tests.properties import world

claims = st.lists(
    st.builds(
        Claim,
        code=st.just(""),
        base=st.integers(0, 400),
        results=st.integers(0, 20),
        ready=st.integers(0, 9),
        floor=st.integers(0, 3),
        exhausted=st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=12,
).map(lambda found: [replace(claim, code=f"U{place:02d}") for place, claim in enumerate(found)])
totals = st.integers(0, 60)
BY_MEMBERS = Weights()
weights = st.builds(Weights, base=st.integers(1, 4), results=st.integers(0, 3), ready=st.integers(0, 3))


def shared(total, found, counts=BY_MEMBERS):
    """Code → number; the example is left out where nobody could take it."""
    try:
        return {share.code: share.number for share in allocate(total, found, counts)}
    except Refused:
        assume(False)


@world.examples(200)
@given(totals, claims, weights)
def test_the_numbers_add_up_and_respect_floors_that_fit(total, found, counts):
    numbers = shared(total, found, counts)
    assert sum(numbers.values()) == total
    taking = [claim for claim in found if not claim.exhausted]
    if sum(claim.floor for claim in taking) <= total:
        assert all(numbers[claim.code] >= claim.floor for claim in taking)
    assert all(numbers[claim.code] == 0 for claim in found if claim.exhausted)


@world.examples(200)
@given(totals, claims, weights, st.randoms(use_true_random=False))
def test_no_order_of_the_rows_changes_anything(total, found, counts, chance):
    other = list(found)
    chance.shuffle(other)
    assert shared(total, found, counts) == shared(total, other, counts)


@world.examples(200)
@given(totals, claims, weights, st.integers(0, 11), st.integers(1, 300))
def test_more_members_never_get_less(total, found, counts, which, more):
    grown = found[which % len(found)]
    before = shared(total, found, counts)
    after = shared(total, [replace(one, base=one.base + more) if one is grown else one for one in found], counts)
    assert after[grown.code] >= before[grown.code]


@world.examples(200)
@given(totals, claims)
def test_who_has_more_members_gets_no_less(total, found):
    alike = [replace(claim, floor=1, exhausted=False) for claim in found]
    numbers = shared(total, alike)
    for one, other in pairwise(sorted(alike, key=lambda claim: claim.base)):
        assert one.base == other.base or numbers[one.code] <= numbers[other.code]


@world.examples(100)
@given(totals, claims)
def test_nobody_is_further_from_the_exact_share_than_one(total, found):
    bare = [replace(claim, floor=0) for claim in found]
    try:
        shares = allocate(total, bare)
    except Refused:
        return
    assert all(abs(share.number - share.exact) < 1 for share in shares)
    assert sum((share.exact for share in shares), Fraction(0)) == total


@pytest.mark.parametrize(
    ("total", "found"),
    [
        (10, []),
        (10, [Claim("A")]),  # ten over no members
        (10, [Claim("A", base=5, exhausted=True)]),
        (-1, [Claim("A", base=5)]),
    ],
)
def test_what_cannot_be_shared(total, found):
    with pytest.raises(Refused) as caught:
        allocate(total, found)
    assert caught.value.problems[0].field == "total"


def test_by_hand():
    """7 over 100, 60 and 40 members: 3,5 · 2,1 · 1,4; one left over goes to the first remainder."""
    shares = allocate(7, [Claim("A", base=100), Claim("B", base=60), Claim("C", base=40)])
    assert [share.number for share in shares] == [4, 2, 1]
    assert shares[0].why == "100/200 đảng viên đầu năm, chia 7: 3,50, làm tròn lên."
    floored = allocate(7, [Claim("A", base=100), Claim("B", base=60), Claim("C", base=4, floor=1, floor_of="khu phố")])
    assert [share.number for share in floored] == [4, 2, 1]
    assert floored[2].why == "Mức ít nhất 1 (khu phố)."
    none = allocate(1, [Claim("A", base=10, floor=1), Claim("B", base=9, floor=1)])
    assert [share.number for share in none] == [1, 0]
    assert none[1].why.endswith("Dưới mức ít nhất 1.")


def test_what_was_done_and_who_is_ready_count_as_much_as_asked():
    """Half by members (1 : 3), half by the ready (3 : 1): 4 goes 2 and 2."""
    found = [Claim("A", base=10, ready=3), Claim("B", base=30, ready=1)]
    shares = allocate(4, found, Weights(base=1, ready=1))
    assert [share.number for share in shares] == [2, 2]
    assert shares[0].why == "10/40 đảng viên đầu năm, 3/4 người có thể kết nạp, chia 4: 2,00, vừa đúng."
