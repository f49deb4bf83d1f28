"""Papers at the doors: the keys of this installation, and what a file proves."""

from __future__ import annotations

from typing import Any

from api.settings import Settings
from registry.documents.form import NotificationForm
from registry.documents.keys import NO_KEYS, Ring, read_ring
from registry.documents.verify import Verification, verify

CAVEAT = (
    "proves what the paper said when it was made, not that it is still in force or unused, nor that "
    "the goods are those it names"
)


def ring_of_settings(settings: Settings) -> Ring:
    """The keys of this installation, read anew each time. Raises KeyFileWrong."""
    return NO_KEYS if settings.document_keys is None else read_ring(settings.document_keys)


def proved(data: bytes, ring: Ring) -> dict[str, Any]:
    """What a file proves, as plain data."""
    return _told(verify(data, ring))


def _told(found: Verification) -> dict[str, Any]:
    if found.form is None:
        return {"verified": False, "reason": found.reason, "medium": found.medium}
    form = found.form
    return {
        "verified": True,
        "medium": found.medium,
        "form": form.form,
        "number": form.number,
        "version": form.version,
        "day": str(form.issued_on or "") if not isinstance(form, NotificationForm) else "",
        "hash": found.hash,
        "key": found.key,
        "caveat": CAVEAT,
        "document": form.model_dump(mode="json"),
    }
