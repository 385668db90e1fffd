/*
 * memory_workos.c - the n-th allocation of the plugin workos fails: nothing lost, nobody let in.
 *
 * No network: the program's own functions stand before the kit's that fetch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "../torture/answering.h"
#include "../torture/issuing.h"
#include "../torture/lacking.h"
#include "../unit/sandbox.h"

static struct answer userinfo = {.status = 200};

#define INI(lines, service)                                                                        \
	"[tokenpam]\nmode = development\n[provider:workos]\nplugin = workos\ncache_ttl = "         \
	"0s\n" lines "\n[service:notes]\n" service "auth = decisive workos\n"

static const char session[] = INI("client_id = client_1\nissuer = https://auth.example.com\n"
				  "allow_organizations = org_1",
	"");
static const char strict[] = INI("client_id = client_1\nimpersonation = deny", "");
static const char both[] = INI("client_id = client_1\nauthkit_domain = https://notes.authkit.app\n"
			       "accept = opaque\ngrant = email:* -> read",
	"audience = notes\n");

/* A token, and what becomes of it. */
struct scene {
	const char *ini;
	const char *claims;
	int32_t outcome;
};

#define SESSION "\"iss\":\"https://api.workos.com\",\"sub\":\"user_1\",\"sid\":\"session_1\""
#define CONNECT "\"iss\":\"https://notes.authkit.app\",\"sub\":\"user_1\",\"client_id\":\"c\""
#define ACTED   "\"act\":{\"sub\":\"admin@corp.example\"}"

static const struct scene scenes[] = {
	{session,
		SESSION ",\"org_id\":\"org_1\",\"role\":\"admin\",\"roles\":[\"member\"],"
			"\"permissions\":[\"posts:read\"],\"aud\":\"client_1\"",
		TPAM_SUCCESS},
	{session, SESSION ",\"org_id\":\"org_1\"," ACTED, TPAM_SUCCESS},
	{session, SESSION, TPAM_DENIED},
	{session, SESSION ",\"org_id\":\"org_1\",\"client_id\":\"client_2\"", TPAM_INVALID},
	{strict, SESSION "," ACTED, TPAM_DENIED},
	{both, SESSION, TPAM_SUCCESS},
	{both, CONNECT ",\"aud\":\"notes\",\"scope\":\"notes:read\"", TPAM_SUCCESS},
	{both, CONNECT ",\"aud\":\"others\"", TPAM_INVALID},
	{both, CONNECT ",\"aud\":\"notes\",\"nonce\":\"n\"", TPAM_INVALID},
	{both, "\"iss\":\"https://login.example.com\",\"sub\":\"user_1\"", TPAM_FOREIGN},
};

static void test_opaque(void)
{
	static const char token[] = "Bearer opaque";

	userinfo.body = "{\"sub\":\"user_1\",\"email\":\"al@example.com\",\"email_verified\":true}";
	lacking_decides(both, token, TPAM_SUCCESS);
	userinfo.body = "{\"email\":\"al@example.com\"}";
	lacking_decides(both, token, TPAM_UNAVAILABLE);
	userinfo.body = "{\"sub\":";
	lacking_decides(both, token, TPAM_UNAVAILABLE);
	userinfo.status = 401;
	lacking_decides(both, token, TPAM_INVALID);
	lacking_decides(session, token, TPAM_FOREIGN);
}

static void test_signed(const struct scene *scene)
{
	char claims[512];

	(void)snprintf(claims, sizeof(claims), "{\"iat\":1,\"exp\":4000000000,\"jti\":\"1\",%s}",
		scene->claims);
	char *authorization = issuing_authorization(NULL, claims);
	lacking_decides(scene->ini, authorization, scene->outcome);
	free(authorization);
}

int main(void)
{
	sandbox_begin();
	issuing_begin("RS256");
	answering_with(&userinfo, 1);
	lacking_begin(both);
	lacking_opens(both);
	lacking_opens(session);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
		test_signed(&scenes[i]);
	test_opaque();
	issuing_end();
	sandbox_end();
	return lacking_end(answering_count() > 10);
}
