"""Sharing a quota among the 300.000 branches of a country: the memory of a process that does nothing else, and its time
beside the bare arithmetic.

Floor: largest remainder by members alone, without floors, weights, exact shares or a sentence of why.
"""

from __future__ import annotations

import multiprocessing
import random
from pathlib import Path

from benchmarks.measure import compare, say
from targets.quotas.allocate import Claim, Weights, allocate

BRANCHES, TOTAL = 300_000, 410_000
MOST_MEGABYTES = 500
ALL_THREE = Weights(base=2, results=1, ready=1)


def claims() -> list[Claim]:
    draw = random.Random(21)
    return [
        Claim(
            code=f"C{number:06d}",
            base=draw.randint(3, 60),
            results=draw.randint(0, 4),
            ready=draw.randint(0, 3),
            floor=draw.choice((0, 1, 1)),
            floor_of="thôn, khu phố",
            exhausted=draw.random() < 0.05,
        )
        for number in range(BRANCHES)
    ]


def run() -> None:
    made = claims()
    compare(
        f"allocation over {BRANCHES:,} branches",
        lambda: allocate(TOTAL, made, ALL_THREE),
        lambda: bare(TOTAL, [claim.base for claim in made]),
        times=3,
    )
    with multiprocessing.get_context("spawn").Pool(1) as alone:
        before, peak = alone.apply(_peak)
    say(f"  its memory: {peak} MB, {before} MB before it began", peak, MOST_MEGABYTES)


def bare(total: int, bases: list[int]) -> list[int]:
    whole = sum(bases)
    parts = [divmod(total * base, whole) for base in bases]
    numbers = [number for number, _ in parts]
    left = total - sum(numbers)
    for place in sorted(range(len(parts)), key=lambda place: -parts[place][1])[:left]:
        numbers[place] += 1
    return numbers


def _peak() -> tuple[int, int]:
    """Megabytes: the most this process ever held, before and after a sharing whose answer is kept."""
    before = _megabytes()
    shares = allocate(TOTAL, claims(), ALL_THREE)
    assert sum(share.number for share in shares) == TOTAL
    return before, _megabytes()


def _megabytes() -> int:
    """The high-water mark of this very process: what `getrusage` says begins with its parent's."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM")) // 1024
