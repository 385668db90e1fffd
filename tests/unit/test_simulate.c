/*
 * test_simulate.c - what would be decided if providers said something of somebody, and that nobody is let in by it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <time.h>

#include "../plugins/puppet.h"
#include "check.h"
#include "sandbox.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char ini[] =
	"[tokenpam]\nmode = development\n"
	"[provider:corp]\nplugin = person\ngrant = role:admin -> read write\ngrant = any -> read\n"
	"[provider:list]\nplugin = static\ntokens = list.tokens\nexpire_soon = 1h\n"
	"[provider:bound]\nplugin = bound\naudience = https://api.example\nsubject = x\nlink = on\n"
	"[provider:puppet]\nplugin = puppet\n"
	"[provider:check]\nplugin = faulty_check\nfault = outcome_zero\n"
	"[provider:ok]\nplugin = permit\n"
	"[provider:no]\nplugin = deny\n"
	"[provider:open]\nplugin = debug\n"
	"[hub]\nauth = decisive list corp\n"
	"[service:api]\nrequire_scopes = read\n"
	"[tool:api/write]\nrequire_scopes = write\n"
	"[tool:api/fresh]\nmax_auth_age = 5m\n"
	"[tool:api/ping]\naccess = public\n"
	"[service:both]\ninherit = no\nauth = required corp bound\nscope_merge = union\n"
	"[service:bound]\ninherit = no\nauth = required bound\naudience = https://bound.example\n"
	"[service:checked]\ninherit = no\nauth = required check corp\n"
	"[service:account]\naccount = required puppet\nsession = required no\n"
	"[service:closed]\naccount = required no\n"
	"[service:open]\ninherit = no\nauth = required open\n";

static struct tpam_engine *engine;
static unsigned logged;

static void log_line(void *data, int level, const char *text)
{
	(void)data;
	(void)text;
	logged += level <= TPAM_LOG_NOTICE;
}

/* ---- Saying ---- */

static struct tpam_simulation *say(const char *provider, int32_t outcome, const char *subject)
{
	struct tpam_simulation *simulation = tpam_simulation_create();

	if (!simulation)
		exit(EXIT_FAILURE);
	if (provider)
		CHECK(tpam_simulation_add(simulation, provider, outcome) == TPAM_OK);
	if (subject)
		CHECK(tpam_simulation_set_text(simulation, TPAM_FIELD_SUBJECT, subject) == TPAM_OK);
	return simulation;
}

static void text(struct tpam_simulation *simulation, enum tpam_field field, const char *value)
{
	CHECK(tpam_simulation_set_text(simulation, field, value) == TPAM_OK);
}

static struct tpam_result *decide(const char *target, struct tpam_simulation *simulation)
{
	struct tpam_request *request = sandbox_request(target, NULL);
	struct tpam_result *result = NULL;

	CHECK(tpam_simulate(engine, request, simulation, &result) == TPAM_OK);
	CHECK(result && !tpam_result_accepted(result));
	tpam_request_destroy(request);
	tpam_simulation_destroy(simulation);
	return result;
}

static void expect(
	const char *target, struct tpam_simulation *simulation, int32_t outcome, int32_t reason)
{
	struct tpam_result *result = decide(target, simulation);

	CHECK_TEXT(tpam_outcome_name(tpam_result_outcome(result)), tpam_outcome_name(outcome));
	CHECK_TEXT(tpam_reason_name(tpam_result_reason(result)), tpam_reason_name(reason));
	tpam_result_unref(result);
}

/* ---- What would be ---- */

static void test_grants(void)
{
	struct tpam_simulation *admin = say("corp", TPAM_SUCCESS, "alice");

	text(admin, TPAM_FIELD_ROLES, "staff");
	text(admin, TPAM_FIELD_ROLES, "admin");
	text(admin, TPAM_FIELD_SCOPES, "own");
	struct tpam_result *result = decide("api/write", admin);
	CHECK(tpam_result_outcome(result) == TPAM_SUCCESS);
	CHECK_TEXT(tpam_result_id(result), "corp:alice");
	CHECK_TEXT(tpam_result_scope(result, 1), "write");
	CHECK(!tpam_result_has_scope(result, "own"));
	tpam_result_unref(result);
	expect("api/write", say("corp", TPAM_SUCCESS, "bob"), TPAM_DENIED,
		TPAM_REASON_MISSING_SCOPE);
	expect("api", say("corp", TPAM_SUCCESS, "bob"), TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	expect("closed", say("corp", TPAM_SUCCESS, "bob"), TPAM_DENIED, TPAM_REASON_DENIED_BY_RULE);
	expect("nowhere", say("corp", TPAM_SUCCESS, "bob"), TPAM_DENIED,
		TPAM_REASON_UNKNOWN_SERVICE);
}

/* The others do not know what is presented. */
static void test_controls(void)
{
	struct tpam_result *result = decide("api", say("corp", TPAM_SUCCESS, "bob"));
	const struct tpam_trace_entry *first = tpam_result_trace(result, 0);

	CHECK(first && first->outcome == TPAM_NO_CREDENTIAL);
	tpam_result_unref(result);
	expect("api", say("list", TPAM_INVALID, NULL), TPAM_INVALID, TPAM_REASON_REJECTED);
	/* Whether or not the plugin says so of itself: that is what stacks are tried with. */
	expect("api", say("list", TPAM_UNAVAILABLE, NULL), TPAM_UNAVAILABLE,
		TPAM_REASON_UPSTREAM_UNREACHABLE);
	expect("both", say("corp", TPAM_SUCCESS, "bob"), TPAM_NO_CREDENTIAL,
		TPAM_REASON_NO_CREDENTIAL);
	struct tpam_simulation *both = say("corp", TPAM_SUCCESS, "bob");
	CHECK(tpam_simulation_add(both, "bound", TPAM_SUCCESS) == TPAM_OK);
	text(both, TPAM_FIELD_SUBJECT, "job");
	text(both, TPAM_FIELD_SCOPES, "more");
	result = decide("both", both);
	CHECK(tpam_result_outcome(result) == TPAM_SUCCESS);
	CHECK_TEXT(tpam_result_subject(result), "bob");
	CHECK(tpam_result_has_scope(result, "read") && tpam_result_has_scope(result, "more"));
	tpam_result_unref(result);
}

static void test_audience(void)
{
	struct tpam_simulation *simulation = say("bound", TPAM_SUCCESS, "bob");

	text(simulation, TPAM_FIELD_AUDIENCES, "https://other.example");
	expect("bound", simulation, TPAM_INVALID, TPAM_REASON_WRONG_AUDIENCE);
	struct tpam_result *result = decide("bound", say("bound", TPAM_SUCCESS, "bob"));
	CHECK(tpam_result_outcome(result) == TPAM_SUCCESS);
	CHECK_TEXT(tpam_result_audience(result, 0), "https://bound.example");
	tpam_result_unref(result);
}

static void test_times(void)
{
	int64_t now = time(NULL);
	const struct {
		enum tpam_field field;
		int64_t value;
		int32_t outcome;
	} rows[] = {{TPAM_FIELD_EXPIRES_AT, now - 3600, TPAM_EXPIRED},
		{TPAM_FIELD_EXPIRES_AT, now + 1800, TPAM_EXPIRING},
		{TPAM_FIELD_EXPIRES_AT, now + 7200, TPAM_SUCCESS},
		{TPAM_FIELD_NOT_BEFORE, now + 3600, TPAM_INVALID}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tpam_simulation *simulation = say("list", TPAM_SUCCESS, "bob");
		text(simulation, TPAM_FIELD_SCOPES, "read");
		CHECK(tpam_simulation_set_number(simulation, rows[i].field, rows[i].value) ==
			TPAM_OK);
		struct tpam_result *result = decide("api", simulation);
		CHECK(tpam_result_outcome(result) == rows[i].outcome);
		tpam_result_unref(result);
	}
	expect("api/fresh", say("corp", TPAM_SUCCESS, "bob"), TPAM_STEP_UP,
		TPAM_REASON_WEAK_AUTHENTICATION);
}

static void test_checks(void)
{
	struct tpam_simulation *simulation = say("check", TPAM_SUCCESS, NULL);

	CHECK(tpam_simulation_add(simulation, "corp", TPAM_SUCCESS) == TPAM_OK);
	text(simulation, TPAM_FIELD_SUBJECT, "bob");
	expect("checked", simulation, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	simulation = say("check", TPAM_STEP_UP, NULL);
	CHECK(tpam_simulation_add(simulation, "corp", TPAM_SUCCESS) == TPAM_OK);
	text(simulation, TPAM_FIELD_SUBJECT, "bob");
	expect("checked", simulation, TPAM_STEP_UP, TPAM_REASON_WEAK_AUTHENTICATION);
}

/* Who presents nothing is answered by whoever answers without a credential. */
static void test_nobody(void)
{
	expect("api/ping", say(NULL, 0, NULL), TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	expect("api/ping", say("list", TPAM_NO_CREDENTIAL, NULL), TPAM_SUCCESS,
		TPAM_REASON_ACCEPTED);
	expect("api/ping", say("list", TPAM_INVALID, NULL), TPAM_INVALID, TPAM_REASON_REJECTED);
	expect("api/ping", say("list", TPAM_FOREIGN, NULL), TPAM_FOREIGN, TPAM_REASON_OTHER_KIND);
	expect("open", say(NULL, 0, NULL), TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	expect("open", say("corp", TPAM_SUCCESS, "bob"), TPAM_NO_CREDENTIAL,
		TPAM_REASON_NO_CREDENTIAL);
}

/* ---- What is left alone ---- */

static int told = -1;

static int32_t account(struct puppet *puppet, const struct tpam_host *host, struct tpam_call *call,
	const char *name)
{
	(void)puppet;
	(void)name;
	told = host->simulated(call);
	return TPAM_SUCCESS;
}

static void test_account(void)
{
	static struct puppet puppet = {.account = account};
	struct tpam_request *request = sandbox_request("account", NULL);
	struct tpam_simulation *simulation = say("corp", TPAM_SUCCESS, "bob");
	struct tpam_result *result = NULL;

	tpam_request_set_host_pointer(request, &puppet);
	CHECK(tpam_simulate(engine, request, simulation, &result) == TPAM_OK);
	CHECK(told == 1 && tpam_result_outcome(result) == TPAM_SUCCESS);
	CHECK(tpam_result_group_outcome(result, TPAM_ACCOUNT) == TPAM_SUCCESS);
	CHECK(tpam_result_group_outcome(result, TPAM_SESSION) == 0);
	tpam_result_unref(result);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	CHECK(told == 0 && tpam_result_outcome(result) == TPAM_DENIED);
	tpam_result_unref(result);
	tpam_simulation_destroy(simulation);
	tpam_request_destroy(request);
}

/* Whatever a host does with it, it is of no use. */
static void test_useless(void)
{
	struct tpam_statistics before = {.size = sizeof(before)}, after = {.size = sizeof(after)};
	struct tpam_request *request = sandbox_request("api", NULL);
	static const char *const names[] = {"ping", "other"};
	struct tpam_tools *tools = NULL;
	uint64_t bits[1] = {7};
	char *json = NULL;

	CHECK(tpam_engine_statistics(engine, &before) == TPAM_OK);
	logged = 0;
	struct tpam_result *result = decide("api", say("corp", TPAM_SUCCESS, "bob"));
	CHECK(tpam_engine_statistics(engine, &after) == TPAM_OK);
	CHECK(memcmp(&before, &after, sizeof(before)) == 0);
	tpam_result_unref(decide("api", say("corp", TPAM_DENIED, NULL)));
	CHECK(logged == 0);
	CHECK(tpam_request_set_result(request, result) == TPAM_E_ARGUMENT);
	CHECK(tpam_tools_create(&tools, engine, "api", names, NULL, 2) == TPAM_OK);
	CHECK(tpam_permits(result, tools, bits) == TPAM_OK && bits[0] == 0);
	CHECK(tpam_result_json(result, &json) == TPAM_OK);
	CHECK(json && strstr(json, "\"hypothetical\":true"));
	tpam_free(json);
	tpam_tools_destroy(tools);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

/* ---- What cannot be said ---- */

static int simulate(struct tpam_simulation *simulation)
{
	struct tpam_request *request = sandbox_request("api", NULL);
	struct tpam_result *result = NULL;
	int code = tpam_simulate(engine, request, simulation, &result);

	CHECK(!result);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	tpam_simulation_destroy(simulation);
	return code;
}

static void test_answers(void)
{
	struct tpam_simulation *simulation = say(NULL, 0, NULL);
	char name[16];

	CHECK(tpam_simulation_set_text(simulation, TPAM_FIELD_SUBJECT, "x") == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_set_number(simulation, TPAM_FIELD_AUTH_TIME, 1) == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_add(simulation, "corp", 99) == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_add(simulation, "a b", TPAM_SUCCESS) == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_add(simulation, "corp", TPAM_SUCCESS) == TPAM_OK);
	CHECK(tpam_simulation_add(simulation, "corp", TPAM_SUCCESS) == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_set_text(simulation, TPAM_FIELD_NAME, "a\nb") == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_set_text(simulation, TPAM_FIELD_SCOPES, "a b") == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_set_text(simulation, TPAM_FIELD_CLAIMS, "[]") == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_set_text(simulation, TPAM_FIELD_AUTH_TIME, "1") == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_set_number(simulation, TPAM_FIELD_NAME, 1) == TPAM_E_ARGUMENT);
	CHECK(tpam_simulation_set_text(simulation, (enum tpam_field)99, "1") == TPAM_E_ARGUMENT);
	for (int i = 1; i < 64; i++) {
		(void)snprintf(name, sizeof(name), "p%d", i);
		CHECK(tpam_simulation_add(simulation, name, TPAM_INVALID) == TPAM_OK);
	}
	CHECK(tpam_simulation_add(simulation, "p64", TPAM_INVALID) == TPAM_E_LIMIT);
	tpam_simulation_destroy(simulation);
	tpam_simulation_destroy(NULL);
	CHECK(simulate(say("nobody", TPAM_SUCCESS, "x")) == TPAM_E_UNSET);
	CHECK(simulate(say("corp", TPAM_SUCCESS, NULL)) == TPAM_E_ARGUMENT);
	CHECK(simulate(say("ok", TPAM_SUCCESS, NULL)) == TPAM_E_ARGUMENT);
	CHECK(simulate(say("check", TPAM_SUCCESS, "x")) == TPAM_E_ARGUMENT);
}

static void test_requests(void)
{
	struct tpam_request *request = tpam_request_create();
	struct tpam_simulation *simulation = say("corp", TPAM_SUCCESS, "bob");
	struct tpam_result *result = NULL, *who = NULL;

	CHECK(tpam_simulate(engine, request, simulation, &result) == TPAM_E_ARGUMENT);
	tpam_request_destroy(request);
	request = sandbox_request("open", NULL);
	CHECK(tpam_authenticate(engine, request, &who) == TPAM_OK && tpam_result_accepted(who));
	CHECK(tpam_request_set_result(request, who) == TPAM_OK);
	CHECK(tpam_simulate(engine, request, simulation, &result) == TPAM_E_ARGUMENT && !result);
	tpam_result_unref(who);
	tpam_request_destroy(request);
	tpam_simulation_destroy(simulation);
}

int main(void)
{
	sandbox_begin();
	sandbox_write("list.tokens", "");
	sandbox_write("main.ini", ini);
	engine = sandbox_engine("main.ini", (struct tpam_engine_options){.log = log_line});
	test_grants();
	test_controls();
	test_audience();
	test_times();
	test_checks();
	test_nobody();
	test_account();
	test_useless();
	test_answers();
	test_requests();
	tpam_engine_close(engine);
	sandbox_end();
	return check_end();
}
