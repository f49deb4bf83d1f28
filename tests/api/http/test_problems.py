"""Every error is problem details, declared, with a page of its own."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from api.http.kinds import KINDS
from api.http.problems import Problem
from api.usecases.classify import NoStructure
from api.usecases.dates import FutureKnowledge
from registry import errors

MEDIA = "application/problem+json"


def classes(base: type[errors.RegisterError]) -> set[type[errors.RegisterError]]:
    return {base}.union(*(classes(one) for one in base.__subclasses__()))


def problem(response: httpx.Response, code: str) -> dict[str, Any]:
    assert response.headers["content-type"] == MEDIA, response.text
    body: dict[str, Any] = response.json()
    assert body["code"] == code, body
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == response.status_code == KINDS[code].status
    return body


def test_every_error_of_the_register_has_a_kind() -> None:
    ours = {one for one in classes(errors.RegisterError) if one.__module__ == errors.__name__}
    codes = {one.code for one in ours | {NoStructure, FutureKnowledge}}
    assert codes <= set(KINDS)


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_has_a_page(client: httpx.Client, code: str) -> None:
    page = client.get(f"/problems/{code}")
    assert page.status_code == 200
    assert KINDS[code].title[1:] in page.text


def test_an_unknown_route_is_a_problem(client: httpx.Client) -> None:
    problem(client.get("/v1/nothing"), "route-unknown")


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client: httpx.Client) -> None:
    response = client.delete("/v1/classify")
    problem(response, "method-not-allowed")
    assert response.headers["allow"] == "POST"


def test_a_body_that_is_no_json_is_a_problem(client: httpx.Client) -> None:
    response = client.post(
        "/v1/classify", content=b"{", headers={"content-type": "application/json"}
    )
    body = problem(response, "request-invalid")
    assert [one["pointer"] for one in body["errors"]] == [""]


def test_each_fault_of_a_request_has_a_json_pointer(client: httpx.Client) -> None:
    asked = {"structure": "CCO", "on": "yesterday", "jurisdictions": ["US", 1], "a/b": 1}
    body = problem(client.post("/v1/classify", json=asked), "request-invalid")
    pointers = {one["pointer"] for one in body["errors"]}
    assert pointers == {"/on", "/jurisdictions/1", "/a~1b"}
    assert {one["in"] for one in body["errors"]} == {"body"}


def test_exactly_one_subject_is_asked_for(client: httpx.Client) -> None:
    both = {"structure": "CCO", "name": "ethanol"}
    body = problem(client.post("/v1/classify", json=both), "request-invalid")
    assert "exactly one" in body["errors"][0]["detail"]
    problem(client.post("/v1/classify", json={}), "request-invalid")


def test_a_fault_in_the_query_is_told_apart_from_one_in_the_body(client: httpx.Client) -> None:
    body = problem(client.get("/v1/substances", params={"limit": 0}), "request-invalid")
    assert [(one["in"], one["pointer"]) for one in body["errors"]] == [("query", "/limit")]


def test_an_unreadable_structure_is_a_problem(client: httpx.Client) -> None:
    response = client.post("/v1/classify", json={"structure": "C1CC("})
    problem(response, "structure-unreadable")


def test_a_refused_structure_says_at_which_character(client: httpx.Client) -> None:
    body = problem(
        client.post("/v1/classify", json={"structure": "CC[NH3+256]"}), "structure-refused"
    )
    assert body["position"] >= 2


def test_an_ambiguous_name_lists_its_candidates(client: httpx.Client) -> None:
    body = problem(client.post("/v1/classify", json={"name": "speed"}), "name-ambiguous")
    assert body["candidates"] == ["amfetamine", "metamfetamine"]


def test_a_substance_without_structure_is_said_to_have_none(client: httpx.Client) -> None:
    body = problem(
        client.post("/v1/classify", json={"name": "coca leaf"}), "substance-without-structure"
    )
    assert "coca-leaf" in body["detail"]


def test_a_name_nobody_knows_is_not_found(client: httpx.Client) -> None:
    problem(client.post("/v1/classify", json={"name": "no such name"}), "not-found")


def test_a_jurisdiction_that_is_not_modelled_is_not_silently_left_out(
    client: httpx.Client,
) -> None:
    asked = {"structure": "CCO", "jurisdictions": ["ZZ"]}
    problem(client.post("/v1/classify", json=asked), "scope-unknown")
    globs = {"structure": "CCO", "provisions": ["US-CAS-*"]}
    problem(client.post("/v1/classify", json=globs), "scope-unknown")


def test_what_will_be_known_tomorrow_cannot_be_asked(client: httpx.Client) -> None:
    asked = {"structure": "CCO", "known_on": "9000-01-01"}
    problem(client.post("/v1/classify", json=asked), "known-on-future")


def test_a_foreign_cursor_is_refused(client: httpx.Client) -> None:
    for cursor in ("nonsense", "YQ==", "ÿ"):
        problem(client.get("/v1/substances", params={"cursor": cursor}), "cursor-invalid")


def test_things_that_are_not_there_are_not_found(client: httpx.Client) -> None:
    for path in ("/v1/substances/none", "/v1/provisions/none", "/v1/decisions/none"):
        problem(client.get(path), "not-found")
    problem(client.post("/v1/decisions/none/replay"), "not-found")


def test_a_body_over_the_limit_is_refused_whether_its_length_is_told_or_not(
    client: httpx.Client,
) -> None:
    def stream() -> Any:
        for _ in range(20):
            yield b" " * (64 << 10)

    told = client.post("/v1/classify", content=b" " * ((1 << 20) + 1))
    problem(told, "body-too-large")
    headers = {"content-type": "application/json"}
    problem(client.post("/v1/classify", content=stream(), headers=headers), "body-too-large")


def test_no_answer_shows_where_in_the_code_it_failed(client: httpx.Client) -> None:
    for body in (b"[]", b"null", b'"x"', b'{"structure": {}}'):
        headers = {"content-type": "application/json"}
        response = client.post("/v1/classify", content=body, headers=headers)
        problem(response, "request-invalid")
        assert "Traceback" not in response.text
        assert ".py" not in response.text


def test_a_body_that_is_no_text_is_a_problem(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}
    problem(client.post("/v1/classify", content=b"\xff", headers=headers), "request-failed")


def test_the_routes_declare_their_problems_and_nothing_of_the_framework(
    client: httpx.Client,
) -> None:
    described = client.get("/openapi.json").json()
    assert "HTTPValidationError" not in str(described)
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            responses = operation["responses"]
            assert "500" in responses, (method, path)
            for status, response in responses.items():
                if int(status) >= 400 and path != "/v1/health":
                    schema = response["content"][MEDIA]["schema"]
                    assert schema == {"$ref": "#/components/schemas/Problem"}, (path, status)


def test_each_route_and_each_field_of_a_request_is_described(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    for path, methods in described["paths"].items():
        for operation in methods.values():
            assert operation["description"], path
            for parameter in operation.get("parameters", []):
                assert parameter["description"], (path, parameter)
    request = described["components"]["schemas"]["ClassifyRequest"]
    assert all(field["description"] for field in request["properties"].values())
    assert request["examples"]


def test_the_examples_of_the_api_page_are_taken(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    body = described["paths"]["/v1/shipments/check"]["post"]["requestBody"]
    (shipment,) = (
        body["content"]["application/json"]["schema"].get("examples")
        or (body["content"]["application/json"]["examples"])
    )
    assert client.post("/v1/shipments/check", json=shipment).status_code == 200
    examples = described["components"]["schemas"]["ClassifyRequest"]["examples"]
    for example in examples:
        response = client.post("/v1/classify", json=example)
        assert response.status_code in (200, 404, 422), response.text
        assert response.json().get("code") in (None, "not-found", "scope-unknown")


@pytest.mark.parametrize(
    ("method", "path", "asked", "code"),
    [
        ("POST", "/v1/classify", {"json": {"structure": "C1CC("}}, "structure-unreadable"),
        ("POST", "/v1/classify", {"json": {"structure": "CCO\u200b"}}, "structure-refused"),
        ("POST", "/v1/classify", {"json": {"name": "speed"}}, "name-ambiguous"),
        ("POST", "/v1/classify", {"json": {"name": "nothing"}}, "not-found"),
        ("POST", "/v1/classify", {"json": {"name": "coca leaf"}}, "substance-without-structure"),
        ("POST", "/v1/classify", {"json": {}}, "request-invalid"),
        ("POST", "/v1/classify", {"content": b" " * (2 << 20)}, "body-too-large"),
        ("POST", "/v1/shipments/check", {"json": {}}, "request-invalid"),
        ("POST", "/v1/shipments/check", {"content": b" " * (2 << 20)}, "body-too-large"),
        ("GET", "/v1/substances", {"params": {"cursor": "x"}}, "cursor-invalid"),
        ("GET", "/v1/substances", {"params": {"known_on": "9000-01-01"}}, "known-on-future"),
        ("GET", "/v1/substances/{substance}", {}, "not-found"),
        ("GET", "/v1/substances/{substance}", {"params": {"on": "x"}}, "request-invalid"),
        ("GET", "/v1/provisions", {"params": {"jurisdiction": "x" * 99}}, "request-invalid"),
        ("GET", "/v1/provisions/{provision}", {}, "not-found"),
        ("GET", "/v1/decisions/{decision}", {}, "not-found"),
        ("POST", "/v1/decisions/{decision}/replay", {}, "not-found"),
    ],
)
def test_a_problem_that_comes_is_one_its_route_declares(
    client: httpx.Client, method: str, path: str, asked: dict[str, Any], code: str
) -> None:
    response = client.request(method, re.sub(r"{\w+}", "none", path), **asked)
    body = problem(response, code)
    routes = client.get("/openapi.json").json()["paths"]
    answers = routes[path][method.lower()]["responses"][str(response.status_code)]
    assert code in answers["content"][MEDIA]["examples"]
    assert set(body) <= set(Problem.model_fields)
