"""Generated code as a running program: each handler answers `refused(.notFound, "reached …")`, so that what the generated code lets
through can be told from what it refuses. Operations are served over HTTP; events are read from standard input."""

import contextlib
import json
import re
import subprocess

import httpx

import programs

SERVER = programs.ROOT / "Examples/Petstore/Sources/Petstore/PlainHTTPServer.swift"
ANYONE = """
/// Whoever has a token.
struct Anyone: Authenticator, AccessPolicies {
  func authenticate(_ accessToken: String) -> Caller? {
    UUID("00000000-0000-4000-8000-000000000000").map { Caller(userID: $0, sessionID: $0) }
  }
}
"""
FUNCTION = re.compile(r"^  (func (`?\w+`?)\(.*\) async throws -> (?:Operations|Events)\.\w+\.Output)$", re.MULTILINE)
PROTOCOL = re.compile(r"^public protocol (\w+Handlers): Sendable \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
GENERICS = re.compile(r"^public final class API<(.*), PolicyHandler:", re.MULTILINE)
INITIALIZER = re.compile(r"^  public init\((.*?)policies: PolicyHandler", re.MULTILINE)
SERVE = """
    let server = PlainHTTPServer { await api.respond(to: $0, operation: $1, segments: $2) } refuse: { api.problem($0, context: $1) }
    try await server.run(port: 0)
"""
# What is told of a line: an acknowledgement, or how many violations a value of the server's has.
EVENTS = """
    let caller = Caller(userID: UUID("00000000-0000-4000-8000-000000000000")!, sessionID: UUID("00000000-0000-4000-8000-000000000000")!)
    let context = RequestContext(requestID: "1", address: "127.0.0.1")
    while let line = readLine() {
      let parts = line.split(separator: "\\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      let json = ByteBuffer(string: parts[2])
      switch parts[0] {
      case "receive":
        print(String(buffer: await api.receive(event: parts[1], payload: json, caller: caller, context: context).json))
      case "send": print(try Validators.event(parts[1], payload: json)!.count)
      case "answer": print(try Validators.acknowledgement(event: parts[1], data: json)!.count)
      default: print(try Validators.response(operation: parts[1], status: 200, body: json)!.count)
      }
    }
"""


def main(files, then=SERVE):
    """A program's main, with a handler for each of the protocols that the generator asks for."""
    text = "\n".join(file.read_text() for file in files)
    lines = ["import NIOCore", "import ProtocolRuntime", ANYONE]
    bodies = dict(PROTOCOL.findall(text))
    handlers = []
    generics = GENERICS.search(text)
    for label, generic in zip(
        re.findall(r"(\w+)`?: \w+", INITIALIZER.search(text)[1]), generics[1].split(", ") if generics else [], strict=True
    ):
        protocols = generic.partition(": ")[2]
        lines.append(f"struct Stub{len(handlers)}: {protocols} {{")
        for protocol in protocols.split(" & "):
            lines += [
                f'  {head} {{ .refused(.notFound, "reached {called.strip("`")}") }}'
                for head, called in FUNCTION.findall(bodies.pop(protocol))
            ]
        lines.append("}")
        handlers.append(f"{label}: Stub{len(handlers)}(), ")
    assert not bodies
    lines += [
        "@main struct Main {", "  static func main() async throws {",
        f"    let api = API({''.join(handlers)}policies: Anyone(), authenticator: Anyone(), onFault: {{ _, _ in }})",
        then, "  }", "}",
    ]
    return "\n".join(lines) + "\n"


def build(files, folder, then=SERVE):
    """The program; what swiftc has to say is a failure."""
    path = folder / "Main.swift"
    path.write_text(main(files, then))
    said = programs.compile([*files, *([SERVER] if then == SERVE else []), path], folder / "program")
    assert said == "", said
    return folder / "program"


def told(program, lines):
    """What a program of EVENTS says of each line: a kind, an event or operation, and JSON."""
    text = "".join("\t".join([kind, event, json.dumps(value)]) + "\n" for kind, event, value in lines)
    run = subprocess.run([program], input=text, capture_output=True, text=True, timeout=60, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(lines)
    return answers


@contextlib.contextmanager
def running(command):
    """A client of the server, which lives as long as it is used and must not have ended by itself."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        with httpx.Client(base_url=url, headers={"Authorization": "Bearer any"}, timeout=20) as client:
            yield client
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
