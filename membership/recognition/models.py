"""The decision that recognised a member. Named as text what `membership/models.py` holds: it imports this module."""

from __future__ import annotations

from typing import Any

from django.db import models


class RecognitionDecision(models.Model):
    """By which paper a member was recognised; the spell it began says from which day."""

    spell: Any = models.OneToOneField(
        "membership.Spell", on_delete=models.PROTECT, related_name="recognition", verbose_name="đảng viên chính thức"
    )
    decided_on = models.DateField("ngày quyết định công nhận")
    number = models.CharField("số quyết định công nhận", max_length=60)
    without_votes = models.CharField("lý do quyết định khi chưa đủ biểu quyết", max_length=300, blank=True)

    class Meta:
        verbose_name = "quyết định công nhận"
        verbose_name_plural = "quyết định công nhận"

    def __str__(self) -> str:
        return self.number
