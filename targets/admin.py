"""Programmes and figures, to look at: they change through their deeds and pages."""

from __future__ import annotations

from django.contrib import admin

from cells.administration import FoldedSearch, SearchedInMemory
from cells.people.admin import Shown
from targets.models import (
    RESULTS,
    Base,
    BaseCorrection,
    BodyQuota,
    DeclaredResult,
    MissedReason,
    Programme,
    Quota,
    QuotaIssue,
    Sources,
    Target,
)


class Lasting:
    """Years as people write them, without a thousands separator."""

    @admin.display(description="năm", ordering="year")
    def in_year(self, obj):
        return str(obj.year)

    @admin.display(description="tháng", ordering="month")
    def in_month(self, obj):
        return str(obj.month) if obj.month else "cả năm"


class ShownInline(Shown, admin.TabularInline):
    extra = 0
    show_change_link = False


class TargetInline(ShownInline):
    model = Target
    fields = ("line", "kind", "span", "value", "upper", "where", "sector", "with_sources_only", "primary", "text")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("sector")


@admin.register(Programme)
class ProgrammeAdmin(SearchedInMemory, Shown, admin.ModelAdmin):
    list_display = ("title", "years", "document", "confirmed")
    list_filter = ("confirmed",)
    fields = ("title", "document", "years", "confirmed")
    search_fields = ("title", "document")
    search_help_text = "Tên chương trình hoặc văn bản"
    inlines = (TargetInline,)

    @admin.display(description="các năm", ordering="from_year")
    def years(self, programme):
        return f"{programme.from_year} - {programme.to_year}"


class FiguresAdmin(FoldedSearch, Lasting, Shown, admin.ModelAdmin):
    list_filter = ("year",)
    list_select_related = ("organisation",)
    search_fields = ("organisation__code", "organisation__styles__name_folded")
    search_help_text = "Mã hoặc tên tổ chức"
    show_full_result_count = False


@admin.register(Base)
class BaseAdmin(FiguresAdmin):
    list_display = ("organisation", "in_year", "total", "full", "probationary", "female", "origin", "made_at")
    list_select_related = ("organisation", "made_by__person")
    fields = (*list_display, "made_by")


@admin.register(BaseCorrection)
class BaseCorrectionAdmin(Shown, admin.ModelAdmin):
    list_display = ("unit", "in_year", "difference", "state", "made_by", "settled_by")
    list_filter = ("state", "base__year")
    list_select_related = ("base__organisation", "made_by__person", "settled_by__person")
    fields = (*list_display, "reason", "answer")
    show_full_result_count = False

    @admin.display(description="tổ chức", ordering="base__organisation__code")
    def unit(self, correction):
        return correction.base.organisation.code

    @admin.display(description="năm", ordering="base__year")
    def in_year(self, correction):
        return str(correction.base.year)


@admin.register(DeclaredResult)
class DeclaredResultAdmin(FiguresAdmin):
    list_display = ("organisation", "in_year", "in_month", "admitted", "readmitted", "fostered", "recognised")
    fields = ("organisation", "in_year", "in_month", *RESULTS)


@admin.register(Quota)
class QuotaAdmin(FiguresAdmin):
    list_display = ("organisation", "in_year", "issue", "in_force", "admission", "fostering")
    list_filter = ("year", "in_force")
    list_select_related = ("organisation", "issue")
    fields = list_display


class QuotaInline(ShownInline):
    model = Quota
    fields = ("organisation", "admission", "fostering", "in_force", "original")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organisation")


class BodyQuotaInline(ShownInline):
    model = BodyQuota
    fields = ("body", "introductions", "in_force", "original")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("body")


@admin.register(QuotaIssue)
class QuotaIssueAdmin(Lasting, Shown, admin.ModelAdmin):
    list_display = ("issuer", "in_year", "title_of", "decision_number", "decided_on", "state")
    list_filter = ("year", "state")
    list_select_related = ("issuer", "made_by__person")
    search_fields = ("issuer__code", "decision_number")
    fields = (*list_display, "own", "reason", "explanation", "made_by", "made_at")
    inlines = (QuotaInline, BodyQuotaInline)
    show_full_result_count = False

    @admin.display(description="lần", ordering="number")
    def title_of(self, row):
        return row.title


@admin.register(Sources)
class SourcesAdmin(FiguresAdmin):
    list_display = ("organisation", "in_year", "has_sources", "reason", "said_on", "state", "in_force")
    list_filter = ("year", "state", "in_force")
    list_select_related = ("organisation", "made_by__person", "settled_by__person")
    fields = (*list_display, "made_by", "settled_by", "settled_on", "answer", "read_on")


@admin.register(MissedReason)
class MissedReasonAdmin(FiguresAdmin):
    list_display = ("organisation", "in_year", "reason", "note", "said_on", "in_force")
    list_filter = ("year", "reason", "in_force")
    list_select_related = ("organisation", "reason", "made_by__person")
    fields = (*list_display, "made_by", "word")
