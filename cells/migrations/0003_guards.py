"""What the database itself refuses: overlapping intervals (PostgreSQL) and changes to the log (both).

On SQLite overlaps are kept out by the deeds alone (`architecture.md`, principle 3). A migration that makes SQLite
rebuild `cells_entry` drops its triggers and has to make them again; tests/cells/test_constraints.py says when.
"""

from django.db import migrations

# table, constraint, what must not meet on one day
APART = (
    ("cells_place", "place_no_overlap", "organisation_id WITH =, daterange(from_day, to_day) WITH &&", ""),
    ("cells_place", "place_one_top_a_day", "daterange(from_day, to_day) WITH &&", "WHERE (parent_id IS NULL)"),
    ("cells_style", "style_no_overlap", "organisation_id WITH =, daterange(from_day, to_day) WITH &&", ""),
    ("cells_rule", "rule_no_overlap", "key WITH =, daterange(from_day, to_day) WITH &&", ""),
)
SEARCHED = (("cells_person", "person_name_trigrams"), ("cells_style", "style_name_trigrams"))

SAYS = "The log is append-only."


def add_extensions(apps, schema_editor):
    """Both are trusted ones: the owner of the database may create them. Django's own operation breaks SQLite backwards."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in ("btree_gist", "pg_trgm"):
        schema_editor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")


def keep_apart(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, name, what, where in APART:
        # Deferrable, so that one statement may move two neighbours at once.
        schema_editor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({what}) {where} DEFERRABLE INITIALLY IMMEDIATE"
        )


def let_overlap(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, name, _, _ in APART:
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def index_names(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, name in SEARCHED:
        schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin (name_folded gin_trgm_ops)")


def forget_names(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for _, name in SEARCHED:
        schema_editor.execute(f"DROP INDEX {name}")


def seal_log(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for event in ("update", "delete"):
            schema_editor.execute(
                f"CREATE TRIGGER entry_no_{event} BEFORE {event.upper()} ON cells_entry "
                f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
            )
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        schema_editor.execute(
            "CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cells_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION entry_refuse()"
        )


def open_log(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for event in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER entry_no_{event}")
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER entry_append_only ON cells_entry")
        schema_editor.execute("DROP FUNCTION entry_refuse()")


class Migration(migrations.Migration):
    dependencies = [("cells", "0002_lookups_and_rules")]

    operations = [
        migrations.RunPython(add_extensions, migrations.RunPython.noop),  # backwards they stay: others may use them
        migrations.RunPython(keep_apart, let_overlap),
        migrations.RunPython(index_names, forget_names),
        migrations.RunPython(seal_log, open_log),
    ]
