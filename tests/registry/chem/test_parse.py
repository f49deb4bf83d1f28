from __future__ import annotations

import subprocess
import sys

import pytest
from rdkit import Chem

from registry.chem.formats import Format, detect
from registry.chem.identity import stereo
from registry.chem.parse import read_structure, split_smiles_line
from registry.errors import GateRefusal, StructureError

MORPHINE = "CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5"
NAMED = {
    "fentanyl": (
        "CCC(=O)N(c1ccccc1)C1CCN(CCc2ccccc2)CC1",
        (
            "InChI=1S/C22H28N2O/c1-2-22(25)24(20-11-7-4-8-12-20)21-14-17-23(18-15-21)16-13-19-9-5-3-"
            "6-10-19/h3-12,21H,2,13-18H2,1H3"
        ),
    ),
    "ketamine": (
        "CNC1(c2ccccc2Cl)CCCCC1=O",
        (
            "InChI=1S/C13H16ClNO/c1-15-13(9-5-4-8-12(13)16)10-6-2-3-7-11(10)14/h2-3,6-7,15H,4-5,"
            "8-9H2,1H3"
        ),
    ),
    "methadone": (
        "CCC(=O)C(CC(C)N(C)C)(c1ccccc1)c1ccccc1",
        (
            "InChI=1S/C21H27NO/c1-5-20(23)21(16-17(2)22(3)4,18-12-8-6-9-13-18)19-14-10-7-11-15-19/"
            "h6-15,17H,5,16H2,1-4H3"
        ),
    ),
    "acetic anhydride": ("CC(=O)OC(C)=O", "InChI=1S/C4H6O3/c1-3(5)7-4(2)6/h1-2H3"),
    "brorphine": (
        "CC(c1ccc(Br)cc1)N1CCC(n2c(=O)[nH]c3ccccc32)CC1",
        (
            "InChI=1S/C20H22BrN3O/c1-14(15-6-8-16(21)9-7-15)23-12-10-17(11-13-23)24-19-5-3-2-4-"
            "18(19)22-20(24)25/h2-9,14,17H,10-13H2,1H3,(H,22,25)"
        ),
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_substance_reads_alike_in_every_format(name: str):
    smiles, inchi = NAMED[name]
    mol = read_structure(smiles)
    assert stereo(read_structure(inchi)) == stereo(mol)
    assert stereo(read_structure(Chem.MolToMolBlock(mol))) == stereo(mol)
    assert stereo(read_structure(Chem.MolToV3KMolBlock(mol))) == stereo(mol)


def test_the_format_is_told_from_the_text():
    assert detect(" InChI=1S/CH4/h1H4") is Format.INCHI
    assert detect(Chem.MolToMolBlock(Chem.MolFromSmiles("C"))) is Format.MOLFILE
    assert detect("CCO\nCCN") is Format.SMILES


def test_line_ends_and_surrounding_space_are_tolerated():
    assert stereo(read_structure("  " + MORPHINE + "\r\n")) == stereo(read_structure(MORPHINE))
    crlf = Chem.MolToMolBlock(Chem.MolFromSmiles("CCO")).replace("\n", "\r\n")
    assert stereo(read_structure(crlf)) == "CCO"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("CCO ethyl alcohol\r\n", ("CCO", "ethyl alcohol")),
        ("  CCO\tethanol", ("CCO", "ethanol")),
        ("CCO", ("CCO", "")),
        ("", ("", "")),
        ("CCO |$;;$| ethanol", ("CCO |$;;$|", "ethanol")),
        ("CCO |$;;$", ("CCO |$;;$", "")),
    ],
)
def test_a_line_is_split_into_structure_and_name(line: str, parts: tuple[str, str]):
    assert split_smiles_line(line) == parts


def test_a_name_after_a_smiles_is_never_dropped():
    with pytest.raises(GateRefusal, match="morphine"):
        read_structure("CCO morphine")


def test_coordinates_of_an_extension_do_not_decide_the_structure():
    drawn = "CC=CC |(0,0,;1,1,;2,1,;3,0,)|"
    assert stereo(read_structure(drawn)) == "CC=CC"
    assert stereo(read_structure("C[C@H](O)F |(0,0,;1,0,;2,0,;1,1,),wU:1.0|")) == "C[C@H](O)F"


@pytest.mark.parametrize(
    "text",
    [
        "C*",
        "[*:1]CC",
        "[#0]C",
        "C~C",
        "CC |Sg:n:0:1:ht|",
        "C1CC1 |LN:1:1.3|",
        "CCO |$_R1;;$|",
        "CN.[Na] |H:1.0|",
    ],
)
def test_what_is_not_a_single_definite_structure_is_refused(text: str):
    with pytest.raises(StructureError, match="a single definite structure is needed"):
        read_structure(text)


@pytest.mark.parametrize("symbol", ["A", "Q", "R#", "L"])
def test_a_query_in_a_molfile_is_refused(symbol: str):
    block = Chem.MolToMolBlock(Chem.MolFromSmiles("CO")).replace(" O  ", f" {symbol:<3}")
    with pytest.raises(StructureError):
        read_structure(block)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CC(C", "extra open parentheses near character 3"),
        ("C1CC", "unclosed ring"),
        ("c1cccc1", "can't kekulize"),
        ("CN(C)(C)(C)C", "explicit valence for atom # 1 N, 5, is greater than permitted"),
        ("[Xx]", "syntax error near character 2"),
        ("InChI=1S/foo", "syntax error"),
        ("InChI=1/CH4O/c1-2/h2H,1H3/f/h2H", "FIXED_H"),
        ("\n\n\n  0  0  0  0  0  0            999 V2000\nM  END", "no atoms"),
        ("\n\n\n  1  0  0  0  0  0            999 V2000\nnonsense\nM  END", "molfile"),
    ],
)
def test_the_toolkits_complaint_is_passed_on_readably(text: str, reason: str):
    with pytest.raises(StructureError) as error:
        read_structure(text)
    assert reason in error.value.message
    assert "\n" not in error.value.message
    assert error.value.code == "structure-unreadable"


def test_an_inchi_that_comes_back_as_another_is_refused():
    with pytest.raises(StructureError, match="does not come back"):
        read_structure("InChI=1S/CH4O/c1-2/h1H3,2H")


def test_nothing_is_written_to_standard_error():
    code = (
        "from registry.chem.parse import read_structure\n"
        "for text in ('CC(C', 'CN(C)(C)(C)C', 'InChI=1S/foo', 'InChI=1S/CH4O/c1-2/h2H,1H3'):\n"
        "    try: read_structure(text)\n"
        "    except Exception: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stderr == b""
    assert done.stdout == b""


def test_a_molecule_beyond_interactive_size_is_read_only_when_asked_for():
    with pytest.raises(GateRefusal, match="heavy atoms"):
        read_structure("C" * 1200)
    assert read_structure("C" * 1200, bounded=False).GetNumAtoms() == 1200
