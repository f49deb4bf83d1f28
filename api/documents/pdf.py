"""A page as PDF/A-3b, set with the fonts that ship with it. Runs in a worker process.

Nothing is fetched: no network, no file of the machine, no font of the system. The same page gives
the same bytes on every run, with the same versions of the libraries.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from registry.collections.optional import needed
from registry.documents.record import Unprintable
from registry.documents.seal import BLANK

HERE = Path(__file__).parent
STYLESHEET = HERE.parent / "web" / "static" / "document.css"
FONTS = {"normal": "DejaVuSansCondensed.ttf", "bold": "DejaVuSansCondensed-Bold.ttf"}
VARIANT = "pdf/a-3b"
_TAG = re.compile(r"<[^>]*>")
_INVISIBLE = frozenset("\n\r\t\u200e\u200f\u2066\u2067\u2068\u2069")


def printed(html: str, signed: bytes, day: str) -> bytes:
    """The page as a file. `signed` is the signed form to attach; empty for a page that is a draft.

    `day` (ISO 8601, or empty) stands as the day of the attachments. Raises Unprintable where a text
    has characters that the fonts do not have, and MissingLibrary where WeasyPrint or Pango is not
    installed.
    """
    _printable(html)
    weasyprint = _weasyprint()
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    fonts = FontConfiguration()
    fetcher = _packaged_only()
    sheet = weasyprint.CSS(
        string=_faces() + STYLESHEET.read_text(encoding="utf-8"),
        font_config=fonts,
        url_fetcher=fetcher,
    )
    page = weasyprint.HTML(string=html, url_fetcher=fetcher)
    try:
        made: bytes = page.write_pdf(
            stylesheets=[sheet],
            font_config=fonts,
            pdf_variant=VARIANT,
            finisher=_attaching(signed, day) if signed else None,
        )
    except FatalURLFetchingError as error:  # no `Exception`: it would end the worker
        raise RuntimeError(str(error)) from None
    return made


def _weasyprint() -> Any:
    try:
        return needed("weasyprint")
    except OSError as error:  # the library is there, but not Pango, which it loads
        message = "printing needs Pango, which is not installed on this machine"
        raise PangoMissing(message) from error


class PangoMissing(Unprintable):
    """The machine has no Pango, which sets the text of a PDF."""

    code = "library-missing"


def _faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "Register Sans"; font-weight: {weight}; '
        f"src: url(font:///{file}); }}\n"
        for weight, file in FONTS.items()
    )


def _packaged_only() -> Any:
    """What a page may fetch: the fonts above, and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class PackagedOnly(URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            name = url.removeprefix("font:///")
            if name not in FONTS.values():
                raise FatalURLFetchingError(f"a page may fetch nothing, and asks for `{url}`")
            return URLFetcherResponse(url, (HERE / "fonts" / name).read_bytes())

    return PackagedOnly()


@cache
def _drawn() -> frozenset[int]:
    """The characters that both fonts have."""
    from fontTools.ttLib import TTFont

    maps = []
    for name in FONTS.values():
        with TTFont(HERE / "fonts" / name, lazy=True) as font:
            maps.append(frozenset(font.getBestCmap()))
    return maps[0] & maps[1]


def _printable(html: str) -> None:
    """Refuse what would be printed as an empty box, or in whatever font the machine has."""
    text = unescape(_TAG.sub("", html))
    for one in sorted(set(text) - _INVISIBLE):
        if ord(one) not in _drawn():
            raise Unprintable(f"the fonts of the papers have no `{one}` (U+{ord(one):04X})")


def _attaching(signed: bytes, day: str) -> Any:
    """Adds the signed form and the place of the seal as files of the document (PDF/A-3, 6.8)."""

    def finish(_document: Any, pdf: Any) -> None:
        import pydyf

        files = [
            _file(pdf, "document.json", "application/json", signed, day, "Data"),
            _file(pdf, "seal.jws", "application/jose", BLANK, day, "Supplement"),
        ]
        names = pydyf.Array()
        for file in files:
            names.extend([file["F"], file.reference])
        tree = pydyf.Dictionary({"Names": names})
        pdf.add_object(tree)
        pdf.catalog["Names"] = pydyf.Dictionary({"EmbeddedFiles": tree.reference})
        pdf.catalog["AF"] = pydyf.Array([file.reference for file in files])

    return finish


def _file(pdf: Any, name: str, media: str, content: bytes, day: str, relation: str) -> Any:
    """One attachment, not compressed, so that it can be read and sealed in its place."""
    import pydyf

    stamped = pydyf.String(f"D:{day.replace('-', '')}000000Z") if day else None
    facts = {"Size": len(content)} | ({"ModDate": stamped} if stamped else {})
    extra = {
        "Type": "/EmbeddedFile",
        "Subtype": f"/{media.replace('/', '#2f')}",
        "Params": pydyf.Dictionary(facts),
    }
    stream = pydyf.Stream([content], pydyf.Dictionary(extra), compress=False)
    pdf.add_object(stream)
    file = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": pydyf.String(name),
            "UF": pydyf.String(name),
            "EF": pydyf.Dictionary({"F": stream.reference}),
            "AFRelationship": f"/{relation}",
            "Desc": pydyf.String(name),
        }
    )
    pdf.add_object(file)
    return file
