"""h2server.py - an upstream that speaks HTTP/2, well and badly, path by path. Wants Debian's python3-h2.

usage: h2server.py FOLDER

FOLDER has the certificates. Prints its ports as JSON: "h2" and "few" (at most ten streams at once) by TLS, "plain" for
HTTP/1.1, where /counts tells what was seen and /open opens the gate. Ends with its standard input.

SPDX-License-Identifier: Apache-2.0
"""
import asyncio
import collections
import json
import ssl
import sys

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

FEW = 10
OBJECT = b'{"fine":true}'
HEADERS = [(":status", "200"), ("content-type", "application/json")]


class Seen:
    """What all connections share."""

    def __init__(self):
        self.counts = collections.Counter()
        self.numbers = collections.Counter()
        self.waiting = set()

    def tell(self):
        return json.dumps({"counts": {**self.counts, **self.numbers}, "waiting": len(self.waiting)}).encode()

    def most(self, name, number):
        self.numbers[name] = max(self.numbers[name], number)

    def open_gate(self):
        waiting, self.waiting = self.waiting, set()
        for connection, stream in waiting:
            connection.answer(stream)
            connection.flush()


class Connection(asyncio.Protocol):
    """One connection, whose streams are answered by their path."""

    def __init__(self, seen, limit):
        self.seen, self.limit = seen, limit
        self.transport = None
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self.told = False
        self.paths = {}
        self.streams = set()
        self.bodies = {}

    def connection_made(self, transport):
        self.transport = transport
        self.seen.numbers["connections"] += 1
        if transport.get_extra_info("ssl_object").selected_alpn_protocol() != "h2":
            self.seen.numbers["not h2"] += 1
            transport.abort()
            return
        code = h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS
        self.h2.local_settings = h2.settings.Settings(client=False, initial_values={code: self.limit})
        self.h2.initiate_connection()
        self.flush()
        # How it is kept to is ours to judge, below.
        self.h2.local_settings = h2.settings.Settings(client=False, initial_values={code: 1000})

    def connection_lost(self, exc):
        self.seen.waiting -= {(self, stream) for stream in self.streams}

    def flush(self):
        data = self.h2.data_to_send()
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def data_received(self, data):
        try:
            events = self.h2.receive_data(data)
        except h2.exceptions.ProtocolError:
            self.seen.numbers["broken"] += 1
            self.flush()
            self.transport.close()
            return
        for event in events:
            if isinstance(event, h2.events.SettingsAcknowledged):
                self.told = True
            elif isinstance(event, h2.events.RequestReceived):
                if self.begin(event.stream_id):
                    self.request(event.stream_id, dict(event.headers)[":path"])
            elif isinstance(event, h2.events.StreamReset):
                self.end(event.stream_id)
            elif isinstance(event, h2.events.WindowUpdated):
                self.send_on()
        self.flush()

    def begin(self, stream):
        """False: it is one too many, which a client cannot know before it has heard of the limit."""
        if len(self.streams) == self.limit:
            self.seen.numbers["late" if self.told else "early"] += 1
            self.h2.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
            return False
        self.streams.add(stream)
        self.seen.most(f"most streams of {self.limit}", len(self.streams))
        return True

    def end(self, stream):
        self.streams.discard(stream)
        self.bodies.pop(stream, None)
        self.paths.pop(stream, None)
        self.seen.waiting.discard((self, stream))

    def answer(self, stream, body=OBJECT, headers=()):
        if stream not in self.streams:
            return
        self.h2.send_headers(stream, HEADERS + list(headers))
        self.bodies[stream] = body
        self.send_on()

    def send_on(self):
        """As much of each body as the windows let."""
        for stream, body in list(self.bodies.items()):
            while body:
                size = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size, len(body))
                if size <= 0:
                    break
                self.h2.send_data(stream, body[:size])
                body = body[size:]
            self.bodies[stream] = body
            if not body:
                self.h2.end_stream(stream)
                self.end(stream)

    def reset(self, stream, code):
        self.h2.reset_stream(stream, code)
        self.end(stream)

    def request(self, stream, path):
        self.seen.counts[path] += 1
        self.paths[stream] = path
        name = path.strip("/").split("/")[0].replace("-", "_")
        getattr(self, "do_" + name, self.answer)(stream)

    def do_gate(self, stream):
        self.seen.waiting.add((self, stream))
        self.seen.most("most waiting", len(self.seen.waiting))

    def do_hang(self, stream):
        pass

    def do_refused(self, stream):
        self.reset(stream, h2.errors.ErrorCodes.REFUSED_STREAM)

    def first(self, stream):
        return self.seen.counts[self.paths[stream]] == 1

    def do_refused_once(self, stream):
        """The first time; what it did not look at may be sent again."""
        if self.first(stream):
            self.reset(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
        else:
            self.answer(stream)

    def do_reset(self, stream):
        self.reset(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)

    def do_calm(self, stream):
        self.reset(stream, h2.errors.ErrorCodes.ENHANCE_YOUR_CALM)

    def do_half_reset(self, stream):
        self.h2.send_headers(stream, HEADERS)
        self.h2.send_data(stream, OBJECT[:5])
        self.flush()
        self.reset(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)

    def do_half_refused(self, stream):
        self.h2.send_headers(stream, HEADERS)
        self.h2.send_data(stream, OBJECT[:5])
        self.flush()
        self.reset(stream, h2.errors.ErrorCodes.REFUSED_STREAM)

    def do_headers(self, stream):
        """As many KiB as the path says."""
        count = int(self.paths[stream].split("/")[2])
        self.answer(stream, OBJECT, [(f"x-{i}", "y" * 1000) for i in range(count)])

    def do_oversize(self, stream):
        self.answer(stream, b"x" * 2000000)

    def do_large(self, stream):
        self.answer(stream, b'{"a":"' + b"x" * 1000000 + b'"}')

    def leave(self, last, code=h2.errors.ErrorCodes.NO_ERROR):
        """GOAWAY: streams after `last` were not looked at."""
        self.h2.close_connection(error_code=code, last_stream_id=last)
        self.flush()

    def do_goaway_after(self, stream):
        """It goes once this is answered."""
        self.answer(stream)
        self.leave(stream)
        self.transport.close()

    def do_goaway_once(self, stream):
        """It goes without having looked at this, the first time."""
        if self.first(stream):
            self.leave(stream - 2 if stream > 2 else 0)
            self.transport.close()
        else:
            self.answer(stream)

    def do_goaway_half(self, stream):
        self.h2.send_headers(stream, HEADERS)
        self.h2.send_data(stream, OBJECT[:5])
        self.flush()
        self.leave(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        self.transport.close()

    def do_gone(self, stream):
        self.transport.abort()


async def control(seen, reader, writer):
    """/counts and /open, by HTTP/1.1."""
    try:
        while True:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
            if path == b"/open":
                seen.open_gate()
            body = seen.tell()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
            writer.write(body)
            await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        writer.close()


def context(folder):
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(f"{folder}/good.pem", f"{folder}/good.key")
    found.set_alpn_protocols(["h2", "http/1.1"])
    return found


async def main():
    loop, seen = asyncio.get_running_loop(), Seen()
    tls = context(sys.argv[1])
    servers = {"h2": await loop.create_server(lambda: Connection(seen, 250), "127.0.0.1", 0, ssl=tls, backlog=500),
               "few": await loop.create_server(lambda: Connection(seen, FEW), "127.0.0.1", 0, ssl=tls, backlog=500),
               "plain": await asyncio.start_server(lambda *pair: control(seen, *pair), "127.0.0.1", 0)}
    print(json.dumps({name: server.sockets[0].getsockname()[1] for name, server in servers.items()}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
