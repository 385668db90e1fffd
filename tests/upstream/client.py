"""client.py - the fake for tests in Python: started, told what to be, asked what it saw. Needs no other file of it.

    with Upstream.start(folder) as up:
        up.add("github", "user", login="octocat")
        token = up.mint("github", "ghp", user="octocat", scopes=["read:org"])
        ...                                   # let a program ask up.url("api.github.com") with up.ca
        up.requests(path="/user")

SPDX-License-Identifier: Apache-2.0
"""

import hashlib
import json
import pathlib
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

PROGRAM = pathlib.Path(__file__).resolve().parent / "upstream"
SECONDS = 90


class Answer:
    """Status, headers and body of an answer."""

    def __init__(self, answer):
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    def json(self):
        return json.loads(self.body)


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like others."""

    def redirect_request(self, *_):
        return None


def fingerprint(token):
    """What a token is called in records."""
    return hashlib.sha256(token.encode()).hexdigest()


class Upstream:
    """A fake that runs. `hosts` are the addresses of the providers by name, `ca` the file of the authority."""

    def __init__(self, said, process=None):
        self.said, self.process = said, process
        self.ca, self.base, self.port, self.hosts = said["ca"], said["base"], said["port"], said["hosts"]
        none = urllib.request.ProxyHandler({})
        self.commands = urllib.request.build_opener(none)
        secure = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.ca))
        self.opener = urllib.request.build_opener(secure, none, Stay)

    @classmethod
    def start(cls, folder, *more):
        """A program of its own, which ends with us, whatever becomes of us."""
        command = [sys.executable, str(PROGRAM), "--stdin", "--folder", str(folder), *more]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        if not line:
            raise OSError(f"upstream ended with status {process.wait(SECONDS)}")
        return cls(json.loads(line), process)

    def close(self):
        """Ends it. Returns its exit status."""
        if self.process is None:
            return 0
        self.process.stdin.close()
        status = self.process.wait(SECONDS)
        self.process.stdout.close()
        self.process = None
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- Commands

    def command(self, name, /, **order):
        """What a command answers; ValueError where it is refused."""
        request = urllib.request.Request(f"{self.said['control']}/{name}", json.dumps(order).encode(),
                                         {"Content-Type": "application/json"})
        try:
            with self.commands.open(request, timeout=SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(json.load(error)["refused"]) from None

    def add(self, world, what, **facts):
        return self.command("add", world=world, what=what, **facts)

    def change(self, world, what, who, **facts):
        return self.command("change", world=world, what=what, who=who, **facts)

    def mint(self, world, kind, **order):
        return self.command("mint", world=world, kind=kind, **order)["token"]

    def mint_many(self, world, kind, count, **order):
        return self.command("mint", world=world, kind=kind, count=count, **order)["tokens"]

    def revoke(self, token):
        return self.command("revoke", token=token)

    def rotate(self, world, **order):
        return self.command("rotate", world=world, **order)["kids"]

    def limit(self, world, limit, remaining, **order):
        return self.command("limit", world=world, limit=limit, remaining=remaining, **order)

    def clock(self, **how):
        """add, to, or freeze. Returns the time there."""
        return self.command("clock", **how)["now"]

    def settings(self, **facts):
        return self.command("settings", **facts)

    def fault(self, kind, **order):
        """The number of a fault that strikes from now on."""
        return self.command("fault", kind=kind, **order)["number"]

    def release(self, number=None):
        return self.command("release", number=number)["released"]

    def wait(self, number, **until):
        """Returns when `waiting` requests stand in a fault, or it `struck` so often."""
        return self.command("wait", number=number, **until)

    def requests(self, **wanted):
        return self.command("requests", **wanted)["requests"]

    def count(self, **wanted):
        return self.command("count", **wanted)["count"]

    def wait_requests(self, count, **wanted):
        """Returns when so many requests with these members were answered."""
        return self.command("await", count=count, **wanted)["count"]

    def forget(self):
        return self.command("forget")

    # ---- Requests

    def url(self, host, path=""):
        """An address, by path; any host will do."""
        return self.hosts.get(host, f"{self.base}/{host}") + path

    def ask(self, method, host, path, token=None, headers=(), body=None):
        """One request, as a client of the provider sends it; a path may be a whole address, too."""
        url = path if path.startswith("https:") else self.url(host, path)
        fields = {"User-Agent": "tokenpam-tests", **dict(headers)}
        if token:
            fields["Authorization"] = f"Bearer {token}"
        data = body.encode() if isinstance(body, str) else body
        request = urllib.request.Request(url, data=data, headers=fields, method=method)
        try:
            with self.opener.open(request, timeout=SECONDS) as answer:
                return Answer(answer)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error)
