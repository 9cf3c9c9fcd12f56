"""Lookups and dated rules in Django admin. A rule changes by a new version; its rows are never rewritten."""

from __future__ import annotations

from django import forms
from django.contrib import admin

from cells import vietnamese
from cells.administration import ByDeed, Recorded, SearchedInMemory, answer
from cells.people.admin import ADMINISTRATORS_AND_BOARD, ByRole, ShowsSpan
from cells.rules import deeds, followers
from cells.rules.models import CalendarDay, CalendarYear, ExitReason, Kind, MissReason, Rule, Sector, Stratum
from config.clock import today


class LookupForm(forms.ModelForm):
    """A spelling that two rows share would leave a workbook's cell without one meaning."""

    def clean(self):
        values = super().clean()
        row = self._meta.model(name=values.get("name") or "", aliases=values.get("aliases") or "")
        spellings = {vietnamese.fold_header(spelling) for spelling in row.spellings()}
        for other in self._meta.model.objects.exclude(pk=self.instance.pk):
            taken = [text for text in other.spellings() if vietnamese.fold_header(text) in spellings]
            if taken:
                self.add_error("aliases", f"«{taken[0]}» đã dùng cho «{other.name}»; mỗi cách viết chỉ một nghĩa.")
        return values


HINTS = {
    "from_day": "01/01/0001 nghĩa là từ đầu.",
    "to_day": "Từ ngày này không chọn được nữa; để trống nếu còn dùng.",
}


class LookupAdmin(SearchedInMemory, ShowsSpan, Recorded, ByRole, admin.ModelAdmin):
    changed_by = ADMINISTRATORS_AND_BOARD
    form = LookupForm
    list_display = ("name", "code", "aliases", "order", "first", "last")
    fields = ("code", "name", "aliases", "order", "from_day", "to_day")
    fixed = ("code",)  # once entered
    search_fields = ("code", "name", "aliases")
    search_help_text = "Tên, mã hoặc cách viết khác"

    def get_readonly_fields(self, request, obj=None):
        return self.fixed if obj else ()

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, help_texts=HINTS, **kwargs)


@admin.register(Kind)
class KindAdmin(LookupAdmin):
    list_display = ("name", "code", "level", "has_committee", "order", "first", "last")
    fields = ("code", "name", "aliases", "level", "has_committee", "order", "from_day", "to_day")
    fixed = ("code", "level", "has_committee")


@admin.register(Sector, Stratum, ExitReason)
class PlainLookupAdmin(LookupAdmin):
    pass


@admin.register(MissReason)
class MissReasonAdmin(LookupAdmin):
    list_display = ("name", "code", "also_sources", "aliases", "order", "first", "last")
    fields = ("code", "name", "aliases", "also_sources", "order", "from_day", "to_day")


class DaysFormSet(forms.BaseInlineFormSet):
    """The days of a year's notice lie in that year."""

    def clean(self):
        super().clean()
        for line in self.forms:
            day = line.cleaned_data.get("day") if line.is_valid() else None
            if day and self.instance.year and day.year != self.instance.year:
                line.add_error("day", f"Ngày này không thuộc năm {self.instance.year}.")


class DayInline(ByRole, admin.TabularInline):
    model = CalendarDay
    formset = DaysFormSet
    changed_by = ADMINISTRATORS_AND_BOARD
    deletable = True
    extra = 0
    fields = ("day", "worked", "reason", "document", "confidence")


@admin.register(CalendarYear)
class CalendarYearAdmin(SearchedInMemory, Recorded, ByRole, admin.ModelAdmin):
    """What the notices of a year say beside the law: all deadlines follow at once."""

    changed_by = ADMINISTRATORS_AND_BOARD
    list_display = ("in_year", "document", "confidence", "days_told")
    fields = ("year", "document", "confidence")
    search_fields = ("year", "document")
    search_help_text = "Năm hoặc văn bản"
    inlines = (DayInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("days")

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        followers.changed()

    @admin.display(description="năm", ordering="year")
    def in_year(self, obj):
        return str(obj.year)

    @admin.display(description="ngày khác lịch thường")
    def days_told(self, obj):
        return "; ".join(str(day) for day in obj.days.all())


class RuleForm(forms.ModelForm):
    class Meta:
        model = Rule
        fields = ("key", "value", "from_day", "document", "text", "confidence")

    def _post_clean(self):
        """The deed judges; the model would refuse the very overlap that the deed ends."""
        if not self.errors:
            answer(self, lambda: self.write(None))

    def write(self, actor) -> Rule:
        """The new version; `Refused` as the deed refuses."""
        return deeds.new_version(**self.cleaned_data, actor=actor)


@admin.register(Rule)
class RuleAdmin(SearchedInMemory, ShowsSpan, ByDeed, ByRole, admin.ModelAdmin):
    changed_by = ADMINISTRATORS_AND_BOARD
    form = RuleForm
    list_display = ("key", "value", "first", "last", "document", "confidence")
    list_filter = ("key", "confidence")
    fields = ("key", "value", "from_day", "document", "text", "confidence")
    search_fields = ("get_key_display", "document", "text")
    search_help_text = "Tên quy định, văn bản hoặc nội dung"

    def _text(self, row):
        return vietnamese.fold(f"{row.get_key_display()} {row.document} {row.text}")

    def has_change_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request, obj=None):
        return super().has_change_permission(request)

    def get_changeform_initial_data(self, request):
        return {"from_day": today()}
