"""The specs themselves: valid by the standards' own rules, every example valid by its schema, served as they are."""

import json

import httpx
import jsonschema
import openapi_spec_validator
import pytest
import yaml

from literals import UNFORESEEABLE
from schemas import SCHEMAS
from specs import FOLDER, ROOT, SPECS, TEXTS, Event, load

META_SCHEMA = ROOT.parent / "shared/data/asyncapi/3.0.0.json"


def test_openapi_is_valid():
    openapi_spec_validator.validate(SPECS.documents["openapi.yaml"])


@pytest.mark.skipif(not META_SCHEMA.exists(), reason="AsyncAPI's meta-schema is not beside the repository")
def test_events_are_valid():
    meta = json.loads(META_SCHEMA.read_text())
    validator = jsonschema.validators.validator_for(meta)(meta)
    errors = validator.iter_errors(SPECS.documents["events.yaml"])
    found = [f"{error.json_path}: {error.message[:300]}" for error in errors]
    assert not found, "\n".join(found)


def test_every_schema_is_one():
    for document in SPECS.documents.values():
        for schema in document["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)


def test_every_example_keeps_its_schema():
    """Requests that are examples of what is refused are the exception: their answers say 422."""
    refused = {
        (operation.id, example.name)
        for operation in SPECS.operations.values()
        if "422" in operation.responses
        for example in operation.responses["422"].examples
        if example.value["code"] == "validation_failed"
    }
    examples = [example for example in SPECS.examples if example.schema]
    for event in SPECS.events.values():
        examples += event.acknowledgements
    assert examples
    for example in examples:
        found = SCHEMAS.violations(example.schema, example.value)
        if (example.owner, example.name) in refused and example.side == "request":
            # What a schema can't say (a group needs a name) is told by the handler.
            continue
        assert not found, f"{example.key}: {found}"


def test_every_operation_and_event_has_an_example():
    bare = [
        f"{operation.id} {status}" for operation in SPECS.operations.values()
        for status, response in operation.responses.items() if not response.examples and not response.steps
        and not any(example.scenario for example in operation.requests)
        # The server makes it of a 200, whose examples there are.
        and str(status) != "304"
    ]
    bare += [event.id for event in SPECS.events.values() if not event.examples]
    assert not bare


def test_an_event_that_is_another_door_has_the_operations_body():
    """The payload of `x-operation` is the operation's parameters that it names, and its body: the same schemas."""
    for owner, node in SPECS.documents["events.yaml"]["operations"].items():
        if door := node.get("x-operation"):
            event: Event = SPECS.events[owner]
            operation = SPECS.operations[door["id"]]
            names = properties("events.yaml", event.schema)
            body = properties("openapi.yaml", operation.body) if operation.body else {}
            assert names.keys() == set(door["parameters"].values()) | body.keys(), owner
            assert {name: names[name] for name in body} == body, owner


def properties(file: str, place: str) -> dict:
    """The properties of an object schema, those of its `allOf` and `$ref` too."""
    file, _, pointer = place.partition("#")
    file, node, place = SPECS.resolve(file, SPECS.at(file, pointer), place)
    found = dict(node.get("properties", {}))
    for number in range(len(node.get("allOf", []))):
        found |= properties(file, f"{place}/allOf/{number}")
    return found


def test_the_served_documents_are_the_bundle(url):
    for name, text in TEXTS.items():
        served = httpx.get(f"{url}/api/{name}")
        assert served.status_code == 200 and served.headers["content-type"].split(";")[0] == "application/yaml"
        assert served.text == text, f"/api/{name} is not the bundle's"
        translated = httpx.get(f"{url}/api/{name.replace('.yaml', '.json')}")
        assert translated.status_code == 200
        # The JSON of one document refers to the JSON of the other.
        assert translated.json() == load(text.replace("./openapi.yaml#", "./openapi.json#")), f"the JSON of {name}"


def test_the_yaml_is_the_json_by_the_older_rules_too():
    """YAML 1.1 has more booleans, numbers and times; none of the bundle's plain texts is one."""
    for name, text in TEXTS.items():
        assert yaml.safe_load(text) == SPECS.documents[name] == json.loads(
            (FOLDER / name).with_suffix(".json").read_text().replace("./openapi.json#", "./openapi.yaml#")), name


def test_the_lone_examples(url, ledger):
    """Examples of successful answers that belong to no story: those of the operations that tell of the server."""
    for operation in SPECS.operations.values():
        response = operation.responses.get("200")
        for example in response.examples if response else []:
            if example.scenario or any(request.name == example.name for request in operation.requests):
                continue
            assert operation.access == "public" and operation.method == "GET", f"{example.key} needs a story"
            query = {"ready": 1} if "database" in (example.value if isinstance(example.value, dict) else ()) else None
            answer = httpx.get(f"{url}/api{operation.path}", params=query)
            assert answer.status_code == 200
            said = load(answer.text)
            if "document" in example.name:
                assert is_beginning(example.value, said), example.key
            else:
                foreseen = {key: value for key, value in example.value.items() if key not in UNFORESEEABLE}
                assert said.keys() == example.value.keys() and foreseen.items() <= said.items(), example.key
            ledger.examples.add(example.key)


def is_beginning(part, whole) -> bool:
    """A document's example has only what is told of it."""
    if isinstance(part, dict):
        return all(key in whole and is_beginning(part[key], whole[key]) for key in part)
    return part == whole
