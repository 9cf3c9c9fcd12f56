"""One organisation in many spellings: the kind of who introduced a candidate."""

import pytest

from membership.introducers import INTRODUCERS, kind_of

WRITTEN = {
    "youth_union": [
        "Đoàn phường X",
        "BCH Chi đoàn khu phố 3",
        "ĐOÀN TNCS HỒ CHÍ MINH",
        "Thành đoàn",
        "Đoàn cơ sở Lữ đoàn 170",
        "Liên chi đoàn khoa Cơ khí",
        "ĐTN trường THPT",
    ],
    "trade_union": [
        "Công đoàn cơ sở Trường THPT",
        "CĐ Công ty Y",
        "Liên đoàn Lao động thành phố",
        "LĐLĐ",
        "Đoàn viên công đoàn",
        "Công đoàn Tập đoàn Than",
    ],
    "student_union": ["Hội Sinh viên trường", "Hội Liên hiệp Thanh niên", "Hội LHTN xã"],
    "front": ["Ủy ban MTTQ phường", "Uỷ ban Mặt trận Tổ quốc", "UBMTTQ xã Nương Hội"],
    "women": ["Hội LHPN", "Hội Phụ nữ", "Hội Liên hiệp Phụ nữ thôn Bến Gỗ"],
    "farmers": ["HỘI NÔNG DÂN XÃ", "Hội nông dân"],
    "veterans": ["Hội CCB", "Hội Cựu chiến binh khu 3"],
    "party": ["Chi bộ khu 3", "Đảng ủy phường", "Chi ủy"],
    "other": ["Hội Khuyến học", "Lữ đoàn 170", "Tập đoàn Than", "Trường CĐ nghề", "?"],
    "unknown": ["", "   "],
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in WRITTEN.items() for name in names])
def test_the_kind_of_an_introducer(kind, name):
    assert kind_of(name) == kind


def test_every_kind_is_told_and_tried():
    assert set(WRITTEN) == set(INTRODUCERS)
