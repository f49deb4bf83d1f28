"""Papers of records, printed by the service. Proving them needs none of this: `usecases.documents`."""

from __future__ import annotations

from api.access.allow import Actor
from api.documents.issue import checked_form, issued_pdf, web_page
from api.engine import Engine
from api.usecases.documents import ring_of_settings
from api.usecases.notifications_shown import fact_of
from api.usecases.trade import papers
from registry.documents.form import Form
from registry.documents.record import endorsement_form
from registry.trade_facts import Authorisation, Notification


def paper_of(engine: Engine, record: Authorisation | Notification, language: str) -> bytes:
    """The issued paper of a record as PDF/A, printed in a worker of the service.

    Raises Incomplete where the record lacks a particular or is not issued, and what `issued_pdf`
    raises.
    """
    return _signed(engine, checked_form(record), language)


def pdf_of(engine: Engine, authorisation: str, actor: Actor, language: str) -> bytes:
    """The newest version of an authorisation as its paper. Raises Denied, NotFound, as above."""
    return paper_of(engine, papers.fact_of(engine, authorisation, actor), language)


def page_of(engine: Engine, authorisation: str, actor: Actor, language: str) -> str:
    """The same paper as a page, unsigned. Raises Denied, NotFound, Incomplete."""
    form = checked_form(papers.fact_of(engine, authorisation, actor))
    return web_page(form, language, engine.settings.public_url, signed=False)


def endorsement_of(
    engine: Engine, authorisation: str, consignment: int, actor: Actor, language: str
) -> bytes:
    """The endorsement of one consignment as its paper. Raises Denied, NotFound, as above."""
    paper, said = papers.endorsed(engine, authorisation, consignment, actor)
    return _signed(engine, endorsement_form(said, paper), language)


def notification_of(engine: Engine, notification: str, actor: Actor, language: str) -> bytes:
    """The newest version of a notification as its paper. Raises Denied, NotFound, as above."""
    return paper_of(engine, fact_of(engine.sessions, notification, actor=actor), language)


def _signed(engine: Engine, form: Form, language: str) -> bytes:
    settings = engine.settings
    ring = ring_of_settings(settings)
    return issued_pdf(form, language, settings.public_url, ring, engine.workers)
