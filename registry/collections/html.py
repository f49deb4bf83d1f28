"""Rows of a collection as an HTML table for a notebook. Every text is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from registry.chem.drawing import draw_svg
from registry.chem.parse import Format, read_structure
from registry.collections.table import Row
from registry.errors import InputError

WIDTH, HEIGHT = 180, 120
_HEADING = ("row", "id", "structure", "formula")


def pictures(rows: Sequence[Row], more: Mapping[str, Sequence[str]]) -> str:
    """A table with each structure drawn, and further columns by heading."""
    wanted = {name: cells for name, cells in more.items() if any(cells)}
    heading = "".join(f"<th>{escape(name)}</th>" for name in (*_HEADING, *wanted))
    lines = (_line(row, [cells[at] for cells in wanted.values()]) for at, row in enumerate(rows))
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _line(row: Row, more: Sequence[str]) -> str:
    texts = [escape(text) for text in (row.formula, *more)]
    cells = [str(row.row), escape(row.id), drawn(row.smiles), *texts]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def drawn(smiles: str) -> str:
    """The picture of a structure, or its text where it cannot be drawn."""
    try:
        mol = read_structure(smiles, Format.SMILES, bounded=False)
        return draw_svg(mol, legend=smiles, width=WIDTH, height=HEIGHT)
    except (InputError, RuntimeError):
        return f"<code>{escape(smiles)}</code>"
