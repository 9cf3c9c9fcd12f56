"""The tree: a city committee, its base organisations and their branches, as the resolution counts them."""

from __future__ import annotations

import datetime as dt

from reports.reference_city.records import Operation, Profile, Unit

CITY = "Hoa Giang"
TOP = "TU"
#: The large enterprise that went over to its own line of command, and the firm that came in.
LEAVER, JOINER = "42", "41"
#: The branch, its committee and the school that the guided tour visits.
SHOWN_BRANCH, SHOWN_COMMITTEE, SHOWN_SCHOOL = "01.03", "01", "25"
LEFT_ON, JOINED_ON = dt.date(2022, 7, 1), dt.date(2021, 6, 1)

COMMITTEE, BASE_BRANCH, BRANCH = "đảng bộ cơ sở", "chi bộ cơ sở", "chi bộ"
RESIDENTIAL, WARD, PRIVATE = "thôn, khu phố", "xã, phường", "đơn vị kinh tế tư nhân"
STATE_FIRM, FOREIGN_FIRM, COOPERATIVE = "doanh nghiệp nhà nước", "doanh nghiệp có vốn nước ngoài", "hợp tác xã"
OFFICE, SERVICE, SCHOOL, HEALTH = "cơ quan", "đơn vị sự nghiệp", "trường học", "y tế"
MILITARY, POLICE = "quân sự", "công an"

PROFILES = {
    "residential": Profile((18, 60), 0.42, 0.72, 0.04),
    "village": Profile((16, 46), 0.40, 0.62, 0.30),
    "office": Profile((9, 20), 0.45, 0.0),
    "police": Profile((7, 14), 0.14, 0.0),
    "military": Profile((5, 9), 0.06, 0.0),
    "barracks": Profile((9, 18), 0.06, 0.0),
    "station": Profile((16, 30), 0.16, 0.0),
    "nursery": Profile((7, 15), 0.97, 0.0),
    "school": Profile((8, 20), 0.76, 0.0),
    "high school": Profile((22, 38), 0.66, 0.0),
    "college": Profile((12, 26), 0.52, 0.0),
    "large office": Profile((28, 42), 0.44, 0.0),
    "health post": Profile((5, 9), 0.74, 0.0),
    "hospital": Profile((12, 32), 0.62, 0.0),
    "state firm": Profile((18, 46), 0.22, 0.0),
    "private firm": Profile((5, 16), 0.40, 0.02),
    "cooperative": Profile((5, 11), 0.36, 0.15, 0.25),
}

# ward or commune: name, how many branches, whether a private firm has one of them
_WARDS = (
    ("phường", "Hồng Hà", 24, "Công ty TNHH Thương mại Phúc Lộc"),
    ("phường", "Minh Khai", 22, "Công ty cổ phần Dịch vụ Minh Tâm"),
    ("phường", "Đông Thành", 21, ""),
    ("phường", "Tân Lập", 20, "Công ty TNHH Cơ khí Đại An"),
    ("phường", "Cẩm Hòa", 20, ""),
    ("phường", "Hải Đông", 19, "Công ty TNHH Chế biến Thủy sản Hải Đông"),
    ("phường", "Ngọc Sơn", 18, ""),
    ("xã", "Thượng Hòa", 18, ""),
    ("xã", "Vĩnh Khê", 17, ""),
    ("xã", "Sơn Lâm", 15, ""),
)
_VILLAGES = (
    "Khe Ngang", "Đồng Chanh", "Gốc Thông", "Bãi Dài", "Nà Phai", "Trại Mới", "Đồng Mây", "Suối Trong", "Cây Sồi",
    "Bản Lập", "Đá Trắng", "Khe Sú", "Đồng Giếng", "Ruộng Cả", "Trung Tâm", "Đầu Cầu", "Nương Hội", "Bến Gỗ",
    "Khe Thơm", "Đồng Bông", "Gò Sim", "Bãi Sậy", "Thác Nhỏ", "Đồng Lim", "Hòn Đũa", "Ao Cá", "Dốc Đỏ",
)  # fmt: skip

# other committees: name, sector, profile, branches by what each is called
_COMMITTEES = (
    (
        "Quân sự thành phố", MILITARY, "barracks",
        """
            Cơ quan Tham mưu; Cơ quan Chính trị; Hậu cần – Kỹ thuật; Đại đội Bộ binh
        """,
    ),
    (
        "Công an thành phố", POLICE, "station",
        """
            Đội An ninh; Đội Cảnh sát hình sự; Đội Cảnh sát kinh tế; Đội Cảnh sát giao thông;
            Đội Quản lý hành chính; Đội Tổng hợp; Đội Cảnh sát ma túy; Đội Thi hành án hình sự;
            Đội Xây dựng lực lượng
        """,
    ),
    (
        "Công ty Nhiệt điện Hoa Giang", STATE_FIRM, "state firm",
        """
            Văn phòng; Phân xưởng Vận hành 1; Phân xưởng Vận hành 2; Phân xưởng Nhiên liệu; Phân xưởng Lò máy;
            Phân xưởng Điện – Tự động; Phân xưởng Hóa; Phân xưởng Sửa chữa; Phòng Kỹ thuật; Phòng Tài chính;
            Phòng Vật tư; Phòng An toàn
        """,
    ),
    (
        "Công ty cổ phần Xi măng Ngọc Sơn", STATE_FIRM, "state firm",
        """
            Văn phòng; Xưởng Nguyên liệu; Xưởng Lò nung; Xưởng Nghiền đóng bao; Xưởng Cơ điện; Xưởng Khai thác đá;
            Phòng Kỹ thuật; Phòng Tiêu thụ; Phòng Tổ chức; Đội Xe
        """,
    ),
    (
        "Công ty Kho vận và Cảng Hải Đông", STATE_FIRM, "state firm",
        """
            Văn phòng; Bến 1; Bến 2; Đội Cơ giới; Kho than; Đội Tàu lai; Phân xưởng Sàng; Phòng Điều hành
        """,
    ),
    (
        "Cơ quan Đảng, đoàn thể thành phố", OFFICE, "office",
        """
            Văn phòng Thành ủy; Ban Tổ chức; Ban Tuyên giáo; Ủy ban Kiểm tra; Ban Dân vận – Mặt trận;
            Khối đoàn thể
        """,
    ),
    (
        "Cơ quan chính quyền thành phố", OFFICE, "office",
        """
            Văn phòng HĐND và UBND; Phòng Nội vụ; Phòng Tài chính – Kế hoạch; Phòng Giáo dục và Đào tạo;
            Phòng Tài nguyên và Môi trường; Phòng Kinh tế; Phòng Quản lý đô thị; Phòng Tư pháp – Thanh tra;
            Phòng Văn hóa – Lao động
        """,
    ),
    (
        "Trường Cao đẳng Công nghiệp Hoa Giang", SCHOOL, "college",
        """
            Khối hành chính; Khoa Cơ khí; Khoa Điện; Khoa Kinh tế; Khoa Mỏ – Công trình; Khoa Khoa học cơ bản;
            Sinh viên
        """,
    ),
    (
        "Trường Đại học Hoa Giang", SCHOOL, "college",
        """
            Khối hành chính; Khoa Sư phạm; Khoa Ngoại ngữ; Khoa Du lịch; Khoa Công nghệ thông tin; Sinh viên
        """,
    ),
    (
        "Bệnh viện Đa khoa Hoa Giang", HEALTH, "hospital",
        """
            Khối hành chính; Khối Nội; Khối Ngoại; Khối Sản – Nhi; Khối Cận lâm sàng; Khối Hồi sức cấp cứu;
            Khối Chuyên khoa; Khối Dược – Vật tư; Khoa Y học cổ truyền
        """,
    ),
    (
        "Trung tâm Y tế thành phố", HEALTH, "hospital",
        """
            Khối hành chính; Khối Dự phòng; Khối Khám bệnh; Khối Dân số; Khối Xét nghiệm
        """,
    ),
    (
        "các đơn vị kinh tế tư nhân thành phố", PRIVATE, "private firm",
        """
            Công ty TNHH Xây dựng Thành Đạt; Công ty cổ phần Vận tải Bình Minh; Công ty TNHH May Hoa Giang;
            Công ty cổ phần Du lịch Sông Xanh; Công ty TNHH Vật liệu Trường Phát; Trường Mầm non tư thục Hoa Mai;
            Công ty TNHH Nội thất An Cư; Công ty cổ phần Nước khoáng Khe Trong; Phòng khám Đa khoa Tâm Đức;
            Công ty TNHH Điện tử Nam Việt; Công ty cổ phần Thương mại Hưng Thịnh; Công ty TNHH Logistics Đông Bắc;
            Công ty cổ phần Gạch ngói Thượng Hòa; Công ty TNHH Nông sản Vĩnh Khê; Công ty TNHH Phần mềm Hoa Sen;
            Hợp tác xã Vận tải Quyết Thắng
        """,
    ),
    (
        "Công ty cổ phần Đóng tàu Đông Thành", PRIVATE, "private firm",
        """
            Văn phòng; Phân xưởng Vỏ; Phân xưởng Máy; Phân xưởng Trang trí; Đội Dịch vụ
        """,
    ),
    (
        "Công ty TNHH Sợi Thiên Hà", FOREIGN_FIRM, "private firm",
        """
            Văn phòng; Xưởng Sợi 1; Xưởng Sợi 2; Xưởng Động lực
        """,
    ),
)  # fmt: skip
_BASE_BRANCHES = (
    ("Trường THPT Hoa Giang", SCHOOL, "high school"),
    ("Trường THPT Hồng Hà", SCHOOL, "high school"),
    ("Trường THPT Thượng Hòa", SCHOOL, "high school"),
    ("Trung tâm Giáo dục thường xuyên", SCHOOL, "school"),
    ("Kho bạc Nhà nước Hoa Giang", OFFICE, "office"),
    ("Chi cục Thuế khu vực Hoa Giang", OFFICE, "large office"),
    ("Viện Kiểm sát nhân dân thành phố", OFFICE, "office"),
    ("Tòa án nhân dân thành phố", OFFICE, "office"),
    ("Chi cục Thi hành án dân sự", OFFICE, "office"),
    ("Ngân hàng Chính sách xã hội", OFFICE, "office"),
    ("Điện lực Hoa Giang", STATE_FIRM, "state firm"),
    ("Bưu điện thành phố", STATE_FIRM, "office"),
    ("Trung tâm Truyền thông và Văn hóa", SERVICE, "office"),
    ("Ban Quản lý rừng phòng hộ", SERVICE, "office"),
    ("Công ty cổ phần Cấp nước Hoa Giang", PRIVATE, "large office"),
    ("Công ty TNHH Bao bì Sao Khuê", FOREIGN_FIRM, "private firm"),
    ("Công ty TNHH Dược phẩm Nam Sơn", PRIVATE, "private firm"),  # the one that joined
)
_MINE = "Công ty Than Thượng Hòa"
_PITS = [f"Công trường {number}" for number in range(1, 15)] + [f"Phân xưởng {number}" for number in range(1, 9)]
_MINE_OFFICES = ["Văn phòng", "Phòng Kỹ thuật", "Phòng Tổ chức", "Đội Cứu hộ"]
#: Branches founded when a firm had members enough (the first day, the decision).
_FOUNDED = {
    "Công ty TNHH Phần mềm Hoa Sen": (dt.date(2022, 3, 1), "412-QĐ/TU"),
    "Công ty TNHH Logistics Đông Bắc": (dt.date(2023, 5, 19), "655-QĐ/TU"),
}


def tree() -> list[Unit]:
    """Everything ever founded under the city, parents before children; the firm that joined is not among them."""
    units = [Unit(TOP, f"Đảng bộ thành phố {CITY}", "đảng bộ thành phố", "", "")]
    for number, (sort, name, count, firm) in enumerate(_WARDS, 1):
        units += _ward(f"{number:02d}", sort, name, count, firm)
    for number, (name, sector, profile, branches) in enumerate(_COMMITTEES, len(_WARDS) + 1):
        titles = [" ".join(title.split()) for title in branches.split(";")]
        units += _committee(f"{number:02d}", name, sector, profile, titles)
    first = len(_WARDS) + len(_COMMITTEES) + 1
    for number, (name, sector, profile) in enumerate(_BASE_BRANCHES[:-1], first):
        units.append(Unit(f"{number:02d}", f"Chi bộ {name}", BASE_BRANCH, sector, profile, TOP))
    return units + _committee(LEAVER, _MINE, STATE_FIRM, "state firm", _PITS + _MINE_OFFICES)


def operations() -> list[Operation]:
    """What happened to the structure since: a firm came in, a large enterprise went out."""
    name, sector, profile = _BASE_BRANCHES[-1]
    joiner = Unit(JOINER, f"Chi bộ {name}", BASE_BRANCH, sector, profile, TOP)
    leaver = next(unit for unit in tree() if unit.code == LEAVER)
    return [
        Operation(JOINED_ON, "tiếp nhận", joiner, related=TOP, decision="538-QĐ/TU"),
        Operation(LEFT_ON, "chuyển ra", leaver, decision="871-QĐ/TU"),
    ]


def _ward(code: str, sort: str, name: str, count: int, firm: str) -> list[Unit]:
    full = f"{sort} {name}"
    village = sort == "xã"
    special = [
        (f"Cơ quan {full}", OFFICE, "office"),
        (f"Công an {full}", POLICE, "police"),
        (f"Quân sự {full}", MILITARY, "military"),
        (f"Trường Mầm non {name}", SCHOOL, "nursery"),
        (f"Trường Tiểu học {name}", SCHOOL, "school"),
        (f"Trường THCS {name}", SCHOOL, "school"),
        (f"Trạm Y tế {full}", HEALTH, "health post"),
    ]
    if village:
        special.append((f"Hợp tác xã Nông nghiệp {name}", COOPERATIVE, "cooperative"))
    if firm:
        special.append((firm, PRIVATE, "private firm"))
    homes = range(count - len(special))
    if village:
        residential = [f"Thôn {_VILLAGES[(int(code) * 10 + home) % len(_VILLAGES)]}" for home in homes]
    else:
        residential = [f"Khu phố {name} {home + 1}" for home in homes]
    rows = [(title, RESIDENTIAL, "village" if village else "residential") for title in residential] + special
    committee = Unit(code, f"Đảng bộ {full}", COMMITTEE, WARD, "residential", TOP)
    return [committee, *(_branch(committee, n, *row) for n, row in enumerate(rows, 1))]


def _committee(code: str, name: str, sector: str, profile: str, branches: list[str]) -> list[Unit]:
    committee = Unit(code, f"Đảng bộ {name}", COMMITTEE, sector, profile, TOP)
    own_names = name.startswith("các đơn vị")
    firm = name.removesuffix(" thành phố")
    titles = [branch if own_names else f"{branch} – {firm}" for branch in branches]
    return [committee, *(_branch(committee, n, title, sector, profile) for n, title in enumerate(titles, 1))]


def _branch(parent: Unit, number: int, title: str, sector: str, profile: str) -> Unit:
    founded, decision = _FOUNDED.get(title, (None, ""))
    return Unit(
        f"{parent.code}.{number:02d}", f"Chi bộ {title}", BRANCH, sector, profile, parent.code, founded, decision
    )
