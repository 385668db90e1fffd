"""github.py - GitHub's REST API, of github.com, GHE.com and Enterprise Server: who asks, how much, what is refused.

SPDX-License-Identifier: Apache-2.0
"""

import fnmatch
import hashlib
import re
import time

import github_apps
import github_people
from github_shapes import EXPOSED, LIMITS, failure
from message import Answer

# Tokens that have scopes, and those that have permissions instead:
# https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
SCOPED = ("gho", "ghp")

def meta(state, world, request):
    """https://docs.github.com/en/rest/meta/meta#get-apiname-meta-information : for everybody."""
    return Answer(200, {"verifiable_password_authentication": False})


# What is answered without a token, too.
OPEN = (*github_apps.BASIC, meta)

# Method, path, what answers, scopes one of which it takes, permissions that it takes, whether installations may ask.
ROUTES = [(method, re.compile(pattern + "$"), what, accepted, permissions)
          for method, pattern, what, accepted, permissions in [*github_apps.ROUTES, *github_people.ROUTES, ("GET", "/meta", meta, [], "")]]

# "read" is part of "write", and so on:
# https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
CONTAINS = {"admin:org": ["write:org", "read:org"], "write:org": ["read:org"],
            "user": ["read:user", "user:email", "user:follow"],
            "repo": ["repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"]}

# https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#user-agent-required
NO_AGENT = (b"\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header "
            b"(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). "
            b"Check https://developer.github.com for other possible causes.\r\n")


def may(token, accepted, permissions):
    """Whether the scopes or permissions of a token are enough."""
    if token["kind"] not in SCOPED:
        return not permissions or permissions in token["permissions"]
    held = set(token["scopes"])
    for scope in token["scopes"]:
        held.update(CONTAINS.get(scope, []))
    return not accepted or bool(held & set(accepted))


# ---- Rate limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api


def bucket(state, world, name, usual):
    """What somebody has left in this hour. Enterprise Server has no limit unless one was set."""
    limit = world.limits.get(name)
    if limit is None and fnmatch.fnmatchcase(world.name, "ghes*"):
        return None
    if limit is None or limit["reset"] <= state.now():
        count = limit["limit"] if limit else usual
        limit = world.limits[name] = {"limit": count, "remaining": count, "reset": state.now() + 3600}
    return limit


def told(limit):
    if limit is None:
        return {}
    return {"X-RateLimit-Limit": limit["limit"], "X-RateLimit-Remaining": limit["remaining"],
            "X-RateLimit-Reset": limit["reset"], "X-RateLimit-Used": limit["limit"] - limit["remaining"],
            "X-RateLimit-Resource": "core"}


def exceeded(state, limit, who, status=403):
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(state.now()))
    answer = failure(status, f"API rate limit exceeded for {who}. If you reach out to GitHub Support for help, please "
                     f"include the request ID 0000:0000:0000:0000:00000000 and timestamp {when} UTC.", LIMITS)
    answer.headers.update({name: str(value) for name, value in told({**limit, "remaining": 0}).items()})
    return answer


def limited(state, world, request, order):
    """The answer to a request that is one too many, on demand."""
    seconds, status = order.get("seconds", 60), order.get("status", 403)
    if not order.get("secondary"):
        return exceeded(state, {"limit": 5000, "reset": state.now() + seconds}, "user ID 1", status)
    return failure(status, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
                   LIMITS + "#about-secondary-rate-limits", Retry_After=order.get("seconds"))


# ---- Answers


def answer(state, world, request):
    if not request.headers.get("user-agent"):
        return Answer(403, NO_AGENT, "text/html; charset=utf-8")
    said = serve(state, world, request)
    said.headers = {"Server": "github.com", "X-GitHub-Media-Type": "github.v3; format=json",
                    "X-GitHub-Api-Version-Selected": request.headers.get("x-github-api-version", "2022-11-28"),
                    "X-GitHub-Request-Id": "0000:0000:0000:0000:00000000", "Access-Control-Expose-Headers": EXPOSED,
                    "Access-Control-Allow-Origin": "*", **said.headers}
    return said


def serve(state, world, request):
    name, secret = request.basic()
    token = state.token(world, request.bearer())
    if token is not None and token["kind"] == "ghr":
        token = None
    if token is None and request.bearer() is not None or name is not None and not github_apps.client(world, name,
                                                                                                     secret):
        return stranger(state, world)
    who, usual = ("nobody", 60) if token is None and name is None else (name, 5000) if name else ("", 5000)
    who = who or f"user ID {token['user']['id']}"
    limit = bucket(state, world, who, usual)
    if limit is not None and limit["remaining"] <= 0:
        return exceeded(state, limit, who if token else "127.0.0.1")
    said = choose(state, world, request, token)
    said = tagged(request, token, said)
    # "Making a conditional request does not count against your primary rate limit if a 304 response is returned":
    # https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    if limit is not None and said.status != 304:
        limit["remaining"] -= 1
    said.headers.update({key: str(value) for key, value in told(limit).items()})
    return said


def stranger(state, world):
    """Whose credentials are bad counts among those who have none."""
    said, limit = failure(401, "Bad credentials"), bucket(state, world, "nobody", 60)
    if limit is not None:
        limit["remaining"] = max(0, limit["remaining"] - 1)
    said.headers.update({key: str(value) for key, value in told(limit).items()})
    return said


def choose(state, world, request, token):
    for method, pattern, what, accepted, permissions in ROUTES:
        found = pattern.match(request.path)
        if not found or method != request.verb:
            continue
        if what in OPEN:
            return what(state, world, request, *found.groups())
        if token is None:
            return failure(401, "Requires authentication")
        said = refused(token, accepted, permissions) or what(state, world, request, token, *found.groups())
        return scoped(said, token, accepted, permissions)
    return failure(404, "Not Found")


def refused(token, accepted, permissions):
    """https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible"""
    if token["kind"] == "ghs" and permissions in ("", None):
        return failure(403, "Resource not accessible by integration")
    if may(token, accepted, permissions):
        return None
    if token["kind"] in SCOPED:
        return failure(403, "You need at least read:org scope or user scope to list your organizations.")
    kind = "personal access token" if token["kind"] == "github_pat" else "integration"
    return failure(403, f"Resource not accessible by {kind}")


def scoped(said, token, accepted, permissions):
    """https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps : the headers of classic
    tokens; others get X-Accepted-GitHub-Permissions, as the page on troubleshooting has it."""
    if token["kind"] in SCOPED:
        said.headers.update({"X-OAuth-Scopes": ", ".join(token["scopes"]),
                             "X-Accepted-OAuth-Scopes": ", ".join(accepted)})
        if token["kind"] == "gho":
            said.headers["X-OAuth-Client-Id"] = token["app"]
        if token["kind"] == "ghp" and token["exp"]:
            when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(token["exp"]))
            said.headers["GitHub-Authentication-Token-Expiration"] = when
    else:
        said.headers["X-Accepted-GitHub-Permissions"] = permissions or "allows_permissionless_access=true"
    return said


def tagged(request, token, said):
    """An ETag, other for every token; 304 to who has it already."""
    if request.verb != "GET" or said.status != 200:
        return said
    mark = (token["fingerprint"] if token else "").encode()
    tag = 'W/"' + hashlib.sha256(mark + said.body).hexdigest() + '"'
    said.headers.update({"ETag": tag, "Cache-Control": "private, max-age=60, s-maxage=60",
                         "Vary": "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, X-Requested-With"})
    if tag in [each.strip() for each in request.headers.get("if-none-match", "").split(",")]:
        said.status, said.body = 304, b""
    return said


mint, KINDS = github_apps.mint, github_apps.KINDS
