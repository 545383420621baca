"""Generated code as a running server: each handler answers `refused(.notFound, "reached …")`, so that what the generated code lets
through can be told from what it refuses."""

import contextlib
import re
import subprocess

import httpx

import programs

SERVER = programs.ROOT / "Examples/Petstore/Sources/Petstore/Server.swift"
ANYONE = """
/// Whoever has a token.
struct Anyone: Authenticator, AccessPolicies {
  func authenticate(_ accessToken: String) -> Caller? {
    UUID("00000000-0000-4000-8000-000000000000").map { Caller(userID: $0, sessionID: $0) }
  }
}
"""
FUNCTION = re.compile(r"^  (func (`?\w+`?)\(.*\) async throws -> Operations\.\w+\.Output)$", re.MULTILINE)
PROTOCOL = re.compile(r"^public protocol (\w+Handlers): Sendable \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
INITIALIZER = re.compile(r"^  public init\((.*?)policies: PolicyHandler", re.MULTILINE)


def main(files):
    """A program's main, with a handler for each protocol that the generator asks for."""
    text = "\n".join(file.read_text() for file in files)
    lines = ["import ProtocolRuntime", ANYONE]
    protocols = PROTOCOL.findall(text)
    for name, body in protocols:
        lines.append(f"struct {name}Stub: {name} {{")
        lines += [f'  {head} {{ .refused(.notFound, "reached {called.strip("`")}") }}' for head, called in FUNCTION.findall(body)]
        lines.append("}")
    labels = re.findall(r"(\w+)`?: \w+", INITIALIZER.search(text)[1])
    assert len(labels) == len(protocols)
    handlers = "".join(f"{label}: {name}Stub(), " for label, (name, _) in zip(labels, protocols))
    lines += [
        "@main struct Main {", "  static func main() async throws {",
        f"    let api = API({handlers}policies: Anyone(), authenticator: Anyone(), onFault: {{ _, _ in }})",
        "    let server = Server { await api.respond(to: $0, operation: $1, segments: $2) } refuse: { api.problem($0, context: $1) }",
        "    try await server.run(port: 0)", "  }", "}",
    ]
    return "\n".join(lines) + "\n"


def build(files, folder):
    """The program; what swiftc has to say is a failure."""
    path = folder / "Main.swift"
    path.write_text(main(files))
    said = programs.compile([*files, SERVER, path], folder / "program")
    assert said == "", said
    return folder / "program"


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
