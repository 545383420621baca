"""CPU time of processes and of the machine, from /proc."""

import os
import time

TICK = os.sysconf("SC_CLK_TCK")


def _fields(pid):
    with open(f"/proc/{pid}/stat") as file:
        # The command's name is in parentheses and may hold anything: what counts comes after the last one.
        return file.read().rpartition(")")[2].split()


def cpu_seconds(pid):
    """User and system time of a process: all its threads, also those that have ended."""
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / TICK


def family_cpu_seconds(pid):
    """User and system time of a process, its children, and the children that it has waited for.

    A child that ends between two samples moves from the one sum into the other, so nothing is lost."""
    fields = _fields(pid)
    ticks = sum(int(fields[i]) for i in (11, 12, 13, 14))
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            child = _fields(entry)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(child[1]) == pid:
            ticks += int(child[11]) + int(child[12])
    return ticks / TICK


def machine_cpu_seconds():
    """(busy, stolen) seconds of all cores since the start of the machine."""
    with open("/proc/stat") as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    user, nice, system, _idle, _wait, interrupt, soft, steal = fields
    return (user + nice + system + interrupt + soft) / TICK, steal / TICK


def resident_megabytes(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def anonymous_megabytes(pid):
    """Resident memory that is backed by no file: what a process has allocated."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file:
            if line.startswith("Anonymous:"):
                return int(line.split()[1]) / 1024
    return 0.0


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def wait_until_idle(pid, patience=20.0):
    """Returns when a process has used less than a tenth of a core for half a second, or the patience is over."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        before = cpu_seconds(pid)
        time.sleep(0.5)
        if cpu_seconds(pid) - before < 0.05:
            return
