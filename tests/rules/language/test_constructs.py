"""Every construct the class language can say, one test each, on named public substances.

What needs the whole judge (names, dates, other provisions) is in tests/rules/test_constructs.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from rdkit import Chem

from registry.errors import RuleFileError
from rules.language.compile import compile_reading, vocabulary
from rules.language.match import Judgement, judge
from rules.language.view import View
from rules.reading import Reading
from rules.result import Structure
from rules.strict_yaml import parse

WORDS, _ = vocabulary()
MEETS, FAILS, OPEN = Structure.MEETS, Structure.DOES_NOT_MEET, Structure.UNDETERMINED

FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
PHENETHYLAMINE = "NCCc1ccccc1"
AMPHETAMINE = "CC(N)Cc1ccccc1"
DOM = "COc1cc(CC(C)N)c(OC)cc1C"
JWH_018 = "CCCCCn1cc(C(=O)c2cccc3ccccc23)c2ccccc21"
ETONITAZENE = "CCOc1ccc(Cc2nc3cc([N+](=O)[O-])ccc3n2CCN(CC)CC)cc1"
MDA = "CC(N)Cc1ccc2OCOc2c1"


def reading(text: str) -> Reading:
    return Reading.model_validate(parse(text, "construct.yaml").content)


def asked(text: str, smiles: str) -> Judgement:
    def fault(message: str, _: Any) -> RuleFileError:
        return RuleFileError(message, "construct.yaml", 1, 1)

    compiled = compile_reading(reading(text), WORDS, fault)
    return judge(View(Chem.MolFromSmiles(smiles)), compiled)


PHENETHYL = """
skeletons:
  - name: phenethylamine
    core: "[NX3:1][CX4:2][CX4:3][c:4]1[c:5][c:6][c:7][c:8][c:9]1"
    sites:
      - {name: nitrogen, at: [1], may: [alkyl]}
      - {name: alpha, at: [2], may: [methyl]}
"""
RING = PHENETHYL + "      - {name: ring, at: [5, 6, 7, 8, 9], carries: {(i): [alkyl, alkoxy]}"


def test_alternative_cores() -> None:
    text = """
skeletons:
  - name: benzofuran or indole
    change: optional
    cores:
      benzofuran: "c1cc2c(cc1-[CX4:2][CX4:3](-[CH3])[NX3:4])[o:5]cc2"
      indole: "c1cc2c(cc1-[CX4:2][CX4:3](-[CH3])[NX3:4])[nH:5]cc2"
"""
    assert asked(text, "CC(N)Cc1ccc2ccoc2c1").skeleton == "benzofuran"  # 6-APB
    assert asked(text, "CC(N)Cc1ccc2cc[nH]c2c1").skeleton == "indole"  # 6-IT
    assert asked(text, MDA).fails == "core"


def test_combinable_modifications() -> None:
    judged = asked(RING + "}", DOM)
    assert judged.structure is MEETS
    assert [fit.word for fit in judged.fits if fit.ref == "(i)"].count("alkoxy") == 2
    assert "alkyl" in {fit.word for fit in judged.fits if fit.ref == "(i)"}


def test_a_mandatory_trigger_with_a_free_tail() -> None:
    with_tail = RING + ", then: [anything]}"
    dob = "COc1cc(CC(C)N)c(OC)cc1Br"
    assert asked(with_tail, dob).structure is MEETS
    assert asked(RING + "}", dob).fails == "ring"
    four_fluoro_amphetamine = "CC(N)Cc1ccc(F)cc1"
    assert asked(with_tail, four_fluoro_amphetamine).fails == "ring"
    assert asked(with_tail, AMPHETAMINE).fails == "change"


def test_closed_positions() -> None:
    beta_hydroxy = "CNC(C)C(O)c1ccc(OC)cc1"  # methoxyephedrine
    assert asked(RING + "}", beta_hydroxy).fails == "elsewhere"


def test_no_other_substituent() -> None:
    text = """
skeletons:
  - name: tryptamine
    core: "[NX3:1][CH2][CH2]c1c[nH]c2ccccc12"
    sites: [{name: nitrogen, at: [1], carries: {b: [alkyl]}}]
"""
    assert asked(text, "CN(C)CCc1c[nH]c2ccccc12").structure is MEETS  # DMT
    assert asked(text, "COc1ccc2[nH]cc(CCN(C)C)c2c1").fails == "elsewhere"  # 5-MeO-DMT


def test_position_specific_sets() -> None:
    text = """
skeletons:
  - name: nitazene
    core: "[n:1]1c([CH2]c2ccccc2)nc2[cH:4][c:5][c:6][cH:7]c12"
    elsewhere: free
    sites:
      - {name: position 5 or 6, at: [5, 6], carries: {(iii): [nitro]}}
      - {name: position 4 or 7, at: [4, 7], number: [0, 0]}
"""
    assert asked(text, ETONITAZENE).clauses == ("(iii)",)
    etodesnitazene = "CCOc1ccc(Cc2nc3ccccc3n2CCN(CC)CC)cc1"
    assert asked(text, etodesnitazene).fails == "change"


def test_mandatory_substitution() -> None:
    text = """
skeletons:
  - name: 3-(1-naphthoyl)indole
    core: "[nX3:1]1cc(C(=O)c2cccc3ccccc23)c2ccccc12"
    elsewhere: free
    needs: [N]
    sites: [{name: nitrogen, at: [1], carries: {N: [anything]}}]
"""
    assert asked(text, JWH_018).structure is MEETS
    bare = asked(text, "O=C(c1c[nH]c2ccccc12)c1cccc2ccccc12")
    assert (bare.structure, bare.fails) == (FAILS, "clause N")


FAMILY = """
skeletons:
  - name: fentanyl
    core: "[CX3:1](=O)[NX3:2]C1CCN([CX4][CX4:4])CC1"
    sites:
      - {{name: acyl, at: [1], parent: ethyl}}
      - {{name: aniline, at: [2], parent: phenyl}}
      - {{name: phenethyl, at: [4], parent: phenyl, becomes: {{A: [{word}]}}}}
"""
THIOFENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2cccs2)CC1"


def test_ring_replacement_by_a_family() -> None:
    assert asked(FAMILY.format(word="heteromonocycle"), THIOFENTANYL).structure is MEETS
    assert asked(FAMILY.format(word="saturated carbocycle"), THIOFENTANYL).fails == "phenethyl"
    assert asked(FAMILY.format(word="monocycle"), FENTANYL).fails == "change"


def test_replacement_in_or_on_a_ring() -> None:
    """`on`: a group on the carbon ring; `in`: an atom of the ring exchanged."""
    on = FAMILY.replace("becomes: {{A: [{word}]}}", "on_parent: {{B: [halogeno]}}").format()
    fluoro = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccc(F)cc2)CC1"
    assert asked(on, fluoro).clauses == ("B",)
    assert asked(on, THIOFENTANYL).fails == "phenethyl"
    assert asked(FAMILY.format(word="heteromonocycle"), fluoro).fails == "phenethyl"


def test_group_replacement() -> None:
    text = FAMILY.format(word="monocycle").replace(
        "parent: ethyl}",
        "parent: ethyl, becomes: {E: [carbon group]}, ask: {Q1: [heteroatom group]}}",
    )
    acetyl = "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
    carbamate = "CCOC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
    assert asked(text, acetyl).clauses == ("E",)
    assert asked(text, carbamate).questions == ("Q1",)


def test_atom_replacement() -> None:
    text = """
skeletons:
  - name: N,N-dimethyl-3-(2-pyridyl)propylamine
    core: "CN(C)CC[C,N;!R:1]c1ccccn1"
    elsewhere: free
    sites: [{name: carbon, at: [1], atoms: {(v): [N, O, S]}, may: [anything]}]
"""
    chlorphenamine = "CN(C)CCC(c1ccc(Cl)cc1)c1ccccn1"
    chloropyramine = "CN(C)CCN(Cc1ccc(Cl)cc1)c1ccccn1"
    assert asked(text, chlorphenamine).fails == "change"
    assert asked(text, chloropyramine).clauses == ("(v)",)


def test_ring_closure_by_a_substituent() -> None:
    text = """
skeletons:
  - name: ring-closed ethoxy
    core: "n1c([CH2]c2[cH][c:4][c:5][cH][cH]2)nc2ccccc12"
    elsewhere: free
    sites: [{name: first, at: [4], may: [alkoxy]}, {name: second, at: [5], may: [alkoxy]}]
    bridges: [{name: dihydrofuran, between: [[4], [5]], carries: {(vi): [ethyleneoxy]}, ring: [5, 5]}]
    needs: [(vi)]
words:
  ethyleneoxy:
    means: oxygen and two saturated carbons closing a ring
    chain: {elements: [C, O], root: [C, O], counts: {O: 1, C: 2}, attachments: 2}
    yes: {"ethane-1,2-diyloxy": "*1CCO*1"}
    no: {methylenedioxy: "*1OCO*1"}
"""
    closed = "CCN(CC)CCn1c(Cc2ccc3OCCc3c2)nc2cc([N+](=O)[O-])ccc21"  # ethyleneoxynitazene
    dioxy = "CCN(CC)CCn1c(Cc2ccc3OCOc3c2)nc2cc([N+](=O)[O-])ccc21"  # methylenedioxynitazene
    assert asked(text, closed).clauses == ("(vi)",)
    assert asked(text, dioxy).fails == "dihydrofuran"
    assert asked(text, ETONITAZENE).fails == "clause (vi)"


OPENED = """
skeletons:
  - name: phenethylamine
    core: "[NX3:1][CX4:2][CX4:3][c:4]1[c:5][c:6][c:7][c:8][c:9]1"
    change: optional
    sites:
      - {{name: nitrogen, at: [1], may: [alkyl]}}
      - {{name: chain, at: [2, 3], may: [{chain}, phenyl]}}
    bridges:
      - name: ring with nitrogen
        between: [[1], [2, 3]]
        may: [saturated bridge]
        ring: [{ring}]
        opened_at: [nitrogen, chain]
words:
  saturated bridge:
    means: a saturated group with bonds to two places
    chain: {{elements: [C, O], root: [C, O], attachments: 2}}
    yes: {{"ethane-1,2-diyl": "*1CC*1"}}
    no: {{methyl: "*C"}}
"""
DESOXYPIPRADROL = "c1ccc(C(c2ccccc2)C2CCCCN2)cc1"


def test_virtual_opening() -> None:
    """The ring is thought open, and each open end has to be allowed where it hangs."""
    assert asked(OPENED.format(chain="alkyl", ring="5, 7"), DESOXYPIPRADROL).structure is MEETS
    assert asked(OPENED.format(chain="methyl", ring="5, 7"), DESOXYPIPRADROL).fails == (
        "ring with nitrogen"
    )
    assert asked(OPENED.format(chain="alkyl", ring="5, 5"), DESOXYPIPRADROL).fails == (
        "ring with nitrogen"
    )


def test_a_ring_closed_without_any_atom() -> None:
    """A bond between two atoms of the core is a ring the class has to allow like any other."""
    aminoindane = "NC1Cc2ccccc2C1"
    text = """
skeletons:
  - name: amphetamine
    core: "[NX3:1][CX4:2]([CX4:10])[CX4:3][c:4]1[c:5][c:6][c:7][c:8][c:9]1"
    change: optional
"""
    assert asked(text, AMPHETAMINE).structure is MEETS
    assert asked(text, aminoindane).fails == "ring closure"


def test_heteroatom_included_in_a_ring() -> None:
    text = """
skeletons:
  - name: tryptamine
    core: "[NX3:1][CH2:2][CH2]c1c[nH]c2ccccc12"
    sites: [{name: nitrogen, at: [1], carries: {(i): [cyclic structure]}}, {name: alpha, at: [2]}]
"""
    pyrrolidyl = "c1ccc2c(c1)[nH]cc2CCN1CCCC1"
    assert asked(text, pyrrolidyl).clauses == ("(i)",)
    assert asked(text, "CN(C)CCc1c[nH]c2ccccc12").fails == "nitrogen"


def test_carbon_limits_per_group() -> None:
    text = RING.replace("[alkyl, alkoxy]", "[alkyl up to C1, alkoxy up to C1]") + "}"
    assert asked(text, DOM).structure is MEETS
    doet = "CCc1cc(OC)c(CC(C)N)cc1OC"
    assert asked(text, doet).fails == "ring"


def test_carbon_limits_in_total() -> None:
    assert asked(RING + ", together: {carbons: [0, 3]}}", DOM).structure is MEETS
    assert asked(RING + ", together: {carbons: [0, 2]}}", DOM).fails == "ring"


def test_counts() -> None:
    assert asked(RING + ", number: [0, 3]}", DOM).structure is MEETS
    assert asked(RING + ", number: [0, 2]}", DOM).fails == "ring"
    assert asked(RING + ", number: [1, 3]}", PHENETHYLAMINE).fails == "ring"


def heaviest(most: str) -> str:
    return RING + f"}}\nheaviest: {{clause: mass, mass_at_most: {most}, ask: Q}}"


def test_maximum_molecular_mass() -> None:
    assert asked(heaviest("500"), DOM).structure is MEETS
    assert asked(heaviest("200"), DOM).fails == "mass"


def test_a_mass_on_the_border_is_flagged() -> None:
    """DOM weighs 209.29 u on average and 209.14 u in its lightest isotopes."""
    judged = asked(heaviest("209.2"), DOM)
    assert (judged.structure, judged.questions) == (OPEN, ("Q",))


FRAGMENT = """
skeletons:
  - name: indole
    core: "[nX3:1]1cc(C(=O)c2cccc3ccccc23)c2ccccc12"
    change: optional
    sites: [{{name: side chain, at: [1], carries: {{d: [side chain]}}}}]
words:
  side chain:
    means: any group within the limits
    anything: yes
    limits: {limits}
    yes: {{pentyl: "*CCCCC"}}
    no: {{nothing: "*"}}
"""


@pytest.mark.parametrize(
    ("limits", "structure"),
    [
        ("{mass_at_most: 71.2}", MEETS),  # pentyl, C5H11 with the cut bond left open: 71.14 u
        ("{mass_at_most: 71.1}", FAILS),
        ("{chain: [3, 7]}", MEETS),
        ("{chain: [6, 7]}", FAILS),
        ("{elements: [C, F]}", MEETS),
        ("{elements: [N, O]}", FAILS),
        ("{carbons: [1, 4]}", FAILS),
        ("{atoms: [5, 5]}", MEETS),
        ("{needs: [F]}", FAILS),
        ("{counts: {C: 5}}", MEETS),
    ],
)
def test_limits_of_a_fragment(limits: str, structure: Structure) -> None:
    """Mass with the convention for cut bonds, longest chain, element whitelist, carbons, counts."""
    assert asked(FRAGMENT.format(limits=limits), JWH_018).structure is structure


def test_longest_continuous_chain_without_ring_atoms() -> None:
    mol = Chem.MolFromSmiles("CCCC1CCCCC1CC")
    view = View(mol)
    assert view.longest_chain(range(mol.GetNumAtoms())) == 3
    assert View(Chem.MolFromSmiles("CC(C)CC(C)(C)C")).longest_chain(range(8)) == 5


def test_unsaturation_limits() -> None:
    text = """
skeletons:
  - name: 17-hydroxyandrostan-3-one
    core: "C1CC(=O)CC2CCC3C4CCC(O)C4(C)CCC3C21C"
    change: optional
    elsewhere: free
    unsaturation: {clause: (iii), per_ring_at_most: 1}
""".replace(
        "C1CC(=O)CC2CCC3C4CCC(O)C4(C)CCC3C21C",
        "C~1~C~C(=O)~C~C~2~C~C~C~3~C~4~C~C~C(O)~C~4(C)~C~C~C~3~C~2~1C",
    )
    testosterone = "CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O"
    boldenone = "CC12CCC3C(CCC4=CC(=O)C=CC34C)C1CCC2O"
    androstanolone = "CC12CCC3C(CCC4CC(=O)CCC34C)C1CCC2O"
    assert asked(text, testosterone).clauses == ("(iii)",)
    assert asked(text, androstanolone).clauses == ()
    assert asked(text, boldenone).fails == "double bonds in one ring"


def test_modular_assembly() -> None:
    """Core × bridge × residue × side chain; the answer names each part."""
    text = """
skeletons:
  - name: core
    cores: {indole: "[nX3:1]1c[c:3]c2ccccc12", indazole: "[nX3:1]1n[c:3]c2ccccc12"}
    needs: [bridge, chain]
    sites:
      - {name: bridge, at: [3], carries: {bridge: [carbonyl bridge, carboxamido bridge]}}
      - {name: side chain, at: [1], carries: {chain: [alkyl from C3 to C7]}}
words:
  carbonyl bridge:
    means: carbonyl with a ring on it
    group: "[CX3:1]=O"
    arms: {1: [ring residue]}
    yes: {benzoyl: "*C(=O)c1ccccc1"}
    no: {acetyl: "*C(C)=O"}
  carboxamido bridge:
    means: the amide, with any group on its nitrogen
    group: "[CX3](=O)[NX3H:1]"
    arms: {1: [anything]}
    yes: {benzylcarbamoyl: "*C(=O)NCc1ccccc1"}
    no: {carbamoyl: "*C(N)=O"}
  ring residue:
    means: any ring system
    ring: {system: any}
    tail: [anything]
    yes: {1-naphthyl: "*c1cccc2ccccc12"}
    no: {methyl: "*C"}
"""
    jwh, akb48 = asked(text, JWH_018), asked(text, "CCCCCn1nc(C(=O)NC23CC4CC(CC(C4)C2)C3)c2ccccc21")
    assert (jwh.skeleton, jwh.clauses) == ("indole", ("bridge", "chain"))
    assert (akb48.skeleton, akb48.clauses) == ("indazole", ("bridge", "chain"))
    bare = "O=C(c1c[nH]c2ccccc12)c1cccc2ccccc12"
    assert asked(text, bare).fails == "clause chain"


def test_no_atom_variables() -> None:
    """A variable that may be no atom is one core with it and one without."""
    text = """
skeletons:
  - name: benzyl or phenyl piperazine
    change: optional
    cores: {with Z: "N1CCN([CH2]c2ccccc2)CC1", without Z: "N1CCN(c2ccccc2)CC1"}
"""
    assert asked(text, "C1CN(Cc2ccccc2)CCN1").skeleton == "with Z"
    assert asked(text, "C1CN(c2ccccc2)CCN1").skeleton == "without Z"


def test_edit_distance_from_a_reference_structure() -> None:
    """Each part is the reference's own or one of the edits; nothing else is allowed."""
    text = FAMILY.format(word="anything")
    remifentanil_like = "CCC(=O)N(c1ccccc1)C1CCN(CCC(=O)OC)CC1"  # its des-carbomethoxy form
    assert asked(text, remifentanil_like).clauses == ("A",)
    para_fluoro = "CCC(=O)N(c1ccc(F)cc1)C1CCN(CCc2ccccc2)CC1"
    assert asked(text, para_fluoro).fails == "aniline"


def test_carbon_budget_relative_to_the_parent() -> None:
    text = PHENETHYL + "    elsewhere: free\n    change: optional\n    together: {carbons: [0, 4]}"
    assert asked(text, DOM).structure is MEETS  # alpha-methyl, two methoxy, methyl: four carbons
    doet = "CCc1cc(OC)c(CC(C)N)cc1OC"
    assert asked(text, doet).fails == "all groups together"


def test_oxidised_and_charged_forms() -> None:
    text = """
skeletons:
  - {name: tropane, core: "C[N;+0]1C2CCC1CC(OC(=O)c1ccccc1)C2", change: optional, elsewhere: free}
  - name: its N-oxide
    core: "C[N+:1]1([O-])C2CCC1CC(OC(=O)c1ccccc1)C2"
    clause: (v)
    change: optional
    elsewhere: free
"""
    cocaine = "COC(=O)C1C(OC(=O)c2ccccc2)CC2CCC1N2C"
    oxide = "COC(=O)C1C(OC(=O)c2ccccc2)CC2CCC1[N+]2(C)[O-]"
    assert asked(text, cocaine).clauses == ()
    assert asked(text, oxide).clauses == ("(v)",)


def test_what_takes_a_molecule_out_wherever_it_is() -> None:
    text = RING + '}\n    but_not: {out: "[Br]"}'
    dob = "COc1cc(CC(C)N)c(OC)cc1Br"
    assert asked(text, DOM).structure is MEETS
    assert "taken out" in {fit.site for fit in asked(text, dob).fits}


def test_a_dated_reading_takes_over_what_it_does_not_say() -> None:
    earlier = reading(RING + ", then: [anything]}")
    later = reading("""
like: main
words:
  alkoxy:
    means: methoxy only
    group: "[OX2][CH3]"
    yes: {methoxy: "*OC"}
    no: {ethoxy: "*OCC"}
""")
    whole = later.over(earlier)
    assert [skeleton.name for skeleton in whole.skeletons] == ["phenethylamine"]
    assert whole.words["alkoxy"].means == "methoxy only"
    assert reading("like: main\nwithout: [phenethylamine]").over(earlier).skeletons == ()


def test_a_word_with_a_range_of_carbons() -> None:
    own = WORDS.extended({})
    assert own.unknown({"alkyl up to C3", "alkyl from C2 to C4", "no word up to C3"}) == [
        "no word up to C3"
    ]
    assert own.words["alkyl up to C3"].limits is not None


TWO_PLACES = """
skeletons:
  - {name: x, core: "[C:1]C[C:2]", bridges: [{name: b, between: [[1], [2]], opened_at: [s]}]}
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('skeletons: [{name: x, core: "["}]', "is not a SMARTS pattern"),
        ("skeletons: [{name: x, core: C, sites: [{name: s, at: [1]}]}]", "no position 1"),
        (
            'skeletons: [{name: x, core: "[C:1]", sites: [{name: s, at: [1], may: [nonsense]}]}]',
            "unknown word `nonsense`",
        ),
        (
            TWO_PLACES,
            "unknown site `s`",
        ),
    ],
)
def test_a_reading_that_cannot_be_compiled_is_refused(text: str, message: str) -> None:
    with pytest.raises(RuleFileError, match=message):
        asked(text, "CCC")
