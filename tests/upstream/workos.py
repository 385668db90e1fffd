"""workos.py - WorkOS's own API: keys of session tokens, users, memberships, sessions.

SPDX-License-Identifier: Apache-2.0
"""

import hmac
import re
import secrets

from keys import KeySet
from message import Answer
from world import Refused

KINDS = ("session",)
ISSUER = "https://api.workos.com"
# https://workos.com/docs/reference/pagination
USUAL, MOST = 10, 100
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def identifier(prefix):
    """Prefix and a ULID, as in user_01HBEQKA6K4QJAS93VPE39W1JT."""
    return prefix + "_01" + "".join(secrets.choice(LETTERS) for _ in range(24))


def missing(what, name):
    """https://workos.com/docs/reference/errors : a message and, where there is one, a code."""
    return Answer(404, {"message": f"{what} not found: '{name}'.", "code": "entity_not_found", "entity_id": name})


def jwks(state, world, request, name):
    """https://workos.com/docs/reference/authkit/session-tokens/jwks : the keys of one client, with the members of
    https://docs.rs/crate/workos/1.0.0/source/src/models/jwks_response_keys.rs"""
    app = world.find("apps", name)
    if app is None:
        return missing("Client", name)
    return Answer(200, app["keys"].public(certificates=True), Cache_Control="public, max-age=300")


def user_object(user):
    """https://workos.com/docs/reference/authkit/user"""
    when = "2023-11-18T09:18:13.120Z"
    return {"object": "user", "id": user["id"], "email": user["email"], "first_name": user.get("first_name"),
            "last_name": user.get("last_name"), "email_verified": user.get("email_verified", True),
            "profile_picture_url": None, "last_sign_in_at": when, "external_id": user.get("external_id"),
            "metadata": {}, "created_at": when, "updated_at": when}


def get_user(state, world, request, name):
    for user in world.users.values():
        if user["id"] == name:
            return Answer(200, user_object(user))
    return missing("User", name)


def membership_object(fact):
    """https://workos.com/docs/reference/authkit/organization-membership"""
    when = "2023-11-18T09:18:13.120Z"
    return {"object": "organization_membership", "id": fact["id"], "user_id": fact["user_id"],
            "organization_id": fact["organization_id"], "organization_name": fact["organization_name"],
            "role": {"slug": fact["role"]}, "roles": [{"slug": fact["role"]}], "status": fact["state"],
            "created_at": when, "updated_at": when}


def memberships(state, world, request):
    """https://workos.com/docs/reference/authkit/organization-membership : "At least one of user_id or organization_id
    must be provided. By default only active memberships are returned"; in pages, by cursor."""
    query = request.query
    if not query.get("user_id") and not query.get("organization_id"):
        return Answer(422, {"message": "Validation failed", "code": "invalid_request_parameters"})
    statuses = query.get("statuses", "active").split(",")
    facts = [fact for org in world.orgs.values() for fact in org["members"].values() if fact["state"] in statuses and
             query.get("user_id") in (None, fact["user_id"]) and
             query.get("organization_id") in (None, fact["organization_id"])]
    limit = query.get("limit", str(USUAL))
    limit = min(int(limit), MOST) if limit.isdigit() and int(limit) > 0 else USUAL
    places = [fact["id"] for fact in facts]
    start = places.index(query["after"]) + 1 if query.get("after") in places else 0
    page = facts[start:start + limit]
    cursors = {"before": page[0]["id"] if page and start else None,
               "after": page[-1]["id"] if start + limit < len(facts) else None}
    return Answer(200, {"object": "list", "data": [membership_object(fact) for fact in page], "list_metadata": cursors})


def end_session(state, world, request):
    """https://workos.com/docs/reference/authkit/session/revoke : its access tokens still verify until they expire."""
    name = request.json.get("session_id") if isinstance(request.json, dict) else None
    ended = [token for token in world.tokens.values() if token["claims"].get("sid") == name]
    for token in ended:
        token["revoked"] = True
    return Answer(200) if ended else missing("Session", name)


ROUTES = [
    ("GET", "/sso/jwks/([^/]+)", jwks, False),
    ("GET", "/user_management/users/([^/]+)", get_user, True),
    ("GET", "/user_management/organization_memberships", memberships, True),
    ("POST", "/user_management/sessions/revoke", end_session, True),
]


def answer(state, world, request):
    for method, pattern, what, keyed in ROUTES:
        found = re.fullmatch(pattern, request.path)
        if not found or method != request.verb:
            continue
        # https://workos.com/docs/reference/authentication : the API key as a bearer token
        if keyed and not hmac.compare_digest(request.bearer() or "", state.settings["workos_api_key"]):
            return Answer(401, {"message": "Unauthorized"})
        return what(state, world, request, *found.groups())
    return Answer(404, {"message": "Not Found", "error": "Not Found", "statusCode": 404})


def limited(state, world, request, order):
    """https://workos.com/docs/reference/rate-limits : 429, and Retry-After."""
    return Answer(order.get("status", 429), {"message": "Too Many Requests"}, Retry_After=order.get("seconds"))


# ---- Tokens


def add_user(world, order):
    if not order.get("email"):
        raise Refused("a user of WorkOS has an email")
    return world.put("users", order["email"], {"id": identifier("user"), "email_verified": True, **order})


def add_app(world, order):
    """An environment, by its client id. It has keys of its own here, or, with "keys": "NAME.authkit.app", those of its
    domain, as environments do."""
    app = {"client_id": identifier("client"), **order}
    app["keys"] = KeySet(world.keys.folder, order.get("keys", app["client_id"]))
    return world.put("apps", app["client_id"], app)


def add_org(world, order):
    if not order.get("name"):
        raise Refused("an organization of WorkOS has a name")
    return world.put("orgs", order["name"], {"id": identifier("org"), "members": {}, **order})


def set_membership(world, order):
    org, user = world.get("orgs", order.get("org")), world.get("users", order.get("user"))
    if order.get("state") == "none":
        return org["members"].pop(user["id"], {})
    fact = {"id": identifier("om"), "user_id": user["id"], "organization_id": org["id"],
            "organization_name": org["name"], "role": order.get("role", "member"),
            "state": order.get("state", "active")}
    org["members"][user["id"]] = fact
    return fact


def rotate(world, order):
    return world.get("apps", order.get("app"))["keys"].rotate(order.get("keep", True))


def mint(state, world, order):
    """https://workos.com/docs/reference/authkit/session-tokens/access-token : neither aud nor email; act.sub is who
    impersonates; what an organization gives is there when one was chosen. client_id and auth_time are as in
    https://github.com/workos/emulate/issues/38 : with "claims": {"client_id": null} a token is an older one."""
    app, user = world.get("apps", order.get("app")), world.get("users", order.get("user"))
    now = state.now()
    said = {"iss": order.get("iss", ISSUER), "sub": user["id"], "act": {"sub": order["impersonator"]}
            if order.get("impersonator") else None, **{name: order.get(name)
                                                       for name in ("org_id", "role", "roles", "permissions",
                                                                    "entitlements", "feature_flags")},
            "sid": order.get("sid", identifier("session")), "jti": identifier("")[1:], "client_id": app["client_id"],
            "auth_time": now, "exp": now + order.get("expires_in", 300), "iat": now}
    if order.get("org"):
        said["org_id"] = world.get("orgs", order["org"])["id"]
    said.update(order.get("claims") or {})
    said = {name: value for name, value in said.items() if value is not None}
    text = app["keys"].sign(said, {"typ": None, **(order.get("header") or {})})
    world.remember(text, kind="session", user=user, app=app["client_id"], claims=said, exp=said.get("exp"))
    return text
