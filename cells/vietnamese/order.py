"""Vietnamese alphabetical order as keys that are stored beside the text.

SQLite has no Vietnamese order and PostgreSQL only where it was built with ICU, so the
order is computed here. A key consists of decimal digits alone and its groups line up,
so plain comparison gives the same order in Python, on SQLite and on PostgreSQL under
any collation (only ICU's `kn` numeric ordering, which nobody gets unasked, would not).

Letters decide first, A Ă Â B C D Đ E Ê … Y Z; the tones of the whole text come last, in
the order none, huyền, hỏi, ngã, sắc, nặng. A tone belongs to its syllable, not to a
letter, so that `hòa` and `hoà` get one key. Case never matters. The letters and tones
agree with the package vn-collate 0.1.0, which is not used because it puts spaces after
letters, treats all punctuation alike and knows no numbers.
"""

import re
import unicodedata
from functools import lru_cache

from cells.vietnamese.text import clean

SORT_KEY_LENGTH = 400
"""Longest key; a longer one is cut, which loses order only beyond some 190 letters."""

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_END = "00"
_BREAK = "01"
_FIRST_LETTER = 50
_LETTER_CODES = {letter: str(_FIRST_LETTER + at) for at, letter in enumerate(_ALPHABET)}
_FOREIGN = "99"

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = frozenset("\u0302\u0306\u031b")  # circumflex, breve, horn
_LOOK_ALIKES = str.maketrans({"ð": "đ", "ɖ": "đ", "ƀ": "b"})

_APOSTROPHES = re.compile("['‘’ʼ`´]")
_LONGEST_NUMBER = 40
_PIECES = re.compile(rf"[0-9]{{1,{_LONGEST_NUMBER}}}|[^0-9][\u0300-\u036f]*")


def name_sort_key(name: str) -> str:
    """Return the stored key by which people are listed: given name, surname, middle names.

    `name` is in Vietnamese order (surname first, domain.md §9.3). The given name with its
    tone is compared first, so that all of one given name stand together; then the surname,
    then what stands between. A single syllable is a given name. At most `SORT_KEY_LENGTH`
    digits; equal keys mean names that differ at most in case, punctuation or where a
    tone mark sits.
    """
    surname, middle, given = _parts(name)
    return _END.join(_key(part) for part in (given, surname, middle))[:SORT_KEY_LENGTH]


def text_sort_key(text: str) -> str:
    """Return the stored key for names of units: letters, then tones, numbers as numbers.

    `Khu 2` comes before `Khu 10`, numbers before letters, a shorter text before one that
    continues it. Punctuation only separates words. At most `SORT_KEY_LENGTH` digits.
    """
    return _key(clean(text))


def _key(text: str) -> str:
    words = [_word_key(word) for word in _words(text)]
    letters = _BREAK.join(letters for letters, _ in words)
    tones = "".join(str(tone) for _, tone in words)
    return f"{letters}{_END}{tones}"[:SORT_KEY_LENGTH]


def _parts(name: str) -> tuple[str, str, str]:
    syllables = clean(name).split()
    if len(syllables) < 2:
        return "", "", " ".join(syllables)
    return syllables[0], " ".join(syllables[1:-1]), syllables[-1]


def _words(text: str) -> list[str]:
    """Split into words, lower case and decomposed: marks stay with their letter."""
    plain = _APOSTROPHES.sub("", text).lower()
    decomposed = unicodedata.normalize("NFD", plain).translate(_LOOK_ALIKES)
    spaced = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in decomposed)
    return spaced.split()


@lru_cache(maxsize=4096)  # names are made of few different syllables
def _word_key(word: str) -> tuple[str, int]:
    """Return the letter codes of one word and its tone, 0 to 5 (the heaviest, if several)."""
    codes = "".join(_piece_code(piece) for piece in _PIECES.findall(word))
    return codes, max((_TONES.get(c, 0) for c in word), default=0)


def _piece_code(piece: str) -> str:
    if piece[0] in "0123456789":
        # The count of digits goes first, so that a longer number is a larger one.
        plain = piece.lstrip("0") or "0"
        return f"{len(plain) + 1:02d}{plain}"
    for shape in piece[1:]:
        letter = unicodedata.normalize("NFC", piece[0] + shape)
        if shape in _SHAPES and letter in _LETTER_CODES:
            return _LETTER_CODES[letter]
    return _LETTER_CODES.get(piece[0]) or f"{_FOREIGN}{ord(piece[0]):07d}"
