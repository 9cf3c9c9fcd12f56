"""The trigrams of people's names under an expression of their own.

pg_trgm answers equality too, and the planner preferred it to the plain index: finding 500 people by their whole names
took five seconds among 8.000 (an import asks that for every 500 rows). What is searched is `LOWER(name_folded)` now
(`PersonQuerySet.named`), which no equality asks.
"""

from django.db import migrations

NAME = "person_name_trigrams"


def index(expression):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor != "postgresql":
            return
        schema_editor.execute(f"DROP INDEX {NAME}")
        schema_editor.execute(f"CREATE INDEX {NAME} ON cells_person USING gin ({expression} gin_trgm_ops)")

    return run


class Migration(migrations.Migration):
    dependencies = [("cells", "0012_readmission")]
    operations = [migrations.RunPython(index("LOWER(name_folded)"), index("name_folded"))]
