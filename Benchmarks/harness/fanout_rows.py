"""The rows of the fan-out, and one window of each."""

import time
from dataclasses import dataclass

from . import processes, system_calls
from .generator import Generator


@dataclass(frozen=True)
class Row:
    title: str
    members: int
    senders: int = 10
    # Deliveries a second of the open loop; None: the closed loop.
    rate: int | None = None


FAN_OUT = {
    "closed-100": Row("100 members, closed loop", 100),
    "closed-1000": Row("1,000 members, closed loop", 1000),
    "open-100": Row("100 members, 30,000 deliveries/s", 100, rate=30_000),
    "open-1000": Row("1,000 members, 30,000 deliveries/s", 1000, rate=30_000),
}

# Octets of a message as it goes through the WebSocket.
LENGTH = 200


def fan_out(row, server, warm_up, seconds, counting=False):
    """One window; what each delivery took. With `counting`, the system calls instead of the CPU."""
    row = FAN_OUT[row]
    processes.wait_until_idle(server.pid)
    arguments = ["fanout", "--target", server.address, "--connections", row.members, "--senders", row.senders]
    arguments += ["--length", LENGTH, "--warm-up", warm_up, "--seconds", seconds, "--gate"]
    if row.rate:
        arguments += ["--deliveries", row.rate]
    with Generator(*arguments) as generator:
        generator.report("connected")
        generator.report("ready")
        counter = system_calls.Counter(server.pid) if counting else None
        if counter:
            # perf has to be attached before the first call that counts.
            time.sleep(0.5)
        before = sample(server)
        generator.go()
        report = generator.report("done")
        after = sample(server)
        calls = counter.read() if counter else None
    delivered = max(1, report["delivered"])
    result = _window(report, delivered, before, after)
    result |= {
        "lost": report["lost"], "doubled": report["doubled"], "late": report["late"],
        "lag_p99_us": report["lag_microseconds"]["p99"], "server_resident_mb": processes.resident_megabytes(server.pid),
    }
    if calls:
        result["calls"] = calls["all"] / delivered
        result["write_calls"] = calls["writes"] / delivered
    return result


def connect(server, count, parallel):
    """So many connections, one after the other but for `parallel` that are under way."""
    processes.wait_until_idle(server.pid)
    arguments = ["connect", "--target", server.address, "--connections", count, "--parallel", parallel, "--gate"]
    with Generator(*arguments) as generator:
        generator.report("ready")
        before = sample(server)
        generator.go()
        report = generator.report("done")
        after = sample(server)
    return _window(report, max(1, report["connected"]), before, after)


def storm(server, count, tokens=None):
    """All connections cut at once, all back at once."""
    processes.wait_until_idle(server.pid)
    arguments = ["storm", "--target", server.address, "--connections", count, "--gate"]
    if tokens:
        arguments += ["--tokens", tokens]
    with Generator(*arguments) as generator:
        first = generator.report("connected")
        generator.report("ready")
        processes.wait_until_idle(server.pid)
        before = sample(server)
        generator.go()
        report = generator.report("done")
        after = sample(server)
    result = _window(report, max(1, report["connected"]), before, after)
    if first["failed"]:
        result["failures"]["before the storm"] = first["failed"]
    return result


def idle(server, count, tokens=None, parallel=64, settling=3.0):
    """Resident memory of so many connections that do nothing, in octets for each of them."""
    shared = ["--target", server.address, "--parallel", parallel, *(["--tokens", tokens] if tokens else [])]
    # What a server sets up with its first connections is not theirs.
    with Generator("idle", "--connections", 50, *shared) as generator:
        generator.report("connected")
    processes.wait_until_idle(server.pid)
    time.sleep(settling)
    before = _memory(server)
    with Generator("idle", "--connections", count, *shared) as generator:
        report = generator.report("connected")
        processes.wait_until_idle(server.pid)
        time.sleep(settling)
        after = _memory(server)
        generator.go()
        lost = generator.report("done")["lost"]
    return {
        **{name: report[name] for name in ("connected", "failures", "per_second")},
        "lost": lost, "before_mb": before["resident"], "after_mb": after["resident"],
        **{f"{name}_octets": (after[name] - before[name]) * 2**20 / max(1, report["connected"]) for name in before},
    }


def _memory(server):
    return {
        "resident": processes.resident_megabytes(server.pid), "anonymous": processes.anonymous_megabytes(server.pid)}


def sample(server):
    busy, stolen = processes.machine_cpu_seconds()
    return {"server": processes.cpu_seconds(server.pid), "busy": busy, "stolen": stolen}


def _window(report, count, before, after):
    spent = {name: after[name] - before[name] for name in before}
    latency = report["latency_microseconds"]
    return {
        "per_second": report["per_second"],
        **{f"{name}_us": latency[name] for name in ("p50", "p90", "p99", "max")},
        "server_cpu_us": spent["server"] / count * 1e6,
        "generator_cpu_us": report["generator_cpu_seconds"] / count * 1e6,
        # What ran on the machine besides the two: noise.
        "other_cores": (spent["busy"] - spent["server"] - report["generator_cpu_seconds"]) / report["seconds"],
        "stolen_cores": spent["stolen"] / report["seconds"],
        "failures": report["failures"],
        "generator": report,
    }
