/*
 * memory_github.c - the n-th allocation of the plugin github fails: nothing lost, nobody let in.
 *
 * No network: the program's own functions stand before the kit's that fetch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "../torture/answering.h"
#include "../torture/lacking.h"
#include "../unit/sandbox.h"

#define API "https://api.github.com"

#define USER "{\"login\":\"Octocat\",\"id\":583231,\"name\":\"Octo\",\"email\":\"o@x.example\"}"
#define ORG(login, role)                                                                           \
	"{\"state\":\"active\",\"role\":\"" role "\",\"organization\":{\"login\":\"" login "\"}}"
#define TEAM(slug) "{\"slug\":\"" slug "\",\"organization\":{\"login\":\"Acme\"}}"

static const struct answer answers[] = {
	{API "/applications/Iv1.ours/token", 200,
		"{\"app\":{\"client_id\":\"Iv1.ours\"},\"user\":" USER ",\"token\":\"x\","
		"\"scopes\":[\"admin:org\",\"user\"],\"expires_at\":\"2100-01-01T00:00:00Z\"}",
		NULL, NULL, 0},
	{API "/applications/Iv1.gone/token", 404, "{\"message\":\"Not Found\"}", NULL, NULL, 0},
	{API "/user", 200, USER, NULL, "repo, admin:org, user", 0},
	{API "/user/emails?per_page=100", 200,
		"[{\"email\":\"o@acme.example\",\"primary\":true,\"verified\":true}]", NULL, NULL,
		0},
	{API "/user/memberships/orgs?state=active&per_page=100", 200, "[" ORG("Acme", "admin") "]",
		"<" API "/user/memberships/orgs?page=2>; rel=\"next\"", NULL, 0},
	{API "/user/memberships/orgs?page=2", 200, "[" ORG("other", "member") "]", NULL, NULL, 0},
	{API "/user/teams?per_page=100", 200, "[" TEAM("core") "," TEAM("docs") "]", NULL, NULL, 0},
	{API "/orgs/acme/teams/core/memberships/Octocat", 200,
		"{\"state\":\"active\",\"role\":\"maintainer\"}", NULL, NULL, 0},
	{API "/orgs/acme/teams/docs/memberships/Octocat", 404, "{\"message\":\"Not Found\"}", NULL,
		NULL, 0},
};

#define INI(lines)                                                                                 \
	"[tokenpam]\nmode = development\n[provider:github]\nplugin = github\ncache_ttl = 0s\n"     \
	"accept = gho ghp\nclient_secret = secret\n" lines                                         \
	"\n[service:notes]\nauth = decisive github\n"

static const char plain[] = INI("client_id = Iv1.ours");
static const char all[] =
	INI("client_id = Iv1.ours\nallow_orgs = other Acme\nallow_teams = Acme/core\n"
	    "issuer = https://github.com\ngrant = group:acme/*:maintainer -> admin\n"
	    "grant = email:*@acme.example -> read\ngrant = claim:name=Octo -> write");
static const char closed[] = INI("client_id = Iv1.ours\nallow_teams = acme/other");
static const char gone[] = INI("client_id = Iv1.gone");

int main(void)
{
	static const char ours[] = "Bearer gho_16C7e42F292c6912E7710c838347Ae178B4a";
	static const char theirs[] = "Bearer ghp_16C7e42F292c6912E7710c838347Ae178B4a";

	sandbox_begin();
	answering_with(answers, sizeof(answers) / sizeof(answers[0]));
	lacking_begin(all);
	lacking_opens(all);
	lacking_decides(plain, ours, TPAM_SUCCESS);
	lacking_decides(plain, theirs, TPAM_SUCCESS);
	lacking_decides(all, ours, TPAM_SUCCESS);
	lacking_decides(all, theirs, TPAM_SUCCESS);
	lacking_decides(closed, ours, TPAM_DENIED);
	lacking_decides(gone, ours, TPAM_INVALID);
	lacking_decides(plain, "Bearer gho_a.b.c", TPAM_SUCCESS);
	lacking_decides(plain, "Bearer ghs_abc", TPAM_INVALID);
	sandbox_end();
	return lacking_end(answering_count() > 100);
}
