"""Accounts and posts in Django admin, and who may use which page there (`requirements.md`, users)."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Prefetch, Q

from cells import vietnamese
from cells.administration import ByDeed, FoldedSearch, OurHistory, Picked, Recorded, answer
from cells.dated import OPEN_START
from cells.people import accounts, appoint, identity, power, rights
from cells.people.models import APPOINTED, Person, Post, Role, User
from config.clock import today

ADMINISTRATORS = frozenset(role for role in Role if rights.reach(role, rights.ADMINISTER))
ADMINISTRATORS_AND_BOARD = ADMINISTRATORS | {Role.BOARD}


def holds(user: User, roles: frozenset[str]) -> bool:
    """Whether `user` may come here by a post held today; a superuser by being one."""
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or any(post.role in roles for post in user.posts_on(today()))


class ByRole:
    """A page changed by the holders of `changed_by` and seen by those of `seen_by` too; nothing is deleted."""

    changed_by: frozenset[str] = ADMINISTRATORS
    seen_by: frozenset[str] = ADMINISTRATORS_AND_BOARD
    deletable = False

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return holds(request.user, self.changed_by | self.seen_by)

    def has_change_permission(self, request, obj=None):
        return holds(request.user, self.changed_by)

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        return self.deletable and self.has_change_permission(request)


class Shown(OurHistory, ByRole):
    """A page that only shows: the rows change through deeds and their forms."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def from_text(day: dt.date) -> str:
    return "từ đầu" if day == OPEN_START else vietnamese.day(day)


class ShowsSpan:
    """Columns for a dated row: the first day, and the last one inclusive."""

    @admin.display(description="từ ngày", ordering="from_day")
    def first(self, obj):
        return from_text(obj.from_day)

    @admin.display(description="đến hết ngày", ordering="to_day", empty_value="đang dùng")
    def last(self, obj):
        return vietnamese.day(obj.last_day) if obj.last_day else None


@admin.register(Person)
class PersonAdmin(FoldedSearch, Shown, admin.ModelAdmin):
    """Only people with a post or an account, for the pickers; nobody else is found here."""

    seen_by = ADMINISTRATORS
    list_display = ("name", "account", "posts_text")
    fields = ("name", "account", "posts_text")
    search_fields = ("name_folded",)
    search_help_text = "Họ tên, có dấu hoặc không dấu"
    ordering = ("name_key", "pk")

    def get_queryset(self, request):
        held = Post.objects.on(today()).select_related("organisation")
        officers = Q(Exists(Post.objects.filter(person=OuterRef("pk")))) | Q(user__isnull=False)
        return (
            super()
            .get_queryset(request)
            .filter(officers)
            .select_related("user")
            .prefetch_related(Prefetch("posts", held, to_attr="posts_now"))
        )

    def label(self, person) -> str:
        posts = self.posts_text(person)
        return f"{person.name} ({posts})" if posts else person.name

    @admin.display(description="tài khoản")
    def account(self, person):
        return person.user.username if hasattr(person, "user") else None

    @admin.display(description="chức vụ đang giữ")
    def posts_text(self, person):
        return "; ".join(f"{post.get_office_display()}, {post.organisation.code}" for post in person.posts_now)


class NewUserForm(UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "person")


class AccountForm(UserChangeForm):
    """`actor` is set by the page; nobody may take away their own power, nor the last administrator's."""

    actor: User

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        kept = power.keeps_administration(self.instance, actor=self.actor, today=today())
        if not kept:
            self.add_error(None, kept.reason)


class PasswordForm(AdminPasswordChangeForm):
    """A new password. Django also offers none at all, with which an administrator locks themselves out."""

    def clean(self):
        values = super().clean()
        if not self.cleaned_data.get("set_usable_password", True):
            self.add_error("usable_password", "Không bỏ mật khẩu; ai thôi dùng thì bỏ dấu «Kích hoạt».")
        return values


@admin.register(User)
class UserAdmin(FoldedSearch, Picked, Recorded, ByRole, DjangoUserAdmin):
    seen_by = ADMINISTRATORS
    form = AccountForm
    add_form = NewUserForm
    change_password_form = PasswordForm
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "person", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("username", "password", "person", "email")}),
        ("Quyền", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Thời gian", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("is_superuser", "last_login", "date_joined")
    autocomplete_fields = ("person",)
    filter_horizontal = ()
    list_display = ("username", "person", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    list_select_related = ("person",)
    search_fields = ("username", "person__name_folded")
    search_help_text = "Tên đăng nhập hoặc họ tên"

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.actor = request.user
        return form

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        account = accounts.Account(obj.username, form.cleaned_data["password1"], obj.person)
        obj.__dict__.update(accounts.create_account([account], actor=request.user)[0].__dict__)

    def log_addition(self, request, obj, message):
        """The deed has written its entry."""

    def has_change_permission(self, request, obj=None):
        """Nobody below a superuser touches a superuser's account, nor so its password."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


class PostForm(forms.ModelForm):
    """A post for an officer already here, or for somebody named by full name and birth date; later, its end.

    `actor` is set by the page: who may give or end what is rehearsed with everything else.
    """

    actor: User

    full_name = forms.CharField(
        label="hoặc họ và tên", required=False, max_length=120, help_text="Cho người chưa có trong danh sách trên."
    )
    born = forms.DateField(label="ngày sinh", required=False, help_text="Ngày/tháng/năm; cần khi ghi họ và tên.")

    class Meta:
        model = Post
        fields = ("person", "organisation", "role", "office", "from_day", "to_day")
        labels = {"to_day": "thôi từ ngày"}
        help_texts = {"to_day": "Ngày đầu tiên không còn giữ chức vụ; để trống khi đang giữ."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "person" in self.fields:
            self.fields["person"].required = False
        if "office" in self.fields:
            self.fields["office"].choices = APPOINTED
        if self.instance.pk and "to_day" in self.fields:
            self.fields["to_day"].required = True

    def clean(self):
        values = super().clean()
        if self.instance.pk:
            return values
        if bool(values.get("person")) == bool(values.get("full_name")):
            self.add_error("person", "Chọn một người trong danh sách, hoặc ghi họ và tên.")
        elif values.get("full_name"):
            self._name_somebody(values)
        return values

    def _name_somebody(self, values):
        if not values.get("born"):
            self.add_error("born", "Ghi ngày sinh để không nhầm người.")
            return
        named = identity.Identity(values["full_name"], values["born"])
        found = identity.find([named])[named.key]
        if len(found) > 1:
            self.add_error("full_name", "Có nhiều người cùng họ tên và ngày sinh; nhờ Ban Tổ chức chọn đúng người.")
        elif found:
            values["person"] = found[0]

    def _post_clean(self):
        """The deed judges, not the model."""
        if not self.errors:
            answer(self, lambda: self.write(self.actor))

    def write(self, actor) -> Post:
        """Do what the form says; `Refused` as the deeds refuse."""
        values = self.cleaned_data
        if self.instance.pk:
            relief = appoint.Relief(self.instance.pk, values["to_day"])
            return appoint.relieve([relief], actor=actor, today=today())[0]
        person = values["person"] or identity.enter([identity.Identity(values["full_name"], values["born"])])[0]
        told = {name: values[name] for name in ("organisation", "role", "office", "from_day", "to_day")}
        return appoint.appoint([appoint.Appointment(person, **told)], actor=actor, today=today())[0]


@admin.register(Post)
class PostAdmin(FoldedSearch, ShowsSpan, Picked, ByDeed, ByRole, admin.ModelAdmin):
    """A post begins here and ends here; another office or unit is another post."""

    seen_by = ADMINISTRATORS
    form = PostForm
    list_display = ("person", "organisation", "office", "role", "first", "last")
    list_filter = ("role", "office", ("to_day", admin.EmptyFieldListFilter))
    list_select_related = ("person", "organisation")
    autocomplete_fields = ("person", "organisation")
    search_fields = ("person__name_folded", "organisation__code", "organisation__styles__name_folded")
    search_help_text = "Họ tên, mã hoặc tên tổ chức"

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.actor = request.user
        return form

    def get_fields(self, request, obj=None):
        if obj:
            return ("person", "organisation", "role", "office", "from_day", "to_day")
        return ("person", "full_name", "born", "organisation", "role", "office", "from_day", "to_day")

    def get_readonly_fields(self, request, obj=None):
        return ("person", "organisation", "role", "office", "from_day") if obj else ()

    def get_changeform_initial_data(self, request):
        return {"from_day": today()}


admin.site.unregister(Group)  # rights come from posts
