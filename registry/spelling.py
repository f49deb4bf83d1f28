"""Ways to write one name: keys by which spellings of a name meet. Pure text, no database.

| key | two names meet where |
|---|---|
| `fold` | they differ by letter case, width or spacing |
| `plain` | also by dashes, commas, brackets, primes, accents, script of Greek letters or Cyrillic |
| `loose` | also by what the WHO guidance on names levels: ph/f, th/t, ae and oe/e, y/i, k and ch/c |

Names that meet in `plain` meet in `loose`.
"""

from __future__ import annotations

import re
import unicodedata

_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "omicron",
            "pi",
            "rho",
            "sigma",
            "tau",
            "upsilon",
            "phi",
            "chi",
            "psi",
            "omega",
        ],
        strict=True,
    )
)
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "c",
            "ch",
            "sh",
            "shch",
            "-",
            "y",
            "-",
            "e",
            "yu",
            "ya",
            "i",
            "yi",
            "ye",
            "g",
        ],
        strict=True,
    )
)
_LATIN = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "œ": "oe", "ł": "l", "ı": "i"}
_LETTERS = str.maketrans({**_GREEK, **_CYRILLIC, **_LATIN, "ъ": "", "ь": ""})

# International nonproprietary names are written with f, t, e, i; h and k are avoided (WHO, general
# principles for guidance in devising them). National names often are not.
_LEVELLED = (
    ("ph", "f"),
    ("th", "t"),
    ("rh", "r"),
    ("ae", "e"),
    ("oe", "e"),
    ("ue", "u"),
    ("y", "i"),
    ("ks", "x"),
    ("kh", "c"),
    ("ch", "c"),
    ("ck", "c"),
    ("k", "c"),
)
_BETA = re.compile(r"(?<![^\W\d_])ß")  # 17ß: printed for want of a beta
_MUTE = re.compile(r"(?<=[a-z]{4}[^\W\daeiou])e$")  # morphine, Morphin


def fold(name: str) -> str:
    """A name as it is compared exactly: NFKC, case folded, white space as single spaces."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())


def plain(name: str) -> str:
    """Letters and digits alone, in Latin and Han. Between two digits a space is kept: 1,2 is not 12."""
    return _joined(_spelled(name))


def loose(name: str) -> str:
    """`plain` with the spellings levelled that countries write differently."""
    return _levelled(plain(name))


def words(name: str) -> tuple[str, ...]:
    """The words of a name, each as `loose`; brackets, dashes and commas part words too."""
    return tuple(_levelled(word) for word in re.findall(r"[^\W_]+", _spelled(name)))


def _spelled(name: str) -> str:
    """Greek spelled out, Cyrillic in Latin letters, no accents; the rest as it stands."""
    latin = fold(_BETA.sub("β", name)).translate(_LETTERS)
    parts = unicodedata.normalize("NFKD", latin)
    return "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf"))


def _joined(text: str) -> str:
    return re.sub(r"[\W_]+", _between, text)


def _between(gap: re.Match[str]) -> str:
    before, after = gap.string[: gap.start()][-1:], gap.string[gap.end() :][:1]
    return " " if before.isdigit() and after.isdigit() else ""


def _levelled(text: str) -> str:
    for written, level in _LEVELLED:
        text = text.replace(written, level)
    return _MUTE.sub("", text)
