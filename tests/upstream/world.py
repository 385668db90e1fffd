"""world.py - what the fake providers know: a clock, and a world for each of them, with people, apps and tokens.

Tokens are known by their fingerprint only: what is kept here could not be used to sign in anywhere.

SPDX-License-Identifier: Apache-2.0
"""

import hashlib
import threading
import time

from keys import KeySet

# The worlds that one may name shortly. A host of GitHub is a world of its own, and so is a domain of AuthKit.
ALIASES = {"github": "api.github.com", "ghes": "ghes.example", "ghe": "api.octocorp.ghe.com",
           "workos": "api.workos.com", "authkit": "notes.authkit.app"}
# Nobody waits for longer than this for what does not come.
SECONDS = 60


class Refused(Exception):
    """What somebody asked of the fake makes no sense; the text says why."""


def fingerprint(text):
    """What a token is called in records and commands."""
    return hashlib.sha256(text.encode()).hexdigest()


class World:
    """One provider: what it knows, what it signs with, how much it lets through."""

    def __init__(self, name, folder):
        self.name = name
        self.users, self.apps, self.orgs, self.tokens, self.limits = {}, {}, {}, {}, {}
        self.keys = KeySet(folder, name)
        self.numbers = 1000

    def number(self):
        """An identifier that nobody else in this world has."""
        self.numbers += 1
        return self.numbers

    def get(self, what, name):
        """One of the users, apps or orgs. Names are compared as GitHub does, whatever their case."""
        found = getattr(self, what).get(str(name).lower())
        if found is None:
            raise Refused(f"{self.name} has no {what[:-1]} {name!r}")
        return found

    def find(self, what, name):
        return getattr(self, what).get(str(name).lower())

    def put(self, what, name, value):
        getattr(self, what)[str(name).lower()] = value
        return value

    def remember(self, text, **facts):
        """A token that was just made. Returns what is known about it."""
        mark = fingerprint(text)
        self.tokens[mark] = {"fingerprint": mark, "revoked": False, **facts}
        return self.tokens[mark]


class State:
    """Everything, behind one lock."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.RLock()
        # Told when a request came, was answered, or waits.
        self.changed = threading.Condition(self.lock)
        self.reset()

    def reset(self):
        """As at the beginning. Keys that were made come back in their order."""
        self.worlds = {}
        self.offset, self.frozen = 0, None
        # Seconds for which keys may be kept; "here": addresses in documents lead to us, "real": as the provider has
        # them.
        self.settings = {"certs_max_age": 20000, "discovery_max_age": 3600, "links": "here", "google_issuer":
                         "https://accounts.google.com", "workos_api_key": "sk_test_upstream"}

    def now(self):
        return int(self.frozen if self.frozen is not None else time.time() + self.offset)

    def move(self, add=None, to=None, freeze=None):
        """Sets the clock on, to a time, or to a time at which it stays."""
        if freeze is not None:
            self.frozen = freeze
        elif to is not None:
            self.frozen, self.offset = None, to - time.time()
        elif self.frozen is not None:
            self.frozen += add or 0
        else:
            self.offset += add or 0
        return self.now()

    def world(self, name):
        name = ALIASES.get(name, name)
        if name not in self.worlds:
            self.worlds[name] = World(name, self.folder)
        return self.worlds[name]

    def token(self, world, text):
        """What a world knows about a token that it would let through now."""
        token = world.tokens.get(fingerprint(text)) if text else None
        if token is None or token["revoked"]:
            return None
        return None if token.get("exp") is not None and token["exp"] <= self.now() else token

    def wait(self, what):
        """Until what() is something. Refused if it does not come to that."""
        until = time.monotonic() + SECONDS
        with self.changed:
            while not (found := what()):
                if not self.changed.wait(until - time.monotonic()):
                    raise Refused(f"not within {SECONDS} s")
            return found

    def known(self, mark):
        """A token of any world, by its fingerprint."""
        for world in self.worlds.values():
            if mark in world.tokens:
                return world, world.tokens[mark]
        return None, None
