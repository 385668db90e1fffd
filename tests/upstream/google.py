"""google.py - Google: discovery, keys, tokeninfo, userinfo, revocation.

What a page says is followed; where Google's own libraries or reports of answers are the source, that is said.

SPDX-License-Identifier: Apache-2.0
"""

import email.utils
import secrets

from message import Answer
from world import Refused

ISSUER = "https://accounts.google.com"
SCOPE = "https://www.googleapis.com/auth/userinfo."
KINDS = ("access_token", "id_token", "service_account", "service_account_id_token")

# https://accounts.google.com/.well-known/openid-configuration, whose members are explained in
# https://developers.google.com/identity/openid-connect/reference
DISCOVERY = {
    "authorization_endpoint": ("accounts.google.com", "/o/oauth2/v2/auth"),
    "device_authorization_endpoint": ("oauth2.googleapis.com", "/device/code"),
    "token_endpoint": ("oauth2.googleapis.com", "/token"),
    "userinfo_endpoint": ("openidconnect.googleapis.com", "/v1/userinfo"),
    "revocation_endpoint": ("oauth2.googleapis.com", "/revoke"),
    "jwks_uri": ("www.googleapis.com", "/oauth2/v3/certs"),
}
SUPPORTED = {
    "response_types_supported": ["code", "token", "id_token", "code token", "code id_token", "token id_token",
                                 "code token id_token", "none"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "scopes_supported": ["openid", "email", "profile"],
    "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    "claims_supported": ["aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name",
                         "picture", "sub"],
    "code_challenge_methods_supported": ["plain", "S256"],
    "grant_types_supported": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
                              "urn:ietf:params:oauth:grant-type:jwt-bearer"],
}


def kept(state, body, seconds, more=""):
    """An answer that may be kept: "examine the Cache-Control header in the response to determine when you should
    retrieve them again", https://developers.google.com/identity/sign-in/web/backend-auth"""
    expires = email.utils.formatdate(state.now() + seconds, usegmt=True)
    return Answer(200, body, Cache_Control=f"public, max-age={seconds}{more}", Expires=expires)


def discovery(state, world, request):
    real = state.settings["links"] == "real"
    places = {name: f"https://{host}{path}" if real else request.link(host, path)
              for name, (host, path) in DISCOVERY.items()}
    return kept(state, {"issuer": state.settings["google_issuer"], **places, **SUPPORTED},
                state.settings["discovery_max_age"], "")


def certs(state, world, request):
    return kept(state, world.keys.public(), state.settings["certs_max_age"], ", must-revalidate, no-transform")


def failure(status, error, text, **headers):
    return Answer(status, {"error": error, "error_description": text}, **headers)


def shown(token, *names):
    """Who a token shows: the e-mail address needs its scope, as
    https://docs.cloud.google.com/nodejs/docs/reference/google-auth-library/latest/google-auth-library/tokeninfo
    says, that of a service account, too, as in https://github.com/googleapis/oauth2client/pull/425 and
    https://github.com/google/syzkaller/pull/5434 ."""
    email = token["user"] if set(token["scopes"]) & {"email", SCOPE + "email"} else {}
    return {name: email[name] for name in names if email.get(name) is not None}


def subject(token):
    """A service account's tokens with the scope for the address and without openid have been seen without it; with
    openid they have it, as in https://github.com/hail-is/hail/pull/13131 , where it is the same as aud."""
    enough = {"openid"} if token["service"] else {"openid", "profile", SCOPE + "profile", "email", SCOPE + "email"}
    return {"sub": token["user"]["sub"]} if set(token["scopes"]) & enough else {}


def asked(request):
    """The token that is asked about. Both methods are documented for ID tokens, in
    https://developers.google.com/identity/sign-in/web/backend-auth#calling-the-tokeninfo-endpoint ; Google's library
    for node sends access tokens by POST, in the header Authorization."""
    for name in ("access_token", "id_token"):
        text = request.query.get(name) or request.form.get(name)
        if text:
            return name, text
    return "access_token", request.bearer()


def tokeninfo(state, world, request):
    """Version 3, and the endpoint without one. Numbers and booleans are strings in it."""
    name, text = asked(request)
    token = state.token(world, text)
    if not text:
        return failure(400, "invalid_request", "either access_token, id_token, or token_handle required")
    if token is None or token["jwt"] != (name == "id_token"):
        return failure(400, "invalid_token", "Invalid Value")
    if token["jwt"]:
        head = {"alg": "RS256", "kid": token["kid"], "typ": "JWT"}
        return Answer(200, {**{key: worded(value) for key, value in token["claims"].items()}, **head})
    facts = {"azp": token["app"], "aud": token["app"], **subject(token), "scope": " ".join(token["scopes"]),
             "exp": token["exp"], "expires_in": token["exp"] - state.now(), **shown(token, "email", "email_verified"),
             "access_type": token["access_type"]}
    facts.update(token["info"])
    return Answer(200, {key: worded(value) for key, value in facts.items() if value is not None})


def worded(value):
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def old_tokeninfo(state, world, request):
    """Versions 1 and 2: https://hexdocs.pm/google_api_o_auth2/0.0.1/GoogleApi.OAuth2.V2.Model.Tokeninfo.html"""
    text = asked(request)[1]
    token = state.token(world, text)
    if token is None or token["jwt"]:
        return failure(400, "invalid_token", "Invalid Value")
    email = shown(token, "email", "email_verified")
    email = {"email": email["email"], "verified_email": email.get("email_verified", False)} if email else {}
    return Answer(200, {"issued_to": token["app"], "audience": token["app"], "user_id": token["user"]["sub"],
                        "scope": " ".join(token["scopes"]), "expires_in": token["exp"] - state.now(), **email,
                        "access_type": token["access_type"]})


PROFILE = ("name", "given_name", "family_name", "picture")


def userinfo(state, world, request):
    """https://developers.google.com/identity/openid-connect/openid-connect#obtaininguserprofileinformation"""
    token = state.token(world, request.bearer() or request.query.get("access_token")
                        or request.form.get("access_token"))
    if token is None or token["jwt"]:
        # As reported in https://github.com/coderello/laravel-passport-social-grant/issues/22
        return failure(401, "invalid_request", "Invalid Credentials",
                       WWW_Authenticate='Bearer realm="https://accounts.google.com/", error="invalid_token"')
    user, scopes = token["user"], set(token["scopes"])
    if not scopes & {"openid", "profile", SCOPE + "profile", "email", SCOPE + "email"}:
        # As reported in https://github.com/googleapis/google-api-nodejs-client/issues/3900
        return Answer(401, {"error": {"code": 401, "message": "Request is missing required authentication credential. "
                                      "Expected OAuth 2 access token, login cookie or other valid authentication "
                                      "credential.", "status": "UNAUTHENTICATED"}})
    profile = {name: user[name] for name in PROFILE
               if user.get(name)} if scopes & {"profile", SCOPE + "profile"} else {}
    email = shown(token, "email", "email_verified")
    domain = {"hd": user["hd"]} if user.get("hd") else {}
    who = {"sub": user["sub"], **profile, **email, **domain, **token["more"]}
    if "/v2/" in request.path or request.path.startswith("/oauth2/v1/"):
        email = {"verified_email" if name == "email_verified" else name: value for name, value in email.items()}
        return Answer(200, {"id": user["sub"], **email, **profile, **domain})
    return Answer(200, {name: value for name, value in who.items() if value is not None})


def revoke(state, world, request):
    """https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke : 200, or 400 with a code. What
    was granted goes as a whole, so with it the other tokens of that user for that app."""
    token = state.token(world, request.form.get("token") or request.query.get("token"))
    if token is None or token["jwt"]:
        return failure(400, "invalid_token", "Token expired or revoked")
    for other in world.tokens.values():
        if not other["jwt"] and (other["app"], other["user"]["sub"]) == (token["app"], token["user"]["sub"]):
            other["revoked"] = True
    return Answer(200, {})


ROUTES = {
    ("accounts.google.com", "/.well-known/openid-configuration"): ("GET", discovery),
    ("www.googleapis.com", "/oauth2/v3/certs"): ("GET", certs),
    ("oauth2.googleapis.com", "/tokeninfo"): ("GET POST", tokeninfo),
    ("www.googleapis.com", "/oauth2/v3/tokeninfo"): ("GET POST", tokeninfo),
    ("www.googleapis.com", "/oauth2/v2/tokeninfo"): ("GET POST", old_tokeninfo),
    ("www.googleapis.com", "/oauth2/v1/tokeninfo"): ("GET POST", old_tokeninfo),
    ("openidconnect.googleapis.com", "/v1/userinfo"): ("GET POST", userinfo),
    ("www.googleapis.com", "/oauth2/v3/userinfo"): ("GET POST", userinfo),
    ("www.googleapis.com", "/oauth2/v2/userinfo"): ("GET", userinfo),
    ("www.googleapis.com", "/oauth2/v1/userinfo"): ("GET", userinfo),
    ("oauth2.googleapis.com", "/revoke"): ("POST", revoke),
}


def answer(state, world, request):
    methods, what = ROUTES.get((request.host, request.path), ("", None))
    # RFC 9110, section 15.5.12: an empty body has a length, too.
    if request.method == "POST" and "content-length" not in request.headers:
        return Answer(411, b"<!DOCTYPE html><title>Error 411 (Length Required)!!1</title>", "text/html; charset=UTF-8")
    if what is None:
        return Answer(404, b"<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>", "text/html; charset=UTF-8")
    if request.verb not in methods.split():
        return Answer(405, b"<!DOCTYPE html><title>Error 405 (Method Not Allowed)!!1</title>",
                      "text/html; charset=UTF-8", Allow=methods.replace(" ", ", "))
    return what(state, world, request)


def limited(state, world, request, order):
    """https://developers.google.com/workspace/guides/handle-errors (429: too many requests)"""
    error = {"errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded", "message": "Rate Limit Exceeded"}],
             "code": order.get("status", 429), "message": "Rate Limit Exceeded"}
    return Answer(order.get("status", 429), {"error": error}, Retry_After=order.get("seconds"))


# ---- Tokens


def add_user(world, order):
    """A person, or a service account if the address is that of one."""
    user = {"sub": str(order.get("sub") or 10 ** 20 + world.number()), "email_verified": True, **order}
    if not user.get("email"):
        raise Refused("a user of Google has an email")
    user["sub"] = str(user["sub"])
    return world.put("users", user["email"], user)


def claims(state, user, order):
    """https://developers.google.com/identity/openid-connect/reference#id-token-claims"""
    now, app = state.now(), order["app"]
    said = {"iss": order.get("iss", state.settings["google_issuer"]), "azp": order.get("azp", app), "aud": app,
            "sub": user["sub"], "hd": user.get("hd"), "email": user["email"], "email_verified": user["email_verified"],
            "iat": now, "exp": now + order.get("expires_in", 3600), **{name: user.get(name) for name in PROFILE}}
    said = {name: value for name, value in said.items() if value is not None}
    said.update(order.get("claims") or {})
    return {name: value for name, value in said.items() if value is not None}


def mint(state, world, order):
    """A token: ya29 and what follows for access, a JWT for who somebody is. What tokeninfo and userinfo say of one for
    access may be something else: `info`, `more`."""
    user = world.get("users", order.get("user"))
    service = order["kind"].startswith("service_account")
    if not order.get("app"):
        raise Refused("a token of Google has an app, its client id")
    if order["kind"].endswith("id_token"):
        said = claims(state, user, order)
        text = world.keys.sign(said, order.get("header"))
        world.remember(text, kind=order["kind"], jwt=True, claims=said, kid=world.keys.all()[0].kid, user=user,
                       app=order["app"], service=service, exp=said.get("exp"))
        return text
    text = ("ya29.c." if service else "ya29.a0") + secrets.token_urlsafe(120)
    world.remember(text, kind=order["kind"], jwt=False, user=user, app=str(order["app"]), service=service,
                   scopes=order.get("scopes", ["openid", SCOPE + "email"]),
                   exp=state.now() + order.get("expires_in", 3599), access_type=order.get("access_type", "online"),
                   info=order.get("info") or {}, more=order.get("more") or {})
    return text
