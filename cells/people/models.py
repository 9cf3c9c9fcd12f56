"""People: identity, the account of one, and the posts that give rights."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractUser
from django.db import models

from cells import vietnamese
from cells.dated import Dated, DatedQuerySet, ends_after_start
from cells.organisations.models import Organisation, Style


class PersonQuerySet(models.QuerySet):
    def named(self, words: str):
        """Those whose name contains every word of `words`, diacritics ignored."""
        found = self
        for word in vietnamese.fold(words).split():
            found = found.filter(name_folded__contains=word)
        return found

    def sorted(self):
        """By given name, in Vietnamese order."""
        return self.order_by("name_key", "pk")


class Person(models.Model):
    """Who somebody is, and nothing more. Candidacies, spells and posts point here."""

    class Sex(models.TextChoices):
        MALE = "nam", "Nam"
        FEMALE = "nu", "Nữ"

    name = models.CharField("họ và tên", max_length=120)
    name_folded = models.CharField(max_length=255, editable=False, db_index=True)
    name_key = models.CharField(max_length=vietnamese.SORT_KEY_LENGTH, editable=False, db_index=True)
    born = models.DateField("ngày sinh", null=True, blank=True)
    born_precision = models.CharField(
        "độ chính xác của ngày sinh",
        max_length=5,
        choices=vietnamese.Precision.choices(),
        default="day",
        editable=False,
    )
    sex = models.CharField("giới tính", max_length=3, choices=Sex.choices, blank=True)
    ethnicity = models.CharField("dân tộc", max_length=40, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "người"
        verbose_name_plural = "người"
        ordering = ("name_key", "pk")
        indexes = [models.Index(fields=("name_folded", "born"), name="person_key")]

    def __str__(self) -> str:
        return self.name

    def set_name(self, name: str) -> None:
        """Set the name as people write it, with its search form and sort key."""
        self.name = vietnamese.readable_name(name)
        self.name_folded = vietnamese.fold(self.name)
        self.name_key = vietnamese.name_sort_key(self.name)

    def save(self, *args, **kwargs):
        self.set_name(self.name)
        super().save(*args, **kwargs)

    @property
    def born_text(self) -> str:
        return vietnamese.partial_day(self.born, vietnamese.Precision(self.born_precision)) if self.born else ""


class User(AbstractUser):
    """An account. It belongs to a person where that person holds a post."""

    first_name = None  # the name is the person's
    last_name = None
    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="user", verbose_name="người"
    )

    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.person.name if self.person else self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def posts_on(self, day: dt.date) -> list[Post]:
        """The posts held on `day`, asked once per object and day."""
        cache = self.__dict__.setdefault("_posts_on", {})
        if day not in cache:
            posts = Post.objects.on(day).filter(person_id=self.person_id).with_unit(day)
            cache[day] = list(posts) if self.is_active and self.person_id else []
        return cache[day]

    def units_on(self, day: dt.date) -> set[int]:
        """The ids of the units at which a post is held on `day`."""
        return {post.organisation_id for post in self.posts_on(day)}


class Role(models.TextChoices):
    """What a post lets somebody do (`requirements.md`, users)."""

    BOARD = "board", "Ban Tổ chức"
    STANDING = "standing", "Thường trực, Ban Thường vụ"
    SUPERVISOR = "supervisor", "Cấp ủy viên phụ trách"
    COMMITTEE = "committee", "Cấp ủy cơ sở"
    BRANCH = "branch", "Chi ủy, chi bộ"
    BODY = "body", "Đoàn thể"
    TRAINING = "training", "Trung tâm Chính trị"
    PROPAGANDA = "propaganda", "Ban Tuyên giáo"
    AUDITOR = "auditor", "Kiểm tra"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"


class Office(models.TextChoices):
    SECRETARY = "secretary", "Bí thư"
    DEPUTY = "deputy", "Phó bí thư"
    MEMBER = "member", "Cấp ủy viên"
    STAFF = "staff", "Cán bộ"


class PostQuerySet(DatedQuerySet):
    def secretaries(self, on: dt.date):
        return self.on(on).filter(office=Office.SECRETARY)

    def with_unit(self, on: dt.date):
        """With the organisation, its name and level on `on` as `unit_name` and `unit_level`, in the same query."""
        style = Style.objects.on(on).filter(organisation=models.OuterRef("organisation"))
        return self.select_related("organisation").annotate(
            unit_name=models.Subquery(style.values("name")[:1]),
            unit_level=models.Subquery(style.values("kind__level")[:1]),
        )


class Post(Dated):
    """A person's post at an organisation; rights begin and end with it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts", verbose_name="người")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="posts", verbose_name="tổ chức"
    )
    role = models.CharField("vai trò", max_length=14, choices=Role.choices)
    office = models.CharField("chức vụ", max_length=10, choices=Office.choices, default=Office.STAFF)

    objects = PostQuerySet.as_manager()

    unit_name: str  # these two are given by `with_unit`
    unit_level: str

    class Meta:
        verbose_name = "chức vụ"
        verbose_name_plural = "chức vụ"
        ordering = ("organisation_id", "from_day")
        constraints = [
            ends_after_start("post_ends_after_start"),
            models.UniqueConstraint(
                fields=("organisation", "office"),
                condition=models.Q(office="secretary", to_day__isnull=True),
                name="post_one_secretary",
                violation_error_message="Tổ chức này đang có bí thư; kết thúc chức vụ cũ trước.",
            ),
        ]
        indexes = [models.Index(fields=("person", "from_day"), name="post_of_person")]

    def __str__(self) -> str:
        return f"{self.get_office_display()} ({self.get_role_display()})"
