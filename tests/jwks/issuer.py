"""issuer.py - an issuer on loopback that answers as it is told, path by path, and counts who asks.

SPDX-License-Identifier: Apache-2.0
"""

import http.server
import json
import threading

SECONDS = 60


class Route:
    """What a path answers; a gate that is not set holds the answer back."""

    def __init__(self):
        self.status = 200
        self.type = "application/json"
        self.headers = []
        self.body = b"{}"
        self.etag = None
        self.gate = threading.Event()
        self.gate.set()

    def json(self, value):
        """A body."""
        self.body = json.dumps(value).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """As GET, whatever is sent."""
        self.do_GET(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def do_GET(self, body=b""):
        """What the path's route says; 404 where there is none."""
        route = self.server.owner.arrived(self.path, self.headers, body)
        if not route:
            self.reply(404, "text/html", [], b"<html>")
            return
        route.gate.wait(SECONDS)
        headers = route.headers + ([("ETag", f'"{route.etag}"')] if route.etag else [])
        if route.etag and self.headers.get("If-None-Match") == f'"{route.etag}"':
            self.reply(304, None, headers, b"")
        else:
            self.reply(route.status, route.type, headers, route.body)

    def reply(self, status, kind, headers, body):
        """Sends it; whoever has gone away does not want it."""
        try:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            if kind:
                self.send_header("Content-Type", kind)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """Says nothing."""


class Quiet(http.server.ThreadingHTTPServer):
    """Says nothing of clients that went away."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        """Such as one that ended."""


class Server:
    """The issuer, in threads of its own."""

    def __init__(self):
        self.changed = threading.Condition()
        self.routes, self.counts, self.headers, self.bodies = {}, {}, {}, {}
        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.http.owner = self
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def set(self, path, route):
        """From now on the path answers like this."""
        with self.changed:
            self.routes[path] = route

    def arrived(self, path, headers, body):
        """Counts a request; the route it is for."""
        with self.changed:
            self.counts[path] = self.counts.get(path, 0) + 1
            self.headers[path], self.bodies[path] = headers, body
            self.changed.notify_all()
            return self.routes.get(path)

    def count(self, path):
        """How many requests came for a path."""
        with self.changed:
            return self.counts.get(path, 0)

    def header(self, path, name):
        """A header of the last request for a path."""
        with self.changed:
            return self.headers[path].get(name, "none")

    def body(self, path):
        """The body of the last request for a path."""
        with self.changed:
            return self.bodies[path].decode()

    def wait(self, path, count):
        """Until so many requests have come."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.counts.get(path, 0) >= count, SECONDS):
                raise OSError(f"{path}: got {self.counts.get(path, 0)} requests, expected {count}")

    def release(self, path):
        """Lets the answer of a path go."""
        with self.changed:
            self.routes[path].gate.set()

    def release_all(self, root):
        """Lets everything go that a case holds back."""
        with self.changed:
            for path, route in self.routes.items():
                if path.startswith(root + "/"):
                    route.gate.set()
