"""Reading counts and yes/no, and the error that every reader of values raises."""

import datetime as dt
import math
import re
from decimal import Decimal

from cells.vietnamese.text import clean, fold

MAX_COUNT = 9_999_999
"""Largest count that is believed: more people than the Party has members."""

_LONGEST_QUOTE = 40
_EXACT = 1e15  # Excel keeps fifteen digits

_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([. ])[0-9]{3})(?:\1[0-9]{3})*")
_THOUSAND = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_COMMA_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_NEGATIVE = re.compile(r"[-−–] ?[0-9][0-9.,]*|\([0-9][0-9.,]*\)")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_AMOUNT = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,4}))?")

_YES = frozenset({"co", "x", "✓", "✔", "☑", "dung", "yes", "y", "true", "1", "1.0"})
_NO = frozenset({"khong", "ko", "k", "☐", "sai", "no", "n", "false", "0", "0.0"})


class WrongValue(ValueError):
    """A value that cannot be read. Its text is Vietnamese, quotes the value and says what to do."""


def quote(value: object) -> str:
    """Return `value` in Vietnamese quotation marks, as one line of at most 40 characters.

    Whole numbers are written without the fraction that Excel gives them, dates as dd/mm/yyyy.
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    elif isinstance(value, dt.date):
        value = f"{value.day:02}/{value.month:02}/{value.year}"
    text = clean(str(value))
    if len(text) > _LONGEST_QUOTE:
        text = text[: _LONGEST_QUOTE - 1] + "…"
    return f"«{text}»"


def parse_count(value: object) -> int:
    """Return a count of people or units, 0 to `MAX_COUNT`, from a cell or a form.

    Taken: whole numbers (also 7894.0), text as `7.894`, `7 894` or `7894`, and the number 7.894:
    an Excel that is not set to Vietnamese makes a fraction of the thousand typed, and people come
    whole. Refused with `WrongValue`: nothing, negatives, other fractions, `7,894` (a fraction in
    Vietnamese, a thousand in English), more than `MAX_COUNT`, truth values and anything else.
    """
    if isinstance(value, str):
        return _count_from_text(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _not_a_count(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise _not_a_count(value)
    if value != int(value):
        if _THOUSAND.fullmatch(repr(value)):
            return round(value * 1000)
        raise WrongValue(f"{quote(value)} là số lẻ: hãy ghi số nguyên; nếu là số hàng nghìn, ghi liền như 7894.")
    return _believable(int(value), value)


def parse_amount(value: str) -> Decimal:
    """Return a number that may have up to four decimals, as a person types it: `3,5`, `3.5`, `1.200`, `277`.

    A dot before three digits stands between thousands, as in `parse_count`. Refused with `WrongValue`: nothing,
    negatives and anything else.
    """
    text = clean(value).removesuffix("%").strip()
    if _NEGATIVE.fullmatch(text):
        raise WrongValue(f"{quote(value)} là số âm: hãy ghi số từ 0 trở lên.")
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[. ]", "", text)
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise WrongValue(f"{quote(value)} không phải là số: hãy ghi như 3,5 hoặc 277.")
    return Decimal(f"{found[1]}.{found[2] or 0}")


def parse_yes_no(value: object) -> bool:
    """Return the answer in a cell: `Có`, `x`, `✓`, 1, True … or `Không`, `ko`, 0, False …

    Case and diacritics do not matter. An empty cell is no answer: `WrongValue`, like
    anything else; whoever has a default looks for emptiness first.
    """
    if isinstance(value, (str, int, float)):
        answer = fold(str(value))
        if answer in _YES:
            return True
        if answer in _NO:
            return False
    if value is None or (isinstance(value, str) and not clean(value)):
        raise WrongValue("Ô này còn trống: hãy ghi «Có» hoặc «Không».")
    raise WrongValue(f"{quote(value)} không phải là câu trả lời: hãy ghi «Có» hoặc «Không».")


def _count_from_text(value: str) -> int:
    text = clean(value)
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        digits = re.sub(r"[. ]", "", text).lstrip("0") or "0"
        # Python refuses to read thousands of digits; nine are absurd enough.
        return _believable(int(digits[:9]), value)
    if _NEGATIVE.fullmatch(text):
        raise WrongValue(f"{quote(value)} là số âm: hãy ghi số từ 0 trở lên.")
    if _COMMA_GROUPED.fullmatch(text):
        bare = text.replace(",", "")
        raise WrongValue(
            f"{quote(value)} có dấu phẩy, không rõ là số lẻ hay hàng nghìn: "
            f"hãy ghi {text.replace(',', '.')} hoặc {bare}."
        )
    if _DECIMAL.fullmatch(text):
        raise WrongValue(f"{quote(value)} là số lẻ: hãy ghi số nguyên như 7.894 hoặc 7894.")
    raise _not_a_count(value)


def _believable(count: int, value: object) -> int:
    if count < 0:
        raise WrongValue(f"{quote(value)} là số âm: hãy ghi số từ 0 trở lên.")
    if count > MAX_COUNT:
        raise WrongValue(f"{quote(value)} quá lớn: hãy kiểm tra lại, nhiều nhất là 9.999.999.")
    return count


def _not_a_count(value: object) -> WrongValue:
    if value is None or (isinstance(value, str) and not clean(value)):
        return WrongValue("Ô này còn trống: hãy ghi một số nguyên như 7.894 hoặc 7894.")
    return WrongValue(f"{quote(value)} không phải là số: hãy ghi số nguyên như 7.894 hoặc 7894.")
