"""authkit.py - a domain of AuthKit, the authorization server of WorkOS Connect: metadata, keys, introspection,
userinfo.

SPDX-License-Identifier: Apache-2.0
"""

import hmac
import secrets

import workos
from message import Answer
from world import Refused

# "opaque": access tokens are JSON Web Tokens; it is what others took them for.
KINDS = ("connect", "m2m", "refresh", "id_token", "opaque")

# The members of both documents, as domains answer; their examples are in https://workos.com/docs/authkit/mcp (of
# oauth-authorization-server) and https://workos.com/docs/reference/workos-connect/metadata/openid-configuration
PLACES = {"authorization_endpoint": "/oauth2/authorize",
          "device_authorization_endpoint": "/oauth2/device_authorization",
          "introspection_endpoint": "/oauth2/introspection", "jwks_uri": "/oauth2/jwks",
          "token_endpoint": "/oauth2/token"}
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
SCOPES = ["email", "offline_access", "openid", "profile"]


def metadata(state, world, request, places, said):
    """The issuer is the domain, wherever one reached it."""
    issuer = f"https://{world.name}"
    base = issuer if state.settings["links"] == "real" else request.base
    return Answer(200, {"issuer": issuer, **{name: base + path for name, path in places.items()}, **said})


def oauth_metadata(state, world, request):
    return metadata(state, world, request, {**PLACES, "registration_endpoint": "/oauth2/register"}, {
        "client_id_metadata_document_supported": True, "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE], "scopes_supported": SCOPES,
        "response_modes_supported": ["query"], "response_types_supported": ["code"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_post", "client_secret_basic"]})


def openid_metadata(state, world, request):
    return metadata(state, world, request, {**PLACES, "userinfo_endpoint": "/oauth2/userinfo"},
                    {"grant_types_supported": ["authorization_code", "client_credentials", "refresh_token", DEVICE],
                     "id_token_signing_alg_values_supported": ["RS256"], "response_types_supported": ["code"],
                     "scopes_supported": SCOPES, "subject_types_supported": ["public"],
                     "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"]})


def jwks(state, world, request):
    return Answer(200, world.keys.public(certificates=True), Cache_Control="public, max-age=300")


def client(world, request):
    """The application that asks: "authenticated by providing the client ID and client secret in the body"; the metadata
    knows client_secret_basic, too."""
    name, secret = request.basic()
    if name is None:
        name, secret = request.form.get("client_id"), request.form.get("client_secret")
    app = world.find("apps", name)
    known = app is not None and hmac.compare_digest(app["client_secret"].encode(), (secret or "").encode())
    return app if known else None


def introspect(state, world, request):
    """https://workos.com/docs/reference/workos-connect/introspection : members of RFC 7662, taken from the token."""
    if client(world, request) is None:
        return Answer(401, {"error": "invalid_client", "error_description": "Invalid client ID or secret."})
    text = request.form.get("token")
    if not text:
        return Answer(400, {"error": "invalid_request", "error_description": "token is required"})
    token = state.token(world, text)
    if token is None:
        return Answer(200, {"active": False})
    kind = "refresh_token" if token["kind"] == "refresh" else "access_token"
    return Answer(200, {"active": True, "token_type": kind, **token["claims"]})


def about(user, scopes):
    """What an application may know of a user."""
    said = {"sub": user["id"]}
    if "email" in scopes:
        said.update({"email": user["email"], "email_verified": user["email_verified"]})
    if "profile" in scopes:
        first, last = user.get("first_name"), user.get("last_name")
        said.update({"name": " ".join(filter(None, (first, last))), "given_name": first, "family_name": last})
    return {name: value for name, value in said.items() if value is not None}


def userinfo(state, world, request):
    """https://workos.com/docs/reference/workos-connect/userinfo : of tokens of users."""
    token = state.token(world, request.bearer())
    if token is None or token["kind"] not in ("connect", "opaque"):
        return Answer(401, {"error": "unauthorized"})
    user, scopes = token["user"], token["claims"].get("scope", "").split()
    return Answer(200, about(user, scopes))


ROUTES = {
    ("GET", "/.well-known/oauth-authorization-server"): oauth_metadata,
    ("GET", "/.well-known/openid-configuration"): openid_metadata,
    ("GET", "/oauth2/jwks"): jwks,
    ("POST", "/oauth2/introspection"): introspect,
    ("GET", "/oauth2/userinfo"): userinfo,
    ("POST", "/oauth2/userinfo"): userinfo,
}


def answer(state, world, request):
    what = ROUTES.get((request.verb, request.path))
    return what(state, world, request) if what else Answer(404, {"error": "not_found"})


limited = workos.limited


# ---- Tokens

add_user = workos.add_user


def add_app(world, order):
    """An application of Connect, oauth or m2m."""
    app = {"client_id": workos.identifier("client"), "client_secret": secrets.token_hex(32), "type": "oauth", **order}
    if app["type"] not in ("oauth", "m2m"):
        raise Refused("an application of Connect is oauth or m2m")
    return world.put("apps", app["client_id"], app)


def mint(state, world, order):
    """https://workos.com/docs/authkit/connect/token-claims : aud is the resource that was asked for, else the
    environment's client id; a machine is its own subject and has no sid."""
    app, now, kind = world.get("apps", order.get("app")), state.now(), order["kind"]
    user = None if kind == "m2m" else world.get("users", order.get("user"))
    said = {"iss": order.get("iss", f"https://{world.name}"), "aud": order.get("aud", "client_01ENVIRONMENT"),
            "sub": user["id"] if user else app["client_id"], "client_id": app["client_id"],
            "org_id": order.get("org_id"), "sid": workos.identifier("app_consent") if user else None,
            "scope": " ".join(order.get("scopes", ["openid", "profile", "email"])), "jti": workos.identifier("")[1:],
            "exp": now + order.get("expires_in", 300), "iat": now, **(order.get("claims") or {})}
    if kind == "id_token":
        # https://workos.com/docs/reference/workos-connect/token/authorization-code-grant/id-token
        said = {"iss": said["iss"], "aud": order.get("aud", app["client_id"]), "exp": said["exp"], "iat": now,
                **about(user, said["scope"].split()), **(order.get("claims") or {})}
    said = {name: value for name, value in said.items() if value is not None}
    if kind in ("refresh", "opaque"):
        text = secrets.token_urlsafe(32)
    else:
        text = world.keys.sign(said, {"typ": None, **(order.get("header") or {})})
    world.remember(text, kind=kind, user=user, app=app["client_id"], claims=said, exp=said.get("exp"))
    return text
