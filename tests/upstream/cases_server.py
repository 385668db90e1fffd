"""cases_server.py - the fake itself: hosts, faults, records, the program that a person starts.

SPDX-License-Identifier: Apache-2.0
"""

import http.client
import json
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import threading

from cases import CERTS, GOOGLE, HUB, KEYS
from client import PROGRAM, SECONDS, Upstream, fingerprint
from table import APP


def hosts_case(suite):
    """By the header Host and the name in TLS, as a client does that resolves names as it is told."""
    up = suite.up
    context = ssl.create_default_context(cafile=up.ca)
    for name in (HUB, GOOGLE, "accounts.google.com", "api.workos.com", "notes.authkit.app", "api.octocorp.ghe.com"):
        connection = http.client.HTTPSConnection("127.0.0.1", up.port, context=context, timeout=SECONDS)
        connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", up.port)),
                                              server_hostname=name)
        for _ in range(2):
            connection.request("GET", "/.well-known/openid-configuration", headers={"Host": f"{name}:{up.port}",
                                                                                   "User-Agent": "x"})
            answer = connection.getresponse()
            body = answer.read()
        note = up.requests()[-1]
        suite.check(f"{name}: who was asked", (note["host"], note["sni"]), (name, name))
        if name == "accounts.google.com":
            suite.check("addresses", json.loads(body)["jwks_uri"], f"https://www.googleapis.com:{up.port}{CERTS}")
        connection.close()
    up.settings(links="real")
    said = up.ask("GET", "accounts.google.com", "/.well-known/openid-configuration").json()
    suite.check("as Google has it", said["jwks_uri"], "https://www.googleapis.com/oauth2/v3/certs")
    up.settings(links="here")


def ended(suite, path):
    """How a connection ends."""
    try:
        return suite.up.ask("GET", KEYS, path).status
    except (OSError, http.client.HTTPException):
        return "cut"


def faults_case(suite):
    up = suite.up
    up.fault("answer", path=CERTS, status=503, body={"error": "x"}, headers={"Retry-After": 3}, times=2, after=1)
    suite.check("the second and third", [ended(suite, CERTS) for _ in range(4)], [200, 503, 503, 200])
    for at in ("before", "headers", "body"):
        up.fault("close", path=CERTS, at=at, times=1)
        suite.check(f"closed at {at}", (ended(suite, CERTS), ended(suite, CERTS)), ("cut", 200))
    up.fault("type", path=CERTS, type="text/html", times=1)
    suite.check("type", up.ask("GET", KEYS, CERTS).headers["Content-Type"], "text/html")
    for kind, end in (("hold", 200), ("hang", "cut")):
        number, got = up.fault(kind, path=CERTS), []
        threads = [threading.Thread(target=lambda: got.append(ended(suite, CERTS))) for _ in range(3)]
        for thread in threads:
            thread.start()
        up.wait(number, waiting=3)
        suite.check(f"{kind}: nobody has an answer", got, [])
        suite.check(f"{kind}: others go on", up.ask("GET", "accounts.google.com",
                                                    "/.well-known/openid-configuration").status, 200)
        up.release(number)
        for thread in threads:
            thread.join(SECONDS)
        suite.check(f"{kind}: let go", got, [end] * 3)
        suite.check(f"{kind}: no more", ended(suite, CERTS), 200)
    for command, order in (("fault", {"kind": "odd"}), ("mint", {"world": "github", "kind": "odd"}), ("odd", {}),
                           ("mint", {"world": "github", "kind": "gho", "user": "octocat", "app": "Iv1.gh"}),
                           ("add", {"world": "github", "what": "user"}), ("settings", {"odd": 1}),
                           ("wait", {"number": 0})):
        try:
            suite.check(f"refused: {command} {order}", up.command(command, **order), "refused")
        except ValueError as refused:
            suite.check(f"{command}: why", bool(str(refused)), True)


def records_case(suite):
    """What was carried is told by its fingerprint; no token and no secret is in anything that was recorded."""
    up = suite.up
    up.forget()
    token = suite.known["gho"] = suite.mint("github", "gho", user="octocat", app="Iv1.first", scopes=["read:org"])
    up.ask("GET", HUB, "/user?x=1", token)
    suite.ask(f"POST {HUB} /applications/Iv1.first/token", {"basic": "app", "json": {"access_token": "=gho"}})
    suite.ask(f"GET {GOOGLE} /tokeninfo", {"query": {"access_token": "=ya29"}})
    up.ask("GET", HUB, f"/orgs/{token}/memberships/x", token, {"X-Odd": token, "Cookie": "a=b"}, f"odd {token} text")
    user, check, info, odd = up.requests()
    suite.check("token", (user["token"], user["known"], user["query"], user["status"], user["provider"]),
                (fingerprint(token), True, {"x": "1"}, 200, "github"))
    suite.check("authorization", user["headers"]["authorization"], f"Bearer sha256:{fingerprint(token)}")
    suite.check("body", (check["body"], check["client"], check["token"]),
                ({"access_token": f"sha256:{fingerprint(token)}"}, "Iv1.first", fingerprint(token)))
    suite.check("Basic", check["headers"]["authorization"].split(":")[0], "Basic sha256")
    suite.check("query", info["query"], {"access_token": f"sha256:{fingerprint(suite.known['ya29'])}"})
    suite.check("path", odd["path"], f"/orgs/sha256:{fingerprint(token)}/memberships/x")
    suite.check("counted", (up.count(path="/user"), up.wait_requests(1, path="/user", status=200)), (1, 1))
    suite.check("what is asked for", len(up.requests(path="/user", status=200)), 1)
    everything = json.dumps([up.requests(), up.command("faults"), up.command("settings")])
    suite.check("no secret is told", [each for each in suite.secrets if each in everything], [])


def program_case(suite):
    """As a person starts it; what tokenpam makes of the example of a configuration."""
    text = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True, timeout=SECONDS).stdout
    suite.check("--help", "CONTROL/mint" in text, True)
    process = subprocess.Popen([PROGRAM, "--port", "0", "--ini"], stdout=subprocess.PIPE, text=True)
    up = Upstream(json.loads(process.stdout.readline()))
    lines = []
    while not lines or not lines[-1].startswith("auth "):
        lines.append(process.stdout.readline())
    if os.environ.get("TOKENPAM"):
        example(suite, up, "".join(lines))
    process.terminate()
    suite.check("ended", process.wait(SECONDS), 0)
    process.stdout.close()
    suite.check("its folder", os.path.exists(up.ca), False)


def proxy_case(suite):
    """By the names that clients always use."""
    up = suite.up
    context = ssl.create_default_context(cafile=up.ca)
    port = int(up.said["proxy"].rpartition(":")[2])
    for name, path in ((HUB, "/user"), ("login.example.com", "/.well-known/jwks.json")):
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=SECONDS)
        connection.set_tunnel(name, 443)
        connection.request("GET", path, headers={"User-Agent": "x"})
        connection.getresponse().read()
        note = up.requests()[-1]
        suite.check(f"{name}: who was asked", (note["host"], note["sni"], note["path"]), (name, name, path))
        connection.close()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    connection.request("GET", "http://api.github.com/user")
    suite.check("nothing in clear", connection.getresponse().status, 405)
    connection.close()


def shell_case(suite):
    """In the background, and told from a shell."""
    with tempfile.TemporaryDirectory(prefix="upstream-") as folder:
        def shell(command, status=0):
            run = subprocess.run(["sh", "-c", f". {folder}/f/env; {command}"], text=True, capture_output=True,
                                 timeout=SECONDS, env={**os.environ, "U": str(PROGRAM)}, check=False)
            suite.check(f"{command}: {run.stderr}", run.returncode, status)
            return run.stdout
        subprocess.run([PROGRAM, "--folder", f"{folder}/f", "--background"], check=True, timeout=SECONDS)
        suite.check("added", json.loads(shell('"$U" add world=github what=user login=octocat id=5'))["id"], 5)
        token = shell('"$U" mint world=github kind=ghp user=octocat').strip()
        got = shell(f'curl -s --proxy "$UPSTREAM_PROXY" --cacert "$UPSTREAM_CA" https://{HUB}/user '
                    f'-H "Authorization: Bearer {token}"')
        suite.check("asked", json.loads(got or "{}").get("login"), "octocat")
        suite.check("told", shell('"$U" requests'), f"GET {HUB}/user 200\n")
        shell('"$U" mint world=github kind=ghp user=nobody', 1)
        shell('"$U" stop')
        shell('"$U" help', 1)
        shell('unset UPSTREAM_CONTROL; "$U" help', 2)


def example(suite, up, ini):
    """Tokens of Google, WorkOS and AuthKit are taken, one of a dropped key is not."""
    path = pathlib.Path(up.ca).parent / "example.ini"
    path.write_text(ini)
    up.add("google", "user", email="al@corp.example")
    up.add("authkit", "user", email="al@corp.example")
    up.add("authkit", "app", client_id="client_c")
    up.add("workos", "user", email="al@corp.example")
    up.add("workos", "app", client_id="client_1")

    def verify(token):
        command = [os.environ["TOKENPAM"], "verify", "--plugin-path", os.environ["TOKENPAM_PLUGINS"], "-c", path,
                   "notes", "-"]
        return subprocess.run(command, input=token, text=True, capture_output=True, timeout=SECONDS,
                              check=False).returncode
    google = up.mint("google", "id_token", user="al@corp.example", app="https://notes.example.com")
    connect = up.mint("authkit", "connect", user="al@corp.example", app="client_c", aud="https://notes.example.com")
    session = up.mint("workos", "session", user="al@corp.example", app="client_1")
    other = up.mint("google", "id_token", user="al@corp.example", app=APP)
    suite.check("the example", [verify(token) for token in (google, connect, session, other)], [0, 0, 0, 1])
    up.rotate("google", keep=False)
    suite.check("a key that is gone", verify(google), 1)
    up.command("reset")
    try:
        suite.check("made after all was forgotten", up.mint("google", "id_token", user="al@corp.example", app=APP), None)
    except ValueError as refused:
        suite.check("nobody is there any more", "al@corp.example" in str(refused), True)
    suite.check("nothing was asked", up.requests(), [])


CASES = [("hosts", hosts_case), ("faults", faults_case), ("records", records_case), ("proxy", proxy_case),
         ("shell", shell_case), ("program", program_case)]
