"""The rows of the table, and one window of load for one of them."""

import json
import subprocess
import time

from . import processes
from .generator import PROGRAM, Generator

TITLES = {
    "me": "GET /api/auth/me",
    "page": "GET 50 messages",
    "send": "send_message, acknowledged",
}

# PostgreSQL 15 hands a backend's counters over when it was idle for 10 s (PGSTAT_IDLE_INTERVAL), or each second
# while it is busy.
SETTLING = 10.5


def _arguments(row, population, folder):
    if row == "send":
        return _file(folder, "sends", "--senders", population.senders())
    if row == "page":
        return [*_file(folder, "requests", "--requests", population.page_requests()), "--items", "50"]
    return _file(folder, "requests", "--requests", population.me_requests())


def _file(folder, verb, option, content):
    path = f"{folder}/{verb}.json"
    with open(path, "w") as file:
        json.dump(content, file)
    return [verb, option, path]


def fill_page_chat(population, folder, count=500):
    """The messages that the reading row reads, sent as anybody would send them."""
    arguments = _file(folder, "sends", "--senders", population.page_sender())
    output = subprocess.run(
        [PROGRAM, *arguments, "--target", population.server.address, "--warm-up", "0", "--seconds", "60",
         "--max-requests", str(count)],
        check=True, capture_output=True, text=True).stdout
    report = json.loads(output)
    if report["completed"] != count:
        raise SystemExit(f"{population.server.title}: {report}")


def measure(row, population, folder, warm_up, seconds, connections, counting=False):
    """One window; what it took for one request. With `counting`, also what PostgreSQL counted."""
    server, postgres = population.server, population.server.postgres
    population.refresh()
    arguments = [*_arguments(row, population, folder), "--target", server.address, "--gate"]
    arguments += ["--warm-up", warm_up, "--seconds", seconds]
    if row != "send":
        arguments += ["--connections", connections]
    with Generator(*arguments) as generator:
        generator.report("ready")
        if counting:
            time.sleep(SETTLING)
            counted = postgres.counters(server.name)
        before = _sample(server, postgres)
        generator.go()
        report = generator.report("done")
        after = _sample(server, postgres)
        if counting:
            time.sleep(SETTLING)
            later = postgres.counters(server.name)
    _verify(row, server, report)
    done = report["completed"]
    spent = {name: after[name] - before[name] for name in before}
    result = {
        "per_second": report["per_second"],
        "p50_us": report["latency_microseconds"]["p50"],
        "p99_us": report["latency_microseconds"]["p99"],
        "max_us": report["latency_microseconds"]["max"],
        "server_cpu_us": spent["server"] / done * 1e6,
        "postgres_cpu_us": spent["postgres"] / done * 1e6,
        "generator_cpu_us": report["generator_cpu_seconds"] / done * 1e6,
        # What ran on the machine besides the three: noise.
        "other_cores": (spent["busy"] - spent["server"] - spent["postgres"] - report["generator_cpu_seconds"])
        / report["seconds"],
        "stolen_cores": spent["stolen"] / report["seconds"],
        "server_resident_mb": processes.resident_megabytes(server.process.pid),
        "generator": report,
    }
    if counting:
        result["counts"] = {name: (later[name] - counted[name]) / done for name in counted}
    return result


def _sample(server, postgres):
    busy, stolen = processes.machine_cpu_seconds()
    return {
        "server": processes.cpu_seconds(server.process.pid), "postgres": postgres.cpu_seconds(),
        "busy": busy, "stolen": stolen,
    }


def _verify(row, server, report):
    """A figure with errors in it is no figure."""
    problems = []
    if report["completed"] == 0:
        problems.append("nothing was answered")
    elif report["checked"] == 0:
        problems.append("no answer was parsed")
    if report["failed"]:
        problems.append(f"failures: {report['failures']}")
    if report["lost"] or report["repeated"]:
        problems.append(f"{report['lost']} events lost, {report['repeated']} repeated")
    # The last message's own event may come after its acknowledgement: one a connection.
    if row == "send" and not 0 <= report["completed"] - report["delivered"] <= 50:
        problems.append(f"{report['delivered']} events for {report['completed']} messages")
    if problems:
        raise SystemExit(f"{server.title}, {TITLES[row]}: {'; '.join(problems)}")
