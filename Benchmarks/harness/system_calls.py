"""System calls of a process over a window, counted by perf in the kernel."""

import shutil
import signal
import subprocess

# All of them, and those that write to a socket.
ALL = "raw_syscalls:sys_enter"
WRITES = tuple(f"syscalls:sys_enter_{call}" for call in ("write", "writev", "sendto", "sendmsg", "sendmmsg"))


def can_be_counted():
    """Whether there is a perf that may read the kernel's tracepoints: Debian's linux-perf, as root."""
    if not shutil.which("perf"):
        return False
    probe = subprocess.run(["perf", "stat", "-x", ",", "-e", ALL, "true"], capture_output=True, text=True, check=False)
    return probe.returncode == 0 and "not supported" not in probe.stderr and ALL in probe.stderr


class Counter:
    """Counts from its making to `read()`. Each call costs the process a little then: no CPU is measured meanwhile."""

    def __init__(self, pid):
        self.process = subprocess.Popen(
            ["perf", "stat", "-x", ",", "-e", ",".join((ALL, *WRITES)), "-p", str(pid)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def read(self):
        self.process.send_signal(signal.SIGINT)
        _, output = self.process.communicate(timeout=30)
        counts = {}
        for line in output.splitlines():
            fields = line.split(",")
            if len(fields) > 2 and fields[0].isdigit():
                counts[fields[2]] = int(fields[0])
        return {"all": counts.get(ALL, 0), "writes": sum(counts.get(name, 0) for name in WRITES)}
