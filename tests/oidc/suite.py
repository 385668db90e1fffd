"""suite.py - the provider, what is configured for it, and what becomes of its tokens.

SPDX-License-Identifier: Apache-2.0
"""

import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "introspect"))
from endpoint import Certificates  # noqa: E402
from issuer import AUDIENCE, SECONDS, SECRET, Issuer, install  # noqa: E402
from signer import Signer  # noqa: E402


class Live:
    """One engine, asked again and again."""

    def __init__(self, suite, provider):
        self.log = (suite.folder / "live.log").open("w")
        self.process = subprocess.Popen([os.environ["LIVE"], suite.config(provider), "notes"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)

    def ask(self, token):
        self.process.stdin.write(token + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(SECONDS)
        self.log.close()


class Suite:
    """The provider, what is configured for it, and what was found."""

    def __init__(self, folder):
        self.folder = folder
        self.passed = self.failed = 0
        self.certificates = Certificates(folder)
        self.signer = Signer()
        self.issuer = Issuer(install(folder / "npm"), folder, self.certificates, self.tokenpam, self.signer)

    def tokenpam(self, *arguments):
        run = subprocess.run([os.environ["TOKENPAM"], *arguments], cwd=self.folder, timeout=SECONDS, text=True,
                             capture_output=True, check=False)
        if run.returncode:
            raise ValueError(f"tokenpam {arguments[0]}: {run.stderr}")
        return run.stdout

    def check(self, what, got, expected):
        """Counts one expectation; tells what came instead."""
        if got == expected:
            self.passed += 1
            return
        self.failed += 1
        print(f"{what}: got {got!r}, expected {expected!r}", file=sys.stderr)

    def config(self, provider, service=f"audience = {AUDIENCE}"):
        lines = "".join(f"{key} = {value}\n" for key, value in provider.items() if value is not None)
        path = self.folder / "main.ini"
        path.write_text(f"[tokenpam]\nmode = development\n[provider:op]\n{lines}"
                        f"[service:notes]\n{service}\nauth = decisive op\n")
        return path

    def verify(self, provider, token, *service):
        """What becomes of a token: the result, by a process of its own."""
        command = [os.environ["TOKENPAM"], "verify", "--plugin-path", os.environ["TOKENPAM_PLUGINS"]]
        command += ["-c", self.config(provider, *service), "--json", "notes", "-"]
        run = subprocess.run(command, cwd=self.folder, timeout=SECONDS, input=token, text=True, capture_output=True,
                             check=False)
        try:
            return json.loads(run.stdout)
        except ValueError as failure:
            raise ValueError(run.stdout + run.stderr) from failure

    def online(self, what, provider, *expected):
        """What an operator is told: the outcome, and a text in the rest."""
        command = [os.environ["TOKENPAM"], "check", "--plugin-path", os.environ["TOKENPAM_PLUGINS"], "--online", "-c"]
        run = subprocess.run([*command, self.config(provider)], cwd=self.folder, timeout=SECONDS, text=True,
                             capture_output=True, check=False)
        for text in expected:
            self.check(f"{what}: {text} in {run.stdout}{run.stderr}", text in run.stdout, True)

    def says(self, what, result, *expected):
        self.check(what, (result["outcome"], result["reason"]), expected)

    def asks(self, name, **options):
        """A provider by introspection, of which a client is us; options replace what stands here, None leaves out."""
        way = {"post": "client_secret_post", "mtls": "mtls"}.get(name, "client_secret_basic")
        known = {"client_auth": way, "client_secret": f'"{SECRET}"'}
        if name == "mtls":
            known = {"client_auth": way, "tls_certificate": "client.pem", "tls_key": "client.key"}
        if name.startswith("jwt-"):
            known = {"client_auth": "private_key_jwt", "private_key_file": f"client-{name[4:]}.jwk"}
        return {"plugin": "introspect", "endpoint": self.issuer.metadata["introspection_endpoint"],
                "issuer": self.issuer.url, "accept": "opaque", "client_id": f'"{name}"', "ca_file": "ca.pem",
                "subject_claim": "sub client_id", "timeout": "20s", **known, **options}

    def knows(self, **options):
        """A provider that is told nothing but the issuer."""
        return {"plugin": "oidc", "issuer": self.issuer.url, "ca_file": "ca.pem", "jwks_cooldown": "1s",
                "timeout": "20s", **options}

    def asks_too(self, **options):
        """The same, and it asks about opaque tokens."""
        return self.knows(**{"opaque": "introspection", "accept": "opaque", "introspection_client": '"basic & co"',
                             "client_secret": f'"{SECRET}"', "cache": "0s", **options})

    def bears(self, **options):
        """A provider by signature; where its keys come from is for the options to say."""
        return {"plugin": "bearer", "issuer": self.issuer.url, **options}

    def fetches(self, **options):
        """One that gets its keys over the network."""
        return self.bears(ca_file="ca.pem", jwks_cooldown="1s", **options)
