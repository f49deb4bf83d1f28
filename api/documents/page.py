"""A form as a page in a language: the same template for the browser and for print."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import bidirectional
from urllib.parse import urlencode

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.documents.catalogue import Words, words
from registry.documents.form import (
    AuthorisationForm,
    EndorsementForm,
    Form,
    GoodsForm,
    NotificationForm,
    certificate_hash,
)

HERE = Path(__file__).parent
THIN_SPACE = "\u202f"
IN_FORCE = frozenset({"issued", "in_transit", "partly_used"})
# States of a notification that say how it was answered.
ANSWERS = frozenset(
    {"no_objection", "objection", "more_information", "no_reply", "suspended", "stopped"}
)
# What the law asks of a paper, by what the paper is and its convention.
ARTICLES = {
    ("import_authorization", "1961"): "31",
    ("import_authorization", "1971"): "12 (1)",
    ("export_authorization", "1961"): "31",
    ("export_authorization", "1971"): "12 (1)",
    ("export-declaration", "1971"): "12 (2)",
    ("special_import_licence", "1971"): "13 (3)",
    ("transit_permit", "1961"): "31 (11)-(12)",
    ("transit_permit", "1971"): "12 (3)",
    ("withdrawal_permit", "1961"): "31 (9)",
    ("withdrawal_permit", "1971"): "12 (3)",
    ("endorsement", "1961"): "31 (7)",
    ("endorsement", "1971"): "12 (1) (e)",
    ("pre-export-notification", "1988"): "12 (10) (a)",
}

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the page is read: `address` of the service, `stylesheet` only in a browser."""

    address: str
    stylesheet: str = ""
    signed: bool = True


def render(form: Form, language: str, setting: Setting) -> str:
    """The paper as a page. Raises UnknownLanguage."""
    label = words(language)
    return _templates.get_template("document.html").render(
        form=form,
        w=label,
        language=language,
        setting=setting,
        kind=kind_of(form),
        law=law_line(form, label),
        banner=banner(form, label, signed=setting.signed),
        day=day_of(form),
        hash=certificate_hash(form),
        address=verify_address(form, setting.address),
        code=code(form, setting.address),
        answers=ANSWERS,
        shown=shown,
        details=details,
        direction=direction,
        unit=lambda name: label["unit"].get(name, name),
    )


def day_of(form: Form) -> str:
    """The day that a file made from the form carries: one of the record, never today."""
    if isinstance(form, NotificationForm):
        return form.sent_at[:10]
    day = form.arrived_on if isinstance(form, EndorsementForm) else None
    return str(day or form.issued_on or "")


def kind_of(form: Form) -> str:
    """What the paper is, as its title is named in the catalogue."""
    return form.paper if isinstance(form, AuthorisationForm) else form.form


def law_line(form: Form, label: Words) -> str:
    """The treaty and article of the paper, or that it is under national law."""
    convention = form.convention
    if convention not in label["law"]:
        return " · ".join(filter(None, (label["law"]["national"], convention)))
    article = ARTICLES.get((kind_of(form), convention))
    law = label["law"][convention]
    return label["law"]["article"].format(law=law, article=article) if article else law


def banner(form: Form, label: Words, *, signed: bool) -> str:
    """What warns the reader across the page; empty where the paper is in force and signed."""
    faults = [] if signed else [label["state"]["unsigned"]]
    if not isinstance(form, EndorsementForm | NotificationForm) and form.state not in IN_FORCE:
        faults += [label["state"]["banner"], label["state"].get(form.state, form.state)]
    return " · ".join(faults)


def verify_address(form: Form, address: str) -> str:
    """Where a reader of the printed paper can check it."""
    asked = urlencode({"number": form.number, "hash": certificate_hash(form)})
    return f"{address.rstrip('/')}/verify?{asked}"


def code(form: Form, address: str) -> Markup:
    """The code to scan: the address above, as a picture of lines without style or script."""
    drawn = segno.make_qr(verify_address(form, address), error="m")
    svg = drawn.svg_inline(border=2, dark="#000", light="#fff", omitsize=True, svgclass=None)
    return Markup(svg)  # noqa: S704 (made of numbers by the code itself)


def shown(amount: str) -> str:
    """An amount with its thousands apart: a thin space, never a comma or a point."""
    whole, point, rest = amount.partition(".")
    groups = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)]
    return THIN_SPACE.join(reversed(groups)) + point + rest


def direction(value: object) -> str:
    """Which way a text of the record runs, by its first letter that runs one way."""
    kinds = (bidirectional(one) for one in str(value))
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def details(one: GoodsForm, label: Words) -> list[str]:
    """What identifies a position beside its name."""
    water = label["goods"]["water"].format(water=shown(one.water)) if one.water != "0" else ""
    codes: list[Any] = [one.salt, water, one.cas and f"CAS {one.cas}", one.hs and f"HS {one.hs}"]
    return [text for text in codes if text]
