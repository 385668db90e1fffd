"""suite.py - the fake under test, what it was told to be, and what was found.

SPDX-License-Identifier: Apache-2.0
"""

import base64
import json
import sys
import urllib.parse

from table import FURNITURE


class Suite:
    """The fake, what is known of it, and what was found."""

    def __init__(self, up):
        self.up, self.known, self.secrets = up, {}, set()
        self.passed = self.failed = 0

    def check(self, what, got, expected):
        """Counts one expectation; tells what came instead."""
        if got == expected:
            self.passed += 1
            return
        self.failed += 1
        print(f"{what}: got {got!r}, expected {expected!r}", file=sys.stderr)

    def mint(self, world, kind, **order):
        token = self.up.mint(world, kind, **order)
        self.secrets.add(token)
        return token

    def furnish(self):
        """All that the table speaks of. The clock stands, so that what is left of a time can be told."""
        self.up.clock(freeze=self.up.clock(add=0))
        for name, command, order in FURNITURE:
            said = self.up.command(command, **order)
            if name:
                self.known[name] = said.get("token", said)
            self.secrets.update(each for each in (said.get("token"), said.get("client_secret")) if each)

    def members(self, members):
        return {name: self.known[value[1:]] if value.startswith("=") else value for name, value in members.items()}

    def basic(self, name):
        app = self.known[name]
        pair = f"{app['client_id']}:{app['client_secret']}".encode()
        return {"Authorization": "Basic " + base64.b64encode(pair).decode()}

    def ask(self, line, carries):
        """A request of a table."""
        method, host, path = line.split()
        headers, body = dict(carries.get("headers", {})), carries.get("text")
        if "query" in carries:
            path += "?" + urllib.parse.urlencode(self.members(carries["query"]))
        if "json" in carries:
            body, headers["Content-Type"] = json.dumps(self.members(carries["json"])), "application/json"
        if "form" in carries:
            form = self.members(carries["form"])
            if "client" in carries:
                form.update({name: self.known[carries["client"]][name] for name in ("client_id", "client_secret")})
            body, headers["Content-Type"] = urllib.parse.urlencode(form), "application/x-www-form-urlencoded"
        if "basic" in carries:
            headers.update(self.basic(carries["basic"]))
        if "as" in carries:
            headers["Authorization"] = f"{carries['as'][0]} {self.known[carries['as'][1]]}"
        return self.up.ask(method, host, path, self.known.get(carries.get("token")), headers, body)
