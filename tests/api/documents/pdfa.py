"""What PDF/A-3b (ISO 19005-3) asks of the structure of a file, as far as it is checked here.

No validator of the whole standard can be installed from the registries this project uses, so this
is not one. It covers what a converter commonly gets wrong; the numbers are clauses of the standard.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
from fontTools.ttLib import TTFont

_ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/JavaScript", "/Hide"}
_SHOWING = {"Tj", "TJ", "'", '"'}


def faults(data: bytes) -> list[str]:
    """Every fault found, as sentences; empty for a file in which none was."""
    found = list(_frame(data))
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            found += [f"syntax: {fault}" for fault in pdf.check_pdf_syntax()]
            for check in (_trailer, _metadata, _intent, _objects, _fonts, _files):
                found += list(check(pdf))
    except pikepdf.PdfError as error:
        found.append(f"cannot be read: {error}")
    return found


def _frame(data: bytes) -> Iterator[str]:
    if not data.startswith(b"%PDF-1.7\n%") or any(byte < 128 for byte in data[10:14]):
        yield "6.1.2: header"
    if not data.endswith((b"%%EOF", b"%%EOF\n", b"%%EOF\r\n")):
        yield "6.1.3: something after the last end-of-file mark"


def _trailer(pdf: Any) -> Iterator[str]:
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "6.1.3: encrypted"
    if "/ID" not in pdf.trailer:
        yield "6.1.3: no file identifier"
    for key in ("/OpenAction", "/AA", "/Requirements", "/Perms", "/AcroForm"):
        if key in pdf.Root:
            yield f"6.5: the catalogue has {key}"
    if "/JavaScript" in pdf.Root.get("/Names", {}):
        yield "6.5: scripts"


def _metadata(pdf: Any) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "6.6.2: no metadata"
        return
    packet = pdf.Root.Metadata.read_bytes()
    ET.fromstring(packet[packet.index(b"<x:xmpmeta") : packet.rindex(b"<?xpacket end")])
    with pdf.open_metadata() as meta:
        if (meta.get("pdfaid:part"), meta.get("pdfaid:conformance")) != ("3", "B"):
            yield "6.6.4: does not say that it is PDF/A-3b"
        for key, name in (("/Title", "dc:title"), ("/Creator", "xmp:CreatorTool")):
            if str(pdf.docinfo.get(key, "")) != str(meta.get(name, "")):
                yield f"6.6.3: {key} differs from {name}"
        for key, name in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
            stated = str(pdf.docinfo.get(key, "")).removeprefix("D:")
            if stated != str(meta.get(name, "")).replace("-", ""):
                yield f"6.6.3: {key} differs from {name}"


def _intent(pdf: Any) -> Iterator[str]:
    intents = [one for one in pdf.Root.get("/OutputIntents", []) if one.S == "/GTS_PDFA1"]
    if len(intents) != 1:
        yield "6.2.3: not one output intent"
        return
    profile = intents[0].DestOutputProfile
    content = profile.read_bytes()
    if content[36:40] != b"acsp" or (int(profile.N), content[16:20]) != (3, b"RGB "):
        yield "6.2.3: the profile is not one of three colours"


def _objects(pdf: Any) -> Iterator[str]:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            filters = str(one.get("/Filter", ""))
            if any(name in filters for name in ("LZWDecode", "Crypt")):
                yield "6.1.7: a filter that is not allowed"
            if "/F" in one and "/FFilter" in one:
                yield "6.1.7: a stream outside the file"
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if one.get("/S") in _ACTIONS:
            yield f"6.5.1: action {one.S}"
        if one.get("/Type") == "/Annot" and not int(one.get("/F", 0)) & 4:
            yield "6.3.2: an annotation that is not printed"
        if one.get("/Interpolate") is True or one.get("/TR") is not None:
            yield "6.2.5: interpolation or a transfer function"
        if "CMYK" in str(one.get("/ColorSpace", "")):
            yield "6.2.4: a colour outside the profile"


def _fonts(pdf: Any) -> Iterator[str]:
    for font in [one for one in pdf.objects if _is(one, "/Font") and one.Subtype == "/Type0"]:
        (below,) = font.DescendantFonts
        descriptor = below.FontDescriptor
        if "/FontFile2" not in descriptor:
            yield f"6.2.11.4: {font.BaseFont} is not embedded"
            continue
        if "/ToUnicode" not in font:
            yield f"6.2.11.7: {font.BaseFont} has no map to Unicode"
        if "+" not in str(font.BaseFont) or below.get("/CIDToGIDMap") != "/Identity":
            yield f"6.2.11.3: {font.BaseFont}"
        yield from _widths(below, TTFont(io.BytesIO(descriptor.FontFile2.read_bytes())))
    if any(
        _is(one, "/Font") and one.Subtype not in ("/Type0", "/CIDFontType2") for one in pdf.objects
    ):
        yield "6.2.11: a font of another kind"
    for page in pdf.pages:
        yield from _glyphs(page)


def _widths(font: Any, file: TTFont) -> Iterator[str]:
    scale = 1000 / file["head"].unitsPerEm
    order = file.getGlyphOrder()
    for glyph, width in _stated_widths(font.W):
        if abs(file["hmtx"][order[glyph]][0] * scale - width) > 1:
            yield f"6.2.11.5: glyph {glyph} of {font.BaseFont} has another width"


def _stated_widths(widths: Any) -> Iterator[tuple[int, float]]:
    entries = list(widths)
    for first, row in zip(entries[::2], entries[1::2], strict=True):
        for place, width in enumerate(row):
            yield int(first) + place, float(width)


def _glyphs(page: Any) -> Iterator[str]:
    """No glyph 0 is shown, which stands for a character that the font does not have."""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in _SHOWING:
            shown = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
            for text in (bytes(one) for one in shown if isinstance(one, pikepdf.String)):
                if b"\0\0" in {text[at : at + 2] for at in range(0, len(text), 2)}:
                    yield "6.2.11.8: a character without a glyph"


def _files(pdf: Any) -> Iterator[str]:
    related = [one.objgen for one in pdf.Root.get("/AF", [])]
    for one in pdf.objects:
        if _is(one, "/Filespec"):
            if not {"/F", "/UF", "/AFRelationship", "/EF"} <= set(one.keys()):
                yield "6.8: a file that is not fully described"
                continue
            stream = one.EF.F
            if "/Subtype" not in stream or "/" not in str(stream.Subtype)[1:]:
                yield "6.8: a file without a media type"
            if one.objgen not in related:
                yield "6.8: a file that is related to nothing"
            if int(stream.get("/Params", {}).get("/Size", -1)) != len(stream.read_bytes()):
                yield "6.8: a file of another size"


def _is(one: Any, kind: str) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/Type") == kind
