"""Validation by jsonschema, which shares nothing with the server's generated validators."""

import json

import jsonschema
import referencing
from referencing.jsonschema import DRAFT202012

from specs import SPECS

BASE = "https://letschat.example/spec/"

_registry = referencing.Registry().with_resources([
    (BASE + name, referencing.Resource(document, DRAFT202012)) for name, document in SPECS.documents.items()
])
_checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
_validators: dict[str, jsonschema.Draft202012Validator] = {}

# Without these packages jsonschema lets any text pass.
assert {"date-time", "uuid", "email"} <= set(_checker.checkers), "formats that are not asserted"


def violations(place: str, value) -> list[str]:
    """What is wrong with a value, by the schema at a place such as `openapi.yaml#/components/schemas/User`."""
    if place not in _validators:
        _validators[place] = jsonschema.Draft202012Validator(
            {"$ref": BASE + place}, registry=_registry, format_checker=_checker)
    return [f"{error.json_path}: {error.message[:300]}" for error in _validators[place].iter_errors(value)]


def require(place: str, value, what: str):
    found = violations(place, value)
    assert not found, f"{what} breaks {place}:\n" + "\n".join(found) + "\n" + json.dumps(value)[:2000]
