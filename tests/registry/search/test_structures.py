"""Searching the structures of named substances: what is found, and that spelling changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from registry.chem.fingerprint import SCHEMES
from registry.chem.identity import layers
from registry.chem.substructure import common, read_smarts
from registry.errors import GateRefusal, InputError, StructureError
from registry.facts import Substance
from registry.search.structures import LAYERS, Hit, Library, Mode, Wanted

AMFETAMINE, METAMFETAMINE = "CC(N)Cc1ccccc1", "CNC(C)Cc1ccccc1"
FENTANYL = "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1"
NAMED = {
    "amfetamine": AMFETAMINE,
    "dexamfetamine": "C[C@H](N)Cc1ccccc1",
    "levamfetamine": "C[C@@H](N)Cc1ccccc1",
    "metamfetamine": METAMFETAMINE,
    "ephedrine": "CN[C@@H](C)[C@H](O)c1ccccc1",
    "fentanyl": FENTANYL,
    "acetylfentanyl": "CC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1",
    "ketamine": "CNC1(CCCCC1=O)c1ccccc1Cl",
    "toluene": "Cc1ccccc1",
    "morphine methobromide": "Br.C[N+]1(C)CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5",
    "coca leaf": "",
}
LIBRARY = Library(Substance(name, name, smiles=smiles) for name, smiles in NAMED.items())


def found(text: str, mode: Mode, **more: object) -> list[str]:
    wanted = Wanted(text, mode=mode, **more)  # type: ignore[arg-type]
    return [hit.substance for hit in LIBRARY.search(wanted)]


def hits(text: str, mode: Mode) -> dict[str, Hit]:
    return {hit.substance: hit for hit in LIBRARY.search(Wanted(text, mode=mode))}


def test_the_same_structure_is_found_and_each_layer_says_whether_it_agrees() -> None:
    same = hits(NAMED["dexamfetamine"], Mode.EXACT)
    assert list(same) == ["dexamfetamine", "amfetamine", "levamfetamine"]
    assert all(same["dexamfetamine"].layers.values())
    assert same["levamfetamine"].layers == {
        "composition": True, "connectivity": True, "stereo": False, "isotope": False,
        "tautomer": True,
    }  # fmt: skip


def test_the_layers_that_must_agree_can_be_chosen() -> None:
    stereo = found(NAMED["dexamfetamine"], Mode.EXACT, agree=("stereo",))
    assert stereo == ["dexamfetamine"]
    assert "amfetamine" in found("CC(N)Cc1ccccc1", Mode.EXACT, agree=("composition",))
    with pytest.raises(InputError, match="`taste` is no layer"):
        found(AMFETAMINE, Mode.EXACT, agree=("taste",))


def test_a_salt_is_searched_by_what_it_is_a_salt_of() -> None:
    assert found(f"Cl.{METAMFETAMINE}", Mode.EXACT) == ["metamfetamine"]
    assert hits(f"Cl.{METAMFETAMINE}", Mode.SIMILAR)["metamfetamine"].score == 1.0


def test_a_labelled_structure_agrees_in_all_but_the_isotope_layer() -> None:
    labelled = hits("[2H]C([2H])([2H])NC(C)Cc1ccccc1", Mode.EXACT)["metamfetamine"]
    assert [name for name, agrees in labelled.layers.items() if not agrees] == ["isotope"]


def test_likeness_is_ordered_best_first_down_to_the_threshold() -> None:
    wanted = Wanted(FENTANYL, threshold=0.3)
    listed = LIBRARY.search(wanted)
    assert [hit.substance for hit in listed][:2] == ["fentanyl", "acetylfentanyl"]
    scores = [hit.score or 0 for hit in listed]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0.3


@pytest.mark.parametrize("fingerprint", SCHEMES)
def test_every_fingerprint_finds_the_structure_itself(fingerprint: str) -> None:
    wanted = Wanted(FENTANYL, fingerprint=fingerprint, threshold=0.99)
    assert next(hit.substance for hit in LIBRARY.search(wanted)) == "fentanyl"


def test_the_weights_of_tversky_turn_likeness_into_containment() -> None:
    part = found("Cc1ccccc1", Mode.SIMILAR, metric="tversky", alpha=1.0, beta=0.0, threshold=0.5)
    assert "amfetamine" in part
    assert "amfetamine" not in found("Cc1ccccc1", Mode.SIMILAR, threshold=0.5)


def test_what_makes_no_likeness_is_refused() -> None:
    with pytest.raises(InputError, match="`ecfp` is no fingerprint"):
        found(FENTANYL, Mode.SIMILAR, fingerprint="ecfp")
    with pytest.raises(InputError, match="`euclid` is no metric"):
        found(FENTANYL, Mode.SIMILAR, metric="euclid")


def test_substances_that_hold_the_query_come_smallest_first_with_their_atoms() -> None:
    holding = hits(AMFETAMINE, Mode.SUBSTRUCTURE)
    assert list(holding) == [
        "amfetamine", "dexamfetamine", "levamfetamine", "metamfetamine", "ephedrine",
        "morphine methobromide",
    ]  # fmt: skip
    atoms = holding["ephedrine"].atoms
    mol = Chem.MolFromSmiles(NAMED["ephedrine"])
    assert len(atoms) == 10
    assert {mol.GetAtomWithIdx(atom).GetSymbol() for atom in atoms} == {"C", "N"}


def test_configurations_must_agree_only_where_asked() -> None:
    query = NAMED["levamfetamine"]
    assert "dexamfetamine" in found(query, Mode.SUBSTRUCTURE)
    assert "dexamfetamine" not in found(query, Mode.SUBSTRUCTURE, stereo=True)


def test_substances_that_the_query_holds_come_largest_first() -> None:
    assert found(FENTANYL, Mode.SUPERSTRUCTURE)[:2] == ["fentanyl", "acetylfentanyl"]
    assert "toluene" in found(AMFETAMINE, Mode.SUPERSTRUCTURE)


def test_the_atoms_of_a_salt_are_those_of_the_whole() -> None:
    atoms = hits("Oc1ccccc1", Mode.SUBSTRUCTURE)["morphine methobromide"].atoms
    mol = Chem.MolFromSmiles(NAMED["morphine methobromide"])
    assert sum(mol.GetAtomWithIdx(atom).GetIsAromatic() for atom in atoms) == 6
    assert 0 not in atoms


def test_a_query_of_two_parts_must_be_held_in_both() -> None:
    assert "ketamine" in found("Clc1ccccc1.O=C1CCCCC1", Mode.SUBSTRUCTURE)
    assert "fentanyl" not in found("Clc1ccccc1.O=C1CCCCC1", Mode.SUBSTRUCTURE)


def test_a_smarts_asks_for_substructures_only() -> None:
    assert found("[#7;H1]-[CH3]", Mode.SUBSTRUCTURE, smarts=True) == [
        "metamfetamine", "ephedrine", "ketamine",
    ]  # fmt: skip
    for mode in (Mode.EXACT, Mode.SIMILAR, Mode.SUPERSTRUCTURE):
        with pytest.raises(StructureError, match="SMARTS"):
            found("[#7]", mode, smarts=True)
    with pytest.raises(StructureError, match="cannot be read"):
        read_smarts("[#7")
    with pytest.raises(GateRefusal):
        read_smarts("C" * 5000)


def test_every_screen_keeps_what_matches() -> None:
    mols = {name: Chem.MolFromSmiles(smiles) for name, smiles in NAMED.items() if smiles}
    for query in mols.values():
        if "." in Chem.MolToSmiles(query):
            continue
        expected = {name for name, mol in mols.items() if mol.HasSubstructMatch(query)}
        assert set(found(Chem.MolToSmiles(query), Mode.SUBSTRUCTURE)) >= expected
        held = {
            name
            for name, mol in mols.items()
            if "." not in NAMED[name] and query.HasSubstructMatch(mol)
        }
        assert set(found(Chem.MolToSmiles(query), Mode.SUPERSTRUCTURE)) == held


def test_layers_of_another_procedure_are_made_again() -> None:
    old = replace(layers(Chem.MolFromSmiles("CCO")), scheme="older")
    library = Library([Substance("amfetamine", "Amfetamine", smiles=AMFETAMINE, layers=old)])
    assert [hit.substance for hit in library.search(Wanted(AMFETAMINE, mode=Mode.EXACT))]


@pytest.mark.parametrize("text", ["", "C1CC", "c1ccccc1[R1]", "C" * 5000])
def test_a_query_that_cannot_be_read_is_an_error_and_never_an_empty_answer(text: str) -> None:
    for mode in Mode:
        with pytest.raises((StructureError, GateRefusal)):
            found(text, mode)


@settings(max_examples=30, deadline=None)
@given(data=st.data(), mode=st.sampled_from(list(Mode)))
def test_another_spelling_of_a_structure_never_changes_the_hits(
    data: st.DataObject, mode: Mode
) -> None:
    name = data.draw(st.sampled_from([one for one in NAMED if NAMED[one]]))
    mol = Chem.MolFromSmiles(NAMED[name])
    order = data.draw(st.permutations(range(mol.GetNumAtoms())))
    respelled = Chem.MolToSmiles(Chem.RenumberAtoms(mol, order), canonical=False)
    written = data.draw(
        st.sampled_from([respelled, Chem.MolToMolBlock(Chem.MolFromSmiles(respelled))])
    )
    if written is not respelled and "@" in NAMED[name]:
        return  # a molfile without coordinates holds no configurations
    plain = [(hit.substance, hit.rank, hit.layers) for hit in hits(NAMED[name], mode).values()]
    assert [(hit.substance, hit.rank, hit.layers) for hit in hits(written, mode).values()] == plain
    assert name in {substance for substance, _, _ in plain}


def test_what_two_structures_share_is_found_in_both() -> None:
    first, second = Chem.MolFromSmiles(AMFETAMINE), Chem.MolFromSmiles(METAMFETAMINE)
    shared = common(first, second, 5)
    assert len(shared.first) == len(shared.second) == 10
    assert shared.complete
    symbols = [
        [mol.GetAtomWithIdx(a).GetSymbol() for a in atoms]
        for mol, atoms in ((first, shared.first), (second, shared.second))
    ]
    assert symbols[0] == symbols[1]


def test_two_that_share_no_atom_share_nothing() -> None:
    shared = common(Chem.MolFromSmiles("O"), Chem.MolFromSmiles("C"), 5)
    assert (shared.first, shared.second, shared.smarts) == ((), (), "")


def test_the_layers_have_words_of_their_own() -> None:
    assert set(LAYERS) == {"composition", "connectivity", "stereo", "isotope", "tautomer"}


@pytest.mark.parametrize("mode", [Mode.SUBSTRUCTURE, Mode.SUPERSTRUCTURE])
@pytest.mark.parametrize("enough", range(1, 6))
def test_a_search_that_stops_early_has_found_the_best(mode: Mode, enough: int) -> None:
    text = "c1ccccc1" if mode is Mode.SUBSTRUCTURE else "CN[C@@H](C)[C@H](O)c1ccccc1C"
    wanted = Wanted(text, mode=mode)
    whole = LIBRARY.search(wanted)
    assert LIBRARY.search(wanted, enough) == whole[:enough]
    assert len(whole) > 1
