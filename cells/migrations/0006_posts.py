"""Posts that are lent for a time, posts entered by mistake, and on PostgreSQL no two of a kind on one day."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

# constraint, what must not meet on one day, of which posts
APART = (
    ("post_one_secretary_a_day", "organisation_id WITH =", "office = 'secretary' AND NOT void"),
    ("post_no_overlap", "person_id WITH =, organisation_id WITH =, role WITH =, office WITH =", "NOT void"),
)


def keep_apart(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, what, where in APART:
        schema_editor.execute(
            f"ALTER TABLE cells_post ADD CONSTRAINT {name} EXCLUDE USING gist "
            f"({what}, daterange(from_day, to_day) WITH &&) WHERE ({where}) DEFERRABLE INITIALLY IMMEDIATE"
        )


def let_overlap(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, _, _ in APART:
        schema_editor.execute(f"ALTER TABLE cells_post DROP CONSTRAINT {name}")


class Migration(migrations.Migration):
    dependencies = [("cells", "0005_reorganisation")]

    operations = [
        migrations.AlterModelOptions(
            name="post",
            options={
                "base_manager_name": "with_void",
                "ordering": ("organisation_id", "from_day"),
                "verbose_name": "chức vụ",
                "verbose_name_plural": "chức vụ",
            },
        ),
        migrations.AlterModelManagers(
            name="post",
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("with_void", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveConstraint(model_name="post", name="post_one_secretary"),
        migrations.AddField(
            model_name="post",
            name="delegated_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations",
                to="cells.post",
                verbose_name="được ủy quyền từ",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="void",
            field=models.BooleanField(default=False, editable=False, verbose_name="đã hủy"),
        ),
        migrations.AlterField(
            model_name="post",
            name="office",
            field=models.CharField(
                choices=[
                    ("secretary", "Bí thư"),
                    ("deputy", "Phó bí thư"),
                    ("member", "Cấp ủy viên"),
                    ("staff", "Cán bộ"),
                    ("delegate", "Người được ủy quyền"),
                ],
                default="staff",
                max_length=10,
                verbose_name="chức vụ",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=(models.Q(("delegated_from__isnull", True)) & ~models.Q(("office", "delegate")))
                | models.Q(("delegated_from__isnull", False), ("office", "delegate"), ("to_day__isnull", False)),
                name="post_lent_ends",
                violation_error_message="Ủy quyền phải có ngày kết thúc.",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("office", "secretary"), ("to_day__isnull", True), ("void", False)),
                fields=("organisation", "office"),
                name="post_one_secretary",
                violation_error_message="Tổ chức này đang có bí thư; kết thúc chức vụ cũ trước.",
            ),
        ),
        migrations.RunPython(keep_apart, let_overlap),
    ]
