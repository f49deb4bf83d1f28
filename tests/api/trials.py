"""A small law, two drafts of it and a few named substances, for the tests of simulations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

EVE = date(2016, 12, 1)  # the law in force has no such class yet

BARE = """\
draft: bare
jurisdiction: GB
title: {en: "The class without anything taken out <b>by name</b>"}
option: generic
from: 2016-11-01
cite: {title: "A bill, clause 1", href: "https://example.org/bill"}
changes:
  - adopt: GB-MDA-B-1ca
    as: GB-NEW
    wording: 2016-12-14
    without: [exceptions]
"""
SPARING = (
    BARE.replace("draft: bare", "draft: sparing")
    + """\
  - exempt: GB-NEW
    clause: exceptions
    text: two substances are taken out by name
    substances:
      - {name: losartan, smiles: "CCCCc1nc(Cl)c(CO)n1Cc1ccc(-c2ccccc2-c2nnn[nH]2)cc1"}
      - {name: viminol, smiles: "CCC(C)N(CC(O)c1cccn1Cc1ccccc1Cl)C(C)CC"}
"""
)
# Named substances: two that the order of 2016 took out, one that it meant, two of the small register.
LIBRARY = """\
CCCCc1nc(Cl)c(CO)n1Cc1ccc(-c2ccccc2-c2nnn[nH]2)cc1 losartan
CC(C)c1c(C(=O)Nc2ccccc2)c(-c2ccccc2)c(-c2ccc(F)cc2)n1CCC(O)CC(O)CC(=O)O atorvastatin
CCCCCn1nc(C(=O)NC23CC4CC(CC(C4)C2)C3)c2ccccc21 APINACA
CC(=O)Oc1ccccc1C(=O)O aspirin
C1CC( broken
CC(N)Cc1ccccc1 amfetamine
"""


def library(folder: Path, text: str = LIBRARY) -> str:
    """The substances as a file; its path."""
    file = folder / "named.smi"
    file.write_text(text, encoding="utf-8")
    return str(file)
