/*
 * test_engine.c - an engine as a host has it: clocks, log, reload.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "../plugins/puppet.h"
#include "check.h"
#include "sandbox.h"

#define SECOND  INT64_C(1000000000)
#define EXPIRES INT64_C(1893456000) /* 2030-01-01T00:00:00Z */

static int64_t now = EXPIRES - 1000;
static char log_text[8192];
static int log_level;

static int64_t clock_now(void *data, enum tpam_clock_kind kind)
{
	CHECK(data == &now);
	return kind == TPAM_CLOCK_WALL ? now * SECOND : 1;
}

static void log_last(void *data, int level, const char *text)
{
	CHECK(data == log_text);
	log_level = level;
	(void)snprintf(log_text, sizeof(log_text), "%s", text);
	for (const char *c = text; *c; c++)
		CHECK((unsigned char)*c >= 0x20 && *c != 0x7F);
}

/* The token is "tp_soon". */
static const char tokens[] =
	"sha256:8d62bf820a9ff05464f076b819c86cd9bba7f7cbec68541c8c12029fcf228b7d "
	"subject=soon expires=2030-01-01T00:00:00Z\n";

static const char config[] = "[tokenpam]\n"
			     "mode = development\n"
			     "leeway = 10s\n"
			     "[provider:team]\n"
			     "plugin = static\n"
			     "tokens = tokens\n"
			     "[provider:puppet]\n"
			     "plugin = puppet\n"
			     "[provider:ok]\n"
			     "plugin = debug\n"
			     "[service:team]\n"
			     "auth = required team\n"
			     "[service:puppet]\n"
			     "auth = required puppet\n"
			     "[service:later]\n"
			     "auth = required ok\n"
			     "account = [default=ignore] puppet\n"
			     "account = required ok\n"
			     "session = optional puppet\n"
			     "session = required ok\n";

static const struct tpam_engine_options hooks = {
	.log = log_last, .log_data = log_text, .clock = clock_now, .clock_data = &now};

static struct tpam_engine *engine;

static struct tpam_result *decide(const char *target, const char *authorization, void *puppet)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request(target, authorization);
	tpam_request_set_host_pointer(request, puppet);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_request_destroy(request);
	if (!result)
		exit(check_end());
	return result;
}

/* ---- Times ---- */

struct moment {
	int64_t now;
	int32_t outcome;
};

static const struct moment expiries[] = {
	{EXPIRES - 1000, TPAM_SUCCESS},
	{EXPIRES, TPAM_SUCCESS},
	{EXPIRES + 9, TPAM_SUCCESS}, /* the leeway's last second */
	{EXPIRES + 10, TPAM_EXPIRED},
	{EXPIRES + 100000, TPAM_EXPIRED},
	{0, TPAM_SUCCESS},
};

static void test_expiry(void)
{
	for (size_t i = 0; i < sizeof(expiries) / sizeof(expiries[0]); i++) {
		now = expiries[i].now;
		struct tpam_result *result = decide("team", "Bearer tp_soon", NULL);
		bool good = expiries[i].outcome == TPAM_SUCCESS;
		CHECK(tpam_result_outcome(result) == expiries[i].outcome);
		CHECK(tpam_result_accepted(result) == good);
		CHECK(tpam_result_reason(result) ==
			(good ? TPAM_REASON_ACCEPTED : TPAM_REASON_EXPIRED));
		CHECK(tpam_result_expires_at(result) == (good ? EXPIRES : TPAM_TIME_UNSET));
		CHECK_TEXT(tpam_result_subject(result), good ? "soon" : NULL);
		tpam_result_unref(result);
	}
	now = EXPIRES - 1000;
}

struct timed {
	struct puppet puppet;
	int64_t not_before;
	int64_t expires;
	int32_t returned;
};

static void set(
	const struct tpam_host *host, struct tpam_call *call, int32_t field, const char *text)
{
	(void)host->set_text(call, field, text, strlen(text));
}

static int32_t play_timed(struct puppet *puppet, const struct tpam_host *host,
	struct tpam_call *call, const char *name)
{
	const struct timed *timed = (const struct timed *)(const void *)puppet;
	(void)name;
	set(host, call, TPAM_FIELD_SUBJECT, "timed");
	if (timed->not_before)
		(void)host->set_number(call, TPAM_FIELD_NOT_BEFORE, timed->not_before);
	if (timed->expires)
		(void)host->set_number(call, TPAM_FIELD_EXPIRES_AT, timed->expires);
	return timed->returned;
}

static const struct {
	int64_t not_before, expires;
	int32_t returned, outcome;
} times[] = {
	{5000, 0, TPAM_SUCCESS, TPAM_SUCCESS},
	{5010, 0, TPAM_SUCCESS, TPAM_SUCCESS},
	{5011, 0, TPAM_SUCCESS, TPAM_INVALID},
	{INT64_MAX, 0, TPAM_SUCCESS, TPAM_INVALID},
	{0, INT64_MAX, TPAM_SUCCESS, TPAM_SUCCESS},
	{0, 4991, TPAM_EXPIRING, TPAM_EXPIRING},
	{0, 4990, TPAM_EXPIRING, TPAM_EXPIRED},
	{0, 1, TPAM_SUCCESS, TPAM_EXPIRED},
	{5011, 4990, TPAM_SUCCESS, TPAM_EXPIRED},
	{5011, 4990, TPAM_DENIED, TPAM_DENIED},
};

static void test_times(void)
{
	now = 5000;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct timed timed = {{.auth = play_timed}, times[i].not_before, times[i].expires,
			times[i].returned};
		struct tpam_result *result = decide("puppet", NULL, &timed);
		CHECK(tpam_result_outcome(result) == times[i].outcome);
		CHECK(times[i].outcome != TPAM_INVALID ||
			tpam_result_reason(result) == TPAM_REASON_NOT_YET_VALID);
		tpam_result_unref(result);
	}
}

/* ---- The log ---- */

/* A client that may choose the request's id and the tool cannot push out of the log what was decided. */
static void test_log(void)
{
	char id[1025], tool[1025];
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("team", "Bearer wrong");
	memset(id, 'i', sizeof(id));
	memset(tool, 't', sizeof(tool));
	CHECK(tpam_request_set(request, TPAM_ITEM_REQUEST_ID, id, 1024) == TPAM_OK);
	CHECK(tpam_request_set(request, TPAM_ITEM_TOOL, tool, 1024) == TPAM_OK);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	CHECK(strlen(tpam_result_request_id(result)) == 1024);
	CHECK(strstr(log_text, "unknown_token") != NULL);
	CHECK(strstr(log_text, "team") != NULL);
	CHECK(!strstr(log_text, "wrong"));
	CHECK(log_level == TPAM_LOG_NOTICE);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

/* ---- Life ---- */

static void check_statistics(uint64_t generation, uint64_t reloads, uint64_t failures)
{
	struct tpam_statistics statistics = {.size = sizeof(statistics)};
	CHECK(tpam_engine_statistics(engine, &statistics) == TPAM_OK);
	CHECK(statistics.generation == generation);
	CHECK(statistics.reloads == reloads);
	CHECK(statistics.reload_failures == failures);
	CHECK(statistics.loaded_at == now);
}

static void test_reload(void)
{
	struct tpam_report *report = NULL;
	struct tpam_result *old = decide("later", NULL, NULL), *result;
	CHECK(tpam_result_accepted(old)); /* without a puppeteer the puppet ignores */
	CHECK_TEXT(tpam_result_subject(old), "debug");
	check_statistics(1, 0, 0);

	sandbox_write("main.ini", "[tokenpam]\nmode = development\n[service:later]\nauth = x\n");
	CHECK(tpam_engine_reload(engine, &report) == TPAM_E_CONFIG);
	CHECK(tpam_report_errors(report) > 0);
	CHECK(log_level == TPAM_LOG_ERROR);
	tpam_report_destroy(report);
	CHECK(tpam_engine_reload(engine, NULL) == TPAM_E_CONFIG);
	check_statistics(1, 0, 2);
	result = decide("later", NULL, NULL);
	CHECK(tpam_result_accepted(result));
	tpam_result_unref(result);

	sandbox_write("main.ini", "[tokenpam]\nmode = development\n[provider:ok]\nplugin = debug\n"
				  "subject = new\n[service:later]\nauth = required ok\n");
	CHECK(tpam_engine_reload(engine, &report) == TPAM_OK);
	CHECK(tpam_report_errors(report) == 0);
	tpam_report_destroy(report);
	check_statistics(2, 1, 2);
	result = decide("later", NULL, NULL);
	CHECK_TEXT(tpam_result_subject(result), "new");

	/* Results do not need the engine, nor the generation that runs. */
	tpam_engine_close(engine);
	tpam_engine_close(NULL);
	CHECK_TEXT(tpam_result_id(old), "ok:debug");
	CHECK_TEXT(tpam_result_id(result), "ok:new");
	CHECK(tpam_result_trace(old, 0) && strstr(tpam_result_trace(old, 0)->at, "main.ini:"));
	CHECK(tpam_result_ref(old) == old);
	tpam_result_unref(old);
	CHECK_TEXT(tpam_result_trace(old, 0)->plugin, "debug");
	tpam_result_unref(old);
	tpam_result_unref(result);
	tpam_result_unref(NULL);
}

#define GRANTED(grants)                                                                            \
	"[tokenpam]\nmode = development\n"                                                         \
	"[provider:p]\nplugin = person\nscopes = own\ntoken_scopes = keep\n" grants                \
	"[service:s]\nauth = required p\n"

static void check_granted(const struct tpam_result *result, const char *scope, const char *note)
{
	const struct tpam_trace_entry *entry = tpam_result_trace(result, 0);
	CHECK_TEXT(tpam_result_scope(result, 0), scope);
	CHECK_TEXT(tpam_result_scope(result, 1), "own");
	CHECK_TEXT(tpam_result_scope(result, 2), NULL);
	CHECK(entry && entry->notes[0] && strstr(entry->notes[0], note));
}

/* A result has what was granted then, also when the configuration is another, and when there is none. */
static void test_outlives(void)
{
	struct tpam_result *first = NULL, *second = NULL;
	sandbox_write("grants.ini", GRANTED("grant = any -> first\n"));
	struct tpam_engine *own = sandbox_engine("grants.ini", (struct tpam_engine_options){0});
	struct tpam_request *request = sandbox_request("s", NULL);
	CHECK(tpam_authenticate(own, request, &first) == TPAM_OK);
	sandbox_write("grants.ini", GRANTED("grant = subject:alice -> second\n"));
	CHECK(tpam_engine_reload(own, NULL) == TPAM_OK);
	CHECK(tpam_authenticate(own, request, &second) == TPAM_OK);
	tpam_request_destroy(request);
	tpam_engine_close(own);
	check_granted(first, "first", "grants.ini:7: any -> first");
	check_granted(second, "second", "grants.ini:7: subject:alice -> second");
	tpam_result_unref(first);
	tpam_result_unref(second);
}

int main(void)
{
	sandbox_begin();
	sandbox_write("tokens", tokens);
	sandbox_write("main.ini", config);
	engine = sandbox_engine("main.ini", hooks);
	test_expiry();
	test_times();
	test_log();
	tpam_engine_close(engine);
	engine = sandbox_engine("main.ini", hooks);
	test_reload();
	test_outlives();
	sandbox_end();
	return check_end();
}
