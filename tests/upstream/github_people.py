"""github_people.py - GitHub's users, organizations and teams, as somebody with a token sees them.

SPDX-License-Identifier: Apache-2.0
"""

import urllib.parse

import github_shapes as shapes
from github_shapes import DOCS, failure
from message import Answer
from world import Refused

# https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso
NAMES = {"gho": "OAuth token", "ghp": "Personal Access Token"}
SAML = "Resource protected by organization SAML enforcement. You must grant your {} access to this organization."
NO_MEMBER = "You must be a member of {} to see membership information for {}."
SAML_PAGE = "https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/"
# https://docs.github.com/en/organizations/managing-oauth-access-to-your-organizations-data
CLOSED = ("Although you appear to have the correct authorization credentials, the `{}` organization has enabled OAuth "
          "App access restrictions, meaning that data access to third-parties is limited. For more information on "
          "these restrictions, including how to enable this app, visit "
          "https://docs.github.com/articles/restricting-access-to-your-organization-s-data/")


def listed(request, items, **headers):
    """A page and the header Link: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api .
    30 items, at most 100; the header "will be omitted" where all fits on one page."""
    def number(name, usual):
        text = request.query.get(name, "")
        return int(text) if text.isdigit() and int(text) > 0 else usual
    size, page = min(number("per_page", 30), 100), number("page", 1)
    last = max(1, -(-len(items) // size))
    pages = {"prev": page - 1 if page > 1 else None, "next": page + 1 if page < last else None,
             "last": last if page < last else None, "first": 1 if page > 1 else None}

    def link(to):
        query = urllib.parse.urlencode({**request.query, "page": to})
        return f"{request.base}{request.path}?{query}"
    links = ", ".join(f'<{link(to)}>; rel="{name}"' for name, to in pages.items() if to and last > 1)
    return Answer(200, items[(page - 1) * size:page * size], Link=links or None, **headers)


# ---- Organizations that a token does not reach


def needs_saml(org, token):
    return bool(org["saml"]) and token["kind"] in NAMES and org["login"].lower() not in token["saml"]


def closed(org, token):
    """OAuth apps that an organization did not let in; the page above is about them."""
    return token["kind"] == "gho" and org["restricted"] and token["app"] not in (org.get("approved") or [])


def barred(org, token):
    """What is said instead of anything about one organization, or None."""
    if needs_saml(org, token):
        url = f"https://github.com/orgs/{org['login']}/sso?authorization_request=A0000"
        return failure(403, SAML.format(NAMES[token["kind"]]), SAML_PAGE, X_GitHub_SSO=f"required; url={url}")
    if closed(org, token):
        return failure(403, CLOSED.format(org["login"]))
    return None


def reached(world, token):
    """The organizations of a user that a token reaches, and the header about those that it does not for SAML: "the API
    will not return results from the organizations that require SAML SSO"."""
    mine = [org for org in world.orgs.values() if token["user"]["login"].lower() in org["members"]]
    hidden = [str(org["id"]) for org in mine if needs_saml(org, token)]
    seen = [org for org in mine if not needs_saml(org, token) and not closed(org, token)]
    return seen, {"X_GitHub_SSO": f"partial-results; organizations={','.join(hidden)}" if hidden else None}


# ---- What is asked about oneself


def user(state, world, request, token):
    private = "user" in (token["scopes"] or [])
    return Answer(200, shapes.full_user(request, token["user"], private))


def emails(state, world, request, token):
    return listed(request, shapes.emails(token["user"]))


def orgs(state, world, request, token):
    """https://docs.github.com/en/rest/orgs/orgs#list-organizations-for-the-authenticated-user"""
    seen, headers = reached(world, token)
    login = token["user"]["login"].lower()
    active = [org for org in seen if org["members"][login]["state"] == "active"]
    return listed(request, [shapes.simple_org(request, org) for org in active], **headers)


def memberships(state, world, request, token):
    """https://docs.github.com/en/rest/orgs/members#list-organization-memberships-for-the-authenticated-user : both
    states unless one is asked for."""
    wanted = request.query.get("state")
    if wanted not in (None, "active", "pending"):
        return failure(422, "Validation Failed", DOCS + "/orgs/members")
    seen, headers = reached(world, token)
    login = token["user"]["login"].lower()
    facts = [(org, org["members"][login]) for org in seen]
    return listed(request, [shapes.membership(request, org, token["user"], fact) for org, fact in facts
                            if wanted in (None, fact["state"])], **headers)


def teams(state, world, request, token):
    seen, headers = reached(world, token)
    login = token["user"]["login"].lower()
    mine = [shapes.team(request, org, team) for org in seen for team in org["teams"].values()
            if team["members"].get(login, {}).get("state") == "active"]
    return listed(request, mine, **headers)


# ---- What is asked about one organization


def org_membership(state, world, request, token, name, login):
    """https://docs.github.com/en/rest/orgs/members#get-organization-membership-for-a-user : "the authenticated user
    must be an organization member", also to see oneself, as in
    https://github.com/simonw/datasette-auth-github/issues/17"""
    page = DOCS + "/orgs/members#get-organization-membership-for-a-user"
    org, member = world.find("orgs", name), world.find("users", login)
    if org is None or barred(org, token):
        return barred(org, token) if org else failure(404, "Not Found", page)
    own = token["user"]["login"].lower() == login.lower()
    asker = org["members"].get(token["user"]["login"].lower())
    if asker is None or asker["state"] != "active" and not own:
        return failure(403, NO_MEMBER.format(org["login"], login), page)
    fact = org["members"].get(login.lower())
    if member is None or fact is None:
        return failure(404, "Not Found", page)
    return Answer(200, shapes.membership(request, org, member, fact))


def own_membership(state, world, request, token, name):
    """https://docs.github.com/en/rest/orgs/members#get-an-organization-membership-for-the-authenticated-user : 403,
    404"""
    page = DOCS + "/orgs/members#get-an-organization-membership-for-the-authenticated-user"
    org = world.find("orgs", name)
    if org is None or barred(org, token):
        return barred(org, token) if org else failure(404, "Not Found", page)
    fact = org["members"].get(token["user"]["login"].lower())
    if fact is None:
        return failure(404, "Not Found", page)
    return Answer(200, shapes.membership(request, org, token["user"], fact))


def org_member(state, world, request, token, name, login):
    """https://docs.github.com/en/rest/orgs/members#check-organization-membership-for-a-user : 204, 404, or 302 to what
    is public where a stranger asks."""
    org, member = world.find("orgs", name), world.find("users", login)
    if org is None or barred(org, token):
        return barred(org, token) if org else failure(404, "Not Found")
    if org["members"].get(token["user"]["login"].lower(), {}).get("state") != "active":
        return Answer(302, Location=f"{request.base}/orgs/{org['login']}/public_members/{login}")
    fact = org["members"].get(login.lower(), {})
    return Answer(204) if member and fact.get("state") == "active" else failure(404, "Not Found")


def team_membership(state, world, request, token, name, slug, login):
    """"To get a membership between a user and a team, the team must be visible to the authenticated user"."""
    page = DOCS + "/teams/members#get-team-membership-for-a-user"
    org = world.find("orgs", name)
    if org is None or barred(org, token):
        return barred(org, token) if org else failure(404, "Not Found", page)
    asker = org["members"].get(token["user"]["login"].lower(), {})
    team = org["teams"].get(slug.lower())
    fact = team["members"].get(login.lower()) if team else None
    own = token["user"]["login"].lower() == login.lower()
    if fact is None or asker.get("state") != "active" and not (own and asker):
        return failure(404, "Not Found", page)
    return Answer(200, shapes.team_membership(request, org, team, fact))


READ_ORG = ["admin:org", "read:org", "write:org"]
MEMBERS = "members=read"
ROUTES = [
    ("GET", "/user", user, [], ""),
    ("GET", "/user/emails", emails, ["user", "user:email"], "emails=read"),
    ("GET", "/user/orgs", orgs, READ_ORG + ["user"], ""),
    ("GET", "/user/memberships/orgs", memberships, READ_ORG, MEMBERS),
    ("GET", "/user/memberships/orgs/([^/]+)", own_membership, READ_ORG, MEMBERS),
    # "need the user, repo, or read:org scope"
    ("GET", "/user/teams", teams, READ_ORG + ["repo", "user"], MEMBERS),
    ("GET", "/orgs/([^/]+)/memberships/([^/]+)", org_membership, READ_ORG, MEMBERS),
    ("GET", "/orgs/([^/]+)/members/([^/]+)", org_member, READ_ORG + ["repo", "user"], MEMBERS),
    ("GET", "/orgs/([^/]+)/teams/([^/]+)/memberships/([^/]+)", team_membership, READ_ORG, MEMBERS),
]


# ---- What tests put there


def add_user(world, order):
    if not order.get("login"):
        raise Refused("a user of GitHub has a login")
    number = world.number()
    return world.put("users", order["login"], {"id": number, "node_id": f"U_{number}", "type": "User",
                                               "site_admin": False, **order})


def add_org(world, order):
    if not order.get("login"):
        raise Refused("an organization of GitHub has a login")
    number = world.number()
    return world.put("orgs", order["login"], {"id": number, "node_id": f"O_{number}", "saml": False,
                                              "restricted": False, "members": {}, "teams": {}, **order})


def add_team(world, order):
    org, number = world.get("orgs", order.get("org")), world.number()
    slug = order["slug"].lower()
    team = {"id": number, "node_id": f"T_{number}", "name": slug, "members": {}, **order, "slug": slug}
    org["teams"][slug] = team
    return team


def set_membership(world, order):
    """Of a user in an organization, or in a team of it; state "none" ends it."""
    org, who = world.get("orgs", order.get("org")), world.get("users", order.get("user"))
    place = org["members"]
    if order.get("team"):
        if str(order["team"]).lower() not in org["teams"]:
            raise Refused(f"{org['login']} has no team {order['team']!r}")
        place = org["teams"][str(order["team"]).lower()]["members"]
    fact = {"user": who["login"], "role": order.get("role", "member"), "state": order.get("state", "active")}
    if fact["state"] == "none":
        place.pop(who["login"].lower(), None)
    else:
        place[who["login"].lower()] = fact
    return fact
