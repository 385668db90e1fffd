/*
 * test_challenge_told.c - whatever a host says of a request and a provider of a token: a challenge stays one well-formed
 * header, and says nothing but what it is to say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../plugins/puppet.h"
#include "challenge.h"

struct telling {
	struct puppet puppet;
	const char *text;
	int32_t outcome;
};

/* Everything that a token could bring. */
static int32_t tell(struct puppet *puppet, const struct tpam_host *host, struct tpam_call *call,
	const char *name)
{
	static const int32_t texts[] = {TPAM_FIELD_ISSUER, TPAM_FIELD_USERNAME, TPAM_FIELD_NAME,
		TPAM_FIELD_EMAIL, TPAM_FIELD_TENANT, TPAM_FIELD_CLIENT_ID};
	static const int32_t lists[] = {TPAM_FIELD_ROLES, TPAM_FIELD_GROUPS, TPAM_FIELD_SCOPES};
	const struct telling *telling = (const struct telling *)puppet;
	uint64_t length = strlen(telling->text);

	(void)name;
	(void)host->challenge(call, "Bearer", "hint", telling->text);
	host->reason(call, TPAM_REASON_REJECTED, telling->text, telling->text);
	if (telling->outcome != TPAM_SUCCESS)
		return telling->outcome;
	(void)host->set_text(call, TPAM_FIELD_SUBJECT, "alice", 5);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		(void)host->set_text(call, texts[i], telling->text, length);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		(void)host->add_text(call, lists[i], telling->text, length);
	return TPAM_SUCCESS;
}

static struct tpam_request *told(struct telling *telling)
{
	static const enum tpam_item items[] = {TPAM_ITEM_TENANT, TPAM_ITEM_USERNAME,
		TPAM_ITEM_RESOURCE, TPAM_ITEM_METHOD, TPAM_ITEM_URL, TPAM_ITEM_PEER_ADDRESS,
		TPAM_ITEM_REQUEST_ID};
	struct tpam_request *request = request_to(telling->text);

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		int code =
			tpam_request_set(request, items[i], telling->text, strlen(telling->text));
		CHECK(code == TPAM_OK || code == TPAM_E_ARGUMENT);
		CHECK(code != TPAM_OK || !strpbrk(telling->text, "\r\n"));
	}
	(void)tpam_request_add_tag(request, telling->text);
	tpam_request_set_host_pointer(request, &telling->puppet);
	return request;
}

static void test_told(struct tpam_engine *engine, const char *text)
{
	struct telling telling = {{.auth = tell}, text, TPAM_INVALID};
	struct tpam_result *result = decide(engine, told(&telling));

	check_names(result, "realm error error_description scope hint", "hint", seen(text));
	tpam_result_unref(result);
	telling.outcome = TPAM_STEP_UP;
	result = decide(engine, told(&telling));
	check_names(result, "realm error error_description scope hint", "hint", seen(text));
	tpam_result_unref(result);
	telling.outcome = TPAM_SUCCESS;
	result = decide(engine, told(&telling));
	/* What a field cannot hold is a breach, and a 500 has no challenge. */
	if (tpam_result_outcome(result) == TPAM_ERROR)
		CHECK(!tpam_result_challenge(result, 0));
	else
		check_names(result, "realm error error_description scope", NULL, NULL);
	tpam_result_unref(result);
}

/* A realm is the name of a service, whose alphabet has nothing to quote, also where any service may be asked for. */
static void test_realm(struct tpam_engine *engine, const char *text)
{
	struct tpam_request *request = tpam_request_create();
	struct telling telling = {{.auth = tell}, "", TPAM_INVALID};
	int code = tpam_request_set(request, TPAM_ITEM_SERVICE, text, strlen(text));

	CHECK(code == (strcmp(text, "plain") == 0 ? TPAM_OK : TPAM_E_ARGUMENT));
	if (code != TPAM_OK) {
		tpam_request_destroy(request);
		return;
	}
	tpam_request_set_host_pointer(request, &telling.puppet);
	struct tpam_result *result = decide(engine, request);
	check_names(result, "realm error error_description hint", "realm", text);
	tpam_result_unref(result);
}

static const char config[] = "[tokenpam]\nmode = development\n"
			     "[provider:p]\nplugin = puppet\n"
			     "[service:s]\nauth = required p\n"
			     "require_scopes = read\nchallenge_scope = union\n"
			     "[service:other]\nauth = required p\n";

int main(void)
{
	sandbox_begin();
	sandbox_write("told.ini", config);
	struct tpam_engine *engine =
		sandbox_engine("told.ini", (struct tpam_engine_options){.size = 0});
	for (size_t i = 0; i < NASTY; i++) {
		test_told(engine, nasty[i]);
		test_realm(engine, nasty[i]);
	}
	tpam_engine_close(engine);
	sandbox_end();
	return check_end();
}
