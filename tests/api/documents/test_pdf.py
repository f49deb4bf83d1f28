"""Papers as files: their form, their seal, and that nothing but the record goes into them."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.documents.catalogue import languages
from api.documents.issue import Incomplete, checked_form, draft_pdf, issued_pdf
from api.documents.pdf import printed
from registry.chem.worker import WorkerPool
from registry.documents.keys import KeyFileWrong, ring_of
from registry.documents.record import Unprintable, form_of
from registry.documents.verify import signed_form, verify
from registry.trade_facts import AuthorisationState, Party
from tests.api.documents.conftest import ADDRESS, PRINTED, Papers
from tests.api.documents.pdfa import faults
from tests.registry.documents import samples

ROOT = Path(__file__).parents[3]
EXPORT = samples.FORMS["export"]


@pytest.mark.parametrize(("name", "language"), PRINTED)
def test_every_paper_is_pdf_a(papers: Papers, name: str, language: str) -> None:
    assert faults(papers[name, language]) == []


def _without(key: str) -> Callable[[Any], None]:
    def change(pdf: Any) -> None:
        del pdf.Root[key]

    return change


def _claims_another_level(pdf: Any) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["pdfaid:part"] = "2"


def _loses_its_fonts(pdf: Any) -> None:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
            del one["/FontFile2"]


def _opens_something(pdf: Any) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="0")


def _hides_a_relation(pdf: Any) -> None:
    pdf.Root.AF = pikepdf.Array([])


def _is_called_otherwise(pdf: Any) -> None:
    pdf.docinfo["/Title"] = "Another title"


def _shows_an_empty_box(pdf: Any) -> None:
    extra = pdf.make_stream(b"BT <0000> Tj ET")
    pdf.pages[0].contents_add(extra)


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        (_without("/OutputIntents"), "6.2.3"),
        (_without("/Metadata"), "6.6.2"),
        (_claims_another_level, "6.6.4"),
        (_loses_its_fonts, "6.2.11.4"),
        (_opens_something, "6.5"),
        (_hides_a_relation, "6.8"),
        (_is_called_otherwise, "6.6.3"),
        (_shows_an_empty_box, "6.2.11.8"),
    ],
)
def test_the_check_sees_faults(papers: Papers, change: Callable[[Any], None], clause: str) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers["export", "en"])) as pdf:
        change(pdf)
        pdf.save(out)
    assert [one for one in faults(out.getvalue()) if one.startswith(clause)]


def test_the_check_sees_encryption_and_what_follows_the_end(papers: Papers) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers["export", "en"])) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="", R=4))
    assert "6.1.3: encrypted" in faults(out.getvalue())
    assert faults(papers["export", "en"] + b"more")


def test_printing_twice_gives_the_same_bytes(papers: Papers, printer: WorkerPool) -> None:
    again = issued_pdf(EXPORT, "ar", ADDRESS, samples.RING, printer)
    assert again == papers["export", "ar"]


def test_another_process_prints_the_same_bytes(papers: Papers, tmp_path: Path) -> None:
    """With another hash seed, locale, time zone and working folder."""
    keys, form, out = (tmp_path / name for name in ("keys.json", "form.json", "out.pdf"))
    keys.write_text(samples.KEYS)
    keys.chmod(0o600)
    form.write_bytes(signed_form(EXPORT, samples.RING))
    command = [sys.executable, "-m", "api.cli.main", "documents", "print", str(form)]
    subprocess.run(
        [*command, "--language", "fr", "--out", str(out)],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": "7",
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "C",
            "SUBREG_DOCUMENT_KEYS": str(keys),
            "SUBREG_PUBLIC_URL": ADDRESS,
        },
    )
    assert out.read_bytes() == papers["export", "fr"]


@pytest.mark.parametrize(("name", "language"), PRINTED)
def test_every_paper_proves_itself_and_carries_its_form(
    papers: Papers, name: str, language: str
) -> None:
    found = verify(papers[name, language], samples.RING)
    assert (found.verified, found.form, found.medium) == (True, samples.FORMS[name], "pdf")
    with pikepdf.open(io.BytesIO(papers[name, language])) as pdf:
        carried = pdf.attachments["document.json"].get_file().read_bytes()
    assert carried == signed_form(samples.FORMS[name], samples.RING)


@settings(max_examples=300)
@given(data=st.data())
def test_one_changed_byte_anywhere_is_seen(papers: Papers, data: st.DataObject) -> None:
    changed = bytearray(papers["endorsement", "en"])
    place = data.draw(st.integers(0, len(changed) - 1))
    changed[place] ^= data.draw(st.integers(1, 255))
    assert not verify(bytes(changed), samples.RING).verified


def test_a_changed_byte_of_the_seal_and_of_the_form_is_seen(papers: Papers) -> None:
    paper = papers["endorsement", "en"]
    for marker in (b'stream\n{"document"', b"stream\neyJ", b"\nendstream\nendobj\n"):
        start = paper.index(marker)
        for place in range(start, start + 400, 3):
            changed = bytearray(paper)
            changed[place] ^= 1
            assert not verify(bytes(changed), samples.RING).verified


def test_a_file_saved_anew_is_not_proved_but_its_form_still_is(papers: Papers) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers["export", "en"])) as pdf:
        pdf.save(out)
        carried = pdf.attachments["document.json"].get_file().read_bytes()
    assert not verify(out.getvalue(), samples.RING).verified
    assert verify(carried, samples.RING).verified


def test_a_form_of_one_paper_under_the_seal_of_another_is_not_proved(papers: Papers) -> None:
    one, other = papers["endorsement", "en"], papers["export", "en"]
    seal = re.compile(rb"stream\n(eyJ[\w-]+\.\.[\w-]{86})\nendstream")
    ours, theirs = seal.search(one), seal.search(other)
    assert ours
    assert theirs
    assert not verify(one.replace(ours[1], theirs[1]), samples.RING).verified


def test_an_unknown_key_proves_no_file(papers: Papers) -> None:
    assert not verify(papers["export", "en"], ring_of('{"keys": []}')).verified


@pytest.mark.parametrize("language", languages())
def test_the_words_on_the_paper_are_those_of_the_record(papers: Papers, language: str) -> None:
    text = _text(papers["export", language])
    for said in (
        "XA-2026-000123",
        "2026-04-11",
        "Laboratoires Exemple S.A.",
        "4 Harbour Road",
        "Morphine",
        "1\u202f500.50 g",
        "1\u202f140.38 g",
        "0.1 mg in 2 mL",
        "XB-IC-0099",
        verify(papers["export", language], samples.RING).hash,
    ):
        assert said in text, said


def test_a_declaration_is_printed_in_triplicate(papers: Papers) -> None:
    with pypdfium2.PdfDocument(papers["declaration", "en"]) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    assert [f"Copy {n} of 3" in text for n, text in enumerate(pages, 1)] == [True] * 3
    assert all("Pentobarbital" in text for text in pages)


def test_a_draft_says_that_it_is_not_signed_and_carries_nothing(printer: WorkerPool) -> None:
    form = form_of(replace(samples.EXPORT, state=AuthorisationState.DRAFT, number=""))
    draft = draft_pdf(form, "en", ADDRESS, printer)
    assert "Not signed · Not valid for trade · draft" in _text(draft)
    assert not verify(draft, samples.RING).verified
    with pikepdf.open(io.BytesIO(draft)) as pdf:
        assert not list(pdf.attachments)


@pytest.mark.parametrize("state", ["draft", "submitted", "refused", "granted"])
def test_what_is_not_issued_is_not_signed(printer: WorkerPool, state: str) -> None:
    form = form_of(replace(samples.EXPORT, state=AuthorisationState(state)))
    with pytest.raises(Incomplete, match="once it is issued"):
        issued_pdf(form, "en", ADDRESS, samples.RING, printer)


def test_a_paper_without_number_or_key_is_not_signed(printer: WorkerPool) -> None:
    with pytest.raises(Incomplete, match="its number"):
        issued_pdf(
            form_of(replace(samples.EXPORT, number="")), "en", ADDRESS, samples.RING, printer
        )
    with pytest.raises(KeyFileWrong, match="no private key"):
        issued_pdf(EXPORT, "en", ADDRESS, ring_of('{"keys": []}'), printer)


def test_a_record_that_lacks_a_particular_is_refused_with_the_article() -> None:
    with pytest.raises(Incomplete, match=r"`importer\.address` \(1961 Convention, art\. 31"):
        checked_form(replace(samples.EXPORT, importer=Party("Firm")))
    assert checked_form(samples.EXPORT) == EXPORT


def test_a_character_that_the_fonts_lack_is_refused_by_name(printer: WorkerPool) -> None:
    form = form_of(replace(samples.EXPORT, exporter=Party("例 Company", "Street", "XA")))
    with pytest.raises(Unprintable, match=r"no `例` \(U\+4F8B\)"):
        issued_pdf(form, "en", ADDRESS, samples.RING, printer)


@pytest.mark.parametrize(
    "asked",
    [
        '<img src="https://register.example/x.png">',
        '<img src="file:///etc/passwd">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<p style="background: url(http://127.0.0.1:1/)">x</p>',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<img src="data:image/svg+xml,<svg/>">',
    ],
)
def test_a_page_can_fetch_nothing(printer: WorkerPool, asked: str) -> None:
    with pytest.raises(Exception, match="asks for"):
        printer.call(printed, f"<!doctype html><title>x</title>{asked}", b"", "", deadline=30)


def test_markup_in_a_record_is_text(printer: WorkerPool) -> None:
    name = "<script>alert(1)</script><img src=file:///etc/passwd>"
    form = form_of(replace(samples.EXPORT, exporter=Party(name, "Street", "XA")))
    assert name in _text(draft_pdf(form, "en", ADDRESS, printer)).replace("\n", "")


def test_the_fonts_are_the_packaged_ones(papers: Papers) -> None:
    with pikepdf.open(io.BytesIO(papers["export", "ar"])) as pdf:
        names = {
            str(one.FontFamily)
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        }
    assert names == {"Register Sans"}


def test_a_long_paper_goes_on_with_its_heading_and_number_on_every_page(
    printer: WorkerPool,
) -> None:
    goods = tuple(replace(samples.FENTANYL, line=line) for line in range(1, 41))
    form = form_of(replace(samples.EXPORT, goods=goods))
    with pypdfium2.PdfDocument(issued_pdf(form, "en", ADDRESS, samples.RING, printer)) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    assert len(pages) > 2
    assert all(f"{n} / {len(pages)}" in text for n, text in enumerate(pages, 1))
    assert all("XA-2026-000123 ·" in text for text in pages)


def _text(file: bytes) -> str:
    with pypdfium2.PdfDocument(file) as pdf:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    return text.replace("\r\n", "\n").replace("\ufffe", "")


def test_the_form_says_no_more_than_the_paper(papers: Papers) -> None:
    """Every text of the form, but its kind and edition, can be read on the paper."""
    form = json.loads(signed_form(EXPORT, samples.RING))["document"]
    text = "".join(_text(papers["export", "en"]).split())
    unread = {"form", "edition", "paper", "state", "convention", "jurisdiction", "factor_source"}
    for value in _values({key: form[key] for key in form.keys() - unread}):
        shown = value if len(value) < 5 or not value.replace(".", "").isdigit() else value[-3:]
        assert "".join(shown.split()) in text, value


def _values(part: Any) -> list[str]:
    if isinstance(part, dict):
        return [text for key in part if key != "factor_source" for text in _values(part[key])]
    if isinstance(part, list):
        return [text for one in part for text in _values(one)]
    return [] if part is None or isinstance(part, bool) or part in ("", "0") else [str(part)]
