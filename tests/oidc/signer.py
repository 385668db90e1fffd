"""signer.py - mkjwt, asked.

SPDX-License-Identifier: Apache-2.0
"""

import base64
import json
import os
import subprocess

SECONDS = 60


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Signer:
    """mkjwt, asked."""

    def __init__(self):
        self.process = subprocess.Popen([os.environ["MKJWT"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def token(self, key, header, claims):
        """Any header and any claims, signed with a private JWK."""
        text = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
        return f"{text}.{self.ask('sign', key, encode(text.encode()))}"

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(SECONDS)
