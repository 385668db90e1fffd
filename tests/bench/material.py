"""material.py - keys, tokens and configurations, in a folder of the benchmark's own.

SPDX-License-Identifier: Apache-2.0
"""

import base64
import concurrent.futures
import json
import os
import pathlib
import subprocess
import time

ALGS = ("RS256", "ES256", "EdDSA")
HEAD = """\
[tokenpam]
mode = development
{settings}
[stack:people]
auth = decisive {providers}

[service:notes]
auth = include people
audience = https://notes.example.com
require_scopes = notes.read
"""
PROVIDER = """\

[provider:{name}]
plugin = bearer
issuer = {issuer}
jwks_file = {alg}.jwks
{cache}
"""
SERVICE = """\

[service:service-{number}]
auth = include people
audience = https://service-{number}.example.com
require_scopes = service-{number}.read

[tool:service-{number}/delete_*]
require_scopes = service-{number}.admin
"""

# Tools by their kinds: who has the scopes of the first ones has not those of the others.
KIND = """\

[tool:notes/kind{number}_*]
require_scopes = {scope}
"""

# Tools that ask for no more than everybody has, in many lines.
DEMANDS = "\n[tool:notes/none]\nrequire_scopes = notes.read\n" + \
    "\n[tool:notes/scopes]\n" + "require_any_scope = notes.never notes.read\n" * 9 + \
    "\n[tool:notes/claims]\nrequire_scopes = notes.read\n" + "require_claim = iss is https://login.example.com\n" * 8


def tool(name):
    return os.path.join(os.environ["builddir"], "tests", name)


def config(alg, cache=(), settings=(), rules=1, services=0):
    """One provider that accepts, after others with other issuers; services beside the one that is asked."""
    issuers = {f"other{i}": f"https://login-{i}.example.com" for i in range(1, rules)}
    issuers["corp"] = "https://login.example.com"
    text = HEAD.format(settings="\n".join(settings), providers=" ".join(issuers))
    for name, issuer in issuers.items():
        text += PROVIDER.format(name=name, issuer=issuer, alg=alg, cache="\n".join(cache))
    return text + "".join(SERVICE.format(number=i) for i in range(services))


def knows_cache(folder):
    """Whether this tokenpam keeps what was verified; a key that it does not know does not load."""
    path = folder / "probe.ini"
    path.write_text(config("RS256", ["cache_ttl = 0s"], ["cache_entries = 1024"]))
    command = [os.environ["TOKENPAM"], "check", "-c", path, "--plugin-path", os.environ["TOKENPAM_PLUGINS"]]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def audit(alg, more):
    """Every record is written: who asks for one waits rather than have it lost."""
    return f"\n[audit]\nsink = file:audit-{alg}.jsonl\noverflow = block\n{more}"


def write_configs(folder, alg, cached):
    """What tokenpam.c and figures.c load: ROW-ALG.ini."""
    off = ["cache_ttl = 0s"] if cached else []
    texts = {
        "plain": config(alg, off),
        "stack-4": config(alg, off, rules=4),
        "stack-16": config(alg, off, rules=16),
        "load-20": config(alg, off, services=19),
        "load-100": config(alg, off, services=99),
        "permits": config(alg, off) + "".join(KIND.format(number=i, scope="notes.read" if i % 2 else "notes.none")
                                              for i in range(10)),
        "demands": config(alg, off) + DEMANDS,
        "audit": config(alg, off) + DEMANDS + audit(alg, ""),
        "chain": config(alg, off) + DEMANDS + audit(alg, "chain = on\nchain_key = 0123456789abcdef0123456789abcdef\n"),
    }
    for count in (1, 10000, 100000):
        # Twice the room, so that what is measured is a hit and not who had to go.
        settings = [f"cache_entries = {max(2 * count, 1024)}"]
        texts[f"cache-{count}"] = config(alg, ["cache_ttl = 1h"], settings) if cached else ""
    for name, text in texts.items():
        if text:
            (folder / f"{name}-{alg}.ini").write_text(text)


def make_keys(folder):
    """A key for each algorithm; the private ones, which are written nowhere."""
    private = {}
    with subprocess.Popen([tool("jose/mkjwt")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        def ask(*words):
            process.stdin.write(" ".join(words) + "\n")
            process.stdin.flush()
            return process.stdout.readline().rstrip("\n")

        for alg in ALGS:
            private[alg] = ask("make", alg, "0")
            jwks = ask("public", private[alg])
            (folder / f"{alg}.jwks").write_text(jwks)
            (folder / f"{alg}.jwk").write_text(json.dumps(json.loads(jwks)["keys"][0]))
            (folder / f"{alg}.pem").write_bytes(base64.urlsafe_b64decode(ask("pem", private[alg]) + "=="))
    return private


def mint(key, *words):
    command = [tool("bench/mint"), *map(str, words)]
    return subprocess.run(command, input=key, capture_output=True, check=True, text=True).stdout


def make_tokens(folder, private, count):
    """Good ones, on as many processors as there are, and bad ones."""
    now, step = int(time.time()), -(-count // 16)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for alg, key in private.items():
            starts = range(0, count, step)
            parts = pool.map(lambda i, key=key: mint(key, now, i, min(step, count - i)), starts)
            (folder / f"{alg}.tokens").write_text("".join(parts))
            (folder / f"{alg}.bad").write_text(mint(key, now, "bad"))


def make_one(folder):
    """A folder with one token in it, for a process that is to start fast or that runs under valgrind."""
    one = folder / "one"
    one.mkdir()
    for path in [*folder.glob("RS256.*"), *folder.glob("*-RS256.ini")]:
        with open(path, encoding="ascii") as file:
            (one / path.name).write_text(file.readline() if path.suffix == ".tokens" else file.read())


def make(folder, count):
    """All of it in a folder that is empty. Returns whether tokenpam keeps what was verified, and lengths of tokens."""
    folder = pathlib.Path(folder)
    private = make_keys(folder)
    make_tokens(folder, private, count)
    cached = knows_cache(folder)
    for alg in ALGS:
        write_configs(folder, alg, cached)
    make_one(folder)
    lengths = {}
    for alg in ALGS:
        with open(folder / f"{alg}.tokens", encoding="ascii") as file:
            lengths[alg] = len(file.readline().rstrip("\n"))
    return cached, lengths
