"""cases.py - what takes more than one request: pages, rates, revocation, keys.

SPDX-License-Identifier: Apache-2.0
"""

import base64
import json

from table import APP

HUB, GOOGLE, KEYS = "api.github.com", "oauth2.googleapis.com", "www.googleapis.com"
CERTS = "/oauth2/v3/certs"


def pages_case(suite):
    """Every page, by its links, and no item twice; the links lead where the request went."""
    up = suite.up
    up.add("github", "user", login="busy")
    for number in range(65):
        up.add("github", "org", login=f"org-{number}")
        up.add("github", "membership", org=f"org-{number}", user="busy", state="pending" if number % 13 == 0
               else "active")
    token = suite.mint("github", "ghp", user="busy", scopes=["read:org"])
    for size, sizes in ((None, [30, 30]), (7, [7] * 8 + [4]), (100, [60]), (1000, [60])):
        path = "/user/memberships/orgs?state=active" + (f"&per_page={size}" if size else "")
        got, seen = [], []
        while path:
            answer = up.ask("GET", HUB, path, token)
            got.append(len(answer.json()))
            seen += [each["organization"]["login"] for each in answer.json()]
            links = [link.split(";") for link in answer.headers.get("Link", "").split(",") if link]
            suite.check(f"relations of page {len(got)}", {name.strip() for _, name in links} <= {
                f'rel="{name}"' for name in ("next", "last", "prev", "first")}, True)
            path = next((url.strip()[1:-1] for url, name in links if 'rel="next"' in name), None)
            suite.check("where the links lead", path is None or path.startswith(up.url(HUB, "/user/memberships/orgs?")),
                        True)
        suite.check(f"pages of {size}", (got, len(set(seen))), (sizes, 60))


def tags_case(suite):
    """304 to who has it, at no cost; another token has another tag."""
    up = suite.up
    token = suite.mint("github", "ghp", user="octocat")
    first = up.ask("GET", HUB, "/user", token)
    again = up.ask("GET", HUB, "/user", token, {"If-None-Match": first.headers["ETag"]})
    suite.check("the same again", (again.status, again.body), (304, b""))
    suite.check("what it cost", again.headers["X-RateLimit-Remaining"], first.headers["X-RateLimit-Remaining"])
    head = up.ask("HEAD", HUB, "/user", token)
    suite.check("the head", (head.status, head.body, head.headers["ETag"]), (200, b"", first.headers["ETag"]))
    other = up.ask("GET", HUB, "/user", suite.known["gho"], {"If-None-Match": first.headers["ETag"]})
    suite.check("another token", other.status, 200)


def rates_case(suite):
    """A limit is a user's, over all tokens; it ends when it says."""
    up = suite.up
    number = up.add("github", "user", login="eager")["id"]
    tokens = [suite.mint("github", "ghp", user="eager") for _ in range(2)]
    reset = up.limit("github", 5000, 2, who=f"user ID {number}", seconds=600)["reset"]
    got = [up.ask("GET", HUB, "/user", token) for token in (*tokens, tokens[0])]
    suite.check("statuses", [answer.status for answer in got], [200, 200, 403])
    suite.check("remaining", [answer.headers["X-RateLimit-Remaining"] for answer in got], ["1", "0", "0"])
    suite.check("reset", {answer.headers["X-RateLimit-Reset"] for answer in got}, {str(reset)})
    suite.check("what is said", got[2].json()["message"].startswith(f"API rate limit exceeded for user ID {number}."),
                True)
    suite.check("others go on", up.ask("GET", HUB, "/user", suite.known["gho"]).status, 200)
    up.clock(add=601)
    suite.check("after the reset", up.ask("GET", HUB, "/user", tokens[0]).status, 200)
    up.clock(add=-601)
    for order, status, headers in (({"seconds": 7}, 403, {"X-RateLimit-Remaining": "0", "Retry-After": None}),
                                   ({"secondary": True, "status": 429, "seconds": 9}, 429, {"Retry-After": "9"}),
                                   ({"secondary": True}, 403, {"Retry-After": None})):
        up.fault("limit", host=HUB, times=1, **order)
        answer = up.ask("GET", HUB, "/user", suite.known["gho"])
        suite.check(f"{order}", (answer.status, {name: answer.headers.get(name) for name in headers}),
                    (status, headers))
    for host, path in ((GOOGLE, "/tokeninfo"), ("api.workos.com", "/sso/jwks/client_1"),
                       ("notes.authkit.app", "/oauth2/jwks")):
        up.fault("limit", path=path, times=1, seconds=5)
        answer = up.ask("GET", host, path)
        suite.check(f"{host}: limited", (answer.status, answer.headers["Retry-After"]), (429, "5"))


def revoked_case(suite):
    """By the app, by the user's grant, by a command, by time."""
    up, app = suite.up, suite.basic("app")

    def minted():
        return suite.mint("github", "gho", user="octocat", app="Iv1.first")

    def alive(*tokens):
        return [up.ask("GET", HUB, "/user", token).status for token in tokens]

    def order(method, what, token):
        headers = {**app, "Content-Type": "application/json"}
        return up.ask(method, HUB, f"/applications/Iv1.first/{what}", None, headers,
                      json.dumps({"access_token": token}))
    first, second = minted(), minted()
    suite.check("delete", order("DELETE", "token", first).status, 204)
    suite.check("that one is gone", alive(first, second), [401, 200])
    suite.check("delete again", order("DELETE", "token", first).status, 404)
    suite.check("check", order("POST", "token", first).status, 404)
    answer = order("PATCH", "token", second)
    suite.secrets.add(answer.json()["token"])
    suite.check("reset", alive(second, answer.json()["token"]), [401, 200])
    third = minted()
    suite.check("grant", order("DELETE", "grant", third).status, 204)
    suite.check("all of the app are gone", alive(third, answer.json()["token"], suite.known["ghp"]), [401, 401, 200])
    fourth = suite.mint("github", "ghu", user="octocat", app="Iv1.gh", expires_in=60)
    suite.check("before its time", alive(fourth), [200])
    up.clock(add=61)
    suite.check("after it", alive(fourth), [401])
    up.clock(add=-61)
    up.revoke(fourth)
    suite.check("revoked by a command", alive(fourth), [401])
    tokens = [suite.mint("google", "access_token", user="al@corp.example", app="5.apps") for _ in range(2)]
    answer = up.ask("POST", GOOGLE, "/revoke", None, {"Content-Type": "application/x-www-form-urlencoded"},
                    f"token={tokens[0]}")
    suite.check("Google: revoke", (answer.status, answer.json()), (200, {}))
    suite.check("Google: gone", [up.ask("GET", GOOGLE, f"/tokeninfo?access_token={token}").status for token in tokens],
                [400, 400])


def decode(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def rotation_case(suite):
    """New keys sign at once; the old ones go when told. A session token has the key of its client."""
    up = suite.up

    def kids(host=KEYS, path=CERTS):
        return [key["kid"] for key in up.ask("GET", host, path).json()["keys"]]

    def kid(world, kind, **order):
        return decode(suite.mint(world, kind, **order).split(".")[0])["kid"]
    first = kids()
    suite.check("signs", kid("google", "id_token", user="al@corp.example", app=APP), first[0])
    up.rotate("google")
    second = kids()
    suite.check("both are published", (len(second), second[1:]), (2, first))
    suite.check("the new one signs", kid("google", "id_token", user="al@corp.example", app=APP), second[0])
    up.rotate("google", keep=False)
    suite.check("all are dropped", (len(kids()), set(kids()) & set(second)), (1, set()))
    up.add("workos", "app", client_id="client_2")
    token = suite.mint("workos", "session", user="al@corp.example", app="client_1", org_id="org_1", role="member",
                       roles=["member"], permissions=["posts:read"], entitlements=["audit-logs"],
                       impersonator="a@x.example")
    claims = decode(token.split(".")[1])
    suite.check("claims of a session", sorted(claims), sorted(["iss", "sub", "act", "org_id", "role", "roles",
                                                               "permissions", "entitlements", "sid", "jti", "exp",
                                                               "iat", "client_id", "auth_time"]))
    suite.check("who impersonates", claims["act"], {"sub": "a@x.example"})
    suite.check("its key", [decode(token.split(".")[0])["kid"] in kids("api.workos.com", f"/sso/jwks/{client}")
                            for client in ("client_1", "client_2")], [True, False])
    before = kids("api.workos.com", "/sso/jwks/client_2")
    up.rotate("workos", app="client_1", keep=False)
    suite.check("those of another client stay", kids("api.workos.com", "/sso/jwks/client_2"), before)


def cursor_case(suite):
    """Memberships of WorkOS, by cursor; pending ones only when asked for."""
    up, key = suite.up, {"Authorization": "Bearer sk_test_upstream"}
    for number in range(5):
        up.add("workos", "org", name=f"org {number}")
        up.add("workos", "membership", org=f"org {number}", user="al@corp.example", state="pending" if number == 2
               else "active")
    path, got, after = "/user_management/organization_memberships?user_id=user_1&limit=3", [], ""
    while after is not None:
        said = up.ask("GET", "api.workos.com", path + (f"&after={after}" if after else ""), None, key).json()
        got.append([each["status"] for each in said["data"]])
        after = said["list_metadata"]["after"]
    suite.check("pages", got, [["active"] * 3, ["active"]])
    said = up.ask("GET", "api.workos.com", path + "&statuses=pending", None, key).json()
    suite.check("pending", [each["organization_name"] for each in said["data"]], ["org 2"])


CASES = [("pages", pages_case), ("tags", tags_case), ("rates", rates_case), ("revoked", revoked_case),
         ("rotation", rotation_case), ("cursor", cursor_case)]
