"""example.py - a file of conf/examples that decides in a case: a copy, and a layer over it that says where its hosts are.

SPDX-License-Identifier: Apache-2.0
"""

import os
import pathlib
import re
import shutil
import subprocess

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent.parent / "conf" / "examples"
SECONDS = 60
# Plugins that ask nobody, and keys that are not fetched.
LOCAL_PLUGINS = ("static", "permit", "deny", "debug")
LOCAL_KEYS = re.compile(r"^(jwks_file|public_key_file|secret) *=", re.M)
LAYER = """\
include = {file}

[tokenpam]
mode = development        ; where tests are built production refuses plugins

"""
PROVIDER = """\
[provider:{name}]
proxy   = ${{env:UPSTREAM_PROXY}}
ca_file = ${{env:UPSTREAM_CA}}

"""


class Example:
    """One of them, in a folder of its own."""

    def __init__(self, folder, file, up):
        self.folder, self.file = folder / "example", file
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(EXAMPLES, self.folder)
        for copy in self.folder.rglob("*"):
            copy.chmod(0o700 if copy.is_dir() else 0o600)
        tools = folder / "tools"
        tools.mkdir(exist_ok=True)
        program = tools / "tokenpam"
        program.write_text(f'#!/bin/sh\nexec "{os.environ["TOKENPAM"]}" "$@"\n', encoding="utf-8")
        program.chmod(0o700)
        self.environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "UPSTREAM_CA": up.ca,
                            "UPSTREAM_PROXY": up.said["proxy"], "PLUGINS": os.environ["TOKENPAM_PLUGINS"]}
        self.config = self.layer()

    def text(self, file):
        """A file with those that it includes."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        included = re.search(r"^include *= *(\S+)", text, re.M)
        return (self.text(path.parent.relative_to(self.folder) / included.group(1)) if included else "") + "\n" + text

    def providers(self):
        """Those that ask somebody, by all that the layers say of them."""
        sections, name = {}, None
        for line in self.text(self.file).splitlines():
            header = re.match(r"\[(?:provider:([\w-]+)\])?", line)
            if header:
                name = header.group(1)
            elif name:
                sections[name] = sections.get(name, "") + line + "\n"
        for name, body in sections.items():
            plugin = re.findall(r"^plugin *= *(\w+)", body, re.M)[-1]
            if plugin not in LOCAL_PLUGINS and not LOCAL_KEYS.search(body):
                yield name

    def layer(self):
        """The file that decides."""
        path = self.folder / pathlib.Path(self.file).parent / "offline.ini"
        text = LAYER.format(file=pathlib.Path(self.file).name)
        path.write_text(text + "".join(PROVIDER.format(name=name) for name in self.providers()), encoding="utf-8")
        return path

    def shell(self, command):
        """What a command says on standard error, or its status."""
        run = subprocess.run(["sh", "-c", command], cwd=(self.folder / self.file).parent, env=self.environment, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS,
                             check=False)
        return run.stderr or (f"status {run.returncode}" if run.returncode else "")

    def read(self, file):
        return ((self.folder / self.file).parent / file).read_text(encoding="utf-8").strip()
