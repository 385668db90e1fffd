/*
 * test_api.c - the interface as its header describes it: sizes of structures, arguments, results, reports.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>
#include <stdint.h>

#include "check.h"
#include "sandbox.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Structures of other versions ---- */

static unsigned logged;

static void log_count(void *data, int level, const char *text)
{
	(void)data;
	(void)level;
	(void)text;
	logged++;
}

static int open_with(uint32_t size, struct tpam_engine_options options)
{
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;
	options.size = size;
	int code = tpam_engine_open(&engine, &options, &report);
	CHECK((engine != NULL) == (code == TPAM_OK));
	CHECK(code != TPAM_E_ARGUMENT || report == NULL);
	CHECK(code != TPAM_E_CONFIG || tpam_report_errors(report) > 0);
	if (engine)
		CHECK(tpam_engine_reload(engine, NULL) == TPAM_OK);
	tpam_engine_close(engine);
	tpam_report_destroy(report);
	return code;
}

static void test_options(void)
{
	struct {
		struct tpam_engine_options options;
		uint64_t newer[4];
	} larger = {.newer = {1, 2, 3, 4}};
	struct tpam_engine_options options = {.config = sandbox_path("main.ini"),
		.plugin_path = getenv("TOKENPAM_PLUGINS"),
		.log = log_count};
	CHECK(open_with(sizeof(options), options) == TPAM_OK && logged > 0);
	logged = 0;
	CHECK(open_with(offsetof(struct tpam_engine_options, log), options) == TPAM_OK);
	CHECK(logged == 0); /* an older caller has no log */
	CHECK(open_with(offsetof(struct tpam_engine_options, plugin_path), options) ==
		TPAM_E_CONFIG); /* and no plugins where the build's are not installed */
	CHECK(open_with(offsetof(struct tpam_engine_options, config), options) == TPAM_E_ARGUMENT);
	CHECK(open_with(0, options) == TPAM_E_ARGUMENT);
	CHECK(open_with(4, options) == TPAM_E_ARGUMENT);
	larger.options = options;
	larger.options.size = sizeof(larger);
	struct tpam_engine *engine = NULL;
	CHECK(tpam_engine_open(&engine, &larger.options, NULL) == TPAM_OK);
	tpam_engine_close(engine);
	options.config = NULL;
	CHECK(open_with(sizeof(options), options) == TPAM_E_ARGUMENT);
	options.config = "";
	CHECK(open_with(sizeof(options), options) == TPAM_E_CONFIG);
	options.config = sandbox_path("missing.ini");
	CHECK(open_with(sizeof(options), options) == TPAM_E_CONFIG);
	options.config = sandbox_folder;
	CHECK(open_with(sizeof(options), options) == TPAM_E_CONFIG);
}

static struct tpam_engine *engine;

static bool untouched(const void *memory, size_t from, size_t to)
{
	const unsigned char *bytes = memory;
	while (from < to && bytes[from] == 0xAA)
		from++;
	return from == to;
}

static void test_statistics(void)
{
	static const size_t sizes[] = {offsetof(struct tpam_statistics, loaded_at),
		offsetof(struct tpam_statistics, reloads),
		offsetof(struct tpam_statistics, outcomes),
		offsetof(struct tpam_statistics, outcomes) + 8, sizeof(struct tpam_statistics)};
	union {
		struct tpam_statistics seen;
		unsigned char bytes[sizeof(struct tpam_statistics) + 64];
	} all;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		memset(&all, 0xAA, sizeof(all));
		all.seen.size = (uint32_t)sizes[i];
		CHECK(tpam_engine_statistics(engine, &all.seen) == TPAM_OK);
		CHECK(all.seen.size == sizes[i] && all.seen.generation == 1);
		CHECK(untouched(&all, sizes[i], sizeof(all)));
	}
	memset(&all, 0xAA, sizeof(all));
	all.seen.size = sizeof(all); /* a newer caller */
	CHECK(tpam_engine_statistics(engine, &all.seen) == TPAM_OK);
	CHECK(untouched(&all, sizeof(struct tpam_statistics), sizeof(all)));
	for (uint32_t size = 0; size < offsetof(struct tpam_statistics, generation); size += 4) {
		memset(&all, 0xAA, sizeof(all));
		all.seen.size = size;
		CHECK(tpam_engine_statistics(engine, &all.seen) == TPAM_E_ARGUMENT);
		CHECK(untouched(&all, 4, sizeof(all)));
	}
}

static void test_counting(void)
{
	struct tpam_statistics before = {.size = sizeof(before)}, after = before;
	struct tpam_request *request = sandbox_request("api", NULL);
	CHECK(tpam_engine_statistics(engine, &before) == TPAM_OK);
	for (int i = 0; i < 3; i++) {
		struct tpam_result *result = NULL;
		CHECK(tpam_request_set(request, TPAM_ITEM_SERVICE, i ? "api" : "nowhere",
			      i ? 3 : 7) == TPAM_OK);
		CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
		tpam_result_unref(result);
	}
	CHECK(tpam_engine_statistics(engine, &after) == TPAM_OK);
	CHECK(after.decisions - before.decisions == 3 && after.accepted - before.accepted == 2);
	CHECK(after.outcomes[TPAM_SUCCESS] - before.outcomes[TPAM_SUCCESS] == 2);
	CHECK(after.outcomes[TPAM_DENIED] - before.outcomes[TPAM_DENIED] == 1);
	tpam_request_destroy(request);
}

/* ---- Results ---- */

static void check_nobody(const struct tpam_result *result)
{
	CHECK(!tpam_result_id(result) && !tpam_result_issuer(result) &&
		!tpam_result_subject(result));
	CHECK(!tpam_result_client_id(result) && !tpam_result_username(result));
	CHECK(!tpam_result_name(result) && !tpam_result_email(result));
	CHECK(!tpam_result_email_verified(result) && !tpam_result_tenant(result));
	CHECK(!tpam_result_token_id(result) && !tpam_result_role(result, 0));
	CHECK(!tpam_result_group(result, 0) && !tpam_result_audience(result, 0));
	CHECK(!tpam_result_scope(result, 0) && !tpam_result_has_scope(result, "read"));
	CHECK(tpam_result_issued_at(result) == TPAM_TIME_UNSET);
	CHECK(tpam_result_expires_at(result) == TPAM_TIME_UNSET);
	CHECK(tpam_result_auth_time(result) == TPAM_TIME_UNSET);
	CHECK_TEXT(tpam_result_claims(result), "{}");
}

static void test_unknown_service(void)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("nowhere", NULL);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	CHECK(!tpam_result_accepted(result) && !tpam_result_accepted(NULL));
	CHECK(tpam_result_outcome(result) == TPAM_DENIED && tpam_result_status(result) == 403);
	CHECK(tpam_result_reason(result) == TPAM_REASON_UNKNOWN_SERVICE);
	CHECK_TEXT(tpam_result_got(result), "nowhere");
	CHECK(!tpam_result_rule(result) && !tpam_result_provider(result));
	CHECK(!tpam_result_trace(result, 0) && !tpam_result_trace(result, SIZE_MAX));
	CHECK(tpam_result_group_outcome(result, TPAM_AUTH) == 0);
	CHECK(strlen(tpam_result_request_id(result)) == 32);
	check_nobody(result);
	tpam_result_unref(result);
	CHECK(tpam_request_set(request, TPAM_ITEM_SERVICE, NULL, 0) == TPAM_OK);
	result = NULL;
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_E_ARGUMENT && !result);
	tpam_request_destroy(request);
}

static void test_result(void)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("api/delete", NULL);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	CHECK(tpam_result_outcome(result) == TPAM_DENIED);
	CHECK(tpam_result_reason(result) == TPAM_REASON_MISSING_SCOPE);
	CHECK_TEXT(tpam_result_id(result), "ok:alice"); /* known, and yet refused */
	CHECK_TEXT(tpam_result_scope(result, 0), "read");
	CHECK(!tpam_result_scope(result, 1) && !tpam_result_scope(result, SIZE_MAX));
	CHECK_TEXT(tpam_result_missing_scope(result, 0), "admin");
	CHECK(!tpam_result_missing_scope(result, 1));
	CHECK_TEXT(tpam_result_challenge(result, 0),
		"Bearer realm=\"api\", error=\"insufficient_scope\", "
		"error_description=\"A scope is missing.\", scope=\"admin\"");
	CHECK(!tpam_result_challenge(result, 1));
	CHECK(tpam_result_rule(result) && strstr(tpam_result_rule(result), "main.ini:"));
	CHECK(!tpam_result_provider(result));
	CHECK(tpam_result_group_outcome(result, TPAM_AUTH) == TPAM_SUCCESS);
	CHECK(tpam_result_group_outcome(result, TPAM_ACCOUNT) == 0);
	CHECK(tpam_result_group_outcome(result, TPAM_LOGIN) == 0);
	CHECK(tpam_result_trace(result, 0)->size == sizeof(struct tpam_trace_entry));
	CHECK_TEXT(tpam_result_trace(result, 0)->group, "auth");
	CHECK_TEXT(tpam_result_trace(result, 1)->group, "require");
	CHECK(!tpam_result_trace(result, 1)->provider && tpam_result_trace(result, 1)->notes);
	CHECK(!tpam_result_trace(result, 2));
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

/* ---- Reports, plugins ---- */

static void test_report(void)
{
	struct tpam_engine *none = NULL;
	struct tpam_report *report = NULL;
	struct tpam_engine_options options = {.size = sizeof(options),
		.config = sandbox_path("wrong.ini"),
		.plugin_path = getenv("TOKENPAM_PLUGINS")};
	CHECK(tpam_engine_open(&none, &options, &report) == TPAM_E_CONFIG && !none);
	CHECK(tpam_report_errors(report) == 1 && tpam_report_count(report) >= 1);
	const struct tpam_diagnostic *first = tpam_report_get(report, 0);
	CHECK(first && first->size == sizeof(*first) && first->severity == TPAM_SEVERITY_ERROR);
	CHECK(first && first->line == 3 && first->column == 1);
	CHECK(!tpam_report_get(report, tpam_report_count(report)));
	CHECK(!tpam_report_line(report, SIZE_MAX));
	char *line = tpam_report_line(report, 0);
	CHECK(line && strstr(line, "wrong.ini:3:1: got ") && strstr(line, ", expected "));
	tpam_free(line);
	tpam_report_destroy(report);
	CHECK(tpam_report_count(NULL) == 0 && tpam_report_errors(NULL) == 0);
	CHECK(!tpam_report_get(NULL, 0) && !tpam_report_line(NULL, 0));
	tpam_report_destroy(NULL);
}

static void test_plugins(void)
{
	const char *path = getenv("TOKENPAM_PLUGINS");
	struct tpam_report *report = NULL;
	char *json = NULL;
	CHECK(tpam_plugin_list(path, &json) == TPAM_OK);
	CHECK(json && strstr(json, "\"debug\"") && strstr(json, "\"static\""));
	tpam_free(json);
	json = NULL;
	CHECK(tpam_plugin_list("/nowhere:/dev/null::", &json) == TPAM_OK);
	CHECK_TEXT(json, "[]");
	tpam_free(json);
	json = NULL;
	CHECK(tpam_plugin_describe("debug", path, &json, &report) == TPAM_OK);
	CHECK(json && strstr(json, "\"test_only\":true"));
	tpam_free(json);
	tpam_report_destroy(report);
	json = NULL;
	static const char *const bad[] = {"", ".", "..", "debuk", "../debug", "a/b", "/nowhere.so",
		"/dev/null", "debug.so", "de\nbug"};
	for (size_t i = 0; i < COUNT(bad); i++) {
		report = NULL;
		CHECK(tpam_plugin_describe(bad[i], path, &json, &report) == TPAM_E_CONFIG && !json);
		CHECK(tpam_report_errors(report) > 0);
		tpam_report_destroy(report);
	}
	CHECK(tpam_plugin_describe("debuk", path, &json, NULL) == TPAM_E_CONFIG);
}

static void test_describe(void)
{
	char *json = NULL;
	CHECK(tpam_engine_describe(engine, "nowhere", &json) == TPAM_E_UNSET && !json);
	CHECK(tpam_engine_describe(engine, "api", &json) == TPAM_OK && json && *json == '{');
	tpam_free(json);
	json = NULL;
	CHECK(tpam_engine_describe(engine, NULL, &json) == TPAM_OK && json && *json == '{');
	tpam_free(json);
}

int main(void)
{
	sandbox_begin();
	sandbox_write("main.ini", "[tokenpam]\nmode = development\n"
				  "[provider:ok]\nplugin = debug\nsubject = alice\nscopes = read\n"
				  "[service:api]\nauth = required ok\n"
				  "[tool:api/delete]\nrequire_scopes = admin\n");
	sandbox_write("wrong.ini", "[tokenpam]\nmode = development\nmodee = x\n");
	test_options();
	engine = sandbox_engine("main.ini", (struct tpam_engine_options){.size = 0});
	test_statistics();
	test_counting();
	test_unknown_service();
	test_result();
	test_report();
	test_plugins();
	test_describe();
	tpam_engine_close(engine);
	sandbox_end();
	return check_end();
}
