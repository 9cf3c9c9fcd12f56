"""Organisations in Django admin, to look at: the structure changes through `reorganise` alone."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import OuterRef, Subquery

from cells.administration import FoldedSearch
from cells.organisations.models import Operation, Organisation, Place, Style
from cells.people.admin import Shown, ShowsSpan
from cells.rules.models import Kind
from config.clock import today


class History(ShowsSpan, Shown, admin.TabularInline):
    fk_name = "organisation"
    extra = 0
    related: tuple[str, ...] = ()

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.related)


class PlaceInline(History):
    model = Place
    fields = readonly_fields = ("parent", "first", "last", "opened_as", "closed_as")
    related = ("parent",)


class StyleInline(History):
    model = Style
    fields = readonly_fields = ("name", "kind", "sector", "first", "last")
    related = ("kind", "sector")


class OperationInline(History):
    model = Operation
    fields = readonly_fields = ("day", "work", "related", "destination", "decision_number", "reason")
    related = ("related",)


@admin.register(Organisation)
class OrganisationAdmin(FoldedSearch, Shown, admin.ModelAdmin):
    list_display = ("code", "name_now", "kind_now")
    ordering = ("code",)
    fields = ("code", "name_now", "kind_now", "office_phone")
    search_fields = ("code", "styles__name_folded")
    search_help_text = "Mã hoặc tên tổ chức, kể cả tên cũ"
    inlines = (PlaceInline, StyleInline, OperationInline)
    show_full_result_count = False

    def get_queryset(self, request):
        kind = Kind.objects.filter(pk=OuterRef("kind_id")).values("name")
        return super().get_queryset(request).styled(today()).annotate(kind_name=Subquery(kind))

    def label(self, organisation) -> str:
        return f"{organisation.code} · {organisation.name}"

    @admin.display(description="tên tổ chức", ordering="name_key")
    def name_now(self, organisation):
        return organisation.name

    @admin.display(description="loại tổ chức")
    def kind_now(self, organisation):
        return organisation.kind_name
