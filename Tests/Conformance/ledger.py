"""What was played and provoked, and every body that the server said, for the last tests of the suite."""

import base64
import json
from dataclasses import dataclass, field

from specs import SPECS


@dataclass
class Ledger:
    examples: set[str] = field(default_factory=set)
    # (operation or event, code)
    codes: set[tuple[str, str]] = field(default_factory=set)
    # Lines for the generated validators: kind, id, status, base64 of the JSON.
    said: list[str] = field(default_factory=list)

    def response(self, operation: str, status: int, body: bytes):
        self._say("operation" if status < 400 else "problem", operation, status, body)

    def event(self, name: str, payload):
        self._say("event", name, 0, json.dumps(payload).encode())

    def acknowledgement(self, name: str, payload: dict):
        if "data" in payload:
            self._say("acknowledgement", name, 0, json.dumps(payload["data"]).encode())
        elif "error" in payload:
            self._say("problem", name, payload["error"].get("status", 0), json.dumps(payload["error"]).encode())

    def said_to_verify(self, said):
        """An answer, acknowledgement or event of a transcript."""
        if said.kind == "answer":
            if said.status >= 400:
                self.codes.add((said.name, json.loads(said.body)["code"]))
            return
        value = json.loads(said.body)
        if said.kind == "acknowledgement":
            self.acknowledgement(said.name, value)
            if not value["ok"]:
                self.codes.add((SPECS.received(said.name).key, value["error"]["code"]))
        elif said.kind == "event":
            self.event(*value)

    def _say(self, kind: str, name: str, status: int, body: bytes):
        self.said.append("\t".join([kind, name, str(status), base64.b64encode(body).decode()]))
