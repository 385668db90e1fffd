"""keys.py - RSA keys, JWTs signed with them and their public sets; the certificates of the listener. By openssl.

SPDX-License-Identifier: Apache-2.0
"""

import base64
import hashlib
import json
import pathlib
import subprocess


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def openssl(*words, data=b""):
    run = subprocess.run(["openssl", *map(str, words)], input=data, capture_output=True, check=False)
    if run.returncode:
        raise RuntimeError(f"openssl {words[0]}: {run.stderr.decode()}")
    return run.stdout


class Key:
    """One that signs. Its private half is in a file of the fake's own folder and nowhere else."""

    def __init__(self, path):
        self.path = path
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path)
        path.chmod(0o600)
        modulus = openssl("rsa", "-in", path, "-noout", "-modulus").decode().strip().partition("=")[2]
        self.modulus = encode(bytes.fromhex(modulus))
        self.kid = hashlib.sha1(self.modulus.encode()).hexdigest()

    def sign(self, data):
        return openssl("dgst", "-sha256", "-sign", self.path, data=data)

    def jwk(self):
        # Members as Google has them: https://www.googleapis.com/oauth2/v3/certs
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": self.modulus, "e": "AQAB"}

    def certificate(self):
        """What WorkOS adds to its keys, as members of a JWK."""
        der = openssl("req", "-x509", "-new", "-key", self.path, "-days", "2", "-subj", "/CN=upstream", "-outform",
                      "DER")
        return {"x5c": [base64.b64encode(der).decode()], "x5t#S256": encode(hashlib.sha256(der).digest())}


class KeySet:
    """The keys of one issuer, newest first, made when they are asked for. The newest signs. Making one takes its time, so
    who forgets everything has them again in the same order."""

    known = {}

    def __init__(self, folder, name):
        self.folder, self.name = pathlib.Path(folder), name
        self.keys, self.made, self.certificates = [], 0, {}

    def _make(self):
        self.made += 1
        path = self.folder / f"{self.name}-{self.made}.key"
        if path not in self.known:
            self.known[path] = Key(path)
        return self.known[path]

    def all(self):
        if not self.keys:
            self.keys = [self._make()]
        return self.keys

    def rotate(self, keep=True):
        """A new key signs from now on; the others stay published, unless they are dropped."""
        self.keys = [self._make(), *(self.all() if keep else [])]
        return [key.kid for key in self.keys]

    def public(self, certificates=False):
        found = []
        for key in self.all():
            if certificates and key.kid not in self.certificates:
                self.certificates[key.kid] = key.certificate()
            found.append({**key.jwk(), **(self.certificates[key.kid] if certificates else {})})
        return {"keys": found}

    def sign(self, claims, header=None):
        key = self.all()[0]
        head = {"alg": "RS256", "kid": key.kid, "typ": "JWT", **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        text = ".".join(encode(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
        return text + "." + encode(key.sign(text.encode()))


def certificates(folder, names):
    """An authority, ca.pem, and a certificate of it for all names: its key and chain are in server.pem."""
    folder = pathlib.Path(folder)
    for name, subject in (("ca", "/CN=upstream test authority"), ("server", "/CN=upstream")):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder / f"{name}.key")
        (folder / f"{name}.key").chmod(0o600)
        if name == "ca":
            openssl("req", "-x509", "-new", "-key", folder / "ca.key", "-out", folder / "ca.pem", "-days", "3",
                    "-subj", subject)
    openssl("req", "-new", "-key", folder / "server.key", "-out", folder / "server.csr", "-subj", "/CN=upstream")
    (folder / "server.ext").write_text("subjectAltName=IP:127.0.0.1," + ",".join(f"DNS:{name}"
                                                                                 for name in names) + "\n")
    openssl("x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
            "-set_serial", "1", "-out", folder / "server.crt", "-days", "3", "-extfile", folder / "server.ext")
    text = (folder / "server.key").read_text() + (folder / "server.crt").read_text()
    (folder / "server.pem").write_text(text)
    (folder / "server.pem").chmod(0o600)
    return folder / "server.pem"
