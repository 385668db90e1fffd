/*
 * test_memory.c - the n-th allocation of the plugin introspect fails: nothing lost, nobody let in.
 *
 * No network: the program's own tpam_http_fetch() stands before the kit's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/http.h>
#include <tokenpam/tokenpam.h>

#include "../torture/allocations.h"
#include "../unit/check.h"
#include "../unit/sandbox.h"

#define MOST    3000 /* allocations of one scene */
#define VISIBLE __attribute__((visibility("default")))

static const char *body;
static unsigned fetches;

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

VISIBLE const char *tpam_http_body(const struct tpam_http_answer *answer, uint64_t *ret_length)
{
	(void)answer;
	*ret_length = strlen(body);
	return body;
}

static void write_config(const char *way)
{
	char text[1024];

	(void)snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\n[provider:as]\nplugin = introspect\n"
		"endpoint = https://as.example/introspect\nissuer = https://as.example\n"
		"accept = opaque jwt\nclient_id = us\ncache = 0s\n%s\n"
		"[service:notes]\naudience = notes\nauth = decisive as\n",
		way);
	sandbox_write("memory.ini", text);
}

static void write_key(void)
{
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault;

	if (tpam_signer_generate(&signer, "ES256", 0, &fault) != TPAM_OK)
		abort();
	char *json = tpam_signer_json(signer);
	sandbox_write("key.jwk", json);
	tpam_kit_free(json);
	tpam_signer_destroy(signer);
}

/* One decision of an engine; true once nothing was lacking. */
static bool decide(
	struct tpam_engine *engine, const char *token, int32_t outcome, unsigned long nth)
{
	char header[256];
	struct tpam_result *result = NULL;

	(void)snprintf(header, sizeof(header), "Bearer %s", token);
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
static void warm_up(struct tpam_engine *engine, const char *token)
{
	char header[256];
	struct tpam_result *result = NULL;

	(void)snprintf(header, sizeof(header), "Bearer %s", token);
	struct tpam_request *request = sandbox_request("notes", header);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void test_decisions(const char *way, const char *token, const char *says, int32_t outcome)
{
	write_config(way);
	struct tpam_engine *engine =
		sandbox_engine("memory.ini", (struct tpam_engine_options){.size = 0});
	unsigned long nth = 1;

	body = says;
	warm_up(engine, token);
	while (nth < MOST && !decide(engine, token, outcome, nth))
		nth++;
	CHECK(nth > 10 && nth < MOST);
	tpam_engine_close(engine);
}

static void test_open(const char *way)
{
	unsigned long nth = 0;
	bool lacked = true;

	write_config(way);
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

int main(void)
{
	static const char secret[] = "client_secret = s3cret";
	static const char key[] = "client_auth = private_key_jwt\nprivate_key_file = key.jwk";
	static const char good[] =
		"{\"active\":true,\"sub\":\"alice\",\"aud\":[\"notes\"],\"iss\":\"https://"
		"as.example\",\"scope\":\"read write\",\"exp\":4000000000,\"jti\":\"one\"}";
	static const char jwt[] =
		"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUifQ.AAAA";

	sandbox_begin();
	write_key();
	write_config(secret);
	tpam_engine_close(sandbox_engine("memory.ini", (struct tpam_engine_options){.size = 0}));
	allocations_begin();
	test_open(secret);
	test_open(key);
	test_decisions(secret, "opaque", good, TPAM_SUCCESS);
	test_decisions(key, jwt, good, TPAM_SUCCESS);
	test_decisions(secret, "opaque", "{\"active\":false}", TPAM_INVALID);
	test_decisions(secret, "opaque", "{\"active\":", TPAM_UNAVAILABLE);
	CHECK(fetches > 20);
	sandbox_end();
	return check_end();
}
