"""The tables a committee reads and signs: one registry for screens, command line and exports."""

from __future__ import annotations

from reports.tables.admission_rate import AdmissionRate
from reports.tables.cohort import Cohort
from reports.tables.in_time import InTime
from reports.tables.ledger import LedgerTable
from reports.tables.missed_years import MissedYears
from reports.tables.no_admission import NoAdmission, NoCandidates
from reports.tables.pace import LINES, PaceTable
from reports.tables.quota_progress import QuotaProgress
from reports.tables.sector_minimums import SectorMinimums
from reports.tables.sources import SourcesTable
from reports.tables.strata import Strata
from reports.tables.structure import Structure
from reports.tables.table import Answer, Column, Question, Table
from reports.tables.thresholds import Thresholds
from reports.tables.worklist import WorkList
from reports.tables.years import Years

#: the tables that look for something: units to be helped, people who were lost, who is of which stratum
LISTS: dict[str, Table] = {
    table.key: table
    for table in (
        WorkList(),
        InTime(),
        MissedYears(),
        NoAdmission(),
        NoCandidates(),
        SourcesTable(),
        SectorMinimums(),
        Cohort(),
        Strata(),
        Thresholds(),
    )
}
TABLES: dict[str, Table] = {
    table.key: table
    for table in (
        AdmissionRate(),
        QuotaProgress(),
        *(PaceTable(line) for line in LINES),
        Years(),
        LedgerTable(),
        *LISTS.values(),
        Structure(),
    )
}

__all__ = ["LISTS", "TABLES", "Answer", "Column", "Question", "Table"]
