"""People: identity, the account of one, and the posts that give rights."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower

from cells import vietnamese
from cells.dated import Dated, DatedQuerySet, ends_after_start
from cells.organisations.models import Organisation, Style
from cells.rules.models import Kind


class PersonQuerySet(models.QuerySet):
    def named(self, words: str):
        """Those whose name contains every word of `words`, diacritics ignored.

        A folded name is in lower case already: `Lower` is what the trigrams of PostgreSQL are kept under (0013).
        """
        found = self.annotate(searched=Lower("name_folded"))
        for word in vietnamese.fold(words).split():
            found = found.filter(searched__contains=word)
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
    digest_on = models.DateField("ngày gửi thư nhắc việc gần nhất", null=True, editable=False)

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
        """The posts held on `day`, asked once per object and day; the one to be named first stands first.

        That is one's own before one lent, one at work before units in charge of, then the highest unit.
        """
        cache = self.__dict__.setdefault("_posts_on", {})
        if day not in cache:
            posts = Post.objects.on(day).filter(person_id=self.person_id).with_unit(day)
            cache[day] = sorted(posts, key=_first_named) if self.is_active and self.person_id else []
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
    DELEGATE = "delegate", "Người được ủy quyền"


#: the offices somebody is appointed to; what is lent has its own
APPOINTED = [(office.value, office.label) for office in Office if office != Office.DELEGATE]
#: the offices that lead a unit
LEADING = (Office.SECRETARY, Office.DEPUTY)
#: the posts that answer for a unit, beside its figures
ANSWERING = models.Q(office__in=LEADING) | models.Q(role=Role.SUPERVISOR)
_STAFF = (Office.STAFF,)
#: role → the offices it goes with; the secretary of a body is not the secretary of the unit it stands at
OFFICES = dict.fromkeys(Role, (*LEADING, Office.MEMBER, Office.STAFF)) | {
    Role.SUPERVISOR: (Office.MEMBER,),
    Role.AUDITOR: (Office.MEMBER, Office.STAFF),
    Role.BODY: _STAFF,
    Role.TRAINING: _STAFF,
    Role.PROPAGANDA: _STAFF,
    Role.ADMINISTRATOR: _STAFF,
}


class PostQuerySet(DatedQuerySet):
    def secretaries(self, on: dt.date):
        return self.on(on).filter(office=Office.SECRETARY)

    def own(self):
        """Without those lent by somebody else for a time."""
        return self.filter(delegated_from=None)

    def in_charge(self, on: dt.date):
        """The committee members in charge of units on `on`: a `Supervision` is such a post, nothing else."""
        return self.on(on).own().filter(role=Role.SUPERVISOR)

    def with_unit(self, on: dt.date):
        """With the organisation, its name and level on `on` as `unit_name` and `unit_level`, in the same query."""
        style = Style.objects.on(on).filter(organisation=models.OuterRef("organisation"))
        return self.select_related("organisation").annotate(
            unit_name=models.Subquery(style.values("name")[:1]),
            unit_level=models.Subquery(style.values("kind__level")[:1]),
        )


class ValidPosts(models.Manager.from_queryset(PostQuerySet)):
    """Every question starts here: posts entered by mistake and withdrawn were never held."""

    def get_queryset(self):
        return super().get_queryset().filter(void=False)


class Post(Dated):
    """A person's post at an organisation; rights begin and end with it.

    A post lent (`delegated_from`) has the unit and role of the other one and never outlasts it; it always has an end.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts", verbose_name="người")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="posts", verbose_name="tổ chức"
    )
    role = models.CharField("vai trò", max_length=14, choices=Role.choices)
    office = models.CharField("chức vụ", max_length=10, choices=Office.choices, default=Office.STAFF)
    delegated_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="delegations",
        verbose_name="được ủy quyền từ",
    )
    void = models.BooleanField("đã hủy", default=False, editable=False)

    objects = ValidPosts()
    with_void = models.Manager.from_queryset(PostQuerySet)()

    unit_name: str  # these two are given by `with_unit`
    unit_level: str

    class Meta:
        verbose_name = "chức vụ"
        verbose_name_plural = "chức vụ"
        ordering = ("organisation_id", "from_day")
        base_manager_name = "with_void"
        constraints = [
            ends_after_start("post_ends_after_start"),
            models.CheckConstraint(
                condition=(models.Q(delegated_from__isnull=True) & ~models.Q(office="delegate"))
                | models.Q(delegated_from__isnull=False, office="delegate", to_day__isnull=False),
                name="post_lent_ends",
                violation_error_message="Ủy quyền phải có ngày kết thúc.",
            ),
            models.UniqueConstraint(
                fields=("organisation", "office"),
                condition=models.Q(office="secretary", to_day__isnull=True, void=False),
                name="post_one_secretary",
                violation_error_message="Tổ chức này đang có bí thư; kết thúc chức vụ cũ trước.",
            ),
        ]
        indexes = [
            models.Index(fields=("person", "from_day"), name="post_of_person"),
            # they stand beside every figure; PostgreSQL would else look for them in the tree of the overlap constraint
            models.Index(
                fields=("organisation",),
                condition=ANSWERING & models.Q(void=False, delegated_from=None),
                name="post_answering",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_office_display()} ({self.get_role_display()})"

    @property
    def title(self) -> str:
        """The post as people call it: the office, or for staff and members in charge what they do."""
        if self.office == Office.STAFF or (self.role == Role.SUPERVISOR and not self.delegated_from_id):
            return self.get_role_display()
        return self.get_office_display()


_LEVELS = list(Kind.Level.values)


def _first_named(post: Post) -> tuple[bool, bool, int, int, dt.date]:
    level = _LEVELS.index(post.unit_level) if post.unit_level in _LEVELS else len(_LEVELS)
    in_charge = post.role == Role.SUPERVISOR
    return post.delegated_from_id is not None, in_charge, level, post.organisation_id, post.from_day
