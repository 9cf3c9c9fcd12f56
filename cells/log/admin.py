"""The log in Django admin, to read. Values only for those with the right to read the log of the unit."""

from __future__ import annotations

from django.contrib import admin
from django.shortcuts import redirect

from cells.log.models import Entry, EntryValue
from cells.log.write import read
from cells.people import rights
from cells.people.admin import ADMINISTRATORS, Shown, holds
from cells.people.models import Role
from config.clock import today

READERS = frozenset(role for role in Role if rights.reach(role, rights.READ_LOG))


class ValueInline(Shown, admin.TabularInline):
    model = EntryValue
    seen_by = READERS
    fields = readonly_fields = ("field", "old", "new")
    extra = 0


@admin.register(Entry)
class EntryAdmin(Shown, admin.ModelAdmin):
    """An administrator sees every entry, but neither values nor notes, which may speak of people."""

    changed_by = ADMINISTRATORS
    seen_by = READERS
    list_display = ("at", "who", "deed", "sort", "subject", "number", "count", "organisation")
    list_filter = ("sort", "deed", "subject")
    list_select_related = ("actor__person", "organisation")
    date_hierarchy = "at"
    ordering = ("-id",)
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request):
        entries = super().get_queryset(request).select_related("actor__person", "organisation")
        if holds(request.user, ADMINISTRATORS):
            return entries
        return entries.for_user(request.user, on=today())

    def get_fields(self, request, obj=None):
        shown = ("at", "who", "deed", "sort", "subject", "number", "count", "organisation")
        return (*shown, "note") if self._may_read(request, obj) else shown

    def get_inlines(self, request, obj):
        return (ValueInline,) if self._may_read(request, obj) else ()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        entry = self.get_object(request, object_id)
        if entry is not None and self._may_read(request, entry):
            read(actor=request.user, subject="entry", subject_id=entry.pk, organisation=entry.organisation)
        return response

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:cells_entry_change", object_id)

    def _may_read(self, request, entry) -> bool:
        """The values come with a post that reads the log of the entry's unit, never with administration."""
        return (
            entry is not None
            and entry.organisation_id is not None
            and rights.may(request.user, rights.READ_LOG, entry.organisation_id, on=today())
        )

    @admin.display(description="ai", ordering="actor")
    def who(self, entry):
        return entry.actor or "hệ thống"

    @admin.display(description="số", ordering="subject_id")
    def number(self, entry):
        return None if entry.subject_id is None else str(entry.subject_id)
