"""control.py - what tests say to the fake, on a port of its own: POST /COMMAND with a JSON object, and its answer.

A refused command is answered by 400 and {"refused": why}.

SPDX-License-Identifier: Apache-2.0
"""

import http.server
import json

import authkit
import github
import github_apps
import github_people
import google
import issuer
import workos
from world import ALIASES, Refused, fingerprint

# What each kind of provider can be told to add.
MAKERS = {"github": {"user": github_people.add_user, "app": github_apps.add_app, "org": github_people.add_org,
                     "team": github_people.add_team, "membership": github_people.set_membership},
          "google": {"user": google.add_user}, "workos": {"user": workos.add_user, "app": workos.add_app,
                                                          "org": workos.add_org, "membership": workos.set_membership},
          "authkit": {"user": authkit.add_user, "app": authkit.add_app}, "issuer": {}}
MINTS = {"github": github, "google": google, "workos": workos, "authkit": authkit, "issuer": issuer}


def family(world):
    """Which provider a world is of."""
    name = ALIASES.get(world, world)
    for ending, found in ((".authkit.app", "authkit"), ("workos.com", "workos"), (".example.com", "issuer"),
                          (".example.net", "issuer"), (".example.org", "issuer")):
        if name.endswith(ending):
            return found
    return "google" if name == "google" else "github"


class Control:
    """The commands. Each method that begins with do_ is one; its arguments are the members of the object."""

    def __init__(self, fake):
        self.fake, self.state = fake, fake.state

    def run(self, name, order):
        what = getattr(self, "do_" + name.replace("-", "_"), None)
        if what is None:
            raise Refused(f"no command {name!r}; there are {', '.join(self.commands())}")
        try:
            return what(**order)
        except (TypeError, KeyError, AttributeError, ValueError) as failure:
            raise Refused(f"{name}: {type(failure).__name__}: {failure}") from failure

    def commands(self):
        return sorted(each[3:].replace("_", "-") for each in dir(self) if each.startswith("do_"))

    # ---- The worlds

    def do_add(self, world, what, **facts):
        """A user, app, org, team or membership."""
        make = MAKERS[family(world)].get(what)
        if make is None:
            raise Refused(f"{world} has no {what}")
        with self.state.lock:
            made = make(self.state.world(world), facts)
            return {name: value for name, value in made.items() if name not in ("keys", "members", "teams")}

    def do_change(self, world, what, who, **facts):
        """Other facts about a user, app or org, by login, address or client id."""
        with self.state.lock:
            found = self.state.world(world).get(what + "s", who)
            found.update(facts)
            return {}

    def do_mint(self, world, kind, count=1, **order):
        """A token, or as many as are wanted: the only place where one is told."""
        provider = MINTS[family(world)]
        if kind not in provider.KINDS:
            raise Refused(f"{world} has no token {kind!r}; it has {', '.join(provider.KINDS)}")
        with self.state.lock:
            texts = [provider.mint(self.state, self.state.world(world), {"kind": kind, **order}) for _ in range(count)]
        return {"token": texts[0], "fingerprint": fingerprint(texts[0]), "tokens": texts}

    def do_many(self, world, user, orgs, teams=0, org=None, role="member"):
        """Organizations org-0, org-1, ... of GitHub that have a user as a member; teams team-0, ... of one of them."""
        with self.state.lock:
            found = self.state.world(world)
            for number in range(orgs):
                github_people.add_org(found, {"login": f"org-{number}"})
                github_people.set_membership(found, {"org": f"org-{number}", "user": user})
            for number in range(teams):
                github_people.add_team(found, {"org": org, "slug": f"team-{number}"})
                github_people.set_membership(found, {"org": org, "team": f"team-{number}", "user": user, "role": role})
            return {}

    def do_edit(self, token, **facts):
        """Other facts about a token, as its scopes, which users of GitHub may change."""
        with self.state.lock:
            _, found = self.state.known(fingerprint(token))
            if found is None:
                raise Refused("no such token")
            found.update(facts)
            return {}

    def do_revoke(self, token=None, mark=None):
        """By the token or its fingerprint. Its provider does not know it from now on; signatures stay what they are."""
        with self.state.lock:
            _, found = self.state.known(mark or fingerprint(token or ""))
            if found is None:
                raise Refused("no such token")
            found["revoked"] = True
            return {"fingerprint": found["fingerprint"]}

    def do_rotate(self, world, keep=True, **order):
        """New keys, before the old ones or in place of them."""
        with self.state.lock:
            found = self.state.world(world)
            if family(world) == "workos":
                return {"kids": workos.rotate(found, {"keep": keep, **order})}
            return {"kids": found.keys.rotate(keep)}

    def do_limit(self, world, limit, remaining, who=None, seconds=3600):
        """What somebody has left at GitHub: "user ID N", a client id, "nobody" (without a token)."""
        with self.state.lock:
            fact = {"limit": limit, "remaining": remaining, "reset": self.state.now() + seconds}
            self.state.world(world).limits[who or "nobody"] = fact
            return fact

    def do_clock(self, **how):
        with self.state.lock:
            return {"now": self.state.move(**how)}

    def do_settings(self, **facts):
        with self.state.lock:
            unknown = set(facts) - set(self.state.settings)
            if unknown:
                raise Refused(f"no setting {', '.join(sorted(unknown))}")
            self.state.settings.update(facts)
            return {name: value for name, value in self.state.settings.items() if name != "workos_api_key"}

    # ---- Faults and records

    def do_fault(self, **order):
        return self.fake.faults.add(order).tell()

    def do_faults(self):
        with self.state.lock:
            return {"faults": [fault.tell() for fault in self.fake.faults.all.values()]}

    def do_release(self, number=None):
        return {"released": self.fake.faults.release(number)}

    def do_wait(self, number, waiting=None, struck=None):
        return self.fake.faults.wait(number, waiting, struck)

    def do_requests(self, **wanted):
        with self.state.lock:
            return {"requests": self.fake.recorder.matching(**wanted)}

    def do_count(self, **wanted):
        """How many requests there were that have these members."""
        with self.state.lock:
            return {"count": len(self.fake.recorder.matching(**wanted))}

    def do_await(self, count, **wanted):
        """Answers when so many of them were answered."""
        def enough():
            found = self.fake.recorder.matching(**wanted)
            return {"count": len(found)} if len([note for note in found if note["status"]]) >= count else None
        return self.state.wait(enough)

    def do_forget(self):
        with self.state.lock:
            self.fake.recorder.forget()
            return {}

    def do_reset(self):
        """All is as at the beginning, but for the keys that were made."""
        self.fake.faults.release()
        with self.state.lock:
            self.state.reset()
            self.fake.recorder.forget()
            return {}

    def do_stop(self):
        """The end of it, as soon as this was answered."""
        return {}

    def do_help(self):
        return {"commands": self.commands(), "worlds": ALIASES,
                "kinds": {name: list(provider.KINDS) for name, provider in MINTS.items()}}


class Handler(http.server.BaseHTTPRequestHandler):
    """One command. A browser cannot send this type to another origin without asking first."""

    protocol_version = "HTTP/1.1"

    def reply(self, status, said):
        body = json.dumps(said).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get_content_type() != "application/json":
            return self.reply(415, {"refused": "Content-Type: application/json is wanted"})
        try:
            order = json.loads(data or b"{}")
            said = self.server.control.run(self.path.strip("/"), order if isinstance(order, dict) else {})
        except (Refused, ValueError) as failure:
            return self.reply(400, {"refused": str(failure)})
        self.reply(200, said)
        if self.path.strip("/") == "stop":
            self.server.control.fake.ended.set()
        return None

    def do_GET(self):
        name = self.path.strip("/") or "help"
        if name not in ("help", "requests", "faults"):
            return self.reply(405, {"refused": "commands are sent by POST"})
        return self.reply(200, self.server.control.run(name, {}))


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, fake, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.control = Control(fake)
