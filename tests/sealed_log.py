"""A test on committed data ends by emptying every table. The product's log refuses that, so tests open it meanwhile."""

from django.db import connection

TABLE = "cells_entry"


def let_tests_empty_it() -> None:
    """Make what Django's `flush` runs stand between opening the log and sealing it again. Call once, after setup."""
    operations = type(connection.ops)
    plain = operations.sql_flush

    def sql_flush(self, *args, **kwargs):
        opening, sealing = _around(self.connection)
        return [*opening, *plain(self, *args, **kwargs), *sealing]

    operations.sql_flush = sql_flush


def _around(database) -> tuple[list[str], list[str]]:
    if database.vendor == "postgresql":
        return [f"ALTER TABLE {TABLE} DISABLE TRIGGER USER"], [f"ALTER TABLE {TABLE} ENABLE TRIGGER USER"]
    with database.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
