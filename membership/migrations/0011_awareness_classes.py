import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cells", "0013_name_trigrams"),
        ("membership", "0010_exceptions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AwarenessClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="tên lớp")),
                ("held_by", models.CharField(max_length=120, verbose_name="nơi mở lớp")),
                ("opens_on", models.DateField(verbose_name="khai giảng")),
                ("closes_on", models.DateField(verbose_name="bế giảng")),
                ("void", models.BooleanField(default=False, editable=False, verbose_name="đã hủy")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awareness_classes",
                        to="cells.organisation",
                        verbose_name="mở cho đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "lớp nhận thức về Đảng",
                "verbose_name_plural": "lớp nhận thức về Đảng",
                "ordering": ("-opens_on", "pk"),
                "indexes": [models.Index(fields=["closes_on"], name="awareness_class_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="awareness_class_closes_after_opening",
                        violation_error_message="Ngày bế giảng không thể ở trước ngày khai giảng.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("void", False)),
                        fields=("organisation", "name", "opens_on"),
                        name="awareness_class_once",
                        violation_error_message="Lớp này đã báo rồi.",
                    ),
                ],
            },
        ),
    ]
