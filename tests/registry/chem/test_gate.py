from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdkit import Chem

from registry.chem.formats import Format
from registry.chem.gate import check_graph, check_text
from registry.errors import GateRefusal

MOLFILE = Chem.MolToMolBlock(Chem.MolFromSmiles("CCO"))


def _outcome(text: str, written_as: Format) -> GateRefusal | None:
    try:
        check_text(text, written_as)
    except GateRefusal as refusal:
        return refusal
    return None


def _refusal(text: str, written_as: Format = Format.SMILES) -> GateRefusal:
    with pytest.raises(GateRefusal) as refusal:
        check_text(text, written_as)
    return refusal.value


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("", 0, "empty"),
        (" \t\n", 0, "empty"),
        ("C" * 4001, 4000, "4001 characters"),
        ("[NH3+256]", 5, "charge"),
        ("[Na+257]", 4, "charge"),
        ("[Na+16]", 4, "charge"),
        ("[Na" + "+" * 16 + "]", 3, "charge"),
        ("[65536CH4]", 1, "isotope"),
        ("[401C]", 1, "isotope"),
        ("[CH13]", 3, "hydrogen count"),
        ("[OH13]", 3, "hydrogen count"),
        ("[CH3:10000]", 5, "atom map"),
        ("[#119]", 2, "atomic number"),
        ("C%(123456)CC", 3, "ring closure"),
        ("C(" * 101, 201, "nested"),
        (".".join("C" * 65), 0, "components"),
        ("CCO morphine", 3, "give a name apart"),
        ("CCO\nCCN", 3, "white space"),
        ("CC\u200bO", 2, "U+200B"),
        ("C\u202eC", 1, "U+202E"),
        ("CC\x00O", 2, "U+0000"),
        ("\u0421\u0421O", 0, "not allowed"),
        ("CCO |unfinished", 3, "white space"),
    ],
)
def test_a_text_the_toolkit_would_misread_or_choke_on_is_refused(
    text: str, position: int, word: str
):
    refusal = _refusal(text)
    assert refusal.code == "structure-refused"
    assert refusal.position == position
    assert word in refusal.message


@pytest.mark.parametrize(
    "text",
    [
        "  CCO\r\n",
        "[NH4+]",
        "[Fe+++]",
        "[Na+15]",
        "[238U]",
        "[CH3:9999]",
        "C[C@@H](N)C(=O)O",
        "[Co@OH26](C)(N)(O)(F)(Cl)Br",
        "C%12CCCCC%12",
        "C%(99999)CC%(99999)",
        "(" * 100,
        ".".join("C" * 64),
        "CCO |$;;$|",
    ],
)
def test_an_ordinary_text_passes(text: str):
    check_text(text, Format.SMILES)


def test_the_position_counts_from_the_start_of_the_text_given():
    assert _refusal("   CC morphine").position == 5


@given(st.text(max_size=60), st.sampled_from(list(Format)))
def test_any_text_passes_or_is_refused_at_a_place_within_it(text: str, written_as: Format):
    refusal = _outcome(text, written_as)
    if refusal is not None and refusal.position is not None:
        assert 0 <= refusal.position <= len(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("InChI=1S/CH4O/c1-2/h2H,1H3 methanol", "U+0020"),
        ("InChI=1S/" + "C" * 8000, "characters"),
        ("InChI=1S/CH4/i1+1234567", "too long"),
        ("InChI=1S/" + ".".join(["CH4"] * 65), "components"),
    ],
)
def test_an_inchi_is_one_word_of_bounded_size(text: str, word: str):
    assert word in _refusal(text, Format.INCHI).message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (MOLFILE + " " * (1 << 20), "at most"),
        (MOLFILE + "$$$$\n" + MOLFILE, "more than one record"),
        (MOLFILE.replace("M  END", "M  CHG  1   1 300\nM  END"), "CHG"),
        (MOLFILE.replace("M  END", "M  ISO  1   2 401\nM  END"), "ISO"),
        (MOLFILE.replace("  1  2  1  0", "  1  2  1\u200b 0"), "U+200B"),
        ("na\x00me" + MOLFILE, "U+0000"),
        ("\n\n\n  0  0  0  0  0 999 V3000\nM  V30 COUNTS 999999 0 0 0 0\nM  END\n", "COUNTS"),
        (
            "\n\n\n  0  0  0  0  0 999 V3000\nM  V30 1 C 0 0 0 0 MASS=4-\nM  V30 01\nM  END\n",
            "MASS",
        ),
        ("\n\n\n  0  0  0  0  0 999 V3000\nM  V30 1 C 0 0 0 0 CHG=-256\nM  END\n", "CHG"),
    ],
)
def test_a_molfile_is_one_record_of_bounded_size_and_numbers(text: str, word: str):
    assert word in _refusal(text, Format.MOLFILE).message


def test_a_molfile_may_have_a_title_in_any_script_and_data_after_its_end():
    check_text("μ-agonist" + MOLFILE + "> <ID>\n1\n\n$$$$\n", Format.MOLFILE)


def test_a_large_graph_is_refused():
    check_graph(Chem.MolFromSmiles("C" * 1000))
    with pytest.raises(GateRefusal, match="1001 heavy atoms"):
        check_graph(Chem.MolFromSmiles("C" * 1001))


def test_a_tangled_or_crowded_graph_is_refused():
    complete = Chem.RWMol()
    for _ in range(23):
        complete.AddAtom(Chem.Atom(6))
    for one in range(23):
        for two in range(one):
            complete.AddBond(one, two, Chem.BondType.SINGLE)
    with pytest.raises(GateRefusal, match="independent rings"):
        check_graph(complete.GetMol())
    star = Chem.MolFromSmiles("[U]" + "(F)" * 13, sanitize=False)
    with pytest.raises(GateRefusal, match="neighbours"):
        check_graph(star)
