"""In Django admin: which papers are asked for (a version is added, none is rewritten), and awareness classes."""

from __future__ import annotations

from django import forms
from django.contrib import admin

from cells import vietnamese
from cells.administration import ByDeed, Picked, SearchedInMemory, answer
from cells.people.admin import ADMINISTRATORS_AND_BOARD, ByRole, ShowsSpan
from config.clock import today
from membership.classes import deeds
from membership.models import AwarenessClass
from membership.papers.change_rule import new_paper_version
from membership.papers.models import PaperRule

FIELDS = (
    "code",
    "name",
    "form",
    "stage",
    "condition",
    "until",
    "valid_months",
    "order",
    "from_day",
    "document",
    "text",
    "confidence",
)


class PaperRuleForm(forms.ModelForm):
    class Meta:
        model = PaperRule
        fields = FIELDS
        help_texts = {
            "code": "Mã đã có là phiên bản mới của giấy tờ đó; mã khác là giấy tờ mới.",
            "condition": "Chọn «không ai» để thôi yêu cầu từ ngày ghi bên dưới.",
        }

    def _post_clean(self):
        """The deed judges; the model would refuse the very overlap that the deed ends."""
        if not self.errors:
            answer(self, lambda: self.write(None))

    def write(self, actor) -> PaperRule:
        """The new version; `Refused` as the deed refuses."""
        return new_paper_version(**self.cleaned_data, actor=actor)


@admin.register(PaperRule)
class PaperRuleAdmin(SearchedInMemory, ShowsSpan, ByDeed, ByRole, admin.ModelAdmin):
    changed_by = ADMINISTRATORS_AND_BOARD
    form = PaperRuleForm
    list_display = ("name", "form", "stage", "condition", "valid_months", "first", "last", "document", "confidence")
    list_filter = ("stage", "condition", "confidence")
    fields = FIELDS
    search_fields = ("code", "name", "document", "text")
    search_help_text = "Tên giấy tờ, mẫu, văn bản hoặc nội dung"

    def _text(self, row):
        return vietnamese.fold(f"{row.code} {row.name} {row.form} {row.document} {row.text}")

    def has_change_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request, obj=None):
        return super().has_change_permission(request)

    def get_changeform_initial_data(self, request):
        return {"from_day": today()} | super().get_changeform_initial_data(request)


class ClassForm(forms.ModelForm):
    """A new class; on screen (`membership.views.classes`) it is put right and called off, with a reason."""

    class Meta:
        model = AwarenessClass
        fields = ("organisation", "name", "held_by", "opens_on", "closes_on")

    def _post_clean(self):
        """The deed judges."""
        if not self.errors:
            answer(self, lambda: self.write(None))

    def write(self, actor) -> AwarenessClass:
        """The class; `Refused` as the deed refuses."""
        return deeds.announce([deeds.Announced(**self.cleaned_data)], actor=actor)[0]


@admin.register(AwarenessClass)
class AwarenessClassAdmin(SearchedInMemory, Picked, ByDeed, ByRole, admin.ModelAdmin):
    changed_by = ADMINISTRATORS_AND_BOARD
    form = ClassForm
    list_display = ("name", "organisation", "held_by", "opens_on", "closes_on")
    list_select_related = ("organisation",)
    fields = ("organisation", "name", "held_by", "opens_on", "closes_on")
    autocomplete_fields = ("organisation",)
    search_fields = ("name", "held_by")
    search_help_text = "Tên lớp hoặc nơi mở lớp"

    def get_queryset(self, request):
        return super().get_queryset(request).valid()

    def has_change_permission(self, request, obj=None):
        return False

    def has_add_permission(self, request, obj=None):
        return super().has_change_permission(request)
