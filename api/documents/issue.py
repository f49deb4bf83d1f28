"""The finished papers: page, signed form and sealed PDF of one form in one language."""

from __future__ import annotations

from api.documents.page import Setting, day_of, render
from api.documents.pdf import printed
from registry.chem.worker import WorkerPool
from registry.documents.form import Form
from registry.documents.keys import Ring
from registry.documents.record import form_of
from registry.documents.seal import sealed
from registry.documents.verify import signed_form
from registry.errors import InputError
from registry.trade_facts import Authorisation, Notification
from rules.documents.particulars import missing_particulars

SECONDS = 60.0


# A paper is signed from the day it is issued; what came before is not one.
NOT_YET = frozenset({"draft", "submitted", "information_requested", "refused", "granted"})


class Incomplete(InputError):
    """A paper lacks what its treaty wants written on it, or is not issued yet."""

    code = "document-incomplete"


def checked_form(record: Authorisation | Notification) -> Form:
    """The form of a record that states all its treaty asks for.

    Raises Incomplete, which names each particular and its article, and Unprintable.
    """
    missing = missing_particulars(record)
    if missing:
        told = "; ".join(f"`{one.place}` ({one.article})" for one in missing)
        raise Incomplete(f"the paper does not state {told}")
    return form_of(record)


def web_page(form: Form, language: str, address: str, *, signed: bool) -> str:
    """The paper as a page of the service at `address`. Raises UnknownLanguage."""
    return render(form, language, Setting(address, "/static/document.css", signed))


def draft_pdf(form: Form, language: str, address: str, workers: WorkerPool) -> bytes:
    """The paper as PDF without signature, marked so. Raises as `issued_pdf`."""
    html = render(form, language, Setting(address, signed=False))
    return workers.call(printed, html, b"", "", deadline=SECONDS)


def issued_pdf(form: Form, language: str, address: str, ring: Ring, workers: WorkerPool) -> bytes:
    """The paper as PDF/A-3b with its signed form attached, sealed with the signing key.

    The same form, language, address and key give the same bytes. `address` is that of the service
    where a reader can check it. Raises Incomplete, UnknownLanguage, Unprintable, KeyFileWrong where there is no
    key to sign with, MissingLibrary, and Overrun where printing was stopped.
    """
    if not form.number or getattr(form, "state", "") in NOT_YET:
        raise Incomplete("a paper is signed once it is issued and has its number")
    signed = signed_form(form, ring)
    html = render(form, language, Setting(address))
    return sealed(workers.call(printed, html, signed, day_of(form), deadline=SECONDS), ring)
