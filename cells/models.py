"""Django looks here for the models of the app; each lives with its own subject."""

from cells.bodies.models import Body, BodyKind, BodyPlace
from cells.log.models import Entry, EntryValue
from cells.organisations.models import Operation, Organisation, Place, Style, Succession
from cells.organisations.reorganise.models import OperationCorrection, WaitingOperation
from cells.people.models import Person, Post, User
from cells.rules.models import CalendarDay, CalendarYear, ExitReason, Kind, MissReason, Rule, Sector, Stratum

__all__ = [
    "Body",
    "BodyKind",
    "BodyPlace",
    "CalendarDay",
    "CalendarYear",
    "Entry",
    "EntryValue",
    "ExitReason",
    "Kind",
    "MissReason",
    "Operation",
    "OperationCorrection",
    "Organisation",
    "Person",
    "Place",
    "Post",
    "Rule",
    "Sector",
    "Stratum",
    "Style",
    "Succession",
    "User",
    "WaitingOperation",
]
