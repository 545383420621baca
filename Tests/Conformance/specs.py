"""Reads both specs: operations, events, schemas, examples, stories. Nothing here knows what a chat is.

They are read as the bundle, two documents that need no other file, which the compiler of the debug build makes of
`spec/`, or the one that SPEC_TOOL names.
"""

import os
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SUCCESS = ("200", "201", "204")


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's core schema for our purposes: a time stays a string."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load(text: str):
    return yaml.load(text, Loader=_Loader)


def escape(part: str) -> str:
    """One token of a JSON Pointer (RFC 6901 §3)."""
    return part.replace("~", "~0").replace("/", "~1")


def bundle() -> Path:
    """Makes the bundle; answers the folder where it is."""
    program = Path(os.environ.get("SPEC_TOOL", ROOT / ".build/debug/SpecTool"))
    folder = ROOT / ".build/bundle"
    spec = ROOT / "spec"
    subprocess.run(
        [program, "bundle", "--openapi", spec / "openapi.yaml", "--events", spec / "events.yaml", "--root", ROOT,
         "--output", folder], check=True)
    return folder


@dataclass
class Example:
    """One named example and where it stands. `owner` is an operation's or an event operation's id."""

    owner: str
    name: str
    # "request", a status, "event", "acknowledgement" or "tell" (an event of the server)
    side: str
    value: object = None
    # A place in a document: `openapi.yaml#/paths/…`, which finds its schema.
    schema: str | None = None
    scenario: dict | None = None

    @property
    def key(self) -> str:
        return f"{self.owner} {self.side} {self.name}"


@dataclass
class Response:
    status: str
    place: str
    codes: list[str]
    headers: dict[str, dict]
    media: str | None
    schema: str | None
    examples: list[Example] = field(default_factory=list)
    # Scenario steps of an answer without a body, by example name.
    steps: dict[str, dict] = field(default_factory=dict)


@dataclass
class Operation:
    id: str
    method: str
    path: str
    access: object
    parameters: list[dict]
    body: str | None
    requests: list[Example]
    responses: dict[str, Response]

    @property
    def key(self) -> str:
        return self.id

    @property
    def codes(self) -> dict[str, str]:
        return {code: response.status for response in self.responses.values() for code in response.codes}


@dataclass
class Event:
    """An operation of events.yaml."""

    id: str
    name: str
    is_received: bool
    access: object
    schema: str
    codes: list[str]
    examples: list[Example]
    # Of an event of the client: the schemas and examples of its acknowledgements.
    replies: list[str]
    acknowledgements: list[Example]
    # The operation that this is another door to, and its parameters' names in the payload.
    door: dict | None = None

    @property
    def key(self) -> str:
        return f"event {self.id}"


class Specs:
    def __init__(self, documents: dict[str, dict]):
        self.documents = documents

    def resolve(self, file: str, node, place: str):
        """Follows a `$ref` of a node that is not a schema; answers (file, node, place)."""
        while isinstance(node, dict) and "$ref" in node:
            target, _, pointer = node["$ref"].partition("#")
            file = Path(target).name if target else file
            node, place = self.at(file, pointer), f"{file}#{pointer}"
        return file, node, place

    def at(self, file: str, pointer: str):
        node = self.documents[file]
        for part in pointer.split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            node = node[int(part)] if isinstance(node, list) else node[part]
        return node

    @property
    def problems(self) -> dict[str, dict]:
        return self.documents["openapi.yaml"]["x-problems"]

    @cached_property
    def operations(self) -> dict[str, Operation]:
        file = "openapi.yaml"
        found = {}
        for path, item in self.documents[file]["paths"].items():
            for method in ("get", "put", "post", "delete", "patch"):
                if method in item:
                    operation = self._operation(path, method, item[method])
                    found[operation.id] = operation
        return found

    def _operation(self, path: str, method: str, node: dict) -> Operation:
        file, place = "openapi.yaml", f"openapi.yaml#/paths/{escape(path)}/{method}"
        owner = node["operationId"]
        parameters = [self.resolve(file, parameter, "")[1] for parameter in node.get("parameters", [])]
        body, requests = None, []
        if "requestBody" in node:
            body = f"{place}/requestBody/content/application~1json/schema"
            examples = node["requestBody"]["content"]["application/json"].get("examples", {})
            requests = [
                Example(owner, name, "request", example["value"], body, example.get("x-example-scenario"))
                for name, example in examples.items()
            ]
        responses = {}
        for status, response in node["responses"].items():
            responses[status] = self._response(owner, status, response, f"{place}/responses/{status}")
        return Operation(owner, method.upper(), path, node["x-access"], parameters, body, requests, responses)

    def _response(self, owner: str, status: str, node: dict, place: str) -> Response:
        file, node, place = self.resolve("openapi.yaml", node, place)
        headers = {
            name: self.resolve(file, header, "")[1] for name, header in node.get("headers", {}).items()
        }
        media = next(iter(node.get("content", {})), None)
        schema = f"{place}/content/{escape(media)}/schema" if media else None
        examples = [
            Example(owner, name, status, example["value"], schema, example.get("x-example-scenario"))
            for name, example in (node["content"][media].get("examples", {}) if media else {}).items()
        ]
        steps = node.get("x-example-scenario", {})
        return Response(status, place, node.get("x-codes", []), headers, media, schema, examples, steps)

    @cached_property
    def events(self) -> dict[str, Event]:
        return {
            owner: self._event(owner, node) for owner, node in self.documents["events.yaml"]["operations"].items()
        }

    @property
    def told(self) -> list[Event]:
        return [event for event in self.events.values() if not event.is_received]

    def received(self, name: str) -> Event | None:
        return next((event for event in self.events.values() if event.is_received and event.name == name), None)

    def _event(self, owner: str, node: dict) -> Event:
        is_received = node["action"] == "receive"
        messages = [self.resolve("events.yaml", message, "") for message in node["messages"]]
        (_, message, place) = messages[0]
        codes = node.get("x-codes", [])
        if "x-operation" in node:
            codes = list(self.operations[node["x-operation"]["id"]].codes)
        side = "event" if is_received else "tell"
        replies, acknowledgements = [], []
        for reply in node.get("reply", {}).get("messages", []):
            (_, answer, answer_place) = self.resolve("events.yaml", reply, "")
            replies.append(f"{answer_place}/payload")
            acknowledgements += self._message_examples(owner, "acknowledgement", answer, answer_place)
        return Event(
            owner, message["name"], is_received, node["x-access"], f"{place}/payload", codes,
            self._message_examples(owner, side, message, place), replies, acknowledgements,
            node.get("x-operation"))

    def _message_examples(self, owner: str, side: str, message: dict, place: str) -> list[Example]:
        steps = message.get("x-example-scenario", {})
        return [
            Example(owner, example["name"], side, example["payload"], f"{place}/payload", steps.get(example["name"]))
            for example in message.get("examples", [])
        ]

    @cached_property
    def examples(self) -> list[Example]:
        """Every example that is about a call or an event, each once. An acknowledgement's message is shared by several
        events, so its example belongs to the event that has an example of that name; a shared error answer's example
        belongs to the answer and not to each operation."""
        found: dict[str, Example] = {}
        for operation in self.operations.values():
            for example in operation.requests:
                found[example.key] = example
            for response in operation.responses.values():
                for example in response.examples:
                    key = example.key if "/paths/" in response.place else f"{response.place} {example.name}"
                    found.setdefault(key, example)
        for event in self.events.values():
            names = {example.name for example in event.examples}
            for example in event.examples + [each for each in event.acknowledgements if each.name in names]:
                found[example.key] = example
        return list(found.values())


FOLDER = bundle()
TEXTS = {name: (FOLDER / name).read_text() for name in ("openapi.yaml", "events.yaml")}
SPECS = Specs({name: load(text) for name, text in TEXTS.items()})
