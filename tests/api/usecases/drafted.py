"""A draft to try things on: a class of the law as it stands, for a register without it."""

from __future__ import annotations

CORE = "[#6X3]1(~[#8])~[#7X3,#7X2]~[#6X3](~[#8])~[#7X3,#7X2]~[#6X3](~[#8])~[CX4;H0:5]1"
DRAFT = f"""\
draft: barbiturates
jurisdiction: GB
title: {{en: Disubstituted barbituric acids}}
option: generic
from: 2027-01-01
changes:
  - add:
      id: GB-DRAFT-1
      kind: class
      jurisdiction: GB
      title: {{en: Disubstituted barbituric acids}}
      wordings:
        - from: 2027-01-01
          cite: {{title: a text of a test}}
      law: {{a: any barbituric acid with two groups at position 5}}
      reading:
        parent: O=C1CC(=O)NC(=O)N1
        skeletons:
          - name: barbituric acid
            core: "{CORE}"
            sites:
              - {{name: position 5, at: [5], carries: {{a: [anything]}}}}
examples:
  - name: Secobarbital
    smiles: C=CCC1(C(C)CCC)C(=O)NC(=O)NC1=O
    provision: GB-DRAFT-1
    on: 2027-02-01
    expect: {{outcome: inside}}
  - name: Caffeine
    smiles: Cn1cnc2c1c(=O)n(C)c(=O)n2C
    provision: GB-DRAFT-1
    on: 2027-02-01
    expect: {{outcome: outside}}
"""
UNREADABLE = DRAFT.replace("option: generic", "option: general")
