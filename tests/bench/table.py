"""table.py - the one table, for a terminal or as Markdown.

SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import json
import os
import re
import shlex
import shutil
import statistics
import subprocess

from contestants import HERE, PACKAGES, ROWS
from material import ALGS
from measure import Cell, Sample

HEAD = ["per token, one thread", *(alg + unit for alg in ALGS for unit in (" µs", " ×")), "instructions", "2 threads"]


def output(*command):
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def processor():
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        found = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
    return found.group(1) if found else os.uname().machine


def openssl():
    """The library that is loaded, which need not be the one whose headers there are."""
    try:
        version = ctypes.CDLL("libcrypto.so.3").OpenSSL_version
    except OSError:
        return "OpenSSL"
    version.restype = ctypes.c_char_p
    return " ".join(version(0).decode().split()[:2])


def peers():
    versions = {who: output("pkg-config", "--modversion", who) for who in PACKAGES if who != "valgrind"}
    names = [f"{who} {version}" for who, version in versions.items() if version]
    if shutil.which("node"):
        lock = json.loads((HERE / "npm" / "package-lock.json").read_text())["packages"]
        names += [f"npm's {name} {lock['node_modules/' + name]['version']}" for name in ("jose", "fast-jwt")]
        names.append(output("node", "-p", "`node ${process.versions.node} with OpenSSL ${process.versions.openssl}`"))
    return ", ".join(names)


def header(lengths, effort, spread):
    """On what, and how."""
    compiler = output(*shlex.split(os.environ.get("CC", "cc")), "--version").split("\n", 1)[0]
    sizes = ", ".join(f"{alg} {length}" for alg, length in lengths.items())
    return [
        f"{processor()}, {len(os.sched_getaffinity(0))} processors; {compiler}, {os.environ.get('CFLAGS', '')}; "
        f"{openssl()}",
        f"compared with: {peers()}",
        f"tokens of bytes: {sizes}",
        f"processor time, the median of {effort.rounds} rounds over all rows{spread}",
        "RS256 alone: instructions, and how much more two threads do than one, by the clock, less what they waited for "
        "a processor",
    ]


def short(value):
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def spread_of(samples):
    """How far rounds lie apart: half of what lies between the quarters, of all cells the median."""
    shares = []
    for values in samples.values():
        if len(values) > 3:
            low, middle, high = statistics.quantiles([value.processor for value in values], n=4)
            shares.append(50 * (high - low) / middle)
    return f", of which half lie within {statistics.median(shares):.1f} % of it" if shares else ""


def summary_of(samples):
    """The median of each."""
    return {cell: Sample(*map(statistics.median, zip(*values))) for cell, values in samples.items()}


def timed(row, wrong, summary):
    """Two columns for each algorithm. Where there is a reason that somebody has to read, it stands in the first."""
    for alg in ALGS:
        why = wrong.get((row, alg))
        if why:
            yield from ("-" if why == "cannot" else "not installed" if why == "not installed" else "refuted", "-")
            continue
        took = summary[Cell(row, alg, 1)].processor
        yield from (short(took / 1000), f"{took / summary[Cell(ROWS[0], alg, 1)].processor:.2f}")


def line(row, wrong, summary, counted):
    one, two = (summary.get(Cell(row, ALGS[0], threads)) for threads in (1, 2))
    count = counted.get(row)
    return [row.label, *timed(row, wrong, summary), f"{count / 1000:,.1f} k" if count else "-",
            f"{2 * one.clock / two.clock:.2f}" if one and two else "-"]


def further_rule(summary):
    """Nanoseconds for each rule before the one that accepts."""
    cells = {row.name: summary.get(Cell(row, ALGS[0], 1)) for row in ROWS if row.who == "tokenpam"}
    return (cells["stack-16"].processor - cells["plain"].processor) / 15


def figures_lines(figures, summary):
    """What is measured in other units: a label, a value, a unit."""
    rows = [
        ("tokenpam, each further rule, foreign, in the stack", further_rule(summary), "ns"),
        ("tokenpam, loading 20 services", figures.get("load-20"), "ms"),
        ("tokenpam, loading 100 services", figures.get("load-100"), "ms"),
        ("tokenpam, memory for each token in the cache", figures.get("memory"), "bytes"),
        ("tokenpam, a process that starts, makes one decision and ends", figures.get("cold"), "ms"),
        ("tokenpam, permits of 1,000 tools", figures.get("permits"), "µs"),
        ("tokenpam, asking again for somebody who was recognised", figures.get("authorize"), "µs"),
        ("tokenpam, each further requirement of a scope", figures.get("require-scope"), "ns"),
        ("tokenpam, each further requirement of a claim", figures.get("require-claim"), "ns"),
        ("tokenpam, a record of the audit, for the thread that decides", figures.get("audit"), "µs"),
        ("tokenpam, a record of the audit, for all threads, until it is in a file", figures.get("audit-all"), "µs"),
        ("tokenpam, the same with chain = on", figures.get("audit-chain"), "µs"),
    ]
    return [[label, short(value) if value is not None else "-", unit] for label, value, unit in rows]


def aligned(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        yield "  ".join(cells).rstrip()


def piped(rows):
    yield "| " + " | ".join(rows[0]) + " |"
    yield "| --- |" + " ---: |" * (len(rows[0]) - 1)
    for row in rows[1:]:
        yield "| " + " | ".join(row) + " |"


def notes(wrong):
    return [f"{row.label}, {alg}: {why}" for (row, alg), why in wrong.items() if why not in ("cannot", "not installed")]


def write(top, rows, others, wrong, markdown):
    """Rows in other units come after those that are compared, with a number in the first column."""
    blank = [""] * len(HEAD)
    others = [[label, f"{value} {unit}" if value != "-" else value, *blank[2:]] for label, value, unit in others]
    middle = ["by itself", *blank[1:]] if markdown else blank
    whole = [HEAD, *rows, middle, *others]
    lines = [text for one in top for text in ([one, ""] if markdown else [one])]
    lines += piped(whole) if markdown else ["", *aligned(whole)]
    found = notes(wrong)
    return "\n".join(lines + ([""] + found if found else []))
