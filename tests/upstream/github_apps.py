"""github_apps.py - GitHub's apps and their tokens: made, checked, revoked.

SPDX-License-Identifier: Apache-2.0
"""

import hmac
import secrets
import string
import zlib

from github_shapes import DOCS, authorization, failure
from message import Answer
from world import Refused

PAGE = DOCS + "/apps/oauth-applications"
LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase

# Kind of token -> the kind of app that it is of, if any. ghr is for new tokens only and opens nothing.
KINDS = {"gho": "oauth", "ghp": None, "ghu": "github_app", "ghs": "github_app", "ghr": "github_app", "github_pat": None}


def client(world, name, secret):
    """The app that knows its secret, or None."""
    app = world.find("apps", name)
    known = app is not None and hmac.compare_digest(app["client_secret"].encode(), (secret or "").encode())
    return app if known else None


def subject(state, world, request, name, page):
    """The app and the token that a request is about, or what to answer instead."""
    app = client(world, *request.basic())
    if app is None:
        return None, None, failure(401, "Requires authentication", page)
    if app["client_id"] != name:
        return None, None, failure(404, "Not Found", page)
    text = request.json.get("access_token") if isinstance(request.json, dict) else None
    if request.body and request.json is None:
        return None, None, failure(400, "Problems parsing JSON", page)
    if not isinstance(text, str) or not text:
        return None, None, failure(422, "Invalid request.\n\n\"access_token\" wasn't supplied.", page)
    token = state.token(world, text)
    if token is None or token["app"] != app["client_id"] or token["kind"] not in ("gho", "ghu"):
        return None, None, failure(404, "Not Found", page)
    return app, token, text


def check(state, world, request, name):
    """#check-a-token: "Invalid tokens will return 404 NOT FOUND"."""
    app, token, text = subject(state, world, request, name, PAGE + "#check-a-token")
    return text if token is None else Answer(200, authorization(request, app, token, text))


def reset(state, world, request, name):
    """#reset-a-token: the old one goes, a new one with the same rights comes."""
    app, token, text = subject(state, world, request, name, PAGE + "#reset-a-token")
    if token is None:
        return text
    token["revoked"] = True
    order = {"kind": token["kind"], "app": app["client_id"], "user": token["user"]["login"], "scopes": token["scopes"],
             "permissions": token["permissions"], "saml": token["saml"]}
    text = mint(state, world, order)
    return Answer(200, authorization(request, app, state.token(world, text), text))


def delete_token(state, world, request, name):
    """#delete-an-app-token"""
    _, token, text = subject(state, world, request, name, PAGE + "#delete-an-app-token")
    if token is None:
        return text
    token["revoked"] = True
    return Answer(204)


def delete_grant(state, world, request, name):
    """#delete-an-app-authorization: "will also delete all OAuth tokens associated with the application for the
    user"."""
    _, token, text = subject(state, world, request, name, PAGE + "#delete-an-app-authorization")
    if token is None:
        return text
    for other in world.tokens.values():
        if (other["app"], other["user"]["id"]) == (token["app"], token["user"]["id"]):
            other["revoked"] = True
    return Answer(204)


BASIC = (check, reset, delete_token, delete_grant)
ROUTES = [
    ("POST", "/applications/([^/]+)/token", check, [], ""),
    ("PATCH", "/applications/([^/]+)/token", reset, [], ""),
    ("DELETE", "/applications/([^/]+)/token", delete_token, [], ""),
    ("DELETE", "/applications/([^/]+)/grant", delete_grant, [], ""),
]


# ---- Tokens


def base62(number, length):
    text = ""
    while number:
        number, rest = divmod(number, 62)
        text = LETTERS[rest] + text
    return text.rjust(length, "0")


def letters(count):
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def make(kind):
    """Prefix, 30 letters, 6 of a CRC-32:
    https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/"""
    if kind == "github_pat":
        return f"github_pat_{letters(22)}_{letters(59)}"
    body = letters(30)
    return f"{kind}_{body}{base62(zlib.crc32(body.encode()), 6)}"


def mint(state, world, order):
    kind, app = order["kind"], None
    if KINDS[kind]:
        app = world.get("apps", order.get("app"))
        if app["type"] != KINDS[kind]:
            raise Refused(f"{kind} is a token of an app of type {KINDS[kind]}")
    user = world.get("users", order.get("user"))
    text = make(kind)
    exp = state.now() + order["expires_in"] if order.get("expires_in") is not None else None
    # Tokens of apps have permissions, so their list of scopes is null in an authorization unless it is given.
    scopes = order.get("scopes", [] if kind in ("gho", "ghp") else None)
    world.remember(text, kind=kind, id=world.number(), app=app["client_id"] if app else None, user=user, scopes=scopes,
                   permissions=order.get("permissions", []), saml=[str(name).lower() for name in order.get("saml", [])],
                   iat=state.now(), exp=exp)
    return text


def add_app(world, order):
    """An OAuth app or, of type github_app, a GitHub App."""
    app = {"client_id": "Iv1." + secrets.token_hex(8), "client_secret": secrets.token_hex(20), "name": "tokenpam tests",
           "url": "https://app.example", "type": "oauth", **order}
    if app["type"] not in ("oauth", "github_app"):
        raise Refused("an app is of type oauth or github_app")
    return world.put("apps", app["client_id"], app)
