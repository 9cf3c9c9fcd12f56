"""The reference city in the tests' database: through the importer once in a process, then row by row as it stood."""

from __future__ import annotations

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from reports.reference_city.load import load
from tests import factories

#: table → the rows that loading the city added; kept for the next test of this process that wants it
_ADDED: dict[str, list[tuple]] = {}


@transaction.atomic
def load_city() -> None:
    """Fill an empty database with the reference city and its demo accounts, as on factories.TODAY."""
    if _ADDED:
        for model in _models():
            _insert(model, _ADDED[model._meta.db_table])
        count_on()
        return
    before = {model: set(_rows(model)) for model in _models()}
    load(today=factories.TODAY, with_accounts=True)
    for model, seeds in before.items():
        rows = _rows(model)
        assert seeds <= set(rows), f"loading changes seeds of {model}: they would not come back"
        _ADDED[model._meta.db_table] = [row for row in rows if row not in seeds]


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _columns(model: type[models.Model]) -> str:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)


def _rows(model: type[models.Model]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_columns(model)} FROM {model._meta.db_table}")
        return cursor.fetchall()


def _insert(model: type[models.Model], rows: list[tuple]) -> None:
    into = f"{model._meta.db_table} ({_columns(model)})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        elif rows:
            cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)


def count_on() -> None:
    """PostgreSQL's sequences know nothing of numbers that came along."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
