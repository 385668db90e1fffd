/*
 * test_memory.c - the n-th allocation of the plugins oidc and userinfo fails: nothing lost, nobody let in.
 *
 * No network: the program's own functions stand before the kit's that fetch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/http.h>
#include <tokenpam/jwks.h>
#include <tokenpam/tokenpam.h>

#include "../torture/allocations.h"
#include "../unit/check.h"
#include "../unit/sandbox.h"

#define MOST    3000 /* allocations of one scene */
#define OIDC    "plugin = oidc\nissuer = https://op.example\nclient_id = web mobile\n"
#define VISIBLE __attribute__((visibility("default")))

static struct tpam_keys *keys;
static const char *body;
static unsigned fetches;

VISIBLE int32_t tpam_jwks_verify(
	struct tpam_jwks *jwks, struct tpam_call *call, struct tpam_jws *jws)
{
	struct tpam_fault fault;

	(void)jwks;
	(void)call;
	return tpam_jws_verify(jws, keys, &fault) == TPAM_OK ? 0 : TPAM_ERROR;
}

VISIBLE int32_t tpam_jwks_endpoint(
	struct tpam_jwks *jwks, struct tpam_call *call, const char *name, char **ret)
{
	(void)jwks;
	(void)call;
	(void)name;
	*ret = strdup("https://op.example/userinfo");
	return *ret ? 0 : TPAM_ERROR;
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
	return 200;
}

VISIBLE const char *tpam_http_body(const struct tpam_http_answer *answer, uint64_t *ret_length)
{
	(void)answer;
	*ret_length = strlen(body);
	return body;
}

static void write_config(const char *lines)
{
	char text[1024];

	(void)snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\n[provider:op]\ncache_ttl = 0s\ncache_negative_ttl "
		"= 0s\n%s\n"
		"[service:notes]\naudience = notes\nauth = decisive op\n",
		lines);
	sandbox_write("memory.ini", text);
}

/* One decision of an engine; true once nothing was lacking. */
static bool decide(
	struct tpam_engine *engine, const char *header, int32_t outcome, unsigned long nth)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("notes", header);
	long before = allocations_living();

	allocations_arm(nth, false);
	int code = tpam_authenticate(engine, request, &result);
	bool lacked = allocations_disarm();
	bool accepted = code == TPAM_OK && tpam_result_accepted(result);
	if (lacked && accepted)
		allocations_explain();
	CHECK(!lacked || !accepted);
	if (!lacked) {
		CHECK(code == TPAM_OK);
		CHECK_TEXT(
			tpam_outcome_name(tpam_result_outcome(result)), tpam_outcome_name(outcome));
	}
	tpam_result_unref(result);
	CHECK(allocations_living() == before);
	tpam_request_destroy(request);
	return !lacked;
}

/* What a library makes the first time and keeps is not lost. */
static void warm_up(struct tpam_engine *engine, const char *header)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("notes", header);

	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void test_decisions(const char *lines, const char *header, const char *says, int32_t outcome)
{
	write_config(lines);
	struct tpam_engine *engine =
		sandbox_engine("memory.ini", (struct tpam_engine_options){.size = 0});
	unsigned long nth = 1;

	body = says;
	warm_up(engine, header);
	while (nth < MOST && !decide(engine, header, outcome, nth))
		nth++;
	CHECK(nth > 10 && nth < MOST);
	tpam_engine_close(engine);
}

static void test_open(const char *lines)
{
	unsigned long nth = 0;
	bool lacked = true;

	write_config(lines);
	/* What a library makes the first time and keeps is not lost. */
	tpam_engine_close(sandbox_engine("memory.ini", (struct tpam_engine_options){.size = 0}));
	while (lacked && ++nth < MOST) {
		struct tpam_engine *engine = NULL;
		struct tpam_engine_options options = {.size = sizeof(options),
			.config = sandbox_path("memory.ini"),
			.plugin_path = getenv("TOKENPAM_PLUGINS")};
		long before = allocations_living();
		allocations_arm(nth, false);
		int code = tpam_engine_open(&engine, &options, NULL);
		lacked = allocations_disarm();
		CHECK(lacked || code == TPAM_OK);
		if (code == TPAM_OK)
			tpam_engine_close(engine);
		CHECK(allocations_living() == before);
	}
	CHECK(nth > 10 && nth < MOST);
}

static char *header_by(const struct tpam_signer *signer, const char *typ, const char *audience)
{
	char payload[256];

	(void)snprintf(payload, sizeof(payload),
		"{\"iss\":\"https://op.example\",\"sub\":\"alice\",\"aud\":\"%s\",\"iat\":1,"
		"\"exp\":4000000000}",
		audience);
	char *token = tpam_signer_sign(signer, typ, payload, strlen(payload));
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

	if (tpam_signer_generate(&signer, "ES256", 0, &fault) != TPAM_OK)
		abort();
	char *set = tpam_signer_public_json(signer);
	if (tpam_keys_parse(&keys, set, strlen(set), &rules, &fault) != TPAM_OK)
		abort();
	tpam_kit_free(set);
	return signer;
}

/* Tokens that say nothing: their provider is asked, by one way or the other. */
static void test_opaque(void)
{
	static const char header[] = "Bearer opaque-token";
	static const char introspection[] =
		OIDC "opaque = introspection\naccept = opaque\nclient_secret = s3cret\n"
		     "userinfo = missing";
	static const char userinfo[] = OIDC "opaque = userinfo\naccept = opaque prefix:op_";
	static const char plain[] =
		"plugin = userinfo\nendpoint = https://chat.example/me\nclient_id = web\n"
		"accept = opaque jwt\nissuer = https://chat.example\nexpires_claim = expires\n"
		"subject_claim = user.id";
	static const char active[] =
		"{\"active\":true,\"sub\":\"alice\",\"aud\":[\"notes\"],\"scope\":\"read "
		"write\",\"exp\":4000000000,\"email\":\"alice@example.com\"}";
	static const char good[] = "{\"sub\":\"alice\",\"client_id\":\"web\"}";

	test_open(introspection);
	test_decisions(introspection, header, active, TPAM_SUCCESS);
	test_decisions(introspection, header, "{\"active\":false}", TPAM_INVALID);
	test_open(userinfo);
	test_decisions(userinfo, header, good, TPAM_SUCCESS);
	test_decisions(userinfo, header, "{\"sub\":\"alice\"}", TPAM_INVALID);
	test_open(plain);
	test_decisions(plain, header,
		"{\"user\":{\"id\":\"7\"},\"azp\":\"web\",\"expires\":\"2096-10-02T07:06:40Z\"}",
		TPAM_SUCCESS);
	test_decisions(plain, header, good, TPAM_INVALID);
	test_decisions(plain, header, "{", TPAM_UNAVAILABLE);
}

int main(void)
{
	static const char asks[] = OIDC "userinfo = always\nemail_verified = required";
	static const char good[] =
		"{\"sub\":\"alice\",\"email\":\"alice@example.com\",\"email_verified\":true,"
		"\"groups\":[\"staff\"]}";
	struct tpam_signer *signer = signer_make();
	char *access = header_by(signer, "at+jwt", "notes"),
	     *ident = header_by(signer, NULL, "web");

	sandbox_begin();
	allocations_begin();
	test_open(asks);
	test_decisions(asks, access, good, TPAM_SUCCESS);
	test_decisions(asks, access, "{\"sub\":\"mallory\"}", TPAM_INVALID);
	test_decisions(asks, access, "{\"sub\":", TPAM_UNAVAILABLE);
	test_decisions(
		asks, access, "{\"sub\":\"alice\",\"email\":\"a@example.com\"}", TPAM_DENIED);
	CHECK(fetches > 100);
	test_decisions(OIDC "tokens = id", ident, "", TPAM_SUCCESS);
	test_decisions(OIDC "tokens = access", ident, "", TPAM_INVALID);
	test_opaque();
	tpam_signer_destroy(signer);
	tpam_keys_unref(keys);
	free(access);
	free(ident);
	sandbox_end();
	return check_end();
}
