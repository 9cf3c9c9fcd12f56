"""The kinds of rows around a case as words in an address."""

from __future__ import annotations

from membership.around.models import AboutCase, Helper, Introducer, Opinion, Verification

SLUGS: dict[type[AboutCase], str] = {
    Helper: "giup-do",
    Introducer: "gioi-thieu",
    Verification: "tham-tra",
    Opinion: "nhan-xet",
}
_MODELS = {slug: model for model, slug in SLUGS.items()}


class AroundPath:
    """URL converter: `tham-tra` in the address is `Verification` in the view."""

    regex = "|".join(_MODELS)

    def to_python(self, value: str) -> type[AboutCase]:
        return _MODELS[value]

    def to_url(self, value: type[AboutCase] | str) -> str:
        return value if isinstance(value, str) else SLUGS[value]
