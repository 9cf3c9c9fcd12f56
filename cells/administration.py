"""The site of Django admin, and what its pages share: our log instead of Django's, search that ignores diacritics."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode

from cells import vietnamese
from cells.log.write import Changes, record
from cells.verdict import Refused

NEVER_WRITTEN = ("password",)
FIELD_NAME_LENGTH = 60  # EntryValue.field


class Choices(AutocompleteJsonView):
    """What a picker offers, in the words of the admin of what is picked."""

    def serialize_result(self, obj, to_field_name):
        return {"id": str(getattr(obj, to_field_name)), "text": label(self.model_admin, obj)}


def label(model_admin, obj) -> str:
    """How a picker names `obj`: the model admin's `label(obj)`, else its text."""
    return model_admin.label(obj) if hasattr(model_admin, "label") else str(obj)


class Site(admin.AdminSite):
    site_header = "Quản trị"
    site_title = "Quản trị"
    index_title = "Danh mục và tài khoản"
    enable_nav_sidebar = True

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """One door to the product: our own login page. Whoever is in and has no business here goes home."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"), settings.LOGIN_URL)
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        messages.error(request, "Tài khoản của đồng chí không dùng được trang quản trị.")
        return redirect(settings.LOGIN_REDIRECT_URL)

    def autocomplete_view(self, request):
        return Choices.as_view(admin_site=self)(request)

    def password_change(self, request, extra_context=None):
        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            record("change_password", actor=request.user, subject="user", subject_id=request.user.pk)
        return response


class OurHistory:
    def history_view(self, request, object_id, extra_context=None):
        query = urlencode({"subject__exact": self.opts.model_name, "subject_id__exact": object_id})
        return redirect(f"{reverse('admin:cells_entry_changelist')}?{query}")


class Recorded(OurHistory):
    """Every change goes to our log, once, with old and new values; Django's own log of changes stays empty."""

    def construct_change_message(self, request, form, formsets, add=False) -> Changes:
        changes = {} if form is None else _changes(form, add)
        for formset in formsets or ():
            name = formset.model._meta.model_name
            for line in formset.forms:
                if line in formset.deleted_forms:
                    changes[f"{name} {line.instance.pk}"] = (line.instance, "")
                elif line.has_changed():
                    new = add or line.instance in formset.new_objects
                    changes |= _changes(line, new, f"{name} {line.instance.pk} ")
        return {field[:FIELD_NAME_LENGTH]: values for field, values in changes.items()}

    def log_addition(self, request, obj, message):
        return self._record("admin_add", request, obj, message)

    def log_change(self, request, obj, message):
        return self._record("admin_change", request, obj, message)

    def _record(self, deed, request, obj, changes):
        return record(
            deed,
            actor=request.user,
            subject=self.opts.model_name,
            subject_id=obj.pk,
            organisation=getattr(obj, "organisation", None),
            changes=changes,
        )


def _changes(form, add: bool, prefix: str = "") -> Changes:
    changes = {}
    for name in form.changed_data:
        if name.startswith(NEVER_WRITTEN) or name == "DELETE":
            changes[f"{prefix}{name}"] = ("", "đã đổi")
            continue
        old = "" if add else form.initial.get(name)
        changes[f"{prefix}{name}"] = (old, _plain(form.cleaned_data.get(name)))
    return changes


def _plain(value):
    """Rows as their numbers: names of people are not repeated in the log."""
    return value.pk if hasattr(value, "pk") else value


class ByDeed(OurHistory):
    """A page whose form `write(actor)`s through a deed, which also writes our log."""

    def save_model(self, request, obj, form, change):
        obj.__dict__.update(form.write(request.user).__dict__)

    def log_addition(self, request, obj, message):
        """The deed has written its entry."""

    log_change = log_addition


def answer(form, deed: Callable[[], object]) -> None:
    """Rehearse `deed` and put what it refuses beside the fields of `form`; nothing stays written."""
    try:
        with transaction.atomic():
            deed()
            transaction.set_rollback(True)
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)


class FoldedSearch:
    """Search with or without diacritics. The fields of `search_fields` hold folded or plain ASCII text."""

    def get_search_results(self, request, queryset, search_term):
        for word in vietnamese.fold(search_term).split():
            found = Q()
            for field in self.search_fields:
                found |= Q(**{f"{field}__icontains": word})
            # One subquery a word, so that a unit with several names is found once.
            queryset = queryset.filter(pk__in=self.model._default_manager.filter(found).values("pk"))
        return queryset, False


class SearchedInMemory:
    """The same for short lists that store no folded text: every row is read and compared."""

    def get_search_results(self, request, queryset, search_term):
        words = vietnamese.fold(search_term).split()
        if not words:
            return queryset, False
        found = [row.pk for row in queryset if all(word in self._text(row) for word in words)]
        return queryset.filter(pk__in=found), False

    def _text(self, row) -> str:
        return vietnamese.fold(" ".join(str(getattr(row, field)) for field in self.search_fields))


class Picked:
    """Foreign keys are chosen among what the admin of the other table lists, and named as it names them."""

    def get_field_queryset(self, db, db_field, request):
        other = self.admin_site._registry.get(db_field.remote_field.model)
        return other.get_queryset(request) if other else super().get_field_queryset(db, db_field, request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        other = self.admin_site._registry.get(db_field.remote_field.model)
        if field is not None and other is not None:
            field.label_from_instance = lambda obj: label(other, obj)
        return field
