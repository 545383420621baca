"""Makes bodies that break a schema in one way each, and says which violation must be reported for it."""

import copy
import uuid
from dataclasses import dataclass

from specs import SPECS


@dataclass
class Breach:
    what: str
    pointer: str
    keyword: str
    body: object


@dataclass
class Shape:
    """An object schema with its `$ref`s and `allOf`s put together."""

    properties: dict[str, dict]
    required: set[str]


def resolved(place: str) -> tuple[str, dict]:
    """A schema and its place; a `$ref` is followed, what stands beside it is added."""
    file, _, pointer = place.partition("#")
    node = SPECS.at(file, pointer)
    if "$ref" in node:
        _, target, place = SPECS.resolve(file, {"$ref": node["$ref"]}, place)
        return place, target
    return place, node


def shape(place: str) -> Shape:
    place, node = resolved(place)
    found = Shape({}, set(node.get("required", [])))
    for name in node.get("properties", {}):
        found.properties[name] = resolved(f"{place}/properties/{name}")[1]
    for number in range(len(node.get("allOf", []))):
        part = shape(f"{place}/allOf/{number}")
        found.properties |= part.properties
        found.required |= part.required
    return found


def breaches(place: str, valid: dict) -> list[Breach]:
    """`valid` is a body that keeps the schema. Each breach changes one thing of it."""
    whole = shape(place)
    found = [
        Breach("an array", "", "type", [valid]),
        Breach("a null", "", "type", None),
        Breach("an unknown property", "/surprise", "additionalProperties", valid | {"surprise": 1}),
    ]
    for name in whole.required & valid.keys():
        without = {key: value for key, value in valid.items() if key != name}
        found.append(Breach(f"no {name}", f"/{name}", "required", without))
    for name, schema in whole.properties.items():
        for what, below, keyword, value in of(schema):
            body = copy.deepcopy(valid) | {name: value}
            found.append(Breach(f"{name}: {what}", f"/{name}{below}", keyword, body))
    return found


def of(schema: dict):
    """(what, pointer below, keyword, value) for each rule of a property's schema."""
    kind = schema.get("type")
    if kind == "string":
        yield from of_text(schema)
    elif kind == "integer":
        yield "a text", "", "type", "1"
        yield "a fraction", "", "type", 1.5
        if "minimum" in schema:
            yield "too small", "", "minimum", schema["minimum"] - 1
        if "maximum" in schema:
            yield "too large", "", "maximum", schema["maximum"] + 1
    elif kind == "array":
        some = [str(uuid.uuid4()) for _ in range(schema.get("maxItems", 1) + 1)]
        yield "no array", "", "type", some[0]
        yield "an item of another type", "/0", "type", [17]
        if schema.get("minItems"):
            yield "empty", "", "minItems", []
        if "maxItems" in schema:
            yield "too many", "", "maxItems", some
        if schema.get("uniqueItems"):
            yield "an item twice", "", "uniqueItems", [some[0], some[0]]
        if schema["items"].get("format") == "uuid":
            yield "an item that is no UUID", "/0", "format", ["nobody"]


def of_text(schema: dict):
    yield "a number", "", "type", 17
    yield "a null", "", "type", None
    if "enum" in schema:
        yield "another word", "", "enum", "no word of these"
        return
    if schema.get("format") == "nfc":
        yield "no NFC", "", "format", "e\u0301"
    elif schema.get("format"):
        yield "no " + schema["format"], "", "format", "what is this"
    if "pattern" in schema and "\\u0000" not in schema["pattern"]:
        yield "outside the pattern", "", "pattern", "An Outsider!"[: schema.get("maxLength", 12)]
    if schema.get("minLength"):
        yield "too short", "", "minLength", "a" * (schema["minLength"] - 1)
    if "maxLength" in schema and schema.get("format") in (None, "nfc") and schema["maxLength"] < 200_000:
        # Code points are counted, not bytes or UTF-16 units.
        filler = "\N{VIOLIN}" if "\\u0000" in schema.get("pattern", "\\u0000") else "a"
        yield "too long", "", "maxLength", filler * (schema["maxLength"] + 1)
    if "pattern" in schema:
        yield "U+0000", "", "pattern", "a\0b" + "c" * schema.get("minLength", 0)
