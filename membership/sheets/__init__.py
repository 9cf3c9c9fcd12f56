"""Sheets `Dang vien` and `Quan chung`; both know people by folded name and birth date over the whole database."""

from cells.sheets.sheet import register
from membership.sheets import candidates, members

_STRUCTURE = ("To chuc", "Sap xep")

register(members.load, members.MEMBERS, after=_STRUCTURE)
register(candidates.load, candidates.CANDIDATES, after=(*_STRUCTURE, members.MEMBERS.name))
