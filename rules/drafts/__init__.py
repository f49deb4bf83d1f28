"""Drafts: changes laid over the law in force, written in its own language (docs/drafts.md)."""

from registry.errors import DraftError
from rules.drafts.desk import Exemption
from rules.drafts.lay import Laid, lay
from rules.drafts.prove import prove, remarks
from rules.drafts.read import Draft, bare, only, read_draft, without

__all__ = [
    "Draft",
    "DraftError",
    "Exemption",
    "Laid",
    "bare",
    "lay",
    "only",
    "prove",
    "read_draft",
    "remarks",
    "without",
]
