"""The answer to a branch that would follow somebody who is followed elsewhere."""

from __future__ import annotations

from cells.forms import DeedForm, LineField


class AnswerForm(DeedForm):
    answer = LineField(
        label="Trả lời chi bộ",
        max_length=300,
        help_text="Chi bộ chỉ đọc được câu này; không ghi điều chi bộ không được biết.",
    )


class ReadForm(DeedForm):
    """Nothing to fill in."""
