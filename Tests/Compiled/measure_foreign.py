"""measure_foreign.py FOLDER: what the compiler of the debug build makes of each OpenAPI or AsyncAPI document of a folder, as the table
and the reasons of docs/foreign-specs.md."""

import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import programs

ROW = "| {} | {:,} kB | {} | {:.2f} s | {:.0f} MB | {} |"


def measure(path, kind, output):
    process = subprocess.Popen(
        [programs.BUILD / "SpecTool", "build", f"--{kind}", path, "--root", path.parent, "--lint", "off", "--all", "--output", output],
        stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, _, used = os.wait4(process.pid, 0)
    return said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def version(path):
    """Its kind and version."""
    found = re.search(r"""["']?(openapi|asyncapi)["']?\s*:\s*["']?(\d+\.\d+\.\d+)""", path.read_text())
    return ("events" if found and found[1] == "asyncapi" else "openapi"), found[2] if found else ""


def main():
    reasons, all_served, all_stated = collections.Counter(), 0, 0
    print("| document | size | version | time | memory | served |\n| --- | ---: | --- | ---: | ---: | --- |")
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir(), key=lambda path: path.stat().st_size):
        kind, number = version(path)
        with tempfile.TemporaryDirectory() as output:
            said, seconds, megabytes = measure(path, kind, output)
        counts = re.search(r"(\d+) of (\d+) (?:operations are served|events are generated)", said)
        served, stated = map(int, counts.groups()) if counts else (0, 0)
        all_served, all_stated = all_served + served, all_stated + stated
        error = re.search(r": error: ([^(;\[]*)", said)
        print(ROW.format(
            path.name, path.stat().st_size // 1000, number, seconds, megabytes,
            f"{served} of {stated}" if counts else f"refused: {error[1].strip()}"))
        # HEAD and OPTIONS, which the server answers by itself, are not among what is counted.
        found = re.findall(
            r"(?:[A-Z]+ \S+|the event .*?|the operation .*?) is left out: (?!the server answers)(.*?)(?: \[|$)", said, re.MULTILINE)
        for reason in found if counts else []:
            reasons[re.sub(r"'[^']*'|\(line \d+\)|\d+", "…", re.sub(r"needs \w+,", "needs a schema", reason)).strip()] += 1
    print(f"\n{all_served:,} of {all_stated:,} are served.\n")
    for reason, count in reasons.most_common(5):
        print(f"- {count}: {reason}")


main()
