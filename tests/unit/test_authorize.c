/*
 * test_authorize.c - what somebody may do who was recognised before.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <poll.h>
#include <time.h>

#include "check.h"
#include "sandbox.h"

static const char ini[] =
	"[tokenpam]\nmode = development\nleeway = 0s\n"
	"[provider:p]\nplugin = person\nscopes = read\nsubject = alice\ntenant = acme\n"
	"[provider:short]\nplugin = bound\nsubject = bob\nexpires = 1000\naudience = none\n"
	"expire_soon = 100s\n"
	"[provider:no]\nplugin = deny\n"
	"[provider:nobody]\nplugin = debug\nauth = no_credential\n"
	"[hub]\nauth = required p\n"
	"[service:notes]\nrequire_scopes = read\n"
	"[service:other]\nrequire_scopes = write\n"
	"[service:apart]\ninherit = no\nauth = required p\n"
	"[service:bound]\naudience = https://bound.example\n"
	"[service:brief]\ninherit = no\nauth = required short\n"
	"[service:open]\ninherit = no\nauth = required nobody\npublic_tools = ping\n"
	"[service:closed]\naccount = required no\n"
	"[tool:notes/delete]\nrequire_scopes = admin\n"
	"[tool:notes/mine]\nrequire_tenant = requested\n";

static int64_t now; /* nanoseconds */

static int64_t read_clock(void *data, enum tpam_clock_kind kind)
{
	(void)data;
	(void)kind;
	return now;
}

static struct tpam_engine *engine_new(void)
{
	sandbox_write("authorize.ini", ini);
	return sandbox_engine("authorize.ini", (struct tpam_engine_options){.clock = read_clock});
}

static struct tpam_result *ask(
	struct tpam_engine *engine, const char *target, struct tpam_result *who, const char *tenant)
{
	struct tpam_request *request = sandbox_request(target, NULL);
	struct tpam_result *result = NULL;

	if (tenant)
		CHECK(tpam_request_set(request, TPAM_ITEM_TENANT, tenant, strlen(tenant)) ==
			TPAM_OK);
	if (who) {
		CHECK(tpam_request_set_result(request, who) == TPAM_OK);
		CHECK(tpam_authorize(engine, request, &result) == TPAM_OK);
	} else {
		CHECK(tpam_authorize(engine, request, &result) == TPAM_E_ARGUMENT);
		CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	}
	tpam_request_destroy(request);
	return result;
}

struct row {
	const char *target;
	const char *tenant;
	int32_t outcome;
	int32_t reason;
};

static const struct row rows[] = {
	{"notes", NULL, TPAM_SUCCESS, TPAM_REASON_ACCEPTED},
	{"notes/list", NULL, TPAM_SUCCESS, TPAM_REASON_ACCEPTED},
	{"notes/delete", NULL, TPAM_DENIED, TPAM_REASON_MISSING_SCOPE},
	{"notes/mine", "acme", TPAM_SUCCESS, TPAM_REASON_ACCEPTED},
	{"notes/mine", "other", TPAM_DENIED, TPAM_REASON_WRONG_TENANT},
	/* Of the hub's rules, too: it stands for what is not configured. */
	{"else", NULL, TPAM_DENIED, TPAM_REASON_MISSING_SCOPE},
	{"closed", NULL, TPAM_DENIED, TPAM_REASON_DENIED_BY_RULE},
	/* Rules of its own, and another audience, recognise by themselves. */
	{"apart", NULL, TPAM_ERROR, TPAM_REASON_MISCONFIGURED},
	{"bound", NULL, TPAM_ERROR, TPAM_REASON_MISCONFIGURED},
};

static void test_rows(void)
{
	struct tpam_engine *engine = engine_new();
	struct tpam_result *who = ask(engine, "notes", NULL, NULL);

	CHECK(tpam_result_accepted(who));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tpam_result *result = ask(engine, rows[i].target, who, rows[i].tenant);
		CHECK(tpam_result_outcome(result) == rows[i].outcome);
		CHECK(tpam_result_reason(result) == rows[i].reason);
		if (rows[i].outcome == TPAM_SUCCESS)
			CHECK_TEXT(tpam_result_id(result), "p:alice");
		tpam_result_unref(result);
	}
	tpam_result_unref(who);
	tpam_engine_close(engine);
}

/* Results that come from results outlive each other, the engine, and reloads, whose configuration is not theirs. */
static void test_lives(void)
{
	struct tpam_engine *engine = engine_new();
	struct tpam_result *who = ask(engine, "notes", NULL, NULL);
	struct tpam_result *next = ask(engine, "notes/list", who, NULL);

	tpam_result_unref(who);
	sandbox_write("authorize.ini",
		"[tokenpam]\nmode = development\n[provider:p]\nplugin = person\n"
		"[hub]\nauth = required p\n[service:notes]\n");
	CHECK(tpam_engine_reload(engine, NULL) == TPAM_OK);
	struct tpam_result *last = ask(engine, "notes/delete", next, NULL);
	tpam_result_unref(next);
	tpam_engine_close(engine);
	CHECK(tpam_result_reason(last) == TPAM_REASON_MISSING_SCOPE);
	CHECK_TEXT(tpam_result_subject(last), "alice");
	tpam_result_unref(last);
}

static void test_expiry(void)
{
	now = INT64_C(900) * 1000000000;
	struct tpam_engine *engine = engine_new();
	struct tpam_result *who = ask(engine, "brief", NULL, NULL);
	struct tpam_result *result = ask(engine, "brief", who, NULL);

	CHECK(tpam_result_outcome(who) == TPAM_SUCCESS);
	CHECK(tpam_result_outcome(result) == TPAM_SUCCESS);
	tpam_result_unref(result);
	now = INT64_C(999) * 1000000000;
	result = ask(engine, "brief", who, NULL);
	CHECK(tpam_result_outcome(result) == TPAM_EXPIRING);
	CHECK(tpam_result_accepted(result));
	tpam_result_unref(result);
	now = INT64_C(1000) * 1000000000;
	result = ask(engine, "brief", who, NULL);
	CHECK(tpam_result_outcome(result) == TPAM_EXPIRED);
	CHECK(tpam_result_status(result) == 401);
	tpam_result_unref(result);
	tpam_result_unref(who);
	tpam_engine_close(engine);
}

/* Nobody in particular is nobody to ask about. */
static void test_nobody(void)
{
	struct tpam_engine *engine = engine_new();
	struct tpam_request *request = sandbox_request("notes", NULL);
	struct tpam_result *refused = ask(engine, "open", NULL, NULL);
	struct tpam_result *anonymous = ask(engine, "open/ping", NULL, NULL);
	struct tpam_result *result = NULL;

	CHECK(!tpam_result_accepted(refused) && tpam_result_accepted(anonymous));
	CHECK(tpam_request_set_result(request, refused) == TPAM_E_ARGUMENT);
	CHECK(tpam_request_set_result(request, anonymous) == TPAM_E_ARGUMENT);
	CHECK(tpam_authorize(engine, request, &result) == TPAM_E_ARGUMENT);
	tpam_result_unref(refused);
	tpam_result_unref(anonymous);
	tpam_request_destroy(request);
	tpam_engine_close(engine);
}

static void done(void *data, int code, struct tpam_result *result)
{
	(void)code;
	*(struct tpam_result **)data = result;
}

static void test_loop(void)
{
	struct tpam_engine *engine = engine_new();
	struct tpam_result *who = ask(engine, "notes", NULL, NULL), *result = NULL;
	struct tpam_request *request = sandbox_request("notes/delete", NULL);
	struct tpam_operation *operation = NULL;
	struct tpam_loop *loop = NULL;

	CHECK(tpam_request_set_result(request, who) == TPAM_OK);
	tpam_result_unref(who);
	CHECK(tpam_loop_create(&loop, engine) == TPAM_OK);
	CHECK(tpam_begin(loop, request, done, &result, &operation, &result) == TPAM_OK);
	CHECK(result && tpam_result_reason(result) == TPAM_REASON_MISSING_SCOPE);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	tpam_loop_destroy(loop);
	tpam_engine_close(engine);
}

/* The document of a resource, and where there is none. */
static void test_metadata(void)
{
	char *json = NULL;
	sandbox_write("resource.ini",
		"[tokenpam]\nmode = development\n[provider:p]\nplugin = person\n"
		"[hub]\nauth = required p\n[service:plain]\n[service:half]\nresource = "
		"https://h.example\n"
		"[scopes]\ndescribe = read: See your notes\ndescribe = offline_access: Stay\n"
		"describe = write: Change them\n"
		"[service:notes]\nresource = https://mcp.example.com/notes\nresource_name = \"My "
		"\\\"Notes\\\"\"\n"
		"authorization_servers = https://a.example https://b.example/x\n"
		"resource_documentation = https://docs.example\n");
	struct tpam_engine *engine =
		sandbox_engine("resource.ini", (struct tpam_engine_options){.size = 0});

	CHECK(tpam_resource_metadata(engine, "plain", &json) == TPAM_E_UNSET);
	CHECK(tpam_resource_metadata(engine, "half", &json) == TPAM_E_UNSET);
	CHECK(tpam_resource_metadata(engine, "none", &json) == TPAM_E_UNSET);
	CHECK(json == NULL);
	CHECK(tpam_resource_metadata(engine, "notes", &json) == TPAM_OK);
	CHECK_TEXT(json,
		"{\"resource\":\"https://mcp.example.com/notes\","
		"\"authorization_servers\":[\"https://a.example\",\"https://b.example/x\"],"
		"\"scopes_supported\":[\"read\",\"write\"],"
		"\"bearer_methods_supported\":[\"header\"],"
		"\"resource_name\":\"My \\\"Notes\\\"\","
		"\"resource_documentation\":\"https://docs.example\"}");
	tpam_free(json);
	tpam_engine_close(engine);
}

int main(void)
{
	sandbox_begin();
	test_rows();
	test_lives();
	test_expiry();
	test_nobody();
	test_loop();
	test_metadata();
	sandbox_end();
	return check_end();
}
