"""server.py - an upstream on loopback that does everything wrong, path by path; and a proxy.

SPDX-License-Identifier: Apache-2.0
"""
import asyncio
import collections
import email.utils
import json
import os
import ssl
import subprocess
import threading
import time

JSON = b"Content-Type: application/json\r\n"
OBJECT = b'{"fine":true}'


def answer(body=OBJECT, status="200 OK", headers=JSON, version="HTTP/1.1"):
    head = f"{version} {status}\r\nContent-Length: {len(body)}\r\n".encode()
    return head + headers + b"\r\n" + body


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + JSON + b"\r\n"
LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" + JSON + b"\r\n"

# What is sent and then nothing more: path -> (bytes, does the connection stay open).
FIXED = {
    "/ok": (answer(), True),
    "/chunked": (CHUNKED + chunk(OBJECT[:5]) + chunk(OBJECT[5:]) + b"0\r\n\r\n", True),
    "/trailers": (CHUNKED + chunk(OBJECT) + b"0\r\nContent-Type: text/html\r\n\r\n", True),
    "/http10": (b"HTTP/1.0 200 OK\r\n" + JSON + b"\r\n" + OBJECT, False),
    "/http09": (OBJECT, False),
    "/garbage": (b"\x00\x01\x02\x03" * 64, False),
    "/empty": (answer(b""), True),
    "/no-content": (b"HTTP/1.1 204 No Content\r\n\r\n", True),
    "/continue": (b"HTTP/1.1 100 Continue\r\nContent-Type: text/html\r\n\r\n" + answer(), True),
    "/type": (answer(b"<html>", headers=b"Content-Type: text/html; charset=utf-8\r\n"), True),
    "/type-suffix": (answer(headers=b"Content-Type: application/jwk-set+json\r\n"), True),
    "/type-parameter": (answer(headers=b"Content-Type: APPLICATION/json;charset=utf-8\r\n"), True),
    "/type-none": (answer(headers=b""), True),
    "/type-twice": (answer(headers=JSON + b"Content-Type: text/html\r\n"), True),
    "/gzip": (answer(b"\x1f\x8b\x08\x00", headers=JSON + b"Content-Encoding: gzip\r\n"), True),
    "/bad-json": (answer(b'{"fine":'), True),
    "/array": (answer(b"[]"), True),
    "/twice": (answer(b'{"a":1,"a":2}'), True),
    "/deep": (answer(b'{"a":' * 20 + b"1" + b"}" * 20), True),
    "/close": (b"", False),
    "/close-headers": (b"HTTP/1.1 200 OK\r\nContent-Le", False),
    "/close-body": (LENGTH % 100 + OBJECT, False),
    "/close-chunk": (CHUNKED + b"ff\r\nabc", False),
    "/half": (LENGTH % 100 + OBJECT, True),
    "/oversize": (answer(b'{"a":"' + b"x" * 2000000 + b'"}'), True),
    "/oversize-chunked": (CHUNKED + chunk(b"x" * 1100000) + chunk(b"x" * 1100000), True),
    "/oversize-503": (answer(b"x" * 1100000, "503 Busy"), True),
    "/headers": (b"HTTP/1.1 200 OK\r\n" + b"X-Fill: " * 1 + b"\r\n"
                 + b"".join(b"X-%d: %s\r\n" % (i, b"y" * 1000) for i in range(80)) + JSON
                 + b"Content-Length: 2\r\n\r\n{}", True),
    "/redirect": (answer(b"", "302 Found", b"Location: https://evil.example:8443/x?y\r\n"), True),
    "/redirect-path": (answer(b"", "301 Moved", b"Location: /ok\r\n"), True),
    "/redirect-odd": (answer(b"", "307 Moved", b"Location: http://[/\r\n"), True),
    "/429-seconds": (answer(b"", "429 Slow", b"Retry-After: 7\r\n"), True),
    "/429-far": (answer(b"", "429 Slow", b"Retry-After: 99999999999999999999\r\n"), True),
    "/429-odd": (answer(b"", "429 Slow", b"Retry-After: soon\r\n"), True),
    "/429-past": (answer(b"", "429 Slow", b"Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n"), True),
    "/503-wait": (answer(b"", "503 Busy", b"Retry-After: 30\r\n"), True),
}

# What has an ETag of its own, or a header more: /etag/MODE.
TAGS = {"weak": 'W/"v1"', "bare": "v1", "empty": '""', "quote": '"a"b"', "blank": '"a b"', "long": '"' + "x" * 300 + '"'}
TAGGED = {"store": ["Cache-Control: private, No-Store"], "vary": ["Vary: Accept, *"], "age": ["Cache-Control: max-age=0"],
          "twice": ['ETag: "v2"'], "large": [f"X-{number}: {'y' * 1000}" for number in range(40)]}


class Server:
    """Listeners in a thread of their own. Requests are counted by path."""

    def __init__(self, folder):
        self.folder = folder
        self.counts = collections.Counter()
        self.given = collections.Counter()
        self.connections = 0
        self.waiting = 0
        self.gate = None
        self.ports = {}
        self.servers = []
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self.thread.start()
        started.wait()

    def _run(self, started):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._listen())
        started.set()
        self.loop.run_forever()

    async def _listen(self):
        self.gate = asyncio.Event()
        for name in ("plain", "proxy", "silent", "good", "untrusted", "expired", "wrong", "client", "old"):
            handler = {"proxy": self._proxy, "silent": self._silent}.get(name, self._serve)
            context = None if handler != self._serve or name == "plain" else self._tls(name)
            server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context, limit=1 << 20, backlog=2000)
            self.servers.append(server)
            self.ports[name] = server.sockets[0].getsockname()[1]

    def _tls(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate = name if name in ("untrusted", "expired", "wrong") else "good"
        context.load_cert_chain(f"{self.folder}/{certificate}.pem", f"{self.folder}/{certificate}.key")
        if name == "client":
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(f"{self.folder}/ca.pem")
        if name == "old":
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        return context

    async def _silent(self, reader, writer):
        """Accepts, and that is all: no TLS, no HTTP."""
        await asyncio.sleep(3600)

    async def _serve(self, reader, writer):
        self.connections += 1
        try:
            while await self._request(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _request(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        headers = {k.lower(): v.strip() for k, _, v in (l.partition(":") for l in lines[1:] if l)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        path = target.partition("?")[0]
        if path.startswith("http://"):
            path = "/" + path.split("/", 3)[3]
        self.counts[path] += 1
        if path in FIXED:
            data, stays = FIXED[path]
            writer.write(data)
            await writer.drain()
            return stays
        return await self._special(path, method, headers, body, reader, writer)

    async def _special(self, path, method, headers, body, reader, writer):
        if path == "/echo":
            got = {"method": method, "body": body.decode(), "headers": headers}
            writer.write(answer(json.dumps(got, sort_keys=True).encode()))
        elif path.startswith("/status/"):
            writer.write(answer(b"{}", path.split("/")[2] + " Status"))
        elif path.startswith("/flaky/"):
            writer.write(answer() if self.counts[path] > int(path.split("/")[2]) else answer(b"", "503 Busy"))
        elif path.startswith("/etag/"):
            writer.write(self._tagged(path, headers))
        elif path == "/429-date":
            date = email.utils.formatdate(time.time() + 100, usegmt=True)
            writer.write(answer(b"", "429 Slow", f"Retry-After: {date}\r\n".encode()))
        elif path == "/counts":
            seen = {"counts": self.counts, "connections": self.connections, "waiting": self.waiting}
            writer.write(answer(json.dumps(seen).encode()))
        elif path == "/gate":
            if not await self._stand(reader):
                return False
            writer.write(answer())
        elif path == "/open":
            self.gate.set()
            self.gate = asyncio.Event()
            writer.write(answer())
        elif path == "/hang":
            await asyncio.sleep(3600)
        elif path == "/drip":
            writer.write(LENGTH % 100000)
            for _ in range(100000):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)
        elif path == "/slow-headers":
            writer.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(100000):
                writer.write(b"X-%d: y\r\n" % number)
                await writer.drain()
                await asyncio.sleep(0.02)
        else:
            writer.write(answer(b"{}", "404 Not Found"))
        await writer.drain()
        return True

    def _tagged(self, path, headers):
        """/etag/MODE/...: an answer that says how often it was given, and 304 to who has it."""
        mode = path.split("/")[2]
        tag = TAGS.get(mode, '"v1"')
        fields = f"ETag: {tag}\r\nX-Fresh: {self.counts[path]}\r\n"
        if mode == "unasked" or headers.get("if-none-match") == tag:
            if mode == "gone":
                return answer(b"{}", "401 No")
            scopes = "X-Scopes: new\r\n" if mode == "scopes" else ""
            return answer(b"", "304 Not Modified", (fields + scopes + "Content-Type: text/html\r\n").encode())
        self.given[path] += 1
        fields += "X-Scopes: old\r\n" + "".join(f"{line}\r\n" for line in TAGGED.get(mode, []))
        return answer(b'{"given":%d}' % self.given[path], headers=fields.encode() + JSON)

    async def _stand(self, reader):
        """Waits for the gate to open. False: the client went away."""
        self.waiting += 1
        opened, gone = (asyncio.ensure_future(f) for f in (self.gate.wait(), reader.read(1)))
        await asyncio.wait((opened, gone), return_when=asyncio.FIRST_COMPLETED)
        self.waiting -= 1
        fine = opened.done()
        for task in (opened, gone):
            task.cancel()
        await asyncio.gather(opened, gone, return_exceptions=True)
        return fine

    async def _proxy(self, reader, writer):
        """CONNECT, and requests in absolute form; everything goes to our own listeners."""
        self.counts["proxy"] += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n")[0].split(b" ")
            if b"Proxy-Authorization: Basic dXNlcjpwYXNz" not in head and b"auth." in target:
                writer.write(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
                return
            port = self.ports["good"] if method == b"CONNECT" else self.ports["plain"]
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", port)
            if method == b"CONNECT":
                writer.write(b"HTTP/1.1 200 Yes\r\nX-Proxy: secret\r\n\r\n")
            else:
                up_writer.write(head)
            await asyncio.gather(self._pipe(reader, up_writer), self._pipe(up_reader, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _pipe(self, reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificate(folder, name, authority, subject, days):
    """An EC key and a certificate for it, signed by `authority`, or by itself."""
    key, pem, request, extra = (f"{folder}/{name}.{e}" for e in ("key", "pem", "csr", "ext"))
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    if authority is None:
        openssl("req", "-x509", "-new", "-key", key, "-out", pem, "-days", "10", "-subj", f"/CN={name}")
        return
    openssl("req", "-new", "-key", key, "-out", request, "-subj", f"/CN={name}")
    with open(extra, "w", encoding="ascii") as file:
        file.write(f"subjectAltName={subject}\n")
    openssl("x509", "-req", "-in", request, "-CA", f"{folder}/{authority}.pem", "-CAkey",
            f"{folder}/{authority}.key", "-out", pem, "-days", str(days), "-extfile", extra, "-set_serial",
            str(abs(hash(name)) % 1000000 + 1))


def certificates(folder):
    os.makedirs(folder, exist_ok=True)
    names = "DNS:localhost,DNS:upstream.test,DNS:auth.test,IP:127.0.0.1"
    certificate(folder, "ca", None, None, 0)
    certificate(folder, "stranger", None, None, 0)
    certificate(folder, "good", "ca", names, 10)
    certificate(folder, "us", "ca", "DNS:us.test", 10)
    certificate(folder, "untrusted", "stranger", names, 10)
    certificate(folder, "expired", "ca", names, -1)
    certificate(folder, "wrong", "ca", "DNS:other.test", 10)
