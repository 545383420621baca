"""The JSON Schema Test Suite: each case is put to the compiler; what it accepts is generated, compiled and run, as the body of an answer
and as the payload of an event.

`refused.txt` has the schemas that the compiler refuses, with what it says, and `failing.txt` the cases whose verdict differs;
both fail when they change unseen. With SUITE_RECORD=1 they are written anew: review them.
"""

import json
import os
import pathlib

import pytest

import programs
import served

HERE = pathlib.Path(__file__).parent
SUITE = programs.ROOT / "../shared/data/json-schema-test-suite"

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="the JSON Schema Test Suite is not here: ../shared is absent")

class Group:
    """A schema of the suite with its cases."""

    def __init__(self, file, index, group, number):
        self.title = f"{file} {index}: {group['description']}"
        self.name = f"Case{number}"
        self.operation = f"check{number}"
        self.tests = group["tests"]
        self.schema = within(group["schema"], self.name)


def within(node, name):
    """The schema as a component: what refers to its root refers to the component."""
    if isinstance(node, list):
        return [within(item, name) for item in node]
    if not isinstance(node, dict):
        return node
    result = {}
    for key, value in node.items():
        if key == "$ref" and isinstance(value, str) and value.startswith("#"):
            result[key] = f"#/components/schemas/{name}{value[1:]}"
        elif key in ("const", "enum", "default"):
            result[key] = value
        elif key != "$schema":
            result[key] = within(value, name)
    return result


def groups():
    files = sorted(SUITE.glob("*.json")) + sorted(SUITE.glob("format/*.json"))
    found = [(file.name, index, group) for file in files for index, group in enumerate(json.loads(file.read_text()))]
    return [Group(*group, number) for number, group in enumerate(found)]


def document(groups):
    paths = {}
    for group in groups:
        schema = {"$ref": f"#/components/schemas/{group.name}"}
        answer = {"description": "", "content": {"application/json": {"schema": schema}}}
        paths[f"/{group.operation}"] = {"get": {"operationId": group.operation, "responses": {"200": answer}}}
    return {
        "openapi": "3.1.0", "info": {"title": "Suite", "version": "1"}, "paths": paths,
        "components": {"schemas": {group.name: group.schema for group in groups}},
    }


def events(groups, file):
    """A document in which each schema of another is the payload of an event."""
    messages = {group.operation: {"payload": {"$ref": f"{file}#/components/schemas/{group.name}"}} for group in groups}
    operations = {
        f"{name}Event": {
            "action": "receive", "channel": {"$ref": "#/channels/all"}, "messages": [{"$ref": f"#/channels/all/messages/{name}"}],
        }
        for name in messages
    }
    return {
        "asyncapi": "3.0.0", "info": {"title": "Suite", "version": "1"}, "channels": {"all": {"messages": messages}},
        "operations": operations,
    }


def compare(file, lines):
    """Whether a recorded list still says what there is."""
    path = HERE / file
    if "SUITE_RECORD" in os.environ:
        path.write_text("".join(f"{line}\n" for line in lines))
    assert path.read_text().splitlines() == lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("suite")


@pytest.fixture(scope="module")
def split(folder):
    """The groups that the compiler accepts, and what it says of the others."""
    accepted, refused = [], []
    for group in groups():
        path = folder / "one.json"
        path.write_text(json.dumps(document([group])))
        files, said = programs.generate(folder / "one", openapi=path)
        reasons = [line for line in said.splitlines() if "is left out" in line or ": error:" in line]
        # Of a schema and what needs it, the schema says why.
        reasons.sort(key=lambda line: "the schema" not in line)
        if files and not reasons:
            accepted.append(group)
        else:
            refused.append((group, reasons[0].partition(": ")[2].partition(" [")[0] if reasons else said))
    return accepted, refused


def test_what_is_refused_is_known(split):
    accepted, refused = split
    compare("refused.txt", [f"{group.title}: {said.replace(group.name, 'it')}" for group, said in refused])
    count = sum(len(group.tests) for group in accepted)
    every = count + sum(len(group.tests) for group, _ in refused)
    print(f"{count} of {every} cases are accepted")
    assert count >= 0.85 * every


@pytest.mark.lasts(180)
def test_what_is_accepted_judges_as_the_suite_does(split, folder):
    accepted, _ = split
    path, event_path = folder / "all.json", folder / "events.json"
    path.write_text(json.dumps(document(accepted)))
    event_path.write_text(json.dumps(events(accepted, path.name)))
    files, said = programs.generate(folder / "all", openapi=path, events=event_path)
    assert files and "is left out" not in said, said
    program = served.build(files, folder, served.EVENTS)
    cases = [(group, test) for group in accepted for test in group.tests]
    values = [(group.operation, test["data"]) for group, test in cases]
    answers = served.told(program, [("response", *value) for value in values])
    verdicts = ["invalid" if count else "valid" for count in answers]
    failing = [
        f"{group.title} / {test['description']}: {verdict}"
        for (group, test), verdict in zip(cases, verdicts)
        if verdict != ("valid" if test["valid"] else "invalid")
    ]
    compare("failing.txt", failing)
    assert len(failing) <= 0.02 * len(cases)
    # The same values as payloads of events.
    told = served.told(program, [("receive", *value) for value in values])
    codes = {"not_found": "valid", "validation_failed": "invalid"}
    others = [
        f"{group.title} / {test['description']}: {answer}"
        for (group, test), verdict, answer in zip(cases, verdicts, told)
        if codes.get(answer["error"]["code"]) != verdict
    ]
    assert not others, "\n".join(others)
