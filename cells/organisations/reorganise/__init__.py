"""Deeds on the structure. Each takes a list, refuses it whole with the reasons, and writes one operation an item."""

from cells.organisations.reorganise.ending import (
    Dissolving,
    Merging,
    Splitting,
    dissolve,
    merge,
    split,
)
from cells.organisations.reorganise.founding import Founding, Joining, Leaving, found, join, leave
from cells.organisations.reorganise.moving import Moving, move
from cells.organisations.reorganise.styling import KindChange, Renaming, change_kind, rename

__all__ = [
    "Dissolving",
    "Founding",
    "Joining",
    "KindChange",
    "Leaving",
    "Merging",
    "Moving",
    "Renaming",
    "Splitting",
    "change_kind",
    "dissolve",
    "found",
    "join",
    "leave",
    "merge",
    "move",
    "rename",
    "split",
]
