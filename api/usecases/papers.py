"""Papers of records, printed by the service. Proving them needs none of this: `documents`."""

from __future__ import annotations

from api.documents.issue import checked_form, issued_pdf
from api.engine import Engine
from api.usecases.documents import ring_of_settings
from registry.trade_facts import Authorisation, Notification


def paper_of(engine: Engine, record: Authorisation | Notification, language: str) -> bytes:
    """The issued paper of a record as PDF/A, printed in a worker of the service.

    Raises Incomplete where the record lacks a particular or is not issued, and what `issued_pdf`
    raises.
    """
    form, settings = checked_form(record), engine.settings
    ring = ring_of_settings(settings)
    return issued_pdf(form, language, settings.public_url, ring, engine.workers)
