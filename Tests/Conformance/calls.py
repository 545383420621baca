"""Calls an operation of the spec, and has every answer judged."""

from urllib.parse import quote

import httpx

from judge import Judge
from ledger import Ledger
from specs import SPECS, Operation

JUDGE = Judge()


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
        found = JUDGE.answer(operation, response.status_code, response.headers.multi_items(), response.content)
        what = f"{operation.id} {response.request.url.path}: {response.status_code} {response.text[:500]}"
        assert not found, "\n".join([what, *found])
        declared = operation.responses[str(response.status_code)]
        # What is no named type (the documents) is passed on as it is: nothing is generated for it.
        if declared.media and declared.media.endswith("json") and "$ref" in SPECS.at(*declared.schema.split("#")):
            self.ledger.response(operation.id, response.status_code, response.content)
