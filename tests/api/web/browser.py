"""A real browser for pages. What the content policy refuses fails the test that caused it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists() and not os.environ.get("CI"), reason="chromium is not installed"
)


@contextmanager
def opened(client: httpx.Client) -> Iterator[Page]:
    """One browser page on the service that a client speaks to."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(
            base_url=str(client.base_url), viewport={"width": 1280, "height": 900}
        )
        browser.close()


@contextmanager
def complaints_of(page: Page) -> Iterator[list[str]]:
    """What the browser complains of meanwhile; a test ends with none left."""
    found: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    page.remove_listener("console", heard)
    assert not found, found
