from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from rdkit import Chem

from registry.chem.drawing import draw_svg
from registry.errors import InputError

AMFETAMINE = Chem.MolFromSmiles("C[C@H](N)Cc1ccccc1")
SVG = "{http://www.w3.org/2000/svg}"


def _marks(svg: str) -> dict[str, tuple[str, str]]:
    found = {}
    for mark in ET.fromstring(svg).iter():
        if "data-highlight" in mark.attrib:
            name, kind = mark.attrib["class"].split()
            assert kind == "highlight"
            found[name] = (mark.attrib["data-highlight"], mark.attrib["fill"])
    return found


def test_highlighted_atoms_can_be_found_by_class_and_group():
    marks = _marks(draw_svg(AMFETAMINE, {"core": (4, 5, 6), "branch": (2, 6)}))
    assert {name: groups for name, (groups, _) in marks.items()} == {
        "atom-2": "branch",
        "atom-4": "core",
        "atom-5": "core",
        "atom-6": "core branch",
    }
    assert marks["atom-6"][1] == marks["atom-4"][1] != marks["atom-2"][1]


def test_bare_indices_are_one_group_called_match():
    assert {groups for groups, _ in _marks(draw_svg(AMFETAMINE, [0, 1])).values()} == {"match"}
    assert _marks(draw_svg(AMFETAMINE)) == {}


def test_every_atom_has_its_class():
    found = set(re.findall(r"atom-\d+", draw_svg(AMFETAMINE)))
    assert {f"atom-{index}" for index in range(AMFETAMINE.GetNumAtoms())} <= found


def test_legend_and_group_names_stay_text():
    hostile = "</title><script>alert(1)</script>\"' onload='x'"
    svg = draw_svg(AMFETAMINE, {hostile: (0,)}, legend=hostile)
    root = ET.fromstring(svg)
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == hostile
    assert root.attrib["aria-label"] == hostile
    assert root.attrib["role"] == "img"
    assert not list(root.iter(f"{SVG}script"))
    assert "<script" not in svg


def test_a_picture_can_stand_under_a_strict_content_policy():
    svg = draw_svg(AMFETAMINE, [1])
    assert "style=" not in svg
    assert svg.startswith("<svg ")
    assert "stroke='#000000'" in svg


def test_without_a_legend_the_formula_is_said():
    assert "<title>C9H13N</title>" in draw_svg(AMFETAMINE)


def test_the_size_is_as_asked_and_the_molecule_is_not_changed():
    before = Chem.MolToCXSmiles(AMFETAMINE)
    assert "width='200px' height='100px'" in draw_svg(AMFETAMINE, width=200, height=100)
    assert Chem.MolToCXSmiles(AMFETAMINE) == before


@pytest.mark.parametrize("atom", [-1, 10])
def test_an_atom_that_is_not_there_is_refused(atom: int):
    with pytest.raises(InputError, match="no atom"):
        draw_svg(AMFETAMINE, [atom])
