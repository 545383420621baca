"""What `letschat verify --transcript` wrote: all that a server said, with the verdict of the server's own judge."""

import json
from dataclasses import dataclass
from pathlib import Path

from judge import Judge
from specs import Specs


@dataclass
class Said:
    kind: str
    name: str
    body: str | None
    breaches: list[str]
    status: int = 0
    fields: list[tuple[str, str]] = ()

    def judged(self, judge: Judge) -> list[str]:
        """What is wrong with it, by the judge of this suite."""
        if self.kind == "answer":
            operation = judge.specs.operations[self.name]
            return judge.answer(operation, self.status, self.fields, (self.body or "").encode())
        value = json.loads(self.body)
        if self.kind == "acknowledgement":
            return judge.acknowledgement(judge.specs.received(self.name), value)
        return judge.event(value) if self.kind == "event" else judge.refusal(value)


def read(path: Path) -> list[Said]:
    return [Said(**json.loads(line)) for line in path.read_text().splitlines()]


def disagreements(said: list[Said], specs: Specs) -> list[str]:
    """Where the two verdicts differ in whether something is wrong."""
    judge = Judge(specs)
    found = []
    for each in said:
        ours = each.judged(judge)
        if bool(ours) != bool(each.breaches):
            found.append(f"{each.kind} {each.name} {each.status}: here {ours}, there {each.breaches}: {each.body}"[:2000])
    return found
