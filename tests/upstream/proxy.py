"""proxy.py - a proxy by which the fake is reached under the names of the providers: CONNECT NAME:443.

A client that has it as its proxy, and the fake's authority as its own, asks https://api.github.com, and nothing leaves
the machine.

SPDX-License-Identifier: Apache-2.0
"""

import http.client
import socketserver
import sys
import traceback

import server

REFUSED = b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Handler(socketserver.StreamRequestHandler):
    """One connection: where it is to lead does not matter, since all lead to us."""

    # What comes after the head is for TLS.
    rbufsize = 0

    def handle(self):
        listener = self.server.listener
        line = self.rfile.readline(server.HEAD).split()
        http.client.parse_headers(self.rfile)
        if len(line) != 3 or line[0] != b"CONNECT":
            return self.wfile.write(REFUSED)
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        connection = listener.context.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False)
        try:
            server.Handler(connection, self.client_address, listener)
        finally:
            connection.close()
        return None


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, listener, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.listener = listener

    def handle_error(self, request, client_address):
        """Clients go away."""
        if not isinstance(sys.exc_info()[1], (OSError, http.client.HTTPException)):
            traceback.print_exc()
