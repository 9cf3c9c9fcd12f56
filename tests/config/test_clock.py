"""The one reader of the clock."""

from datetime import UTC, date, datetime

from django.utils import timezone

from config import clock


def test_the_set_day_wins(settings):
    settings.TODAY = date(2024, 10, 15)
    assert clock.today() == date(2024, 10, 15)
    assert clock.is_moved()


def test_without_one_it_is_the_day_in_vietnam(settings, monkeypatch):
    settings.TODAY = None
    monkeypatch.setattr(timezone, "now", lambda: datetime(2024, 10, 15, 18, 0, tzinfo=UTC))
    assert clock.today() == date(2024, 10, 16)
    assert not clock.is_moved()
