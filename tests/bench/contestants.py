"""contestants.py - who takes part: the rows of the table, and the processes that run them.

SPDX-License-Identifier: Apache-2.0
"""

import collections
import os
import pathlib
import shlex
import shutil
import subprocess

import material

HERE = pathlib.Path(__file__).resolve().parent

# label: with what follows of a version; who: the contestant; name: what its program calls it; cache: only where
# tokenpam has one.
Row = collections.namedtuple("Row", "label who name cache", defaults=(False,))

ROWS = [
    Row("OpenSSL, EVP_DigestVerify, new context", "raw", "fresh"),
    Row("OpenSSL, fetched digest, context used again", "raw", "reused"),
    Row("tokenpam, no cache", "tokenpam", "plain"),
    Row("tokenpam, cache hit, 1 entry", "tokenpam", "cache-1", True),
    Row("tokenpam, cache hit, 10,000 entries", "tokenpam", "cache-10000", True),
    Row("tokenpam, cache hit, 100,000 entries", "tokenpam", "cache-100000", True),
    Row("tokenpam, no cache, 4th of 4 rules", "tokenpam", "stack-4"),
    Row("tokenpam, no cache, 16th of 16 rules", "tokenpam", "stack-16"),
    Row("libjwt 1", "libjwt", "plain"),
    Row("cjose + jansson", "cjose", "plain"),
    Row("liboauth2, no cache", "liboauth2", "plain"),
    Row("liboauth2, cache hit, 1 entry", "liboauth2", "cache-1"),
    Row("liboauth2, cache hit, 1,000 entries", "liboauth2", "cache-1000"),
    Row("liboauth2, the same, with a log", "liboauth2", "cache-1000-log"),
    Row("npm jose, createLocalJWKSet", "npm", "jose-set"),
    Row("npm jose, one key", "npm", "jose-key"),
    Row("npm fast-jwt, no cache", "npm", "fast-jwt"),
    Row("npm fast-jwt, cache hit, 1 entry", "npm", "fast-jwt-cache"),
    Row("npm fast-jwt, cache hit, 10,000 entries", "npm", "fast-jwt-cache-10000"),
]
OURS = ("raw", "tokenpam")
PACKAGES = {"libjwt": "libjwt-dev", "cjose": "libcjose-dev", "liboauth2": "liboauth2-dev", "valgrind": "valgrind"}


class Missing(Exception):
    """A contestant that is not installed."""


def install():
    """The packages that lack, by the script that installs those of the build."""
    names = list(PACKAGES.values())
    # Whoever has a node of another origin keeps it.
    names += [name for name, tool in (("nodejs", "node"), ("npm", "npm")) if not shutil.which(tool)]
    script = '. "$0"; packages "$@" >&2'
    steps = HERE.parent.parent / "build-aux" / "steps.sh"
    subprocess.run(["bash", "-euo", "pipefail", "-c", script, steps, *names], cwd=os.environ["builddir"], check=True)


def pkg_config(*words):
    done = subprocess.run(["pkg-config", *words], capture_output=True, check=False, text=True)
    if done.returncode != 0:
        raise Missing("not installed")
    return done.stdout.strip()


def compile_peer(who, folder):
    """The driver and one file, against what Debian ships."""
    flags = shlex.split(pkg_config("--cflags", "--libs", who, "jansson"))
    program = folder / f"bench-{who}"
    command = shlex.split(os.environ.get("CC", "cc")) + shlex.split(os.environ.get("CFLAGS", "-O2"))
    command += ["-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-o", program]
    command += [HERE / "driver.c", HERE / "material.c", HERE / f"{who}.c", *flags, "-lpthread"]
    subprocess.run(command, check=True)
    return [program, folder]


def install_npm(folder):
    """The packages of the lock file beside a copy of it, so that nothing is written into the sources."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise Missing("not installed")
    target = folder / "npm"
    shutil.copytree(HERE / "npm", target)
    for path in [target, *target.iterdir()]:
        path.chmod(path.stat().st_mode | 0o200)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=target, check=False, stdout=subprocess.DEVNULL).returncode != 0:
        raise Missing("not installed")
    return ["node", "--no-warnings", target / "bench.js", folder]


def command_of(who, folder):
    """What runs a contestant. Raises Missing."""
    if who in OURS:
        return [material.tool(f"bench/{who}"), folder]
    if who == "npm":
        return install_npm(folder)
    return compile_peer(who, folder)


class Contestant:
    """A process that is asked line by line. Threads of ours go to processors of their own; node's stay on one."""

    def __init__(self, who, command, log):
        self.who, self.command = who, command
        pin = (lambda: os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])) if who == "npm" else None
        # pylint: disable-next=consider-using-with,subprocess-popen-preexec-fn
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                                        preexec_fn=pin)

    def ask(self, *words):
        """The numbers that it says, or why there are none, as text."""
        try:
            self.process.stdin.write(" ".join(map(str, words)) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline().rstrip("\n")
        except BrokenPipeError:
            answer = ""
        kind, _, rest = answer.partition(" ")
        if kind == "ok":
            return [float(word) for word in rest.split()]
        return rest if kind == "no" else "has ended"

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()


def start(folder, log):
    """All that there are, and why the others are not."""
    there, missing = {}, {}
    for who in dict.fromkeys(row.who for row in ROWS):
        try:
            there[who] = Contestant(who, command_of(who, folder), log)
        except Missing as why:
            missing[who] = str(why)
    return there, missing
