"""issuer.py - any authorization server under example.com: its metadata, its keys, JWTs and opaque tokens of it.

What each host says of itself is as RFC 8414 and OpenID Connect Discovery have it; access tokens are as RFC 9068 has
them, and what is asked about opaque ones as RFC 7662.

SPDX-License-Identifier: Apache-2.0
"""

import secrets

from message import Answer

KINDS = ("jwt", "opaque")


def metadata(state, world, request):
    def place(path):
        if state.settings["links"] == "real":
            return f"https://{world.name}{path}"
        return request.link(world.name, path)
    return Answer(200, {"issuer": f"https://{world.name}", "jwks_uri": place("/.well-known/jwks.json"),
                        "authorization_endpoint": place("/authorize"), "token_endpoint": place("/token"),
                        "introspection_endpoint": place("/introspect"), "response_types_supported": ["code"],
                        "subject_types_supported": ["public"],
                        "id_token_signing_alg_values_supported": ["RS256"]}, Cache_Control="max-age=3600")


def jwks(state, world, request):
    return Answer(200, world.keys.public(), Cache_Control="max-age=600")


def introspect(state, world, request):
    """Whoever has the right to ask is for tests of the plugin to try: here everybody has, with a client's name."""
    if not (request.basic()[0] or request.form.get("client_id")):
        return Answer(401, {"error": "invalid_client"}, WWW_Authenticate='Basic realm="introspection"')
    token = state.token(world, request.form.get("token"))
    return Answer(200, {"active": True, **token["claims"]} if token else {"active": False})


ROUTES = {
    ("GET", "/.well-known/openid-configuration"): metadata,
    ("GET", "/.well-known/oauth-authorization-server"): metadata,
    ("GET", "/.well-known/jwks.json"): jwks,
    ("POST", "/introspect"): introspect,
}


def answer(state, world, request):
    what = ROUTES.get((request.verb, request.path))
    return what(state, world, request) if what else Answer(404, {"error": "not_found"})


def limited(state, world, request, order):
    return Answer(order.get("status", 429), {"error": "temporarily_unavailable"}, Retry_After=order.get("seconds"))


def mint(state, world, order):
    """A token of somebody, "sub". A claim that is null is left out."""
    now = state.now()
    said = {"iss": f"https://{world.name}", "sub": order.get("sub"), "aud": order.get("aud"),
            "client_id": order.get("client_id"), "scope": " ".join(order.get("scopes", [])) or None,
            "jti": secrets.token_hex(8), "iat": now, "exp": now + order.get("expires_in", 3600),
            **(order.get("claims") or {})}
    said = {name: value for name, value in said.items() if value is not None}
    if order["kind"] == "opaque":
        text = secrets.token_urlsafe(32)
    else:
        text = world.keys.sign(said, {"typ": "at+jwt", **(order.get("header") or {})})
    world.remember(text, kind=order["kind"], claims=said, exp=said.get("exp"))
    return text
