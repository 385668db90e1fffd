/*
 * memory_github.c - the n-th allocation of the plugin github fails: nothing lost, nobody let in.
 *
 * No network: the program's own functions stand before the kit's that fetch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <strings.h>

#include <tokenpam/http.h>
#include <tokenpam/tokenpam.h>

#include "../torture/lacking.h"
#include "../unit/sandbox.h"

#define VISIBLE __attribute__((visibility("default")))
#define API     "https://api.github.com"

/* What is said at an address; the pointer to an answer is one to this. */
struct said {
	const char *url;
	int32_t status;
	const char *body, *link, *scopes;
};

#define USER "{\"login\":\"Octocat\",\"id\":583231,\"name\":\"Octo\",\"email\":\"o@x.example\"}"
#define ORG(login, role)                                                                           \
	"{\"state\":\"active\",\"role\":\"" role "\",\"organization\":{\"login\":\"" login "\"}}"
#define TEAM(slug) "{\"slug\":\"" slug "\",\"organization\":{\"login\":\"Acme\"}}"

static const struct said answers[] = {
	{API "/applications/Iv1.ours/token", 200,
		"{\"app\":{\"client_id\":\"Iv1.ours\"},\"user\":" USER ",\"token\":\"x\","
		"\"scopes\":[\"admin:org\",\"user\"],\"expires_at\":\"2100-01-01T00:00:00Z\"}",
		NULL, NULL},
	{API "/applications/Iv1.gone/token", 404, "{\"message\":\"Not Found\"}", NULL, NULL},
	{API "/user", 200, USER, NULL, "repo, admin:org, user"},
	{API "/user/emails?per_page=100", 200,
		"[{\"email\":\"o@acme.example\",\"primary\":true,\"verified\":true}]", NULL, NULL},
	{API "/user/memberships/orgs?state=active&per_page=100", 200, "[" ORG("Acme", "admin") "]",
		"<" API "/user/memberships/orgs?page=2>; rel=\"next\"", NULL},
	{API "/user/memberships/orgs?page=2", 200, "[" ORG("other", "member") "]", NULL, NULL},
	{API "/user/teams?per_page=100", 200, "[" TEAM("core") "," TEAM("docs") "]", NULL, NULL},
	{API "/orgs/acme/teams/core/memberships/Octocat", 200,
		"{\"state\":\"active\",\"role\":\"maintainer\"}", NULL, NULL},
	{API "/orgs/acme/teams/docs/memberships/Octocat", 404, "{\"message\":\"Not Found\"}", NULL,
		NULL},
};

static unsigned fetches, strangers;

static const struct tpam_http_answer *answer_to(const struct tpam_http_request *request)
{
	fetches++;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (strcmp(answers[i].url, request->url) == 0)
			return (const struct tpam_http_answer *)(const void *)&answers[i];
	fprintf(stderr, "nothing is said at %s\n", request->url);
	strangers++;
	abort();
}

VISIBLE int tpam_http_fetch(struct tpam_http *http, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *step,
	const struct tpam_http_request *request, const struct tpam_http_answer **ret,
	struct tpam_http_failure *failure)
{
	(void)http;
	(void)host;
	(void)instance;
	(void)call;
	(void)step;
	(void)failure;
	*ret = answer_to(request);
	return TPAM_OK;
}

VISIBLE int tpam_http_fetch_all(struct tpam_http *http, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *step,
	const struct tpam_http_request *requests, size_t count, struct tpam_http_result *ret)
{
	(void)http;
	(void)host;
	(void)instance;
	(void)call;
	(void)step;
	for (size_t i = 0; i < count; i++)
		ret[i] = (struct tpam_http_result){answer_to(&requests[i]), NULL};
	return TPAM_OK;
}

static const struct said *said(const struct tpam_http_answer *answer)
{
	return (const struct said *)(const void *)answer;
}

VISIBLE int32_t tpam_http_status(const struct tpam_http_answer *answer)
{
	return said(answer)->status;
}

VISIBLE int64_t tpam_http_retry_after(const struct tpam_http_answer *answer)
{
	(void)answer;
	return -1;
}

VISIBLE const char *tpam_http_header(
	const struct tpam_http_answer *answer, const char *name, uint32_t index)
{
	if (index > 0)
		return NULL;
	if (strcasecmp(name, "Link") == 0)
		return said(answer)->link;
	return strcasecmp(name, "X-OAuth-Scopes") == 0 ? said(answer)->scopes : NULL;
}

VISIBLE const char *tpam_http_body(const struct tpam_http_answer *answer, uint64_t *ret_length)
{
	*ret_length = strlen(said(answer)->body);
	return said(answer)->body;
}

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
	return lacking_end(fetches > 100 && strangers == 0);
}
