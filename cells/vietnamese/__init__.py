"""Vietnamese conventions in code: text, alphabetical order, reading and printing of values.

Pure functions, no database, no clock and no settings. Import everything from here:

- `text`: one clean form for storing, folded forms for searching and matching;
- `order`: sort keys to store, because SQLite knows no Vietnamese order;
- `reading`, `dates`: counts, yes/no and dates as they come out of workbooks and forms;
- `printing`: numbers, percentages and dates as screens and documents show them;
- `ages`: completed years and months, also where only a year of birth is known.
"""

from cells.vietnamese.ages import age_on, earliest_age_day
from cells.vietnamese.dates import Precision, parse_date
from cells.vietnamese.order import SORT_KEY_LENGTH, name_sort_key, text_sort_key
from cells.vietnamese.printing import (
    NOTHING,
    Rounding,
    amount,
    count_words,
    day,
    decimal_text,
    long_day,
    number,
    partial_day,
    percent,
    signed,
)
from cells.vietnamese.reading import MAX_COUNT, WrongValue, parse_amount, parse_count, parse_yes_no
from cells.vietnamese.text import (
    clean,
    fold,
    fold_header,
    has_control_characters,
    readable_name,
    uncapitalised,
)

__all__ = [
    "MAX_COUNT",
    "NOTHING",
    "SORT_KEY_LENGTH",
    "Precision",
    "Rounding",
    "WrongValue",
    "age_on",
    "amount",
    "clean",
    "count_words",
    "day",
    "decimal_text",
    "earliest_age_day",
    "fold",
    "fold_header",
    "has_control_characters",
    "long_day",
    "name_sort_key",
    "number",
    "parse_amount",
    "parse_count",
    "parse_date",
    "parse_yes_no",
    "partial_day",
    "percent",
    "readable_name",
    "signed",
    "text_sort_key",
    "uncapitalised",
]
