"""The stages of a case, in order, and the ways it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
#: from here on a case may be among the next admissions: the class is behind it
READY = STAGES[STAGES.index(Stage.TRAINED) :]
ENDS = (Stage.ADMITTED, Stage.DROPPED)
#: a resolution stands and is waited on; one that grew too old sends the case back to its dossier
RESOLVED = (Stage.BRANCH_RESOLVED, Stage.EXAMINED)


def is_anew(step: Any) -> bool:
    """Whether a step (with `stage` and `from_stage`) sent the case back to its dossier."""
    return step.stage == Stage.DOSSIER and step.from_stage in RESOLVED


def begun_anew(steps: Sequence[Any]) -> Any:
    """The last of the steps (oldest first) that began the dossier anew; null where none did."""
    return next((step for step in reversed(steps) if is_anew(step)), None)


def that_count(steps: Sequence[Any]) -> list[Any]:
    """The steps without the resolutions of a dossier begun anew since."""
    anew = begun_anew(steps)
    first = steps.index(anew) if anew else 0
    return [step for at, step in enumerate(steps) if at >= first or step.stage not in RESOLVED]


def awaits_decision(stage: str = "stage") -> Q:
    """Of cases annotated `at_base`: the next step after the stage told by the field `stage` is the decision."""
    return Q(**{stage: Stage.EXAMINED}) | Q(**{stage: Stage.BRANCH_RESOLVED}, at_base=True)
