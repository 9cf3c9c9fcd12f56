"""What every page may show."""

from django.http import HttpRequest

from config import clock


def day(request: HttpRequest) -> dict[str, object]:
    """`today`, the day the product works on, and `day_is_moved`, whether it was set by hand."""
    return {"today": clock.today(), "day_is_moved": clock.is_moved()}
