"""The programmes known at the start: the city's congress, its resolution, and 21-NQ/TW, bound to no organisation.

Values are data (`targets.Target`): the Organisation Board changes them in Django admin. A programme that is there
already is left as it is.
"""

from decimal import Decimal

from django.db import migrations

CONGRESS = {
    "title": "Nghị quyết Đại hội Đảng bộ thành phố khóa XX, nhiệm kỳ 2020 - 2025",
    "document": "Nghị quyết Đại hội Đảng bộ thành phố khóa XX",
    "from_year": 2020,
    "to_year": 2025,
}
RESOLUTION = {
    "title": "Nghị quyết về tăng cường lãnh đạo công tác phát triển đảng viên trong tình hình mới (đến hết năm 2025)",
    "document": "Nghị quyết của Ban Chấp hành Đảng bộ thành phố, phần I, mục 2",
    "from_year": 2024,
    "to_year": 2025,
}
CENTRAL = {
    "title": "Nghị quyết số 21-NQ/TW, giai đoạn 2025 - 2030 (chờ xác nhận)",
    "document": "Nghị quyết số 21-NQ/TW ngày 16/6/2022; Chương trình hành động số 19-CTr/TU ngày 26/7/2022",
    "from_year": 2025,
    "to_year": 2030,
    "confirmed": False,
}

OF_THE_CITY = "Hàng năm tỉ lệ kết nạp đảng viên đạt từ 3,5% trở lên trên tổng số đảng viên đầu năm"
OF_VILLAGES = (
    "bình quân mỗi chi bộ thôn, khu phố kết nạp được ít nhất 01 đảng viên, giới thiệu, bồi dưỡng từ 1-2 quần chúng "
    "ưu tú cư trú trên địa bàn"
)
OF_PRIVATE_ECONOMY = (
    "mỗi chi bộ đơn vị kinh tế tư nhân kết nạp ít nhất 01 đảng viên, bồi dưỡng tạo nguồn ít nhất từ 01 quần chúng "
    "trở lên"
)
OF_AGENCIES = "mỗi chi bộ cơ quan, đơn vị, trường học phấn đấu kết nạp từ 01 đảng viên trở lên (đối với nơi còn nguồn)"


def _rate(value: str, text: str, **more) -> dict:
    return {"line": "admission", "kind": "rate", "value": Decimal(value), "where": "top", "text": text} | more


def _minimum(sector: str, line: str, kind: str, text: str, **more) -> dict:
    return {"line": line, "kind": kind, "value": Decimal(1), "where": "sector", "sector": sector, "text": text} | more


# "đơn vị" are the public-service units, and health with them.
AGENCY_SECTORS = ("agency", "public_service", "school", "health")

PROGRAMMES = (
    (CONGRESS, (_rate("3.5", "mỗi năm kết nạp mới từ 3,5% trở lên", primary=True),)),
    (
        RESOLUTION,
        (
            _rate("3.5", OF_THE_CITY, primary=True),
            _minimum("village", "admission", "minimum_average", OF_VILLAGES),
            _minimum("village", "fostering", "minimum_average", OF_VILLAGES, upper=Decimal(2)),
            _minimum("private_economy", "admission", "minimum_each", OF_PRIVATE_ECONOMY),
            _minimum("private_economy", "fostering", "minimum_each", OF_PRIVATE_ECONOMY),
            *(
                _minimum(sector, "admission", "minimum_each", OF_AGENCIES, with_sources_only=True)
                for sector in AGENCY_SECTORS
            ),
        ),
    ),
    (
        CENTRAL,
        (
            _rate(
                "3",
                "Đảm bảo chỉ tiêu phát triển đảng theo Nghị quyết số 21-NQ/TW của Ban Chấp hành Trung ương Đảng khoá XIII "
                "và Chương trình hành động số 19-CTr/TU, ngày 26/7/2022 của Ban Chấp hành Đảng bộ tỉnh",
                upper=Decimal(4),
            ),
        ),
    ),
)


def add_programmes(apps, schema_editor):
    programme_model = apps.get_model("targets", "Programme")
    target_model = apps.get_model("targets", "Target")
    sectors = {sector.code: sector for sector in apps.get_model("cells", "Sector").objects.all()}
    for programme, targets in PROGRAMMES:
        key = {name: programme[name] for name in ("title", "from_year")}
        row, made = programme_model.objects.get_or_create(**key, defaults=programme)
        if made:
            target_model.objects.bulk_create(
                target_model(programme=row, **target | {"sector": sectors.get(target.get("sector"))})
                for target in targets
            )


class Migration(migrations.Migration):
    dependencies = [("targets", "0001_initial"), ("cells", "0002_lookups_and_rules")]

    # Backwards the rows stay, as those of the lookups do.
    operations = [migrations.RunPython(add_programmes, migrations.RunPython.noop)]
