"""Pages of a session: the cookie, the token of every form, logging out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.access.allow import Actor
from api.access.door import form_token
from api.usecases import access
from api.usecases.access import New
from registry.models import Role
from registry.store.session import make_engine, session_factory

TEMPLATES = Path(__file__).parents[3] / "api" / "web" / "templates"
HTML = {"accept": "text/html"}
TLS = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}
FORM = re.compile(r"<form method=\"post\"[^>]*>(\s*\{\{ (?:form_token\(\)|field) \}\})?")


@pytest.fixture(scope="module")
def key(shared_url: str) -> str:
    engine = make_engine(shared_url)
    new = New("Health <& co>", Role.AUTHORITY, "XA")
    operator = Actor("operator", Role.OPERATOR)
    made = access.add(session_factory(engine), new, actor=operator, now=datetime.now(UTC))
    engine.dispose()
    return made.key


@pytest.fixture
def browser(client: httpx.Client) -> Iterator[httpx.Client]:
    """A client that keeps cookies, with none to begin with."""
    with httpx.Client(base_url=client.base_url, headers=HTML, timeout=60) as browser:
        yield browser


def token_in(page: httpx.Response) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', page.text)
    assert found, page.text
    return found[1]


def log_in(browser: httpx.Client, key: str, then: str = "/") -> httpx.Response:
    form = {"key": key, "then": then, "form_token": token_in(browser.get("/login"))}
    return browser.post("/login", data=form)


def test_a_key_opens_a_session_and_logging_out_ends_it(browser: httpx.Client, key: str) -> None:
    entered = log_in(browser, f" {key} ", "/substances?q=fent")
    assert (entered.status_code, entered.headers["location"]) == (303, "/substances?q=fent")
    cookie = next(one for one in entered.headers.get_list("set-cookie") if "subreg=" in one)
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    page = browser.get("/substances")
    assert "Health &lt;&amp; co&gt;" in page.text
    assert page.headers["cache-control"] == "no-store"
    kept = dict(browser.cookies)
    out = browser.post("/logout", data={"form_token": token_in(page)})
    assert (out.status_code, out.headers["location"]) == (303, "/")
    assert "subreg" not in dict(browser.cookies)
    after = httpx.get(browser.base_url.join("/substances"), cookies=kept, headers=HTML)
    assert "Log in" in after.text


def test_a_decision_made_on_a_page_names_who_asked(browser: httpx.Client, key: str) -> None:
    log_in(browser, key)
    form = {"text": "ketamine", "form_token": token_in(browser.get("/"))}
    page = browser.post("/", data=form, follow_redirects=True)
    assert page.status_code == 200
    made = browser.get(f"/v1{page.url.path}").json()
    assert made["actor"] == f"key:{key.split('_')[1]}"


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_a_form_without_the_token_of_its_session_is_refused(
    browser: httpx.Client, key: str, token: str | None
) -> None:
    log_in(browser, key)
    form = {"text": "ketamine"} | ({} if token is None else {"form_token": token})
    for path in ("/", "/logout", "/decisions/x/replay"):
        refused = browser.post(path, data=form)
        assert refused.status_code == 403, path
        assert "form is not of this session" in refused.text
    assert "Log out" in browser.get("/").text


def test_the_token_of_another_session_does_not_do(
    browser: httpx.Client, client: httpx.Client, key: str
) -> None:
    log_in(browser, key)
    with httpx.Client(base_url=client.base_url, headers=HTML) as other:
        log_in(other, key)
        theirs = token_in(other.get("/"))
    assert theirs != token_in(browser.get("/"))
    assert browser.post("/logout", data={"form_token": theirs}).status_code == 403


def test_the_login_itself_takes_no_form_of_another_page(browser: httpx.Client, key: str) -> None:
    assert browser.post("/login", data={"key": key}).status_code == 403
    for cookie, token in (("", form_token("")), ("x", form_token("")), ("", "0" * 64)):
        sent = {"cookie": f"subreg-login={cookie}"} if cookie else {}
        form = {"key": key, "form_token": token}
        assert browser.post("/login", data=form, headers=sent).status_code == 403
    form = {"key": key, "form_token": token_in(browser.get("/login"))}
    crossed = browser.post("/login", data=form, headers={"sec-fetch-site": "cross-site"})
    assert crossed.status_code == 401
    assert "page of another site" in crossed.text
    assert "subreg" not in dict(browser.cookies)


def test_a_wrong_key_is_not_echoed(browser: httpx.Client, key: str) -> None:
    wrong = key[:-3] + "___"
    page = log_in(browser, wrong)
    assert page.status_code == 401
    assert "unknown, revoked or has expired" in page.text
    assert wrong not in page.text


@pytest.mark.parametrize(
    "then",
    ["//evil.example/", "/\\evil.example", "https://evil.example", "", "/a\r\nb", "javascript:x"],
)
def test_logging_in_leads_nowhere_else(browser: httpx.Client, key: str, then: str) -> None:
    assert log_in(browser, key, then).headers["location"] == "/"


def test_a_session_counts_on_no_route_for_programs(browser: httpx.Client, key: str) -> None:
    log_in(browser, key)
    assert browser.get("/v1/access/me").json()["role"] == "local"


def test_elsewhere_a_reader_is_led_to_the_login_and_cookies_need_tls(
    browser: httpx.Client, key: str
) -> None:
    sent = browser.get("/substances?q=a b", headers=TLS)
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        "/login?then=%2Fsubstances%3Fq%3Da%2520b",
    )
    page = browser.get(sent.headers["location"], headers=TLS)
    (before,) = page.headers.get_list("set-cookie")
    assert before.startswith("__Host-subreg-login=")
    assert "Secure" in before
    name, _, value = before.partition(";")[0].partition("=")
    form = {"key": key, "form_token": token_in(page), "then": "/substances"}
    entered = browser.post("/login", data=form, headers=TLS | {"cookie": f"{name}={value}"})
    cookie = next(c for c in entered.headers.get_list("set-cookie") if "__Host-subreg=" in c)
    assert "Secure" in cookie
    shown = browser.get("/substances", headers=TLS | {"cookie": cookie.partition(";")[0]})
    assert shown.status_code == 200
    assert browser.post("/", data={"text": "x"}, headers=TLS).status_code == 401


def test_every_form_of_every_page_holds_the_token() -> None:
    forms = {
        f"{file.name}:{found.start()}": bool(found[1])
        for file in TEMPLATES.rglob("*.html")
        for found in FORM.finditer(file.read_text(encoding="utf-8"))
    }
    assert len(forms) >= 8
    assert all(forms.values()), [place for place, holds in forms.items() if not holds]
