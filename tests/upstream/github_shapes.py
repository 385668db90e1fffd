"""github_shapes.py - what GitHub writes: users, organizations, memberships, teams, authorizations, errors.

Members are those of the examples in the documentation that say something; addresses that nobody here follows are few.

SPDX-License-Identifier: Apache-2.0
"""

import time

from message import Answer
from world import fingerprint

DOCS = "https://docs.github.com/rest"
# https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
LIMITS = DOCS + "/overview/rate-limits-for-the-rest-api"
EXPOSED = ("ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, "
           "X-RateLimit-Used, "
           "X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval, "
           "X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset")


def failure(status, message, page=DOCS, **headers):
    """Errors have message, documentation_url and the status as a string."""
    return Answer(status, {"message": message, "documentation_url": page, "status": str(status)}, **headers)


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def simple_user(request, user):
    """A "simple user": https://docs.github.com/en/rest/users/users"""
    url = f"{request.base}/users/{user['login']}"
    return {"login": user["login"], "id": user["id"], "node_id": user["node_id"],
            "avatar_url": f"https://avatars.githubusercontent.com/u/{user['id']}?v=4", "gravatar_id": "", "url": url,
            "html_url": f"https://github.com/{user['login']}", "organizations_url": url + "/orgs",
            "type": user["type"], "user_view_type": "public", "site_admin": user["site_admin"]}


def full_user(request, user, private):
    """https://docs.github.com/en/rest/users/users#get-the-authenticated-user : the private members come with the scope
    user."""
    full = {**simple_user(request, user), "name": user.get("name"), "company": user.get("company"), "blog": "",
            "location": None, "email": user.get("public_email"), "hireable": None, "bio": None,
            "twitter_username": None, "notification_email": None, "public_repos": 2, "public_gists": 1, "followers": 20,
            "following": 0, "created_at": "2008-01-14T04:33:35Z", "updated_at": "2008-01-14T04:33:35Z"}
    if private:
        full.update({"private_gists": 81, "total_private_repos": 100, "owned_private_repos": 100, "disk_usage": 10000,
                     "collaborators": 8, "two_factor_authentication": user.get("two_factor_authentication", True),
                     "plan": {"name": "pro", "space": 400, "collaborators": 0, "private_repos": 9999}})
    return full


def emails(user):
    """https://docs.github.com/en/rest/users/emails#list-email-addresses-for-the-authenticated-user"""
    listed = user.get("emails")
    if listed is None:
        listed = [{"email": user["email"], "verified": True, "primary": True}] if user.get("email") else []
    return [{"visibility": "private" if each.get("primary") else None, **each} for each in listed]


def simple_org(request, org):
    """An "organization simple": https://docs.github.com/en/rest/orgs/orgs"""
    url = f"{request.base}/orgs/{org['login']}"
    return {"login": org["login"], "id": org["id"], "node_id": org["node_id"], "url": url, "repos_url": url + "/repos",
            "events_url": url + "/events", "hooks_url": url + "/hooks", "issues_url": url + "/issues",
            "members_url": url + "/members{/member}", "public_members_url": url + "/public_members{/member}",
            "avatar_url": f"https://avatars.githubusercontent.com/u/{org['id']}?v=4",
            "description": org.get("description")}


def membership(request, org, user, fact):
    """https://docs.github.com/en/rest/orgs/members#get-organization-membership-for-a-user"""
    url = f"{request.base}/orgs/{org['login']}"
    return {"url": f"{url}/memberships/{user['login']}", "state": fact["state"], "role": fact["role"],
            "organization_url": url, "direct_membership": True, "organization": simple_org(request, org),
            "user": simple_user(request, user)}


def team(request, org, each, parents=True):
    """https://docs.github.com/en/rest/teams/teams#list-teams-for-the-authenticated-user"""
    url = f"{request.base}/organizations/{org['id']}/team/{each['id']}"
    said = {"id": each["id"], "node_id": each["node_id"], "url": url, "name": each["name"], "slug": each["slug"],
            "description": each.get("description"), "privacy": each.get("privacy", "closed"),
            "notification_setting": "notifications_enabled", "permission": "pull",
            "html_url": f"https://github.com/orgs/{org['login']}/teams/{each['slug']}",
            "members_url": url + "/members{/member}", "repositories_url": url + "/repos"}
    if not parents:
        return said
    parent = org["teams"].get(each.get("parent"))
    return {**said, "members_count": len(each["members"]), "repos_count": 0, "created_at": "2017-07-14T16:53:42Z",
            "updated_at": "2017-08-17T12:37:15Z", "organization": {**simple_org(request, org), "type": "Organization"},
            "parent": team(request, org, parent, False) if parent else None}


def team_membership(request, org, each, fact):
    """https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user"""
    return {"url": f"{request.base}/organizations/{org['id']}/team/{each['id']}/memberships/{fact['user']}",
            "role": fact["role"], "state": fact["state"]}


def authorization(request, app, token, text):
    """https://docs.github.com/en/rest/apps/oauth-applications#check-a-token"""
    return {"id": token["id"], "url": f"{request.base}/authorizations/{token['id']}", "scopes": token["scopes"],
            "token": text, "token_last_eight": text[-8:], "hashed_token": fingerprint(text),
            "app": {"url": app["url"], "name": app["name"], "client_id": app["client_id"]}, "note": None,
            "note_url": None, "updated_at": stamp(token["iat"]), "created_at": stamp(token["iat"]), "fingerprint": None,
            "expires_at": stamp(token["exp"]) if token["exp"] is not None else None,
            "user": simple_user(request, token["user"]), "installation": None}
