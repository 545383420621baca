"""The specs are the truth: what is changed there changes the server, or stops its build with the exact place.

Works on a copy of the package in `.build/mutation`, with the compiler that the package's debug build made, or the one of
SPEC_TOOL. What builds the copy is long; its own build is kept between runs. The place that a diagnostic must name is
marked with ‸ in the edit.
"""

import asyncio
import difflib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api import people
from server import ROOT, Server
from sockets import close, connect

WORKSPACE = ROOT / ".build/mutation"
COPIED = ("Package.swift", "Package.resolved", "Sources", "Plugins", "Examples", "Tests", "Fuzz/Sources", "spec")
MARK = "‸"


def copy(source: Path, target: Path):
    """Copies what changed, with its time, and removes what is gone: nothing that is the same is built again."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        for gone in {path.name for path in target.iterdir()} - {path.name for path in source.iterdir()}:
            path = target / gone
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in source.iterdir():
            if path.name != "__pycache__":
                copy(path, target / path.name)
    elif not target.exists() or target.read_bytes() != source.read_bytes():
        shutil.copy2(source, target)


def swift_build(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["swift", "build", "--package-path", WORKSPACE, "-j", "2", *arguments], capture_output=True, text=True)


class Workspace:
    def __init__(self):
        WORKSPACE.mkdir(parents=True, exist_ok=True)
        for name in COPIED:
            if (ROOT / name).exists():
                copy(ROOT / name, WORKSPACE / name)

    def restore(self):
        copy(ROOT / "spec", WORKSPACE / "spec")

    def edit(self, file: str, old: str, new: str) -> str:
        """Replaces the one place where `old` stands. Answers `spec/FILE:LINE:COLUMN` of the mark in `new`."""
        text = (ROOT / "spec" / file).read_text()
        assert text.count(old) == 1, f"{text.count(old)} places in {file} are:\n{old}"
        before, after = text.split(old)
        to_the_mark = before + new.split(MARK)[0]
        (WORKSPACE / "spec" / file).write_text(before + new.replace(MARK, "") + after)
        line = to_the_mark.count("\n") + 1
        column = len(to_the_mark) - to_the_mark.rfind("\n")
        return f"spec/{file}:{line}:{column}"

    def compile(self) -> subprocess.CompletedProcess:
        """The spec compiler alone, as the build runs it."""
        spec = WORKSPACE / "spec"
        program = Path(os.environ.get("SPEC_TOOL", ROOT / ".build/debug/SpecTool"))
        return subprocess.run(
            [program, "build", "--openapi", spec / "openapi.yaml", "--events",
             spec / "events.yaml", "--output", WORKSPACE / "generated", "--root", f"{WORKSPACE}/"],
            capture_output=True, text=True)


    def generate(self) -> dict[str, list[str]]:
        """What the compiler makes of the specs: the lines of each Swift file."""
        shutil.rmtree(WORKSPACE / "generated", ignore_errors=True)
        done = self.compile()
        assert done.returncode == 0, done.stdout + done.stderr
        files = (WORKSPACE / "generated").rglob("*.swift")
        return {path.name: path.read_text().splitlines() for path in files if "Documents" not in path.name}


@pytest.fixture
def workspace():
    workspace = Workspace()
    workspace.restore()
    yield workspace
    workspace.restore()


LOGIN = """\
LoginRequest:
  type: object
  description: Who wants in.
"""
GET_ME = """\
  get:
    summary: Read one's own account
    description: The caller's own account, with what only its owner sees.
    operationId: getMe
    tags: [auth]
    x-access: user
"""
MEMBER_ROLE = """\
    role:
      $ref: '#/MemberRole'
      description: The person's role in this chat.
"""
MESSAGE_DATA = """\
      data:
        $ref: './schemas.yaml#/Message'
        description: The message as the caller sees it."""
EXAMPLES_OF_HEALTH = """\
                  uptime_seconds: 86400
              ready:
                summary: With `ready=1`.
                value:
                  status: ok
                  version: 1.0.0
                  uptime_seconds: 86400
"""
TYPING = """\
  ChatReference:
    type: object
"""

BAD_SPECS = {
    "an unknown keyword": (
        "auth/schemas.yaml", LOGIN, LOGIN + "  ‸shininess: 3\n", "unknown keyword 'shininess'"),
    "a keyword that is not supported": (
        "auth/schemas.yaml", LOGIN, LOGIN + "  ‸unevaluatedItems: false\n", "use items"),
    "an unknown keyword of an event": (
        "chats/events.yaml", TYPING, TYPING + "    ‸shininess: 3\n", "unknown keyword 'shininess'"),
    "a missing x-access": (
        "auth/paths.yaml", GET_ME, GET_ME.replace("  get:", "  ‸get:").replace("    x-access: user\n", ""),
        "x-access"),
    "an x-access that names no parameter": (
        "auth/paths.yaml", GET_ME, GET_ME.replace("x-access: user", "x-access: {chat-member: ‸chatId}"), "chatId"),
    "a dangling $ref": (
        "chats/schemas.yaml", MEMBER_ROLE, MEMBER_ROLE.replace("'#/MemberRole'", "‸'#/MemberRule'"), "MemberRule"),
    "a dangling $ref between the files": (
        "messages/events.yaml", MESSAGE_DATA,
        MESSAGE_DATA.replace("'./schemas.yaml#/Message'", "‸'./schemas.yaml#/Mesage'"), "Mesage"),
    "a $ref to a file that is not there": (
        "openapi.yaml", "{$ref: './auth/paths.yaml#/me'}", "{$ref: ‸'./auth/path.yaml#/me'}", "auth/path.yaml"),
    "a $ref that leads only to itself": (
        "openapi.yaml", "  securitySchemes:\n",
        "  schemas:\n    Loop:\n      $ref: ‸'#/components/schemas/Loop'\n  securitySchemes:\n",
        "leads only to itself"),
    "a duplicate key": ("auth/schemas.yaml", LOGIN, LOGIN + "  ‸type: object\n", "duplicate key 'type'"),
    "a step that calls no operation": (
        "stories/session.yaml", "    operation: getMe\n", "    operation: ‸getMy\n", "there is no operation 'getMy'"),
    "a tab": ("auth/schemas.yaml", LOGIN, LOGIN.replace("  type", "‸\ttype"), "tab"),
    "a tab in an event": ("chats/events.yaml", TYPING, TYPING.replace("    type", "‸\t  type"), "tab"),
}


def test_the_specs_as_they_are_compile(workspace):
    done = workspace.compile()
    assert done.returncode == 0 and "error:" not in done.stderr, done.stderr


@pytest.mark.parametrize("what", BAD_SPECS)
def test_a_bad_spec_is_told_with_its_place(what, workspace):
    file, old, new, words = BAD_SPECS[what]
    place = workspace.edit(file, old, new)
    done = workspace.compile()
    assert done.returncode != 0, what
    told = [line for line in done.stderr.splitlines() if line.startswith(f"{place}: error: ")]
    assert told and words in told[0], f"{place}: {words}; but:\n{done.stderr}"


def test_all_mistakes_are_told_at_once(workspace):
    first = workspace.edit("auth/schemas.yaml", LOGIN, LOGIN + "  ‸shininess: 3\n")
    second = workspace.edit("chats/events.yaml", TYPING, TYPING + "    ‸shininess: 3\n")
    done = workspace.compile()
    assert all(f"{place}: error: " in done.stderr for place in (first, second)), done.stderr


@pytest.mark.long
def test_a_bad_spec_stops_the_build(workspace):
    """Through the plugin: what the user of `swift build` sees."""
    place = workspace.edit(*BAD_SPECS["a dangling $ref"][:3])
    done = swift_build("--target", "Generated")
    assert done.returncode != 0
    assert f"{place}: error: " in done.stdout + done.stderr, done.stdout + done.stderr


def test_a_changed_maximum_changes_its_number_alone(workspace):
    """The short form of what follows: which lines of the generated code are others."""
    before = workspace.generate()
    shorten_messages(workspace)
    after = workspace.generate()
    assert before.keys() == after.keys()
    changed = [
        line for name in before for line in difflib.ndiff(before[name], after[name]) if line[:2] in ("- ", "+ ")]
    code = [line for line in changed if "///" not in line]
    gone = [line[2:] for line in code if line[0] == "-"]
    come = [line[2:] for line in code if line[0] == "+"]
    assert gone and [re.sub(r"\b4_?000\b", "50", line) for line in gone] == come, "\n".join(changed)


def shorten_messages(workspace: Workspace):
    """`maxLength: 50` on a message's content, which all examples keep, and nothing else."""
    rule = "    content:\n      type: string\n      minLength: 1\n      maxLength: 4000\n"
    draft = "MessageDraft:\n  type: object\n  description: A message to send.\n  required: [content]\n"
    whole = draft + "  properties:\n" + rule
    workspace.edit("messages/schemas.yaml", whole, whole.replace("4000", "50"))


@pytest.mark.long
def test_the_maximum_of_a_text_is_the_specs(workspace):
    """Both doors refuse a longer text."""
    shorten_messages(workspace)
    done = swift_build("--product", "letschat")
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    server = Server(name="mutation", program=WORKSPACE / ".build/debug/letschat")
    try:
        server.start()
        asyncio.run(refuse_longer_texts(server.url))
        server.close()
    finally:
        if server.process and server.process.poll() is None:
            server.process.kill()


async def refuse_longer_texts(url: str):
    ada, ben = await asyncio.to_thread(people, url, "ada", "ben")
    chat = await asyncio.to_thread(ada.direct, ben)
    (connection,) = await connect(ada)
    most, more = "x" * 50, "x" * 51
    assert (await asyncio.to_thread(ada.send, chat["id"], most))["content"] == most
    assert (await connection.do("send_message", {"chat_id": chat["id"], "content": most}))["content"] == most
    by_rest = await asyncio.to_thread(ada.ask, "POST", f"/chats/{chat['id']}/messages", json={"content": more})
    by_event = await connection.refuse("send_message", {"chat_id": chat["id"], "content": more})
    assert by_rest.status == 422
    for problem in (by_rest.json, by_event):
        assert problem["code"] == "validation_failed"
        assert [(error["pointer"], error["keyword"]) for error in problem["errors"]] == [("/content", "maxLength")]
    await close(connection)


@pytest.mark.long
def test_a_new_required_property_breaks_the_handler_that_owes_it(workspace):
    """And only that: the compiler names the file and the property."""
    required = "  required: [status, version, uptime_seconds]\n  properties:\n"
    workspace.edit(
        "system/schemas.yaml", required,
        "  required: [status, version, uptime_seconds, mood]\n  properties:\n    mood:\n"
        "      type: string\n      maxLength: 10\n      pattern: ^[^\\u0000]*$\n"
        "      description: How the server feels.\n")
    # Its examples have it, too: else the spec compiler refuses them.
    moody = EXAMPLES_OF_HEALTH.replace("86400\n", "86400\n" + " " * 18 + "mood: good\n")
    workspace.edit("system/paths.yaml", EXAMPLES_OF_HEALTH, moody)
    done = swift_build("--product", "letschat")
    assert done.returncode != 0, "the server builds without what it owes"
    errors = {
        (path, message)
        for path, message in re.findall(r"^(/[^:\n]+):\d+:\d+: error: (.*)$", done.stdout + done.stderr, re.MULTILINE)
    }
    assert "missing argument for parameter 'mood' in call" in {message for _, message in errors}, done.stdout[-3000:]
    owing = [path for path in (WORKSPACE / "Sources").rglob("*.swift") if "func getHealth(" in path.read_text()]
    assert {Path(path) for path, _ in errors} <= set(owing), errors
