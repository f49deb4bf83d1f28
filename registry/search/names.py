"""Substances by name, number or code, best answer first, as known at a moment.

One order on both databases: the database yields names that may answer, `ranking` says which do and
in what order. A likeness of names is evidence for a reader, never an identity.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from registry.errors import InputError
from registry.search import candidates
from registry.search.candidates import Asked
from registry.search.numbers import INCHIKEY, cas_number
from registry.search.parts import parts_of
from registry.search.ranking import NEAREST, SIMILAR, How, Match, Read, merged, rank, trigrams_of
from registry.search.salts import Parent, parents
from registry.spelling import loose, words

LONGEST = 500  # characters of a question
SURE = (How.EXACT, How.SPELLING)


def find(session: Session, text: str, asked: Asked) -> list[Match]:
    """Every substance that answers to the text, each once, best first.

    A text that is a number (CAS, InChIKey) finds only the substances of that number. Where no name
    is the text itself, a name with others in brackets is taken apart and the name of a salt gives
    its parent; where that fails too, similar names are taken in. Raises InputError for a text
    without letters and digits, WrongCheckDigit for a CAS number that cannot be one.
    """
    key = _key(text)
    numbered = _by_number(session, text, asked)
    if numbered is not None:
        return numbered
    found = merged([*_by_code(session, text, asked), *_strict(session, text, key, asked)])
    if _sure(found):
        return found
    if parts := _of_parts(session, text, asked):
        return merged([*found, *parts])
    return merged([*found, *similar(session, text, asked)])


def similar(session: Session, text: str, asked: Asked, *, least: float = SIMILAR) -> list[Match]:
    """Substances with a name like the text, or like the parent in it, most alike first.

    `least` is the smallest share of trigrams in common (0 to 1).
    """
    whole = _similar(session, Read(text), asked, least)
    salts = [
        match
        for parent in parents(text)[:1]
        for match in _possible(
            session, parent, _similar(session, _read(parent), asked, least), asked
        )
    ]
    return merged([*whole, *salts])


def nearest(session: Session, text: str, asked: Asked, limit: int = 5) -> list[Match]:
    """What to suggest where nothing was found."""
    return similar(session, text, asked, least=NEAREST)[:limit]


def _key(text: str) -> str:
    if len(text) > LONGEST:
        raise InputError(f"a name of more than {LONGEST} characters is not looked for")
    key = loose(text)
    if not key:
        raise InputError("the name has no letter and no digit")
    return key


def _by_number(session: Session, text: str, asked: Asked) -> list[Match] | None:
    """The substances of a CAS number or InChIKey; None where the text is neither."""
    inchikey = text.strip().upper()
    if cas := cas_number(text):
        names = candidates.numbered(session, "cas", cas, asked)
    elif INCHIKEY.fullmatch(inchikey):
        names = candidates.keyed(session, inchikey, asked)
    else:
        return None
    return merged(Match(name, How.EXACT, 1.0, Read(text)) for name in names)


def _by_code(session: Session, text: str, asked: Asked) -> list[Match]:
    names = candidates.numbered(session, "", text.strip().upper(), asked)
    return [Match(name, How.EXACT, 1.0, Read(text)) for name in names]


def _strict(session: Session, text: str, key: str, asked: Asked) -> list[Match]:
    """Names that are the text, begin with it, or hold its words."""
    parted = candidates.holding_all(session, sorted(set(words(text))), asked)
    return rank(Read(text), [*candidates.beginning_with(session, key, asked), *parted])


def _of_parts(session: Session, text: str, asked: Asked) -> list[Match]:
    """Names that are a part of the text, or the parent where that part names a salt."""
    for part in (text, *parts_of(text)):
        found = _exact(session, Read(part, whole=False), asked) if part != text else []
        if found := found or _of_salts(session, part, asked):
            return found
    return []


def _of_salts(session: Session, text: str, asked: Asked) -> list[Match]:
    for parent in parents(text):
        found = _exact(session, _read(parent), asked)
        if possible := _possible(session, parent, found, asked):
            return possible
    return []


def _exact(session: Session, read: Read, asked: Asked) -> list[Match]:
    key = loose(read.text)
    found = rank(read, candidates.called(session, key, asked)) if key else []
    return [match for match in found if match.how in SURE]


def _possible(session: Session, parent: Parent, found: list[Match], asked: Asked) -> list[Match]:
    """Those of which it can be a salt, by their formula."""
    formulas = candidates.formulas(session, [match.name.substance for match in found], asked)
    return [m for m in found if parent.can_be(formulas.get(m.name.substance, ""))]


def _read(parent: Parent) -> Read:
    return Read(parent.text, parent.salt, whole=False)


def _similar(session: Session, read: Read, asked: Asked, least: float) -> list[Match]:
    key = loose(read.text)
    lengths = (int(len(key) * least), int(len(key) / least) + 1)
    names = candidates.holding_any(session, trigrams_of(key), asked, lengths)
    return rank(read, names, least=least)


def _sure(found: list[Match]) -> bool:
    return any(match.how in SURE for match in found)
