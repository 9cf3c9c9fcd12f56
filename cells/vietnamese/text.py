"""One clean form of a text for storing, and folded forms for searching and matching."""

import re
import unicodedata

# Letters that Unicode does not decompose: đ, the look-alikes that old fonts left in
# its place (eth, African d), and the b of the Central Highlands languages.
_UNDECOMPOSED = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d", "ƀ": "b"})

# Phones and Word type other apostrophes and dashes than keyboards do.
_PLAIN_PUNCTUATION = str.maketrans(
    {**dict.fromkeys("‘’ʼ`´", "'"), **dict.fromkeys("“”", '"'), **dict.fromkeys("‐‑‒–—−", "-")}
)

# Cc control, Cf format (zero-width, direction marks, soft hyphen), Cs lone surrogate.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})

# A letter and what belongs to it; NFC leaves some marks alone (the ơ̆ of Bahnar).
_RUN_OF_LETTERS = re.compile(r"[^\W\d_][\w\u0300-\u036f]*")


def clean(text: str) -> str:
    """Return `text` as one line in the form in which it is stored.

    Unicode NFC; zero-width and control characters and NUL gone; every run of white
    space (also line ends and non-breaking spaces) is one space; none at either end.
    It never raises: a door that must refuse control characters asks
    `has_control_characters` first.
    """
    if text.isprintable() and "  " not in text and text == text.strip():
        return unicodedata.normalize("NFC", text)  # nearly every cell: nothing to take away
    visible = (" " if c.isspace() else c for c in text)
    kept = "".join(c for c in visible if unicodedata.category(c) not in _INVISIBLE)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def has_control_characters(text: str) -> bool:
    """Say whether `text` holds what no person types: NUL, control characters, half surrogates.

    Tab, line feed and carriage return are ordinary in forms and cells and do not count.
    """
    return any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in text)


def fold(text: str) -> str:
    """Return the form in which texts are searched and compared.

    Without case and marks, đ as d; so ủy = uỷ and hòa = hoà, composed or not. y and i
    stay two letters (domain.md §9.1). Punctuation stays, with one kind of apostrophe,
    quotation mark and dash; spaces are single. `fold(fold(x)) == fold(x)`.
    """
    plain = _without_marks(_without_marks(clean(text)).casefold())
    return clean(plain.translate(_UNDECOMPOSED).translate(_PLAIN_PUNCTUATION))


def fold_header(text: str) -> str:
    """Return the letters and digits alone of `fold(text)`, for names of sheets and columns.

    `Họ và tên*` and `HO  VA TEN` become `hovaten`. `Họ tên` lacks a word and becomes
    `hoten`: the list of accepted headers has to name it.
    """
    return "".join(c for c in fold(text) if c.isalnum())


def readable_name(text: str) -> str:
    """Return a person's name in readable case: `NGUYỄN THỊ ÁNH` → `Nguyễn Thị Ánh`.

    Only a name wholly in capitals or wholly in small letters is changed: each run of
    letters gets one capital, so `H'HEN NIÊ` → `H'Hen Niê`. A name in mixed case is its
    owner's spelling and is only cleaned. Any number of syllables passes.
    """
    name = clean(text)
    if not (name.isupper() or name.islower()):
        return name
    capital = _RUN_OF_LETTERS.sub(lambda run: _capitalise(run.group()), name)
    return unicodedata.normalize("NFC", capital)


def _capitalise(run: str) -> str:
    return run[0].title() + run[1:].lower()


def _without_marks(text: str) -> str:
    # The compatibility form also turns full-width letters and ligatures into plain ones.
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def uncapitalised(text: str) -> str:
    """The words as they stand within a sentence: only the first letter changes, for «Đảng» keeps its own."""
    return f"{text[:1].lower()}{text[1:]}"
