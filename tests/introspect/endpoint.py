"""endpoint.py - an introspection endpoint that does what the path it is asked under says, right or wrong.

SPDX-License-Identifier: Apache-2.0
"""

import base64
import collections
import json
import pathlib
import socket
import socketserver
import ssl
import subprocess
import threading
import urllib.parse

Request = collections.namedtuple("Request", "line headers form body peer")

GOOD = {"active": True, "sub": "alice", "aud": "notes"}


def answer(status=200, body="", **headers):
    """An HTTP answer of JSON, unless headers say otherwise; a header None is left out."""
    body = body.encode() if isinstance(body, str) else body
    lines = {"Content-Type": "application/json", "Content-Length": len(body), "Connection": "close"}
    lines.update({name.replace("_", "-"): value for name, value in headers.items()})
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"HTTP/1.1 {status} Said\r\n{text}\r\n".encode() + body


# What is sent, in one piece.
SAID = {
    "good": answer(body=json.dumps(GOOD)),
    "half": answer(body='{"active": tr', Content_Length=400),
    "oversize": answer(body='{"active": true, "sub": "alice", "aud": "notes", "x": "' + "x" * 1100000 + '"}'),
    "large-header": answer(body=json.dumps(GOOD), X_Large="x" * 70000),
    "wrong-type": answer(body=json.dumps(GOOD), Content_Type="text/html"),
    "jwt-type": answer(body=json.dumps(GOOD), Content_Type="application/token-introspection+jwt"),
    "no-type": answer(body=json.dumps(GOOD), Content_Type=None),
    "charset": answer(body=json.dumps(GOOD), Content_Type="Application/JSON; charset=utf-8"),
    "bad-json": answer(body='{"active": true, "sub": alice}'),
    "empty": answer(body=""),
    "array": answer(body="[true]"),
    "twice": answer(body='{"active": false, "active": true, "sub": "alice", "aud": "notes"}'),
    "deep": answer(body='{"active": true, "sub": "alice", "aud": "notes", "x": ' + "[" * 17 + "]" * 17 + "}"),
    "trailing": answer(body=json.dumps(GOOD) + "{}"),
    "redirect": answer(302, Location="/good"),
    "redirect-307": answer(307, Location="/good"),
    "no-content": answer(204, Content_Length=None),
    "created": answer(201, json.dumps(GOOD)),
    "gibberish": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "nothing": b"",
    "400": answer(400, '{"error": "invalid_client"}'),
    "401": answer(401, '{"error": "invalid_client"}'),
    "403": answer(403, "{}"),
    "404": answer(404, "no such page", Content_Type="text/plain"),
    "429": answer(429, "{}"),
    "429-after": answer(429, "{}", Retry_After="7"),
    "429-odd": answer(429, "{}", Retry_After="soon"),
    "500": answer(500, "{}"),
    "502": answer(502, "{}"),
    "503": answer(503, "{}"),
    "503-after": answer(503, "{}", Retry_After="11"),
    "504": answer(504, "{}"),
}


class Handler(socketserver.StreamRequestHandler):
    """One connection, one request."""

    def read(self):
        line = self.rfile.readline(65536).decode("latin-1").rstrip("\r\n")
        headers = {}
        while True:
            text = self.rfile.readline(65536).decode("latin-1").rstrip("\r\n")
            if not text:
                break
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0))).decode("latin-1")
        form = urllib.parse.parse_qs(body, keep_blank_values=True, strict_parsing=bool(body))
        peer = self.request.getpeercert() if isinstance(self.request, ssl.SSLSocket) else None
        return Request(line, headers, form, body, peer)

    def until_gone(self):
        """Until the client closes; a byte meanwhile if there are some to drip."""
        while self.request.recv(1):
            pass

    def drip(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n")
        self.request.settimeout(0.03)
        while True:
            self.wfile.write(b" ")
            try:
                if not self.request.recv(1):
                    return
            except TimeoutError:
                continue

    def handle(self):
        try:
            if isinstance(self.request, ssl.SSLSocket):
                self.request.do_handshake()
            elif self.request.recv(1, socket.MSG_PEEK) == b"\x16":
                self.wfile.write(answer(400, "TLS where none is spoken"))
                return
            request = self.read()
            if not request.line:
                return
            with self.server.lock:
                self.server.requests.append(request)
            what = request.line.split()[1].strip("/")
            if what == "hang":
                self.until_gone()
            elif what == "drip":
                self.drip()
            elif what in SAID:
                self.wfile.write(SAID[what])
            else:
                self.wfile.write(self.server.say(what, request))
        except (OSError, ssl.SSLError):
            pass


class Endpoint(socketserver.ThreadingTCPServer):
    """Serves on a port of 127.0.0.1 that the system gives; with a context by TLS."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, say=None, context=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.context = context
        self.say = say or (lambda what, request: answer(404))
        self.requests = []
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def get_request(self):
        connection, address = super().get_request()
        connection.settimeout(30)
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request, client_address):
        pass

    @property
    def port(self):
        return self.server_address[1]


def dead_port():
    """A socket that is bound and does not listen: whoever connects is refused. To be kept."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held


def unbasic(value):
    """Identifier and secret of an Authorization header, as RFC 6749 has it."""
    scheme, _, text = value.partition(" ")
    if scheme != "Basic":
        raise ValueError(scheme)
    return tuple(urllib.parse.unquote_plus(part) for part in base64.b64decode(text, validate=True).decode().split(":"))


class Certificates:
    """An authority, and certificates of it that are good or not, made by openssl."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for name in ("ca", "other-ca"):
            self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                     "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
        self.make("good", "IP:127.0.0.1,DNS:localhost")
        self.make("wrong-name", "DNS:other.example")
        self.make("expired", "IP:127.0.0.1", days="-1")
        self.make("untrusted", "IP:127.0.0.1", authority="other-ca")
        self.make("client", "DNS:us")

    def run(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def make(self, name, names, days="2", authority="ca"):
        (self.folder / f"{name}.cnf").write_text(f"subjectAltName = {names}\n")
        self.run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                 "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.run("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key",
                 "-CAcreateserial", "-days", days, "-extfile", f"{name}.cnf", "-out", f"{name}.pem")

    def path(self, name):
        return self.folder / name

    def context(self, name, client=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(f"{name}.pem"), self.path(f"{name}.key"))
        if client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path("ca.pem"))
        return context
