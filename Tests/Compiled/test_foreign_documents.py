"""Documents of others are served: what they say in their own ways is generated, compiled without a warning, and answers.

The documents in `Documents` are written for this. `x-calls` of an operation are requests to it: `answer` is the status, 200 where the
handler is reached, and `at` the pointers of what is wrong. `x-left-out` of a document are texts of warnings that it must get, and no
other operation may be left out. With LETSCHAT_FOREIGN_SPECS each document of that folder has to do as well.
"""

import os
import pathlib
import re
import subprocess

import pytest
import yaml

import programs
import served

DOCUMENTS = sorted((pathlib.Path(__file__).parent / "Documents").glob("*.yaml"))
METHODS = ["get", "put", "post", "delete", "patch"]


def calls(document):
    for path in document["paths"].values():
        for method in METHODS:
            for call in path.get(method, {}).get("x-calls", []):
                yield method, call


def play(client, method, call):
    body = {"json": call["json"]} if "json" in call else {"content": call.get("body")}
    return client.request(method, call["path"], headers=call.get("headers", {}), **body)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
@pytest.mark.lasts(180)
def test_own_documents_are_served(path, tmp_path):
    document = yaml.safe_load(path.read_text())
    files, said = programs.generate(tmp_path / "generated", openapi=path)
    assert files, said
    left_out = [line for line in said.splitlines() if "is left out" in line]
    for text in document.get("x-left-out", []):
        assert any(text in line for line in left_out), (text, said)
    assert len(left_out) == len(document.get("x-left-out", [])), said
    wrong = []
    with served.running([served.build(files, tmp_path)]) as client:
        for method, call in calls(document):
            answer = play(client, method, call)
            reached = answer.status_code == 404 and "reached" in answer.text
            status = 200 if reached else answer.status_code
            found = [error["pointer"] for error in answer.json()["errors"]] if status == 422 else []
            if (status, found) != (call.get("answer", 200), call.get("at", [])):
                wrong.append(f"{method} {call['path']} {call.get('json')}: {status} {found} {answer.text}")
    assert not wrong, "\n".join(wrong)


def foreign():
    folder = os.environ.get("LETSCHAT_FOREIGN_SPECS")
    return sorted(pathlib.Path(folder).iterdir(), key=lambda path: path.stat().st_size) if folder else []


@pytest.mark.long
@pytest.mark.parametrize("path", foreign(), ids=lambda path: path.name)
@pytest.mark.lasts(1500)
def test_documents_of_others_are_served(path, tmp_path):
    command = [
        programs.BUILD / "SpecTool", "build", "--openapi", path, "--root", path.parent, "--lint", "off", "--output",
        tmp_path / "generated",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    assert status >= 0 and not os.WIFSIGNALED(status), said
    # Of the processor, which others may be using.
    assert used.ru_utime + used.ru_stime < 2
    assert used.ru_maxrss < 200 << 10
    if status:
        assert ": error:" in said
        pytest.skip(said.splitlines()[0])
    files = sorted((tmp_path / "generated").glob("*.swift"))
    operations = [
        found for file in files for found in re.findall(r"^  /// `([A-Z]+) (/\S*)`", file.read_text(), re.MULTILINE)
    ]
    with served.running([served.build(files, tmp_path)]) as client:
        for method, template in operations[:10]:
            answer = client.request(method, re.sub(r"\{[^}]*\}", "1", template))
            assert answer.status_code < 500, (method, template, answer.text)
            assert answer.status_code != 404 or "reached" in answer.text, (method, template)
