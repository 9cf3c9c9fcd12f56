"""Sheets `To chuc` (each unit as at its founding) and `Sap xep` (what happened since), loaded as one history."""

from cells.organisations.sheets.columns import FOUNDINGS, OPERATIONS
from cells.organisations.sheets.load import load
from cells.sheets.sheet import register

register(load, FOUNDINGS, OPERATIONS)
