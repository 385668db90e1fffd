"""console.py - what Markdown pages show on a console: found, run, compared.

In a page, a comment before a block says what it is:

    <!-- file NAME -->          goes into a file of the folder in which the page is run
    <!-- example NAME -->       is a file of the examples, to the byte, and goes there, too
    <!-- part NAME -->          is some lines of one, which goes there as a whole
    <!-- run -->                commands, each after "$ " ("> " goes on with it), and what they print

All commands of a page are given to one shell, so that what it exports stays.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import secrets
import signal
import subprocess
import sys
import threading

# No command takes longer than this.
SECONDS = 120


class Tally:
    """Counts expectations."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, got, expected=True):
        """Counts one; tells what came instead."""
        if got == expected:
            self.passed += 1
            return
        self.failed += 1
        print(f"{what}: got {got!r}, expected {expected!r}", file=sys.stderr)

    def end(self):
        """The exit status, after a summary."""
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


def blocks(text):
    """What is marked in a page: (marker, name, text of the block)."""
    pattern = r"^<!-- (file|example|part|run) ?(\S*) -->\n```\w*\n(.*?)^```$"
    return re.findall(pattern, text, re.S | re.M)


def markers(text):
    """How many comments there are: a misspelt one is no block."""
    return text.count("<!-- ")


def commands(text):
    """The commands of a block, and what stands below each."""
    text = re.sub(r"\\\n> ", "\\\n", text)
    return re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", text, re.M)


def same(text):
    """What differs from run to run and from place to place, taken out."""
    text = "".join(line for line in text.splitlines(True) if "got an unsafe plugin" not in line)
    text = re.sub(r"\b[0-9a-f]{32}\b", "ID", text)
    text = re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "MOMENT", text)
    text = re.sub(r"\b(https?://127\.0\.0\.1):\d+", r"\1:PORT", text)
    return re.sub(r"\b[0-9.]+ ms\b", "TIME", text).strip()


def script(path, text):
    """A program of a page's own."""
    path.write_text("#!/bin/sh\n" + text + "\n", encoding="utf-8")
    path.chmod(0o700)


def sanitizers(library):
    """What a library was built with, so that programs that link it are, too."""
    symbols = subprocess.run(["nm", "-D", library], capture_output=True, text=True, check=True).stdout
    marks = {"address": "__asan_", "undefined": "__ubsan_", "thread": "__tsan_"}
    return ["-fsanitize=" + name for name, mark in marks.items() if mark in symbols]


def compiler(tools, stage):
    """A "cc" among a page's programs; the environment in which it finds what was installed below `stage`."""
    found = {name: folder for folder, _, files in os.walk(stage) for name in files
             if name in ("tokenpam.pc", "libtokenpam.so.0")}
    library = found["libtokenpam.so.0"]
    script(tools / "cc", f"exec {os.environ.get('CC', 'cc')} {' '.join(sanitizers(f'{library}/libtokenpam.so.0'))} \"$@\"")
    return {"PKG_CONFIG_PATH": found["tokenpam.pc"], "PKG_CONFIG_SYSROOT_DIR": stage, "LD_LIBRARY_PATH": library}


class Shell:
    """One shell for all commands of a page. What they leave running ends with it."""

    def __init__(self, folder, environment):
        self.mark, self.folder = secrets.token_hex(8), os.path.realpath(folder)
        self.process = subprocess.Popen(["sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder,
                                        stderr=subprocess.STDOUT, env=environment, errors="replace",
                                        start_new_session=True)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGTERM)

    def run(self, command):
        """What a command prints, on whichever of both ways; paths in the folder as they are from there."""
        self.process.stdin.write(f"{{ {command}\n}} </dev/null\necho; echo {self.mark}\n")
        self.process.stdin.flush()
        watch = threading.Timer(SECONDS, self.kill)
        watch.start()
        lines = []
        while (line := self.process.stdout.readline()) and line != self.mark + "\n":
            lines.append(line)
        watch.cancel()
        said = "".join(lines).replace(self.folder + "/", "")
        return said if line else said + "(the shell has ended)\n"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.kill()
        except ProcessLookupError:
            pass
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(SECONDS)


def run_block(tally, title, text, shell):
    """Runs each command and compares what it prints with what stands below it."""
    for command, expected in commands(text):
        tally.check(f"{title}: $ {command}", same(shell.run(command)), same(expected))
