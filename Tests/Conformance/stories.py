"""The stories of the specs: examples of both files that belong together, in the order of their steps, played live."""

import asyncio
from dataclasses import dataclass

from api import Answer
from calls import JUDGE, Caller
from ledger import Ledger
from literals import Literals
from sockets import Connection
from specs import SPECS, SUCCESS, Event, Example, Operation


@dataclass
class Step:
    story: str
    number: int
    name: str
    # The operation or event, and the example of what is sent (or told).
    owner: Operation | Event
    example: Example | None
    scenario: dict

    def __str__(self):
        return f"{self.story} {self.number} {self.name}"


def stories() -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = {}

    def add(owner, name, example, scenario):
        if scenario:
            step = Step(scenario["name"], scenario["step"], name, owner, example, scenario)
            found.setdefault(step.story, []).append(step)

    for operation in SPECS.operations.values():
        for example in operation.requests:
            add(operation, example.name, example, example.scenario)
        for response in operation.responses.values():
            for example in response.examples:
                add(operation, example.name, None, example.scenario)
            for name, scenario in response.steps.items():
                add(operation, name, None, scenario)
    for event in SPECS.events.values():
        for example in event.examples:
            add(event, example.name, example, example.scenario)
    for steps in found.values():
        steps.sort(key=lambda step: step.number)
    return found


class Story:
    """Plays one story: persons register in it, and each one's socket is open from then on."""

    def __init__(self, url: str, ledger: Ledger, beforehand: dict[str, str]):
        self.url = url
        self.ledger = ledger
        self.caller = Caller(url, ledger)
        self.literals = Literals(beforehand)
        self.tokens: dict[str, str] = {}
        self.connections: dict[str, Connection] = {}
        # How many of a person's events are told already.
        self.told: dict[str, int] = {}

    async def play(self, steps: list[Step]):
        assert [step.number for step in steps] == list(range(1, len(steps) + 1)), "the steps count from 1"
        try:
            for step in steps:
                try:
                    await self._play(step)
                except Exception as error:
                    raise AssertionError(f"step {step}: {error}") from error
            await self._check_what_was_not_shown()
        finally:
            await asyncio.gather(*(connection.close() for connection in self.connections.values()))

    async def _play(self, step: Step):
        if isinstance(step.owner, Operation):
            await self._call(step)
        elif step.owner.is_received:
            await self._send(step)
        else:
            await self._hear(step)

    async def _call(self, step: Step):
        person = step.scenario["as"]
        parameters = self.literals.substitute(step.scenario.get("parameters", {}))
        body = self.literals.substitute(step.example.value) if step.example else None
        response = await asyncio.to_thread(
            self.caller.call, step.owner, parameters, token=self.tokens.get(person), json=body)
        answer = Answer(response)
        shown = self._shown(step)
        declared = next(status for status, example in shown.items())
        assert str(answer.status) == declared, f"{answer.status}, not {declared}: {answer.text[:1000]}"
        if example := shown[declared]:
            found = self.literals.differences(example.value, answer.json)
            assert not found, "\n  ".join(["the answer differs:", *found])
            self.ledger.examples.add(example.key)
        if step.example:
            self.ledger.examples.add(step.example.key)
        if code := answer.code if answer.status >= 400 else None:
            self.ledger.codes.add((step.owner.key, code))
        if isinstance(answer.json, dict) and "access_token" in answer.json:
            self.tokens[person] = answer.json["access_token"]
            if person not in self.connections:
                self.connections[person] = await Connection(self.url, self.tokens[person]).open()

    def _shown(self, step: Step) -> dict[str, Example | None]:
        """The one answer of this name, by its status; without an example where it has no body."""
        found = {}
        for status, response in step.owner.responses.items():
            for example in response.examples:
                if example.name == step.name:
                    found[status] = example
            if step.name in response.steps:
                found[status] = None
        if not found:
            # A request whose answer has no body has no answer of its name.
            found = {status: None for status, response in step.owner.responses.items()
                     if status in SUCCESS and not response.media}
        assert len(found) == 1, f"{len(found)} answers are named {step.name}: {list(found)}"
        return found

    async def _send(self, step: Step):
        connection = self.connections[step.scenario["as"]]
        payload = self.literals.substitute(step.example.value)
        shown = [each for each in step.owner.acknowledgements if each.name == step.name]
        self.ledger.examples.add(step.example.key)
        if not shown:
            await connection.client.emit(step.owner.name, payload)
            return
        answer = await connection.call(step.owner.name, payload)
        self.ledger.acknowledgement(step.owner.name, answer)
        judged = JUDGE.acknowledgement(step.owner, answer)
        assert not judged, judged
        found = self.literals.differences(shown[0].value, answer)
        assert not found, "\n  ".join(["the acknowledgement differs:", *found])
        self.ledger.examples.add(shown[0].key)
        if not answer["ok"]:
            self.ledger.codes.add((step.owner.key, answer["error"]["code"]))

    async def _hear(self, step: Step):
        """The example must come to that person's socket, after all that was heard there before."""
        person = step.scenario["to"]
        connection = self.connections[person]
        tried: list[str] = []

        def heard():
            tried.clear()
            for number in range(self.told.get(person, 0), len(connection.events)):
                name, *arguments = connection.events[number]
                if name == step.owner.name:
                    assert len(arguments) == 1, f"{name} has {len(arguments)} arguments"
                    found = self.literals.differences(step.example.value, arguments[0])
                    if not found:
                        self.told[person] = number + 1
                        return True
                    tried.append(f"{name} differs: " + "; ".join(found))
            return False

        try:
            await connection.until(f"{step.owner.name} to {person}", heard, 5)
        except AssertionError as error:
            raise AssertionError("\n  ".join([str(error), *tried])) from None
        self.ledger.examples.add(step.example.key)
        if step.owner.name == "problem":
            problem = connection.events[self.told[person] - 1][1]
            owner = next(event for event in SPECS.events.values() if event.name == problem["event"])
            self.ledger.codes.add((owner.key, problem["error"]["code"]))

    async def _check_what_was_not_shown(self):
        """Every event that anybody got is one of the spec, and keeps its schema."""
        for connection in self.connections.values():
            for event in connection.events:
                found = JUDGE.event(event)
                assert not found, [event, *found]
                self.ledger.event(*event)
