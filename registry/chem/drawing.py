"""A structure as an SVG picture: no script, no inline style, with words for those who cannot see."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from rdkit import Chem
from rdkit.Chem.Draw import rdMolDraw2D

from registry.chem.identity import formula
from registry.errors import InputError

# Okabe and Ito's colours, which remain apart for colour-blind eyes; lightened under black lines.
PALETTE = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
_LIGHTER = 0.45

_DECLARATION = re.compile(r"<\?xml[^>]*\?>\s*|<!--.*?-->\s*")
_STYLE = re.compile(r"style='([^']*)'")
_ELLIPSE = re.compile(r"(<ellipse [^>]*)class='atom-(\d+)'")

Highlights = Mapping[str, Sequence[int]] | Sequence[int]


def draw_svg(
    mol: Chem.Mol,
    highlights: Highlights = (),
    legend: str = "",
    *,
    width: int = 360,
    height: int = 270,
) -> str:
    """Draw a molecule, each group of highlighted atoms in a colour of its own.

    `highlights` maps a group's name to atom indices of `mol`; bare indices are one group named
    `match`. Every element that belongs to an atom has the class `atom-N`, and the mark of a
    highlighted atom has the class `highlight` and its groups' names in `data-highlight`. An atom
    in several groups has the colour of the first. Sizes are in pixels. The picture shows how the
    structure was understood; it proves nothing.

    Raises InputError for an atom the molecule does not have.
    """
    groups = highlights if isinstance(highlights, Mapping) else {"match": highlights}
    members = _members(mol, groups)
    svg = _drawn(mol, members, list(groups), legend, width, height)
    svg = _DECLARATION.sub("", svg)
    svg = _ELLIPSE.sub(lambda found: _marked(found, members), svg)
    svg = _STYLE.sub(_presented, svg)
    return _described(svg.replace("<svg ", "<svg role='img' ", 1), legend or formula(mol))


def _members(mol: Chem.Mol, groups: Mapping[str, Sequence[int]]) -> dict[int, list[str]]:
    members: dict[int, list[str]] = {}
    for name, atoms in groups.items():
        for atom in atoms:
            if not 0 <= atom < mol.GetNumAtoms():
                raise InputError(f"the structure has no atom `{atom}` to highlight")
            members.setdefault(atom, []).append(name)
    return members


def _drawn(
    mol: Chem.Mol,
    members: Mapping[int, list[str]],
    order: list[str],
    legend: str,
    width: int,
    height: int,
) -> str:
    drawer = rdMolDraw2D.MolDraw2DSVG(width, height)
    rdMolDraw2D.UpdateDrawerParamsFromJSON(drawer, '{"addStereoAnnotation": true}')
    rdMolDraw2D.PrepareAndDrawMolecule(
        drawer,
        mol,
        legend=legend,
        highlightAtoms=list(members),
        highlightAtomColors={
            atom: _colour(order.index(names[0])) for atom, names in members.items()
        },
        highlightBonds=[],
    )
    drawer.FinishDrawing()
    text: str = drawer.GetDrawingText()
    return text


def _colour(position: int) -> tuple[float, ...]:
    code = PALETTE[position % len(PALETTE)]
    parts = (int(code[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(part + (1 - part) * _LIGHTER for part in parts)


def _marked(found: re.Match[str], members: Mapping[int, list[str]]) -> str:
    atom = int(found.group(2))
    names = escape(" ".join(members.get(atom, ())), quote=True)
    return f"{found.group(1)}class='atom-{atom} highlight' data-highlight='{names}'"


def _presented(found: re.Match[str]) -> str:
    """Attributes in place of an inline style, which a strict content policy forbids."""
    pairs = (part.split(":", 1) for part in found.group(1).split(";") if ":" in part)
    return " ".join(f"{name.strip()}='{value.strip()}'" for name, value in pairs)


def _described(svg: str, words: str) -> str:
    label = escape(words, quote=True)
    opened = svg.replace("<svg ", f"<svg aria-label='{label}' ", 1)
    head, closing, rest = opened.partition(">")
    return f"{head}{closing}\n<title>{label}</title>{rest}"
