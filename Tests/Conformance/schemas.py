"""Validation by jsonschema, which shares nothing with the server's generated validators."""

import jsonschema
import referencing
from referencing.jsonschema import DRAFT202012

from specs import SPECS, Specs

BASE = "https://letschat.example/spec/"

_checker = jsonschema.Draft202012Validator.FORMAT_CHECKER

# Without these packages jsonschema lets any text pass.
assert {"date-time", "uuid", "email"} <= set(_checker.checkers), "formats that are not asserted"


class Schemas:
    def __init__(self, specs: Specs = SPECS):
        self._registry = referencing.Registry().with_resources([
            (BASE + name, referencing.Resource(document, DRAFT202012)) for name, document in specs.documents.items()
        ])
        self._validators: dict[str, jsonschema.Draft202012Validator] = {}

    def violations(self, place: str, value) -> list[str]:
        """What is wrong with a value, by the schema at a place such as `openapi.yaml#/components/schemas/User`."""
        if place not in self._validators:
            self._validators[place] = jsonschema.Draft202012Validator(
                {"$ref": BASE + place}, registry=self._registry, format_checker=_checker)
        return [f"{error.json_path}: {error.message[:300]}" for error in self._validators[place].iter_errors(value)]


SCHEMAS = Schemas()
