"""Words of the neutral form: salts, hydrates, dosage forms, units, ways of carrying.

Read with general words, never with those of single consignments. Whatever is not found here is
kept as unread by the caller, which leaves the answer open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

SALTS = {
    "base": "base", "free base": "base",
    "acetate": "acetate", "bitartrate": "bitartrate", "tartrate": "tartrate",
    "hydrogentartrate": "bitartrate", "camsylate": "camsylate", "citrate": "citrate",
    "dihydrochloride": "dihydrochloride", "fumarate": "fumarate", "hydrobromide": "hydrobromide",
    "hydrochloride": "hydrochloride", "hcl": "hydrochloride", "maleate": "maleate",
    "mesilate": "mesilate", "mesylate": "mesilate", "nitrate": "nitrate", "oxalate": "oxalate",
    "phosphate": "phosphate", "saccharate": "saccharate", "succinate": "succinate",
    "sulfate": "sulfate", "sulphate": "sulfate", "napsilate": "napsilate",
    "napsylate": "napsilate", "sodium": "sodium", "potassium": "potassium",
    "calcium": "calcium", "lithium": "lithium", "magnesium": "magnesium",
}  # fmt: skip
WATERS = {
    "anhydrous": "0", "hemihydrate": "0.5", "monohydrate": "1", "sesquihydrate": "1.5",
    "dihydrate": "2", "hemipentahydrate": "2.5", "trihydrate": "3", "tetrahydrate": "4",
    "pentahydrate": "5", "hexahydrate": "6", "decahydrate": "10",
}  # fmt: skip
# A dosage form, and whether it is divided into dosage units and taken by mouth.
DOSAGE = {
    "tablet": (True, True), "capsule": (True, True), "lozenge": (True, True),
    "sachet": (True, True), "ampoule": (True, False), "ampule": (True, False),
    "vial": (True, False), "injection": (True, False), "infusion": (True, False),
    "suppository": (True, False), "patch": (True, False), "film": (True, None),
    "syringe": (True, False), "spray": (None, False), "syrup": (False, True),
    "elixir": (False, True), "cream": (False, False), "ointment": (False, False),
    "gel": (False, None), "drop": (False, None), "linctus": (False, True),
    "medicine": (None, None), "medicinal": (None, None), "pharmaceutical": (None, None),
}  # fmt: skip
# A drug in water for injection is recovered by readily applicable means; nothing else is said of it.
INJECTED = {"ampoule", "ampule", "vial", "injection", "infusion", "syringe"}
PURE = {
    "powder", "crystal", "crystalline", "crude", "pure", "raw", "bulk", "neat", "technical",
    "liquid", "solid", "api", "granular", "pellet", "flake", "grade", "substance",
}  # fmt: skip
MIXED = {
    "mixture", "mixed", "solution", "sealant", "adhesive", "coating", "blend", "preparation",
    "suspension", "emulsion", "paint", "resin", "flavouring", "fragrance", "formulation",
    "premix", "diluted", "dilution", "concentrate",
}  # fmt: skip
FILLERS = {
    "in", "of", "for", "as", "with", "and", "the", "a", "an", "oral", "form", "dosage", "unit",
    "compounded", "undivided", "divided", "silicone", "use", "aqueous", "per", "finished",
}  # fmt: skip
UNITS = {
    "t": "t", "tonne": "t", "ton": "t", "metric ton": "t", "kg": "kg", "kilogram": "kg",
    "kilo": "kg", "kilogramme": "kg", "g": "g", "gram": "g", "gramme": "g", "mg": "mg",
    "milligram": "mg", "µg": "µg", "μg": "µg", "ug": "µg", "mcg": "µg", "microgram": "µg",
    "l": "L", "litre": "L", "liter": "L", "ml": "mL", "millilitre": "mL", "milliliter": "mL",
    "unit": "unit", "piece": "unit", "pc": "unit", "dosage unit": "unit", "tablet": "tablet",
    "capsule": "capsule", "ampoule": "ampoule", "ampule": "ampoule", "vial": "vial",
    "suppository": "suppository", "patch": "patch", "bottle": "bottle",
}  # fmt: skip
MODES = {
    "air": "air", "aircraft": "air", "plane": "air", "flight": "air", "air freight": "air",
    "sea": "sea", "ship": "sea", "vessel": "sea", "ocean": "sea", "road": "road",
    "truck": "road", "lorry": "road", "rail": "rail", "train": "rail", "cargo": "cargo",
    "freight": "cargo", "post": "post", "postal": "post", "mail": "post", "parcel post": "post",
    "letter": "post", "parcel": "post", "express": "express", "courier": "express",
    "express courier": "express", "express mail": "express", "hand luggage": "hand luggage",
    "baggage": "hand luggage", "luggage": "hand luggage", "hand baggage": "hand luggage",
    "carry-on": "hand luggage",
}  # fmt: skip
YES = {"yes", "true"}
NO = {"no", "false", "none", "nothing"}


def singular(word: str) -> str:
    """The word without a plural ending, as these lists hold it."""
    for ending, instead in (("ies", "y"), ("ches", "ch"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 1 and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word


def known_word(word: str, words: Iterable[str]) -> str | None:
    """The word as a list holds it, in singular or plural."""
    book = set(words)
    return next((form for form in (word, singular(word)) if form in book), None)


def split_salt(name: str) -> tuple[str, dict[str, Any] | None]:
    """A name without the salt and water it ends with, and the form these say; None where none."""
    words = name.split()
    salt: str | None = None
    water = "0"
    while len(words) > 1:
        last = words[-1].casefold().strip("(),")
        if last in WATERS:
            water = WATERS[last]
        elif last in SALTS and salt is None:
            salt = SALTS[last]
        else:
            break
        words.pop()
    if salt is None:
        return name, None
    return " ".join(words), {"salt": salt, "water": water}


def unit(text: Any) -> str | None:
    """The unit of a consignment that a word means."""
    if not isinstance(text, str):
        return None
    word = " ".join(text.casefold().replace(".", "").split())
    return UNITS.get(word) or UNITS.get(singular(word))


def quantity(value: Any, of: Any) -> dict[str, Any] | None:
    """A quantity in the words of a consignment; None where number or unit is not known."""
    known = unit(of)
    if value is None or known is None or isinstance(value, bool):
        return None
    return {"value": str(value), "unit": known}


def truth(value: Any) -> bool | None:
    """Yes or no, in JSON or in words. Raises ValueError for anything else but null."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold().strip() in YES | NO:
        return value.casefold().strip() in YES
    raise ValueError(f"`{value}` is neither yes nor no")


def number(text: str) -> Decimal:
    """A decimal number written with a point or a comma."""
    return Decimal(text.replace(",", "."))


def key_words(key: str) -> str:
    """A key as words: lower case, one blank between."""
    return re.sub(r"[\s_\-./()]+", " ", key).strip().casefold()
