"""The append-only log: who did what to which object, when (`architecture.md`, principle 8)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AppendOnly(RuntimeError):
    """Raised when code tries to change or delete an entry of the log."""


class EntryQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnly("The log is append-only.")

    def delete(self):
        raise AppendOnly("The log is append-only.")

    def for_user(self, user, *, on):
        """Entries about units whose log `user` may read on `on`."""
        from cells.people import rights

        return self.filter(rights.organisations(user, rights.READ_LOG, on=on))


class Entry(models.Model):
    """One deed, read or refusal. `digest` is a keyed hash of the entry and of its values."""

    class Sort(models.TextChoices):
        DEED = "deed", "thay đổi"
        READ = "read", "xem, xuất"
        DENIED = "denied", "bị từ chối"

    at = models.DateTimeField("lúc", auto_now_add=True, db_index=True)
    sort = models.CharField("loại", max_length=8, choices=Sort.choices, default=Sort.DEED)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="ai"
    )
    deed = models.CharField("việc", max_length=60)
    subject = models.CharField("đối tượng", max_length=60, help_text="Tên bảng, không có dữ liệu cá nhân.")
    subject_id = models.BigIntegerField("số", null=True)
    count = models.PositiveIntegerField("số lượng", default=1)
    organisation = models.ForeignKey(
        "cells.Organisation", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="tổ chức"
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)
    digest = models.CharField(max_length=64, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ("-id",)
        indexes = [models.Index(fields=("subject", "subject_id"), name="entry_of_subject")]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.deed}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise AppendOnly("The log is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly("The log is append-only.")


class EntryValue(models.Model):
    """Old and new value of one field; retention may erase these, the digest stays."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="values")
    field = models.CharField("trường", max_length=60)
    old = models.TextField("cũ", blank=True)
    new = models.TextField("mới", blank=True)

    class Meta:
        verbose_name = "giá trị trong nhật ký"
        verbose_name_plural = "giá trị trong nhật ký"

    def __str__(self) -> str:
        return self.field
