"""AsyncAPI documents of others: what they say in their own ways is generated, compiled without a warning, and judges events.

The documents in `Events` are written for this. `x-calls` of an operation are events from clients, with the pointers `at` which the
payload is wrong; `x-sent` are events of the server and `x-answered` data of acknowledgements, with how much is wrong. `x-left-out` are
texts of warnings that the document must get, and no other event may be left out. With LETSCHAT_FOREIGN_EVENTS each document of that
folder has to do as well.
"""

import os
import pathlib
import re

import pytest
import yaml

import programs
import served

DOCUMENTS = sorted((pathlib.Path(__file__).parent / "Events").glob("*.yaml"))
LEFT_OUT = re.compile(r"warning: the (?:event|operation) .* is left out: ")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
@pytest.mark.lasts(180)
def test_own_events_are_judged(path, tmp_path):
    document = yaml.safe_load(path.read_text())
    files, said = programs.generate(tmp_path / "generated", events=path)
    assert files, said
    left_out = [line for line in said.splitlines() if LEFT_OUT.search(line)]
    for text in document["x-left-out"]:
        assert any(text in line for line in left_out), (text, said)
    assert len(left_out) == len(document["x-left-out"]), said
    calls = [call for operation in document["operations"].values() for call in operation.get("x-calls", [])]
    lines = [("receive", call) for call in calls]
    lines += [("send", sent) for sent in document["x-sent"]] + [("answer", data) for data in document["x-answered"]]
    program = served.build(files, tmp_path, served.EVENTS)
    wrong = []
    for (kind, call), answer in zip(lines, served.told(program, [(kind, call["name"], call["json"]) for kind, call in lines])):
        if kind != "receive":
            found, expected = answer, call.get("wrong", 0)
        else:
            found = [error["pointer"] for error in answer["error"].get("errors", [])]
            expected = call.get("at", [])
            if not expected:
                assert "reached" in answer["error"]["detail"], (call, answer)
        if found != expected:
            wrong.append(f"{kind} {call}: {answer}")
    assert not wrong, "\n".join(wrong)


def foreign():
    folder = os.environ.get("LETSCHAT_FOREIGN_EVENTS")
    return sorted(pathlib.Path(folder).iterdir()) if folder else []


@pytest.mark.long
@pytest.mark.parametrize("path", foreign(), ids=lambda path: path.name)
@pytest.mark.lasts(180)
def test_events_of_others_are_judged(path, tmp_path):
    files, said = programs.generate(tmp_path / "generated", events=path)
    assert files, said
    received = re.findall(r'^      case "([^"\n]+)": return try await receive', "\n".join(file.read_text() for file in files), re.MULTILINE)
    counts = re.search(r"(\d+) of \d+ events are generated", said)
    program = served.build(files, tmp_path, served.EVENTS)
    # No event is of every form: each value is let through, or refused with its places.
    values = [{}, [], "", 1, None]
    lines = [("receive", event, value) for event in received[:10] for value in values]
    for line, answer in zip(lines, served.told(program, lines)):
        assert answer["error"]["code"] in ("not_found", "validation_failed"), (line, answer)
    assert len(received) <= int(counts[1])
