"""How widely the walks look: `make test` at a choice that turns, the same in every run; EVERYWHERE=1 at everything."""

import os
from collections.abc import Sequence
from typing import TypeVar

EVERYWHERE = os.environ.get("EVERYWHERE", "0") == "1"

Thing = TypeVar("Thing")


def few(things: Sequence[Thing], turn: int) -> Sequence[Thing]:
    """Every sixth of many things, from the one whose turn it is; all of them where all are asked for."""
    return things if EVERYWHERE else things[turn % 6 :: 6]


def some(things: Sequence[Thing], turn: int) -> Sequence[Thing]:
    """Of things that are alike the one whose turn it is; all of them where all are asked for."""
    return things if EVERYWHERE else [things[turn % len(things)]]
