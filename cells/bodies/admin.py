"""Bodies in Django admin: which there are, and to which unit each belongs since when."""

from __future__ import annotations

from itertools import pairwise

from django import forms
from django.contrib import admin

from cells.administration import Picked, Recorded, SearchedInMemory
from cells.bodies.models import Body, BodyKind, BodyPlace
from cells.people.admin import ADMINISTRATORS_AND_BOARD, ByRole
from cells.rules.admin import LookupAdmin


@admin.register(BodyKind)
class BodyKindAdmin(LookupAdmin):
    list_display = ("name", "code", "nominates", "order", "first", "last")
    fields = ("code", "name", "aliases", "nominates", "order", "from_day", "to_day")


class PlacesFormSet(forms.BaseInlineFormSet):
    """Typed together, two places may overlap though each fits what was there."""

    def clean(self):
        super().clean()
        spans = [
            (line.cleaned_data["from_day"], line.cleaned_data.get("to_day"), line)
            for line in self.forms
            if line.is_valid() and line.cleaned_data.get("from_day") and not line.cleaned_data.get("DELETE")
        ]
        spans.sort(key=lambda span: span[0])
        for (_, stop, _), (start, _, line) in pairwise(spans):
            if stop is None or stop > start:
                line.add_error("from_day", "Nơi trực thuộc trước đó chưa kết thúc vào ngày này.")


class PlaceInline(Picked, ByRole, admin.TabularInline):
    model = BodyPlace
    formset = PlacesFormSet
    changed_by = ADMINISTRATORS_AND_BOARD
    extra = 0
    fields = ("organisation", "from_day", "to_day")
    autocomplete_fields = ("organisation",)


@admin.register(Body)
class BodyAdmin(SearchedInMemory, Recorded, ByRole, admin.ModelAdmin):
    changed_by = ADMINISTRATORS_AND_BOARD
    list_display = ("name", "code", "kind", "attached")
    list_filter = ("kind",)
    list_select_related = ("kind",)
    fields = ("code", "name", "kind")
    search_fields = ("code", "name")
    search_help_text = "Mã hoặc tên"
    inlines = (PlaceInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("places__organisation")

    @admin.display(description="trực thuộc")
    def attached(self, body):
        return "; ".join(f"{place.organisation.code} {place.days_text}" for place in body.places.all())
