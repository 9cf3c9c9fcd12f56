"""What rests on rules and calendar and must follow when they change; the apps above register it."""

from __future__ import annotations

from collections.abc import Callable

#: Called with the key of the changed rule, "" where the calendar changed, in the transaction of the change.
Follower = Callable[[str], object]

_FOLLOWERS: list[Follower] = []


def register(follower: Follower) -> None:
    _FOLLOWERS.append(follower)


def changed(key: str = "") -> None:
    for follower in _FOLLOWERS:
        follower(key)
