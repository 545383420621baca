"""Calls an operation of the spec and checks what every answer owes: its status is declared, its headers are there, its
media type and schema are right, a problem's code is one of the operation's."""

import re
from urllib.parse import quote

import httpx

from ledger import Ledger
from schemas import require
from specs import SPECS, Operation


class Caller:
    def __init__(self, url: str, ledger: Ledger):
        self.ledger = ledger
        self.http = httpx.Client(base_url=f"{url}/api", timeout=30)

    def call(
        self, operation: Operation, parameters: dict | None = None, token: str | None = None, json=None, **options
    ) -> httpx.Response:
        """`parameters` are those of path and query, by name. No token: no Authorization."""
        path, query = operation.path, {}
        names = {parameter["name"]: parameter["in"] for parameter in operation.parameters}
        for name, value in (parameters or {}).items():
            if names.get(name) == "path":
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            else:
                query[name] = value
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})
        if json is not None:
            options["json"] = json
        response = self.http.request(operation.method, path, params=query or None, headers=headers, **options)
        self.check(operation, response)
        return response

    def check(self, operation: Operation, response: httpx.Response):
        status = str(response.status_code)
        what = f"{operation.id} {response.request.url.path}: {status}"
        declared = operation.responses.get(status)
        assert declared, f"{what} is not declared; {response.text[:500]}"
        assert response.headers.get("x-request-id"), f"{what} without X-Request-Id"
        for name, header in declared.headers.items():
            value = response.headers.get(name)
            assert value is not None, f"{what} without {name}"
            require_header(name, header["schema"], value)
        if not declared.media:
            assert not response.content and "content-type" not in response.headers, f"{what} has a body"
        else:
            media = response.headers.get("content-type", "").split(";")[0]
            assert media == declared.media, f"{what} is {media}, not {declared.media}"
        if declared.media and media.endswith("json"):
            require(declared.schema, response.json(), what)
            # What is no named type (the documents) is passed on as it is: nothing is generated for it.
            if "$ref" in SPECS.at(*declared.schema.split("#")):
                self.ledger.response(operation.id, response.status_code, response.content)
        if declared.codes:
            self.check_problem(what, response, declared.codes)

    def check_problem(self, what: str, response: httpx.Response, codes: list[str]):
        problem = response.json()
        assert problem["code"] in codes, f"{what} {problem['code']} is none of {codes}"
        require_problem(what, problem)
        assert problem["status"] == response.status_code, what
        assert problem["request_id"] == response.headers["x-request-id"], f"{what}: request_id is not X-Request-Id"


def require_problem(what: str, problem: dict):
    """Type, status and title are those of the code."""
    entry = SPECS.problems[problem["code"]]
    assert problem["status"] == entry["status"] and problem["title"] == entry["title"], f"{what}: {problem}"
    assert problem["type"] == f"/problems/{problem['code']}", f"{what}: {problem}"
    assert ("errors" in problem) == (problem["code"] == "validation_failed"), f"{what}: {problem}"


def require_header(name: str, schema: dict, value: str):
    if schema["type"] == "integer":
        assert re.fullmatch(r"\d+", value), f"{name}: {value}"
        assert schema.get("minimum", 0) <= int(value) <= schema.get("maximum", 2**53), f"{name}: {value}"
    else:
        assert schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 2**16), f"{name}: {value}"
