"""issuer.py - the provider of provider.js, driven: its commands, its keys, tokens got from it as clients get them.

SPDX-License-Identifier: Apache-2.0
"""

import base64
import hashlib
import http.cookiejar
import json
import os
import pathlib
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 60
AUDIENCE = "https://notes.example"
CALLBACK = "https://client.example/callback"
ALGORITHMS = ["RS256", "ES256", "EdDSA"]
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# What has to be encoded on its way.
SECRET = "s3cret %:&+=?/~" + secrets.token_hex(8)


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def install(folder):
    """The packages of the lock file beside a copy of it, so that nothing is written into the sources. Returns node."""
    if not shutil.which("npm"):
        sys.exit("oidc: npm is missing (Debian: apt-get install nodejs npm)")
    shutil.copytree(HERE / "npm", folder)
    shutil.copy(HERE / "provider.js", folder)
    for path in [folder, *folder.iterdir()]:
        path.chmod(path.stat().st_mode | 0o200)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    # Debian's own is too old. These packages are nothing but the program.
    nodes = list(folder.glob("node_modules/node-linux-*/bin/node"))
    if not nodes:
        sys.exit("oidc: no package has node for this machine")
    return nodes[0]


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like others."""

    def redirect_request(self, *_):
        return None


class Browser:
    """Speaks HTTP, keeps cookies, shows a certificate if it has one."""

    def __init__(self, certificates, certificate=None):
        context = ssl.create_default_context(cafile=certificates.path("ca.pem"))
        if certificate:
            context.load_cert_chain(certificates.path(f"{certificate}.pem"), certificates.path(f"{certificate}.key"))
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        none = urllib.request.ProxyHandler({})
        self.opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), cookies, none, Stay)

    def ask(self, url, form=None, headers=()):
        """Status, headers and body of an answer, whatever the status."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(url, data=data, headers=dict(headers))
        try:
            answer = self.opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers, answer.read()


def client(name, method, **more):
    return {"client_id": name, "token_endpoint_auth_method": method, **more}


class Issuer:
    """The provider and its clients."""

    def __init__(self, node, folder, certificates, tokenpam, signer):
        self.folder, self.certificates, self.tokenpam, self.signer = folder, certificates, tokenpam, signer
        # Bound, and not listening: the port stays ours while the provider is down.
        self.held = socket.socket()
        self.held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.held.bind(("127.0.0.1", 0))
        self.keys = [self.make_key(f"first-{alg}", alg) for alg in ALGORITHMS]
        self.assertion_keys = {alg: self.make_key(f"client-{alg}", alg) for alg in ALGORITHMS}
        (folder / "settings.json").write_text(json.dumps(self.settings()))
        self.process = subprocess.Popen([node, "--no-warnings", "provider.js", folder / "settings.json"],
                                        cwd=folder / "npm", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=(folder / "provider.log").open("w"), text=True)
        self.url = self.read()["issuer"]
        self.browser = Browser(certificates)
        status, _, body = self.browser.ask(self.url + "/.well-known/openid-configuration")
        if status != 200:
            raise ValueError(f"discovery: HTTP {status}")
        self.metadata = json.loads(body)

    def make_key(self, name, alg):
        """A private JWK; its public half is in NAME.jwks, and the key itself in NAME.jwk."""
        self.tokenpam("keygen", "--alg", alg, "--out", f"{name}.jwk", "--public", f"{name}.jwks")
        key = json.loads((self.folder / f"{name}.jwk").read_text())
        return key

    def settings(self):
        public = {alg: json.loads((self.folder / f"client-{alg}.jwks").read_text()) for alg in ALGORITHMS}
        clients = [client("basic & co", "client_secret_basic", client_secret=SECRET),
                   client("post", "client_secret_post", client_secret=SECRET),
                   client("mtls", "tls_client_auth", tls_client_auth_san_dns="us"),
                   client("bound", "tls_client_auth", tls_client_auth_san_dns="us",
                          tls_client_certificate_bound_access_tokens=True),
                   client("web", "client_secret_basic", client_secret=SECRET, redirect_uris=[CALLBACK],
                          grant_types=["authorization_code", "refresh_token"], response_types=["code"])]
        clients += [client(f"jwt-{alg}", "private_key_jwt", jwks=public[alg], token_endpoint_auth_signing_alg=alg)
                    for alg in ALGORITHMS]
        text = {name: self.certificates.path(file).read_text()
                for name, file in (("key", "good.key"), ("certificate", "good.pem"), ("ca", "ca.pem"))}
        return {"port": self.held.getsockname()[1], "audience": AUDIENCE, "clients": clients,
                "jwks": {"keys": self.keys}, **text}

    # ---- Commands

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise ValueError("the provider is gone: " + (self.folder / "provider.log").read_text())
        return json.loads(line)

    def do(self, what, **arguments):
        self.process.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self.process.stdin.flush()
        return self.read()["answer"]

    def publish(self, keys):
        """Other keys, of which the first of its algorithm signs."""
        self.do("keys", jwks={"keys": keys})

    def count(self, endpoint):
        return self.do("count", path=urllib.parse.urlsplit(self.metadata[endpoint]).path)

    def close(self):
        self.process.stdin.close()
        status = self.process.wait(SECONDS)
        self.process.stdout.close()
        self.held.close()
        return status

    # ---- Tokens

    def authenticate(self, name):
        """What a client adds to a form, and to the headers, to be known."""
        if name.startswith("jwt-"):
            now = int(time.time())
            claims = {"iss": name, "sub": name, "aud": self.url, "iat": now, "exp": now + 60,
                      "jti": secrets.token_hex(8)}
            key = json.dumps(self.assertion_keys[name[4:]], separators=(",", ":"))
            token = self.signer.ask("token", key, encode(json.dumps(claims).encode()))
            return {"client_assertion_type": ASSERTION, "client_assertion": token}, {}
        if name == "post":
            return {"client_id": name, "client_secret": SECRET}, {}
        if name in ("mtls", "bound"):
            return {"client_id": name}, {}
        pair = ":".join(urllib.parse.quote_plus(part) for part in (name, SECRET))
        return {}, {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    def post(self, endpoint, name, form):
        """A form, by a client, to an endpoint: status and body."""
        more, headers = self.authenticate(name)
        browser = Browser(self.certificates, "client") if name in ("mtls", "bound") else self.browser
        status, _, body = browser.ask(self.metadata[endpoint], {**form, **more}, headers)
        return status, body

    def tokens(self, name, form):
        status, body = self.post("token_endpoint", name, form)
        if status != 200:
            raise ValueError(f"token endpoint: HTTP {status}: {body}")
        return json.loads(body)

    def token(self, name, what="opaque", scope="read write"):
        """An access token that a program gets for itself."""
        form = {"grant_type": "client_credentials", "scope": scope}
        if what:
            form["resource"] = f"{AUDIENCE}/{what}"
        return self.tokens(name, form)["access_token"]

    def revoke(self, name, token):
        return self.post("revocation_endpoint", name, {"token": token})[0]

    def sign_in(self, what, user="alice", scope="openid offline_access read"):
        """The authorization code flow with PKCE, as a browser goes through it: the tokens of a user, for a resource or none."""
        browser = Browser(self.certificates)
        verifier = secrets.token_urlsafe(32)
        challenge = encode(hashlib.sha256(verifier.encode()).digest())
        query = {"client_id": "web", "response_type": "code", "redirect_uri": CALLBACK, "state": "some",
                 "scope": scope, "prompt": "consent", "code_challenge": challenge, "code_challenge_method": "S256"}
        if what:
            query["resource"] = f"{AUDIENCE}/{what}"
        url, form = self.metadata["authorization_endpoint"] + "?" + urllib.parse.urlencode(query), None
        for _ in range(10):
            status, headers, body = browser.ask(url, form)
            if "Location" in headers:
                url, form = urllib.parse.urljoin(url, headers["Location"]), None
            elif b'name="login"' in body:
                form = {"prompt": "login", "login": user, "password": "any"}
            elif b'value="consent"' in body:
                form = {"prompt": "consent"}
            else:
                raise ValueError(f"signing in: HTTP {status}: {body}")
            if url.startswith(CALLBACK):
                break
        answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        if answer.get("state") != "some" or answer.get("iss") != self.url:
            raise ValueError(f"signing in: {answer}")
        return self.tokens("web", {"grant_type": "authorization_code", "code": answer["code"],
                                   "redirect_uri": CALLBACK, "code_verifier": verifier})

    def refresh(self, token):
        return self.tokens("web", {"grant_type": "refresh_token", "refresh_token": token})
