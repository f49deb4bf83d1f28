"""One worker that prints; every paper in English and one in every language, printed once."""

from __future__ import annotations

import ctypes.util
import os
from collections.abc import Iterator

import pytest

from api.documents.catalogue import languages
from api.documents.issue import issued_pdf
from registry.chem.worker import WorkerPool
from tests.registry.documents import samples

ADDRESS = "https://register.example"
Papers = dict[tuple[str, str], bytes]
PRINTED = [
    (name, language)
    for name in samples.FORMS
    for language in languages()
    if language == "en" or name == "export"
]


@pytest.fixture(scope="session")
def printer() -> Iterator[WorkerPool]:
    """Skipped where Pango is missing, but never in the checks before a change is taken."""
    if not ctypes.util.find_library("pangoft2-1.0") and os.environ.get("CI") != "true":
        pytest.skip("Pango is not installed")
    with WorkerPool(size=1) as workers:
        yield workers


@pytest.fixture(scope="session")
def papers(printer: WorkerPool) -> Papers:
    return {
        (name, language): issued_pdf(samples.FORMS[name], language, ADDRESS, samples.RING, printer)
        for name, language in PRINTED
    }
