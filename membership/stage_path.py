"""The steps of a case as words in an address."""

from __future__ import annotations

from membership.models import Stage

SLUGS = {
    Stage.SYMPATHISER: "cam-tinh-dang",
    Stage.TRAINED: "lop-nhan-thuc",
    Stage.DOSSIER: "lap-ho-so",
    Stage.BRANCH_RESOLVED: "nghi-quyet-chi-bo",
    Stage.EXAMINED: "nghi-quyet-dang-uy",
    Stage.DECIDED: "quyet-dinh",
    Stage.ADMITTED: "le-ket-nap",
}
_STAGES = {slug: stage for stage, slug in SLUGS.items()}


class StagePath:
    """URL converter: `nghi-quyet-chi-bo` in the address is `Stage.BRANCH_RESOLVED` in the view."""

    regex = "|".join(SLUGS.values())

    def to_python(self, value: str) -> Stage:
        return _STAGES[value]

    def to_url(self, value: str) -> str:
        return SLUGS[Stage(value)]
