"""The tables a committee reads and signs: one registry for screens, command line and exports."""

from __future__ import annotations

from reports.tables.admission_rate import AdmissionRate
from reports.tables.ledger import Ledger
from reports.tables.quota_progress import QuotaProgress
from reports.tables.table import Answer, Column, Question, Table
from reports.tables.years import Years

TABLES: dict[str, Table] = {table.key: table for table in (AdmissionRate(), QuotaProgress(), Years(), Ledger())}

__all__ = ["TABLES", "Answer", "Column", "Question", "Table"]
