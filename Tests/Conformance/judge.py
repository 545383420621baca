"""What an answer, an acknowledgement or an event owes by the specs, judged with jsonschema: nothing of it is shared with the
server's judge or with its generated validators."""

import json
import re

from schemas import Schemas
from specs import SPECS, Event, Operation, Specs


class Judge:
    """Each judgement is a list of what is wrong."""

    def __init__(self, specs: Specs = SPECS):
        self.specs = specs
        self.schemas = Schemas(specs)

    def answer(self, operation: Operation, status: int, fields: list[tuple[str, str]], body: bytes) -> list[str]:
        """Its status is declared, its headers are there, its media type and schema are right, a problem's code is one of
        the operation's."""
        headers = {name.lower(): value for name, value in fields}
        declared = operation.responses.get(str(status))
        if not declared:
            return [f"{status} is not declared"]
        found = [] if headers.get("x-request-id") else ["X-Request-Id is missing"]
        for name, header in declared.headers.items():
            value = headers.get(name.lower())
            if value is None:
                found += [f"{name} is missing"] if header.get("required") else []
            else:
                found += header_faults(name, header["schema"], value)
        if not declared.media:
            return found + (["it has a body"] if body or "content-type" in headers else [])
        media = headers.get("content-type", "").split(";")[0]
        if media != declared.media:
            return [*found, f"is {media}, not {declared.media}"]
        if not media.endswith("json"):
            return found
        try:
            value = json.loads(body)
        except ValueError:
            return [*found, "is no JSON"]
        found += self.schemas.violations(declared.schema, value)
        if declared.codes and not found:
            found += self._problem(value, declared.codes)
            if value["status"] != status:
                found.append(f"its status says {value['status']}")
            if value["request_id"] != headers["x-request-id"]:
                found.append("request_id is not X-Request-Id")
        return found

    def acknowledgement(self, event: Event | None, value) -> list[str]:
        if event is None:
            return self.refusal(value["error"]) if value.get("ok") is False else ["an unknown event is not refused"]
        tried = [self.schemas.violations(place, value) for place in event.replies]
        found = min(tried, key=len, default=["it has no acknowledgement"])
        if not found and value.get("ok") is False:
            found = self._problem(value["error"], event.codes)
        return found

    def event(self, value) -> list[str]:
        """The JSON array of Socket.IO, the event's name first."""
        event = next((each for each in self.specs.told if each.name == value[0]), None)
        if event is None or len(value) != 2:
            return [f"{value[0]} with {len(value) - 1} payloads is not declared"]
        found = self.schemas.violations(event.schema, value[1])
        if not found and isinstance(value[1].get("error"), dict):
            failed = self.specs.received(value[1].get("event"))
            found = self._problem(value[1]["error"], failed.codes if failed else None)
        return found

    def refusal(self, value) -> list[str]:
        """Of a connection, or of an event that nobody knows."""
        return self.schemas.violations(PROBLEM, value) or self._problem(value, None)

    def _problem(self, problem: dict, codes: list[str] | None) -> list[str]:
        """Type, status and title are those of the code."""
        code = problem["code"]
        entry = self.specs.problems.get(code)
        if not entry or codes is not None and code not in codes:
            return [f"{code} is none of its codes"]
        right = {"status": entry["status"], "title": entry["title"], "type": f"/problems/{code}"}
        found = [f"{name} is {problem.get(name)}, not {value}" for name, value in right.items() if problem.get(name) != value]
        if ("errors" in problem) != (code == "validation_failed"):
            found.append("errors are of validation_failed")
        return found


PROBLEM = "openapi.yaml#/components/schemas/Problem"


def header_faults(name: str, schema: dict, value: str) -> list[str]:
    if schema["type"] == "integer":
        is_kept = re.fullmatch(r"\d+", value) and schema.get("minimum", 0) <= int(value) <= schema.get("maximum", 2**53)
    else:
        is_kept = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 2**16)
    return [] if is_kept else [f"{name}: {value}"]
