"""message.py - a request as a provider sees it, and its answer.

SPDX-License-Identifier: Apache-2.0
"""

import base64
import binascii
import json
import urllib.parse
from http import HTTPStatus


class Request:
    """One request: `world` is who was asked, `base` the address before its path, by which it can be asked again."""

    def __init__(self, method, target, headers, body):
        self.method, self.headers, self.body = method, headers, body
        # What is looked for; of a HEAD only the head is sent.
        self.verb = "GET" if method == "HEAD" else method
        self.path, _, query = target.partition("?")
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        self.host = headers.get("host", "")
        self.world = self.provider = self.base = self.root = None
        self.form, self.json = {}, None
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded":
            self.form = dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        else:
            try:
                self.json = json.loads(body) if body else None
            except ValueError:
                self.json = None

    def authorization(self):
        """Scheme, in small letters, and credentials of the header."""
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        return scheme.lower(), value.strip()

    def bearer(self):
        # GitHub takes "token", too: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api
        scheme, value = self.authorization()
        return value if scheme in ("bearer", "token") else None

    def basic(self):
        """Identifier and secret, or (None, None)."""
        scheme, value = self.authorization()
        if scheme != "basic":
            return None, None
        try:
            name, colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None, None
        return (name, secret) if colon else (None, None)

    def link(self, host, path):
        """An address at a host of the same fake, in the way in which this request came."""
        return f"https://{host}{path}" if self.root is None else self.root.format(host=host) + path


class Answer:
    """Status, headers and body. A body that is no bytes is written as JSON."""

    def __init__(self, status=200, body=None, kind="application/json; charset=utf-8", **headers):
        self.status, self.kind = status, kind
        self.headers = {name.replace("_", "-"): str(value) for name, value in headers.items() if value is not None}
        self.body = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()

    def raw(self, method="GET", close=False):
        phrase = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else "Said"
        lines = [f"HTTP/1.1 {self.status} {phrase}"]
        if self.status not in (204, 304):
            lines.append(f"Content-Length: {len(self.body)}")
        if self.body and self.kind:
            lines.append(f"Content-Type: {self.kind}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += ["Connection: close"] if close else []
        body = b"" if method == "HEAD" or self.status in (204, 304) else self.body
        return "\r\n".join(lines + ["", ""]).encode() + body
