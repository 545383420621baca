"""From the fan-out's windows to the tables and the picture that people read."""

import statistics

from .fanout_rows import FAN_OUT
from .fanout_servers import TITLES

# How a window is told of while the run goes on.
PROGRESS = {
    "per_second": "{:,.0f}/s", "p50_us": "p50 {:.0f} µs", "p99_us": "p99 {:.0f} µs",
    "server_cpu_us": "server {:.2f} µs", "generator_cpu_us": "generator {:.2f} µs", "calls": "{:.3f} system calls",
    "write_calls": "{:.3f} of them writes", "lost": "{:,} lost", "resident_octets": "{:,.0f} octets a connection",
}

# JSON keeps each; the tables have some.
FIGURES = (
    "per_second", "p50_us", "p90_us", "p99_us", "max_us", "server_cpu_us", "generator_cpu_us", "other_cores", "lost",
    "doubled", "late", "lag_p99_us", "resident_octets", "anonymous_octets", "after_mb")


def title(row, options):
    if row in FAN_OUT:
        return FAN_OUT[row].title
    return {
        "connect": f"{options.connects:,} connections, 64 under way", "idle": f"{options.idle:,} idle connections",
        "storm": f"{options.storm:,} connections come back at once", "letschat": "letschat, idle"}[row]


def medians(windows, calls):
    """{row: {server: figures}} of `windows` {row: {server: [window]}} and `calls` {row: {server: counts}}."""
    table = {}
    for row, measured in windows.items():
        for server, rounds in measured.items():
            if not rounds:
                continue
            figures = {}
            for name in FIGURES:
                values = [window[name] for window in rounds if name in window]
                if values:
                    figures[name] = statistics.median(values)
                    figures[f"{name}_spread"] = [min(values), max(values)]
            figures["failed"] = sum(sum(window["failures"].values()) for window in rounds)
            figures |= calls.get(row, {}).get(server, {})
            table.setdefault(row, {})[server] = figures
    return table


FAN_OUT_HEAD = [
    "", "", "server CPU a delivery", "ratio", "deliveries/s", "p50", "p99", "max", "system calls a delivery",
    "of them writes", "lost, double, late"]


def _number(value, form):
    return "" if value is None else form.format(value)


def _ratio(ours, figures, name):
    """SocketIO's figure as a part of this one; nothing for its own, and where a peer got nothing done."""
    return f"{ours[name] / figures[name]:.2f}" if ours and figures[name] else ""


def _fan_out_line(figures, ours):
    wrong = [int(figures[name]) for name in ("lost", "doubled", "late")]
    return [
        f"{figures['server_cpu_us']:.2f} µs",
        _ratio(ours, figures, "server_cpu_us"),
        f"{figures['per_second']:,.0f}",
        *(f"{figures[name] / 1000:.2f} ms" for name in ("p50_us", "p99_us", "max_us")),
        _number(figures.get("calls"), "{:.3f}"),
        _number(figures.get("write_calls"), "{:.3f}"),
        "none" if not any(wrong) else ", ".join(f"{count:,}" for count in wrong),
    ]


def _rows(table, names, options, line):
    lines = []
    for row in names:
        heading = title(row, options)
        for server, figures in table.get(row, {}).items():
            ours = table[row].get("socketio") if server != "socketio" else None
            lines.append([heading, TITLES[server], *line(figures, ours)])
            heading = ""
    return lines


def _connect_line(figures, ours):
    if not figures["per_second"]:
        return ["none"] + [""] * 6 + [f"{figures['failed']:,}"]
    return [
        f"{figures['per_second']:,.0f}",
        _ratio(ours, figures, "per_second"),
        f"{figures['server_cpu_us']:.0f} µs",
        *(f"{figures[name] / 1000:,.1f} ms" for name in ("p50_us", "p90_us", "p99_us", "max_us")),
        f"{figures['failed']:,}",
    ]


def _idle_line(figures, ours):
    return [
        f"{figures['resident_octets'] / 1024:.1f} KB",
        _ratio(ours, figures, "resident_octets"),
        f"{figures['anonymous_octets'] / 1024:.1f} KB",
        f"{figures['after_mb']:.0f} MB",
    ]


def _markdown_table(head, lines):
    if not lines:
        return ""
    rule = ["---", "---", *["---:"] * (len(head) - 2)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines)) + "\n\n"


def markdown(table, idle, machine, options):
    text = _markdown_table(FAN_OUT_HEAD, _rows(table, FAN_OUT, options, _fan_out_line))
    text += _markdown_table(
        ["", "", "connects/s", "ratio", "server CPU a connect", "p50", "p90", "p99", "max", "failed"],
        _rows(table, ("connect", "storm"), options, _connect_line))
    text += _markdown_table(
        ["", "", "resident, a connection", "ratio", "of it anonymous", "resident, in all"],
        _rows(table, ("idle",), options, _idle_line))
    lines = [
        ["letschat itself", f"{count:,} users, {options.groups + options.directs} chats each", "{:.1f} KB".format(
            window["resident_octets"] / 1024), "{:.1f} KB".format(window["anonymous_octets"] / 1024),
         f"{window['after_mb']:.0f} MB", f"{window['per_second']:,.0f}"]
        for count, window in idle.items()]
    text += _markdown_table(
        ["", "", "resident, a connection", "of it anonymous", "resident, in all", "connects/s"], lines)
    return text + _footer(machine)


def _footer(machine):
    rounds = machine["rounds"]
    return (
        f"Ratio: SocketIO's figure as a part of this one. {'Medians of ' if rounds > 1 else ''}{rounds} "
        f"round{'s' if rounds > 1 else ''} of {machine['seconds']:g} s, in turn; memory, storms and system calls once. "
        f"{machine['cores']} cores ({machine['processor']}), shared by server and generator; all else took at most "
        f"{max(machine['other_cores'], 0):.2f} cores. Node {machine['node']}, {machine['node_packages']}; "
        f"{machine['peers']}. {machine['date']}, {machine['commit']}, {machine['minutes']:.0f} minutes.\n")


def panels(table, options):
    """What the picture shows: (title, unit, [(row, [(server, value)])])."""
    def panel(heading, unit, rows, name, scale=1.0):
        blocks = [
            (title(row, options), [(TITLES[server], figures[name] * scale) for server, figures in table[row].items()])
            for row in rows if row in table]
        return heading, unit, blocks
    return [shown for shown in (
        panel("Server CPU for one delivery", "µs", FAN_OUT, "server_cpu_us"),
        panel("From due to delivered, 99 of 100 within", "ms", FAN_OUT, "p99_us", 0.001),
        panel("Connects a second", "/s", ("connect", "storm"), "per_second"),
        panel("Resident memory of an idle connection", "KB", ("idle",), "resident_octets", 1 / 1024),
    ) if shown[2]]
