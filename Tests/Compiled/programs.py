"""Programs of generated code: a spec is compiled by SpecTool, then by swiftc together with a main of the test's own, against the
modules of the debug build."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build/debug"
CHECKOUTS = ROOT / ".build/checkouts"

# What generated code stands on, down to the C modules of NIO.
MODULES = [
    "ProtocolRuntime", "TokenBuckets", "Bytes", "NIOCore", "NIOPosix", "NIOConcurrencyHelpers", "_NIOBase64", "_NIODataStructures",
    "_NIOAsyncOSAPI", "CNIOAtomics", "CNIOLinux", "CNIODarwin", "CNIOWindows", "CNIOWASI", "CNIOOpenBSD", "CNIOPosix",
    "CNIOFreeBSD", "Atomics", "_AtomicsShims", "DequeModule", "InternalCollectionsUtilities", "ContainersPreview",
    "BasicContainers", "SystemPackage", "NIO", "NIOHTTP1", "CNIOLLHTTP",
]


def generate(output, openapi=None, events=None):
    """Generated files of documents of others, and what the compiler said."""
    documents = [part for option, path in (("--openapi", openapi), ("--events", events)) if path for part in (option, path)]
    run = subprocess.run(
        [
            BUILD / "SpecTool", "build", *documents, "--root", (openapi or events).parent, "--lint", "off", "--all",
            "--output", output,
        ],
        capture_output=True, text=True, timeout=60)
    return sorted(output.glob("*.swift")) if run.returncode == 0 else None, run.stderr


def compile(sources, program):
    """What swiftc said; empty if there was nothing to say."""
    run = subprocess.run(
        [
            "swiftc", "-swift-version", "6", "-module-name", "Program", "-warnings-as-errors", "-parse-as-library",
            "-enable-upcoming-feature", "NonisolatedNonsendingByDefault", "-I", BUILD / "Modules", *_c_modules(), *sources,
            *_objects(), "-o", program, "-lpthread",
        ],
        capture_output=True, text=True, timeout=1200)
    return run.stderr if run.returncode else ""


def _c_modules():
    for folder in [*CHECKOUTS.glob("swift-nio/Sources/CNIO*/include"), *CHECKOUTS.glob("swift-atomics/Sources/_AtomicsShims/include")]:
        yield from ("-I", folder)
    for module in BUILD.glob("*.build/module.modulemap"):
        yield from ("-Xcc", f"-fmodule-map-file={module}")


def _objects():
    for module in MODULES:
        yield from sorted((BUILD / f"{module}.build").rglob("*.o"))


def swift_literal(text):
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
    return '"' + "".join(escapes.get(sign, sign) for sign in text) + '"'
