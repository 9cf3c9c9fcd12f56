"""The stages of a case, in order, and the ways it ends."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Stage(models.TextChoices):
    """The seven visible stages, and the two ways a case ends."""

    NOMINEE = "nominee", "Quần chúng ưu tú"
    SYMPATHISER = "sympathiser", "Cảm tình Đảng"
    TRAINED = "trained", "Đã học lớp nhận thức"
    DOSSIER = "dossier", "Đang lập hồ sơ"
    BRANCH_RESOLVED = "branch_resolved", "Chi bộ đã họp"
    EXAMINED = "examined", "Đảng ủy đã xét"
    DECIDED = "decided", "Đã có quyết định"
    ADMITTED = "admitted", "Đảng viên dự bị"
    DROPPED = "dropped", "Dừng theo dõi"


STAGES = (
    Stage.NOMINEE,
    Stage.SYMPATHISER,
    Stage.TRAINED,
    Stage.DOSSIER,
    Stage.BRANCH_RESOLVED,
    Stage.EXAMINED,
    Stage.DECIDED,
)
ENDS = (Stage.ADMITTED, Stage.DROPPED)


def awaits_decision(stage: str = "stage") -> Q:
    """Of cases annotated `at_base`: the next step after the stage told by the field `stage` is the decision."""
    return Q(**{stage: Stage.EXAMINED}) | Q(**{stage: Stage.BRANCH_RESOLVED}, at_base=True)
