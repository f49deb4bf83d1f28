"""The feed of changes, as JSON and as Atom, and a substance's records and sources."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api import past
from tests.api.conftest import SEEDED, fill_database, serving

ATOM = "{http://www.w3.org/2005/Atom}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture(scope="module")
def client(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("past")
    url = fill_database(f"sqlite:///{shutil.copy(sqlite_template, folder / 'register.sqlite')}")
    with serving(past.give_past(url), law_root=past.small_law(folder / "law")) as client:
        yield client


def walk(client: httpx.Client, **asked: Any) -> list[dict[str, Any]]:
    """Every change, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            client.get("/v1/changes", params={**asked, "cursor": cursor}).raise_for_status().json()
        )
        assert len(page["items"]) <= asked.get("limit", 50)
        found += page["items"]
        cursor = page["next"]
    return found


def told(changes: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["at"][:10], one["act"], one["about"]) for one in changes]


def test_each_change_says_what_was_learnt_when_and_from_where(client: httpx.Client) -> None:
    found = walk(client, substance="ketamine", since=past.CORRECTED.isoformat())
    assert told(found) == [("2026-02-01", "corrected", "ketamine in US-CSA-III")]
    (change,) = found
    assert change["jurisdiction"] == "US"
    assert change["says"]["valid_from"] == "1999-08-12"
    assert change["changed"]["code"] == {"was": "", "is": "7285"}
    assert change["changed"]["valid_from"] == {"was": "2000-01-01", "is": "1999-08-12"}
    assert change["source"]["publisher"] == "A State"
    assert change["source"]["retrieved"] == "2026-01-31"


def test_what_is_withdrawn_and_recorded_again_is_told_twice(client: httpx.Client) -> None:
    assert told(walk(client, substance="coca-leaf", kind="listing")) == [
        ("2026-01-02", "added", "coca-leaf in UN-1961-I"),
        ("2026-04-01", "withdrawn", "coca-leaf in UN-1961-I"),
        ("2026-05-01", "added", "coca-leaf in UN-1961-I"),
    ]


@pytest.mark.parametrize("limit", [1, 3, 7, 200])
def test_pages_put_together_are_the_whole_list_either_way(client: httpx.Client, limit: int) -> None:
    whole = walk(client, limit=200)
    forward = walk(client, limit=limit)
    backward = walk(client, limit=limit, order="newest")
    assert forward == whole
    assert sorted(one["id"] for one in backward) == sorted(one["id"] for one in whole)
    assert [one["at"] for one in backward] == sorted((o["at"] for o in whole), reverse=True)
    assert len({one["id"] for one in whole}) == len(whole)


def test_every_kind_is_told_and_can_be_asked_alone(client: httpx.Client) -> None:
    counted = Counter(one["kind"] for one in walk(client))
    assert set(counted) == {
        "listing", "wording", "name", "identifier", "structure", "code", "treaty",
    }  # fmt: skip
    for kind, count in counted.items():
        assert len(walk(client, kind=kind)) == count


def test_a_jurisdiction_is_that_of_its_provisions_and_of_the_party(client: httpx.Client) -> None:
    found = walk(client, jurisdiction="US")
    assert {one["jurisdiction"] for one in found} == {"US"}
    assert {one["kind"] for one in found} == {"listing", "wording", "treaty"}
    assert {one["provision"] for one in walk(client, provision="UN-1971-II")} == {"UN-1971-II"}


def test_what_was_known_then_does_not_tell_what_came_later(client: httpx.Client) -> None:
    found = walk(client, known_on="2026-02-15")
    assert {one["at"][:10] for one in found} == {"2026-01-02", "2026-02-01"}


def test_since_takes_an_offset_and_includes_its_moment(client: httpx.Client) -> None:
    found = walk(client, since="2026-05-01T14:00:00+02:00")
    assert [one["at"] for one in found] == ["2026-05-01T12:00:00.000000+00:00"]
    assert walk(client, since="2026-05-01T12:00:00.000001Z") == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"jurisdiction": "ZZ"}, "scope-unknown"),
        ({"provision": "US-NONE"}, "scope-unknown"),
        ({"substance": "nobody"}, "not-found"),
        ({"since": "2026-05-01T12:00:00"}, "request-invalid"),
        ({"since": "2999-01-01T00:00:00Z"}, "dates-reversed"),
        ({"known_on": "2999-01-01"}, "known-on-future"),
        ({"kind": "rumour"}, "request-invalid"),
        ({"limit": 0}, "request-invalid"),
        ({"cursor": "bm90aGluZw=="}, "cursor-invalid"),
        ({"cursor": "MjAyNi0wMS0wMiBuYW1lIDE="}, "cursor-invalid"),
        ({"cursor": "é"}, "cursor-invalid"),
    ],
)
@pytest.mark.parametrize("route", ["/v1/changes", "/v1/changes.atom"])
def test_a_slip_is_a_problem_and_never_an_empty_answer(
    client: httpx.Client, route: str, asked: dict[str, Any], code: str
) -> None:
    answer = client.get(route, params=asked)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code


@pytest.mark.parametrize("route", ["/v1/changes", "/v1/changes.atom"])
def test_what_has_not_changed_is_not_sent_again(client: httpx.Client, route: str) -> None:
    first = client.get(route, params={"substance": "ketamine"})
    tag = first.headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(
            route, params={"substance": "ketamine"}, headers={"if-none-match": given}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    for given in ('"other"', tag.strip('"')):
        again = client.get(
            route, params={"substance": "ketamine"}, headers={"if-none-match": given}
        )
        assert again.status_code == 200
    assert client.get(route, params={"substance": "aspirin"}).headers["etag"] != tag


# Atom


def feed(client: httpx.Client, **asked: Any) -> ET.Element:
    answer = client.get("/v1/changes.atom", params=asked)
    assert answer.headers["content-type"] == "application/atom+xml"
    return ET.fromstring(answer.content)


def text(element: ET.Element, tag: str) -> str:
    (child,) = element.findall(ATOM + tag)
    return child.text or ""


def is_address(href: str) -> bool:
    parts = urlsplit(href)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", href)


def check_rfc4287(root: ET.Element) -> None:
    """What the RFC asks of a feed and its entries with MUST."""
    assert root.tag == f"{ATOM}feed"
    assert {child.tag.removeprefix(ATOM) for child in root} <= {
        "author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights",
        "subtitle", "title", "updated", "entry",
    }  # fmt: skip
    assert text(root.find(f"{ATOM}author"), "name")  # type: ignore[arg-type]
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    ids = []
    for element in [root, *root.findall(f"{ATOM}entry")]:
        ids.append(text(element, "id"))
        assert urlsplit(ids[-1]).scheme
        assert text(element, "title").strip()
        assert RFC3339.fullmatch(text(element, "updated"))
        for link in element.findall(f"{ATOM}link"):
            assert is_address(link.get("href", ""))
            assert link.get("type") in {None, "text/html", "application/atom+xml"}
        for category in element.findall(f"{ATOM}category"):
            assert category.get("term")
    assert len(set(ids)) == len(ids)
    for entry in root.findall(f"{ATOM}entry"):
        assert RFC3339.fullmatch(text(entry, "published"))
        assert entry.find(f"{ATOM}content").get("type") == "text"  # type: ignore[union-attr]
        relations = [(link.get("rel"), link.get("type")) for link in entry.findall(f"{ATOM}link")]
        assert relations.count(("alternate", "text/html")) == 1


def test_the_feed_is_atom_newest_first(client: httpx.Client) -> None:
    root = feed(client, limit=200)
    check_rfc4287(root)
    updated = [text(entry, "updated") for entry in root.findall(f"{ATOM}entry")]
    assert updated == sorted(updated, reverse=True)
    assert text(root, "updated") == updated[0]
    assert datetime.fromisoformat(updated[-1]) == SEEDED


def test_the_feed_says_what_the_list_says_page_by_page(client: httpx.Client) -> None:
    found = []
    address: str | None = "/v1/changes.atom?limit=7"
    while address:
        root = ET.fromstring(client.get(address).content)
        check_rfc4287(root)
        found += [text(entry, "id") for entry in root.findall(f"{ATOM}entry")]
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert links["self"].endswith(address.removeprefix(str(client.base_url)))  # type: ignore[union-attr]
        address = links.get("next")
    assert found == [one["id"] for one in walk(client, order="newest")]


def test_an_entry_has_its_page_its_source_and_its_words(client: httpx.Client) -> None:
    entry = feed(client, substance="ketamine", since=past.CORRECTED.isoformat()).find(
        f"{ATOM}entry"
    )
    assert entry is not None
    assert text(entry, "title") == "corrected: ketamine in US-CSA-III"
    links = {link.get("rel"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links["via"] == past.GAZETTE
    assert client.get(str(links["alternate"]), headers={"accept": "text/html"}).status_code == 200
    assert "code: none → 7285" in text(entry, "content")
    terms = {c.get("term") for c in entry.findall(f"{ATOM}category")}
    assert terms == {"listing", "corrected", "US"}


def test_words_of_a_source_cannot_break_the_feed(client: httpx.Client) -> None:
    root = feed(client, substance="aspirin", kind="name")
    titles = [text(entry, "title") for entry in root.findall(f"{ATOM}entry")]
    assert f"added: name {past.HOSTILE.replace(chr(11), chr(0xFFFD))} of aspirin" in titles


def test_a_feed_without_entries_is_still_a_feed(client: httpx.Client) -> None:
    root = feed(client, since="2026-06-01T00:00:00Z")
    check_rfc4287(root)
    assert not root.findall(f"{ATOM}entry")


# records and sources of one substance


def test_history_holds_every_record_with_both_clocks(client: httpx.Client) -> None:
    answer = client.get("/v1/substances/ketamine/history", params={"on": "1999-12-31"}).json()
    listings = [one for one in answer["records"] if one["kind"] == "listing"]
    assert [(one["act"], one["ended"], one["standing"]) for one in listings] == [
        ("added", "corrected", "announced"),
        ("corrected", None, "in_force"),
    ]
    old, new = listings
    assert old["recorded_to"] == new["recorded_from"] == "2026-02-01T12:00:00.000000+00:00"
    assert new["changed"]["valid_from"] == {"was": "2000-01-01", "is": "1999-08-12"}
    assert old["source"] is None
    assert new["source"]["title"] == "Gazette & orders"


def test_history_as_known_then_has_no_end_that_was_not_known(client: httpx.Client) -> None:
    asked = {"known_on": "2026-01-15"}
    answer = client.get("/v1/substances/ketamine/history", params=asked).json()
    (listing,) = [one for one in answer["records"] if one["kind"] == "listing"]
    assert (listing["recorded_to"], listing["ended"]) == (None, None)


def test_sources_say_where_each_fact_was_read_and_what_contradicts_it(client: httpx.Client) -> None:
    answer = client.get("/v1/substances/ketamine/sources").json()
    facts = {one["about"]: one for one in answer["facts"]}
    listing = facts["ketamine in US-CSA-III"]
    assert listing["source"]["address"] == past.GAZETTE
    assert listing["conflicts"] == []
    (conflict,) = facts["structure of ketamine"]["conflicts"]
    assert conflict["said"] == [
        {"value": "AAA", "by": "this register"},
        {"value": "BBB", "by": "gazette"},
    ]
    assert answer["conflicts"] == [conflict]


@pytest.mark.parametrize("part", ["history", "sources"])
def test_a_substance_nobody_knows_is_a_problem(client: httpx.Client, part: str) -> None:
    assert client.get(f"/v1/substances/nobody/{part}").json()["code"] == "not-found"
    before = client.get(f"/v1/substances/ketamine/{part}", params={"known_on": "2025-12-31"})
    assert before.json()["code"] == "not-found"


def test_a_provision_shows_what_is_announced_apart(client: httpx.Client) -> None:
    answer = client.get("/v1/provisions/US-CSA-II", params={"on": "2026-11-01"}).json()
    assert [one["id"] for one in answer["announced"]] == ["US-CSA-II:metamfetamine"]
    assert "US-CSA-II:metamfetamine" not in [one["id"] for one in answer["listings"]]
    assert answer["announced"][0]["standing"] == "announced"
    later = client.get("/v1/provisions/US-CSA-II", params={"on": "2027-05-01"}).json()
    assert later["announced"] == []


def test_two_days_and_two_moments_are_compared(client: httpx.Client) -> None:
    asked = {"from": "2026-01-01", "to": "2026-01-01", "known_on": "2026-01-31"}
    found = client.get("/v1/diff", params={**asked, "jurisdiction": "US", "known_to": "2026-02-28"})
    (group,) = found.raise_for_status().json()["learnt"]
    (listing,) = group["listings"]
    assert (group["provision"], listing["act"]) == ("US-CSA-III", "corrected")
    assert listing["changed"]["code"] == {"was": "", "is": "7285"}
    assert not found.json()["law"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"from": "2026-02-01", "to": "2026-01-01"}, "dates-reversed"),
        ({"from": "2026-01-01", "to": "2026-01-01", "jurisdiction": "XX"}, "scope-unknown"),
        ({"from": "2026-01-01"}, "request-invalid"),
    ],
)
def test_a_comparison_that_cannot_be_made_says_why(
    client: httpx.Client, asked: dict[str, str], code: str
) -> None:
    answer = client.get("/v1/diff", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
