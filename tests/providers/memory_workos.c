/*
 * memory_workos.c - the n-th allocation of the plugin workos fails: nothing lost, nobody let in.
 *
 * No network: the program's own functions stand before the kit's that fetch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/http.h>
#include <tokenpam/jwks.h>
#include <tokenpam/tokenpam.h>

#include "../torture/lacking.h"
#include "../unit/sandbox.h"

#define VISIBLE __attribute__((visibility("default")))

static struct tpam_keys *keys;
static const char *body;
static int32_t status;
static unsigned fetches;

VISIBLE int32_t tpam_jwks_verify(
	struct tpam_jwks *jwks, struct tpam_call *call, struct tpam_jws *jws)
{
	struct tpam_fault fault;

	(void)jwks;
	(void)call;
	return tpam_jws_verify(jws, keys, &fault) == TPAM_OK ? 0 : TPAM_ERROR;
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
	(void)request;
	(void)failure;
	fetches++;
	*ret = NULL;
	return TPAM_OK;
}

VISIBLE int32_t tpam_http_status(const struct tpam_http_answer *answer)
{
	(void)answer;
	return status;
}

VISIBLE const char *tpam_http_body(const struct tpam_http_answer *answer, uint64_t *ret_length)
{
	(void)answer;
	*ret_length = strlen(body);
	return body;
}

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

/* A value of Authorization; to be freed. */
static char *header_by(const struct tpam_signer *signer, const char *claims)
{
	char payload[512];

	(void)snprintf(payload, sizeof(payload), "{\"iat\":1,\"exp\":4000000000,\"jti\":\"1\",%s}",
		claims);
	char *token = tpam_signer_sign(signer, NULL, payload, strlen(payload));
	size_t size = strlen(token) + sizeof("Bearer ");
	char *text = malloc(size);
	(void)snprintf(text, size, "Bearer %s", token);
	tpam_kit_free(token);
	return text;
}

static struct tpam_signer *signer_make(void)
{
	const struct tpam_keys_rules rules = {.flags = 0};
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault;

	if (tpam_signer_generate(&signer, "RS256", 0, &fault) != TPAM_OK)
		abort();
	char *set = tpam_signer_public_json(signer);
	if (tpam_keys_parse(&keys, set, strlen(set), &rules, &fault) != TPAM_OK)
		abort();
	tpam_kit_free(set);
	return signer;
}

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

	status = 200;
	body = "{\"sub\":\"user_1\",\"email\":\"al@example.com\",\"email_verified\":true}";
	lacking_decides(both, token, TPAM_SUCCESS);
	body = "{\"email\":\"al@example.com\"}";
	lacking_decides(both, token, TPAM_UNAVAILABLE);
	body = "{\"sub\":";
	lacking_decides(both, token, TPAM_UNAVAILABLE);
	status = 401;
	lacking_decides(both, token, TPAM_INVALID);
	lacking_decides(session, token, TPAM_FOREIGN);
}

int main(void)
{
	struct tpam_signer *signer = signer_make();

	sandbox_begin();
	lacking_begin(both);
	lacking_opens(both);
	lacking_opens(session);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		char *authorization = header_by(signer, scenes[i].claims);
		lacking_decides(scenes[i].ini, authorization, scenes[i].outcome);
		free(authorization);
	}
	test_opaque();
	tpam_signer_destroy(signer);
	tpam_keys_unref(keys);
	sandbox_end();
	return lacking_end(fetches > 10);
}
