"""What is not there; a unit that was there on another day leads to that day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cells.organisations.access import NotThatDay


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of a 404. What else the exception says stays unsaid: it may tell what is not the reader's to know."""
    context = exception.day.context() | {"other_day": exception} if isinstance(exception, NotThatDay) else {}
    return render(request, "404.html", context, status=404)
