"""From windows to the tables that people read."""

import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time

from .rows import TITLES
from .servers import CACHE, REPOSITORY

FIGURES = ("per_second", "p50_us", "p99_us", "server_cpu_us", "postgres_cpu_us", "generator_cpu_us", "other_cores")


def medians(windows, counts):
    """{row: {server: figures}} of `windows` {row: {server: [window]}} and `counts` {row: {server: counts}}."""
    result = {}
    for row, servers in windows.items():
        result[row] = {}
        for server, measured in servers.items():
            figures = {name: statistics.median(window[name] for window in measured) for name in FIGURES}
            figures["spread"] = {
                name: [min(window[name] for window in measured), max(window[name] for window in measured)]
                for name in FIGURES}
            figures["counts"] = counts.get(row, {}).get(server)
            result[row][server] = figures
    return result


def _cells(figures):
    counts = figures["counts"]
    return [
        f"{figures['per_second']:,.0f}",
        f"{figures['p50_us'] / 1000:.2f} ms",
        f"{figures['p99_us'] / 1000:.2f} ms",
        f"{figures['server_cpu_us']:.1f} µs",
        f"{figures['postgres_cpu_us']:.1f} µs",
        f"{counts['statements']:.2f}" if counts else "",
        f"{counts['commits']:.2f}" if counts else "",
        f"{counts['syncs']:.3f}" if counts else "",
    ]


HEAD = [
    "", "", "requests/s", "p50", "p99", "server CPU a request", "PostgreSQL CPU a request", "statements", "commits",
    "syncs",
]


def _lines(table, titles):
    lines = []
    for row, servers in table.items():
        title = TITLES[row]
        for server, figures in servers.items():
            lines.append([title, titles[server], *_cells(figures)])
            title = ""
        if len(servers) == 2:
            ours, theirs = servers.values()
            lines.append(["", "ratio", *_ratios(ours, theirs), "", "", ""])
    return lines


def _ratios(ours, theirs):
    """The first server's figures as parts of the second's."""
    names = ("per_second", "p50_us", "p99_us", "server_cpu_us", "postgres_cpu_us")
    return [f"{ours[name] / theirs[name]:.2f}" if theirs[name] else "" for name in names]


def text(table, titles):
    lines = [HEAD, *_lines(table, titles)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(zip(line, widths)))
        for line in lines)


def markdown(table, titles, machine):
    lines = [HEAD, ["---", "---", *["---:"] * (len(HEAD) - 2)], *_lines(table, titles)]
    rows = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    noise = max(figures["other_cores"] for servers in table.values() for figures in servers.values())
    rounds = machine["rounds"]
    return (
        f"{rows}\n\n{'Medians of ' if rounds > 1 else ''}{rounds} round{'s' if rounds > 1 else ''} of "
        f"{machine['seconds']:g} s, in turn. "
        f"{machine['cores']} cores ({machine['processor']}), shared by the server, PostgreSQL {machine['postgres']} "
        f"and the generator; all else took at most {max(noise, 0):.2f} cores. "
        f"Node {machine['node']}, {machine['node_packages']}. "
        f"An fsync took {machine['fsync_us']:.0f} µs. {machine['date']}, {machine['commit']}.\n")


def _output(*command, **options):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _fsync_microseconds(folder):
    """The median time of writing 8 kB and forcing them to the disk that PostgreSQL is on."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(200):
            os.pwrite(file.fileno(), os.urandom(8192), 0)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1e6


def bare_machine():
    """What the figures of any run depend on."""
    with open("/proc/cpuinfo") as file:
        processor = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    packages = []
    if os.path.isdir(f"{CACHE}/archives"):
        for name in ("node-express", "node-ws", "node-pg"):
            for archive in os.listdir(f"{CACHE}/archives"):
                if archive.startswith(f"{name}_"):
                    packages.append(f"{name} {archive.split('_')[1].split('+')[0]}")
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "commit": _output("git", "describe", "--always", "--dirty", "--exclude=*", cwd=REPOSITORY),
        "kernel": platform.release(),
        "processor": processor,
        "cores": os.cpu_count(),
        "node": _output("node", "--version").lstrip("v") if shutil.which("node") else "none",
        "node_packages": ", ".join(packages) or "no peer",
        "swift": _output("swift", "--version").splitlines()[0],
    }


def machine(postgres, options):
    """The same of a run with a database."""
    return bare_machine() | {
        "postgres": postgres.version().split()[0],
        "fsync_us": _fsync_microseconds(postgres.folder),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "connections": options.connections,
    }
