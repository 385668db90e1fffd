"""server.py - the listener: TLS, hosts, records and faults. What a provider answers is in the file of the provider.

SPDX-License-Identifier: Apache-2.0
"""

import email.utils
import fnmatch
import http.client
import socketserver
import ssl
import sys
import threading
import traceback

import authkit
import github
import google
import issuer
import workos
from message import Answer, Request

# The longest head and body of a request.
HEAD, BODY = 65536, 1 << 20

# Who answers: host, what comes before the paths of the documentation there, provider, its world.
GOOGLE = ("oauth2.googleapis.com", "www.googleapis.com", "openidconnect.googleapis.com", "accounts.google.com")
HOSTS = [
    ("api.github.com", "", github, None),
    # https://docs.github.com/en/enterprise-server@3.16/rest/using-the-rest-api/getting-started-with-the-rest-api
    ("ghes.example", "/api/v3", github, None),
    # https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom
    ("api.*.ghe.com", "", github, None),
    *((host, "", google, "google") for host in GOOGLE),
    ("api.workos.com", "", workos, None),
    ("*.authkit.app", "", authkit, None),
    *((host, "", issuer, None) for host in ("*.example.com", "*.example.net", "*.example.org")),
]
# Names for the certificate; a wildcard in it stands for one label.
NAMES = ["localhost"] + [host.replace("api.*.ghe.com", "*.ghe.com") for host, *_ in HOSTS] + \
    ["api.octocorp.ghe.com", "github.com"]


def place(request):
    """Finds who is asked: by the first segment of the path if that is one of the hosts, else by the header Host."""
    address = request.host.partition(":")[0].lower()
    first, _, rest = request.path[1:].partition("/")
    for named, host in ((True, first), (False, address)):
        for pattern, prefix, provider, world in HOSTS:
            if fnmatch.fnmatchcase(host, pattern):
                break
        else:
            continue
        path = "/" + rest if named else request.path
        if not path.startswith(prefix + "/"):
            return None
        port = request.host.partition(":")[2]
        request.root = f"https://{request.host}/{{host}}" if named else "https://{host}" + (":" + port if port else "")
        request.host, request.world, request.provider = host, world or host, provider.__name__
        request.base = request.link(host, prefix)
        request.path = path[len(prefix):]
        return provider
    return None


class Handler(socketserver.StreamRequestHandler):
    """A connection: requests one after the other."""

    wbufsize = -1

    def setup(self):
        self.request.settimeout(120)
        self.request.do_handshake()
        super().setup()

    def read(self):
        """The next request, or None at the end of the connection."""
        line = self.rfile.readline(HEAD).decode("latin-1").split()
        if len(line) != 3:
            return None
        fields = http.client.parse_headers(self.rfile)
        length = fields.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > BODY or fields.get("Transfer-Encoding"):
            return None
        headers = {name.lower(): value for name, value in fields.items()}
        return Request(line[0], line[1], headers, self.rfile.read(int(length)))

    def send(self, data):
        self.wfile.write(data)
        self.wfile.flush()

    def handle(self):
        try:
            while request := self.read():
                if not self.serve(request):
                    return
        except (OSError, http.client.HTTPException):
            pass

    def serve(self, request):
        """Answers a request. Whether the connection goes on."""
        fake = self.server.fake
        provider = place(request)
        with fake.state.lock:
            fault = fake.faults.find(request) if provider else None
            note = fake.recorder.record(request, getattr(self.request, "sni", None), fault)
        if fault and fault.kind in ("hold", "hang") and not (fake.faults.stand(fault, self.request) and
                                                            fault.kind == "hold"):
            return False
        answer = self.answer(request, provider, fault)
        answer.headers.setdefault("Date", email.utils.formatdate(fake.state.now(), usegmt=True))
        fake.recorder.done(note, answer.status)
        close = request.headers.get("connection", "").lower() == "close"
        if fault and fault.kind == "close":
            return self.cut(answer.raw(request.method), fault.order.get("at", "before"))
        self.send(answer.raw(request.method, close))
        return not close

    def answer(self, request, provider, fault):
        fake = self.server.fake
        if provider is None:
            return Answer(421, {"error": "nobody of that name is here"})
        if fault and (fault.kind == "answer" or fault.kind == "hold" and "status" in fault.order):
            return fault.answer()
        with fake.state.lock:
            world = fake.state.world(request.world)
            if fault and fault.kind == "limit":
                return provider.limited(fake.state, world, request, fault.order)
            answer = provider.answer(fake.state, world, request)
        if fault and fault.kind == "type":
            answer.kind = fault.order.get("type", "text/html")
        return answer

    def cut(self, data, where):
        """Sends a part, and no more."""
        head = data.index(b"\r\n\r\n") + 4
        self.send(data[:{"before": 0, "headers": head // 2, "body": head + (len(data) - head) // 2}[where]])
        return False

    def finish(self):
        try:
            super().finish()
        except (OSError, ValueError):
            pass


class Listener(socketserver.ThreadingTCPServer):
    """The port of all providers."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, fake, port, certificate):
        super().__init__(("127.0.0.1", port), Handler)
        self.fake = fake
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.context.set_alpn_protocols(["http/1.1"])
        self.context.sni_callback = lambda connection, name, context: setattr(connection, "sni", name)

    def get_request(self):
        connection, address = super().get_request()
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request, client_address):
        """Clients that do not trust us, or go away, are what tests are made of. Anything else is a mistake in here."""
        if not isinstance(sys.exc_info()[1], OSError):
            traceback.print_exc()


def serve(server):
    """Serves in a thread of its own until told to stop."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    return thread
