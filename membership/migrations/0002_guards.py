"""On PostgreSQL nobody is a member twice on one day; revoked spells (void) count nowhere and may overlap."""

from django.db import migrations


def keep_apart(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE membership_spell ADD CONSTRAINT spell_no_overlap EXCLUDE USING gist "
            "(person_id WITH =, daterange(from_day, to_day) WITH &&) WHERE (NOT void) DEFERRABLE INITIALLY IMMEDIATE"
        )


def let_overlap(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE membership_spell DROP CONSTRAINT spell_no_overlap")


class Migration(migrations.Migration):
    dependencies = [("membership", "0001_initial"), ("cells", "0003_guards")]

    operations = [migrations.RunPython(keep_apart, let_overlap)]
