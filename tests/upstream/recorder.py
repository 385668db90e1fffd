"""recorder.py - what was asked, without the credentials that it was asked with.

SPDX-License-Identifier: Apache-2.0
"""

import collections
import re

from world import fingerprint

# Members and headers whose value is a credential, whatever it looks like.
SECRET = {"access_token", "id_token", "token", "refresh_token", "client_secret", "code", "assertion",
          "client_assertion", "cookie", "proxy-authorization", "x-api-key", "api_key", "password"}
# What looks like a credential, wherever it stands.
SHAPES = re.compile(r"(?:gh[opusr]_|github_pat_|ya29\.|eyJ|sk_)[A-Za-z0-9_.\-]+")
# A body that is no form and no JSON is kept up to here.
LONGEST = 4096
# How many requests are kept; of more the last ones.
MOST = 50000


def mark(text):
    return "sha256:" + fingerprint(text)


class Recorder:
    """A list of requests. A value is replaced by its fingerprint if its name, its look or its being known says so."""

    def __init__(self, state):
        self.state = state
        self.requests = collections.deque(maxlen=MOST)
        self.number = 0

    def text(self, text):
        if self.state.known(fingerprint(text))[1]:
            return mark(text)
        return SHAPES.sub(lambda found: mark(found.group()), text)

    def value(self, name, value):
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(key, item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(name, item) for item in value]
        if isinstance(value, str):
            return mark(value) if str(name).lower() in SECRET else self.text(value)
        return value

    def authorization(self, request):
        scheme, value = request.authorization()
        return f"{scheme.capitalize()} {mark(value)}" if value else mark(scheme)

    def carried(self, request):
        """The fingerprint of the token that a request is about, or None."""
        body = request.json if isinstance(request.json, dict) else {}
        for place in (request.form, body, request.query):
            for name in ("access_token", "id_token", "token"):
                if isinstance(place.get(name), str):
                    return fingerprint(place[name])
        return fingerprint(request.bearer()) if request.bearer() else None

    def record(self, request, sni, fault):
        """Notes a request before it is answered. Returns the note, to which the status is added then."""
        headers = {name: self.value(name, value) for name, value in request.headers.items()}
        if "authorization" in headers:
            headers["authorization"] = self.authorization(request)
        token = self.carried(request)
        body = self.value("body", request.form or request.json)
        if body is None and request.body:
            body = self.text(request.body[:LONGEST].decode("utf-8", "replace"))
        self.number += 1
        note = {"number": self.number, "provider": request.provider, "world": request.world, "host": request.host,
                "sni": sni, "method": request.method, "path": self.text(request.path),
                "query": self.value("query", request.query), "headers": headers, "body": body, "token": token,
                "client": request.basic()[0], "known": bool(token and self.state.known(token)[1]),
                "fault": fault.number if fault else None, "status": None}
        self.requests.append(note)
        return note

    def done(self, note, status):
        """Notes what was answered."""
        with self.state.changed:
            note["status"] = status
            self.state.changed.notify_all()

    def matching(self, **wanted):
        return [note for note in self.requests if all(note.get(name) == value for name, value in wanted.items())]

    def forget(self):
        self.requests.clear()
