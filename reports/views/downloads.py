"""The reference city's workbook, for a newcomer to look at and to load."""

from __future__ import annotations

import io

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cells.sheets.views import EXCEL
from reports import reference_city as city


@require_safe
def reference_city(request: HttpRequest) -> HttpResponse:
    """The same bytes for everybody: invented people and places only."""
    stream = io.BytesIO()
    city.write(stream)
    response = HttpResponse(stream.getvalue(), content_type=EXCEL)
    response["Content-Disposition"] = 'attachment; filename="du-lieu-mau.xlsx"'
    return response
