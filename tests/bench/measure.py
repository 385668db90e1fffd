"""measure.py - rounds over all rows, counts of instructions, and what else there is to know.

SPDX-License-Identifier: Apache-2.0
"""

import collections
import concurrent.futures
import os
import re
import shutil
import statistics
import subprocess

from contestants import OURS, ROWS, Contestant
from material import ALGS

# What is measured: a row with an algorithm and a number of threads.
Cell = collections.namedtuple("Cell", "row alg threads")
Sample = collections.namedtuple("Sample", "clock processor")
# How thoroughly: tokens; rounds; nanoseconds that one cell takes in one round; how many tokens node has seen before,
# which compiles what it runs often.
Effort = collections.namedtuple("Effort", "tokens rounds slice warm")
FULL = Effort(100000, 25, 40e6, 10000)
QUICK = Effort(200, 2, 1e6, 0)

FIGURES = ("load-20", "load-100", "cold")


def check(there, missing, cached):
    """Shows that each row refuses what is bad and accepts what is good. What is wrong, by (row, alg)."""
    wrong = {}
    for row in ROWS:
        for alg in ALGS:
            if row.who in missing:
                wrong[row, alg] = missing[row.who]
            elif row.cache and not cached:
                wrong[row, alg] = "cannot"
            else:
                answer = there[row.who].ask("check", row.name, alg)
                if isinstance(answer, str):
                    wrong[row, alg] = answer
    return wrong


def cells_of(wrong):
    """Two threads only where two can be had, and where a thread is ours to start."""
    many = len(os.sched_getaffinity(0)) > 1
    for row in ROWS:
        for alg in ALGS:
            if (row, alg) not in wrong:
                yield Cell(row, alg, 1)
                if alg == ALGS[0] and many and row.who != "npm":
                    yield Cell(row, alg, 2)


def run(there, cell, count):
    """Nanoseconds for each token of each thread: by the clock, and of a processor's time; see driver.c."""
    took = there[cell.row.who].ask("run", cell.row.name, cell.alg, count, cell.threads)
    if isinstance(took, str):
        raise SystemExit(f"bench: {cell.row.label}, {cell.alg}: {took}")
    return Sample(took[0] / count, took[1] / count)


def counts_of(there, cells, effort):
    """How many tokens fill a slice; asked twice, since the first time is the slowest."""
    counts = {}
    for cell in cells:
        if cell.row.who == "npm" and effort.warm:
            run(there, cell, effort.warm)
        took = min(run(there, cell, count).clock for count in (10, 20))
        if took < effort.slice / 200:
            took = run(there, cell, 200).clock
        counts[cell] = max(4, int(effort.slice / took))
    return counts


def rounds(there, wrong, effort, say):
    """Samples of each cell and each figure, one of each in every round."""
    cells = list(cells_of(wrong))
    counts = counts_of(there, cells, effort)
    samples, figures = collections.defaultdict(list), collections.defaultdict(list)
    for number in range(effort.rounds):
        say(f"round {number + 1} of {effort.rounds}")
        for cell in cells:
            samples[cell].append(run(there, cell, counts[cell]))
        for name in FIGURES:
            value = there["tokenpam"].ask("figure", name, ALGS[0])
            if not isinstance(value, str):
                figures[name].append(value[0])
    return samples, {name: statistics.median(values) for name, values in figures.items()}


def once(there, log, name):
    """A figure that wants a process of its own; None where it cannot be had."""
    contestant = Contestant("tokenpam", there["tokenpam"].command, log)
    value = contestant.ask("figure", name, ALGS[0])
    contestant.close()
    return None if isinstance(value, str) else value[0]


def collected(command, row, count):
    """Instructions of a whole process, in the folder with one token; None if valgrind did not get there."""
    *program, folder = command
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = subprocess.run([*valgrind, *program, folder / "one"], input=f"run {row.name} {ALGS[0]} {count} 1\n", check=False,
                          capture_output=True, text=True)
    found = re.search(r"Collected *: *(\d+)", done.stderr)
    return int(found.group(1)) if found and done.stdout.startswith("ok") else None


def instructions_of(command, row, few, many):
    """Startup cancels: what more tokens take is what tokens take."""
    counts = [collected(command, row, count) for count in (few, many)]
    return None if None in counts else (counts[1] - counts[0]) / (many - few)


def instructions(there, wrong, quick, say):
    """By row, for RS256 and what is written in C. To fill a large cache under valgrind would take too long."""
    if not shutil.which("valgrind"):
        return {}
    say("instructions")
    rows = [row for row in ROWS if row.who != "npm" and (row, ALGS[0]) not in wrong and "000" not in row.name]
    few, many = (2, 6) if quick else (20, 120)
    found = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {row: pool.submit(instructions_of, there[row.who].command, row, few, many) for row in rows}
        for row, job in jobs.items():
            found[row] = job.result()
    return found


def failures(wrong, strict):
    """What must not be: of ours anything; with strict, what is not there or was refuted, too."""
    found = [f"{row.label}, {alg}: {why}" for (row, alg), why in wrong.items()
             if why != "cannot" and (strict or row.who in OURS)]
    if strict and not shutil.which("valgrind"):
        found.append("valgrind: not installed")
    return found
