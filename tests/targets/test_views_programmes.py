"""The page of the programmes: every target as a sentence, for every reader."""

import pytest
from django.urls import reverse

from tests.factories import a_city, a_user
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def test_programmes_tell_every_target_in_words(client):
    city = a_city()
    client.force_login(a_user("branch", city.branch))
    page = text_of(client.get(reverse("programmes")))
    for words in (
        "Mỗi năm, toàn đảng bộ kết nạp ít nhất 3,5% so với đảng viên đầu năm.",
        "Mỗi năm, toàn đảng bộ kết nạp từ 3 đến 4% so với đảng viên đầu năm.",
        "Mỗi năm, bình quân mỗi chi bộ thuộc loại hình thôn, khu phố kết nạp ít nhất 1 người.",
        "Mỗi năm, mỗi chi bộ thuộc loại hình trường học kết nạp ít nhất 1 người (nơi còn nguồn).",
        "chờ xác nhận",
        "Từ năm 2025 đến hết năm 2030",
    ):
        assert words in page
