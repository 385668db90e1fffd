/*
 * test_audit_only.c - services that refuse nobody: until when, as whom, and what is told of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <semaphore.h>

#include "../plugins/puppet.h"

#include "lines.h"

#define SECOND INT64_C(1000000000)
#define NOW    INT64_C(1767225600) /* 2026-01-01T00:00:00Z */
#define END    (NOW + 9 * INT64_C(86400))

static const char ini[] =
	"[tokenpam]\nmode = development\nleeway = 0s\n"
	"[audit]\nsink = file:only.jsonl\n"
	"[provider:who]\nplugin = puppet\n"
	"[provider:busy]\nplugin = puppet_blocking\n"
	"[provider:hub]\nplugin = person\nsubject = alice\nscopes = read\n"
	"[provider:no]\nplugin = deny\n"
	"[hub]\nauth = required hub\n"
	"[service:notes]\ninherit = no\nauth = required who\nrequire_scopes = read\n"
	"audit_only = until 2026-01-10\npublic_tools = ping\n"
	"[tool:notes/drop]\naccess = deny\n"
	"[tool:notes/edit]\nrequire_scopes = write\n"
	"[service:lenient]\nrequire_scopes = write\naudit_only = until 2026-01-10\n"
	"[service:hard]\n[service:harder]\nrequire_scopes = write\n"
	"[service:slow]\ninherit = no\nauth = required busy\naudit_only = until 2026-01-10\n"
	"[service:closed]\naccount = required no\naudit_only = until 2026-01-10\n";

/* ---- The stage ---- */

static int64_t wall, monotonic; /* nanoseconds */
static char logged[2048];

static int64_t read_clock(void *data, enum tpam_clock_kind kind)
{
	(void)data;
	return kind == TPAM_CLOCK_WALL ? wall : monotonic;
}

static void keep_line(void *data, int level, const char *text)
{
	(void)data;
	(void)level;
	(void)snprintf(logged, sizeof(logged), "%s", text);
}

static struct tpam_engine *engine_new(void)
{
	wall = NOW * SECOND;
	monotonic = SECOND;
	sandbox_write("only.ini", ini);
	(void)remove(sandbox_path("only.jsonl"));
	return sandbox_engine(
		"only.ini", (struct tpam_engine_options){.clock = read_clock, .log = keep_line});
}

/* The one who is played, and what becomes of them. */
struct person {
	struct puppet puppet;
	int32_t outcome;
	const char *scope;
	const struct tpam_host *host;
	struct tpam_waker *waker;
	sem_t begun, end;
};

static void set(
	const struct tpam_host *host, struct tpam_call *call, int32_t field, const char *text)
{
	CHECK(host->set_text(call, field, text, strlen(text)) == TPAM_OK);
}

/* Says who it is also where it then refuses. */
static int32_t play(struct puppet *puppet, const struct tpam_host *host, struct tpam_call *call,
	const char *name)
{
	const struct person *person = (const struct person *)puppet;

	(void)name;
	set(host, call, TPAM_FIELD_SUBJECT, "alice");
	set(host, call, TPAM_FIELD_EMAIL, "alice@a.example");
	set(host, call, TPAM_FIELD_TENANT, "acme");
	set(host, call, TPAM_FIELD_CLAIMS, "{\"admin\":true}");
	CHECK(host->add_text(call, TPAM_FIELD_SCOPES, person->scope, strlen(person->scope)) ==
		TPAM_OK);
	CHECK(host->add_text(call, TPAM_FIELD_ROLES, "admin", 5) == TPAM_OK);
	return person->outcome;
}

static int32_t wait_for_ever(struct puppet *puppet, const struct tpam_host *host,
	struct tpam_call *call, const char *name)
{
	struct person *person = (struct person *)puppet;

	(void)name;
	person->host = host;
	person->waker = host->park(call);
	return person->waker ? TPAM_PENDING : TPAM_UNAVAILABLE;
}

static int32_t block(struct puppet *puppet, const struct tpam_host *host, struct tpam_call *call,
	const char *name)
{
	struct person *person = (struct person *)puppet;

	(void)host;
	(void)call;
	(void)name;
	CHECK(sem_post(&person->begun) == 0 && sem_wait(&person->end) == 0);
	return TPAM_IGNORE;
}

static struct tpam_result *ask(
	struct tpam_engine *engine, const char *target, struct person *person)
{
	struct tpam_request *request = sandbox_request(target, "Bearer x");
	struct tpam_result *result = NULL;

	tpam_request_set_host_pointer(request, person);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_request_destroy(request);
	return result;
}

static struct person person_of(int32_t outcome, const char *scope)
{
	return (struct person){.puppet = {.auth = play}, .outcome = outcome, .scope = scope};
}

static void check_passes(const struct tpam_result *result, int32_t outcome, int32_t reason)
{
	CHECK(tpam_result_accepted(result) && !tpam_result_enforced(result));
	CHECK(tpam_result_outcome(result) == outcome && tpam_result_reason(result) == reason);
	CHECK(tpam_result_status(result) == 200 && !tpam_result_challenge(result, 0));
	CHECK(tpam_result_retry_after(result) == 0);
	CHECK_TEXT(tpam_result_message(result), "Accepted.");
}

/* ---- Until when ---- */

/* The same engine, to the second: nothing has to be loaded again. */
static void test_until(void)
{
	struct tpam_engine *engine = engine_new();
	struct person bad = person_of(TPAM_INVALID, "read");
	char rule[PATH_MAX + 32];

	wall = END * SECOND - 1;
	struct tpam_result *result = ask(engine, "notes", &bad);
	check_passes(result, TPAM_INVALID, TPAM_REASON_REJECTED);
	const struct tpam_trace_entry *entry = tpam_result_trace(result, 1);
	(void)snprintf(rule, sizeof(rule), "%s:22", sandbox_path("only.ini"));
	CHECK(entry && !tpam_result_trace(result, 2));
	CHECK_TEXT(entry ? entry->group : NULL, "enforce");
	CHECK_TEXT(entry ? entry->at : NULL, rule);
	CHECK_TEXT(entry ? entry->rule : NULL, "audit_only = until 2026-01-10");
	CHECK_TEXT(tpam_result_provider(result), "who");
	tpam_result_unref(result);
	wall = END * SECOND;
	result = ask(engine, "notes", &bad);
	CHECK(!tpam_result_accepted(result) && tpam_result_enforced(result));
	CHECK(tpam_result_status(result) == 401 && tpam_result_challenge(result, 0));
	CHECK(!tpam_result_trace(result, 1) && !tpam_result_id(result));
	tpam_result_unref(result);
	tpam_engine_close(engine);
}

/* ---- As whom ---- */

/* Whatever a provider has said of somebody whom it then refuses, nobody hears of it. */
static void test_nobody(void)
{
	static const int32_t outcomes[] = {TPAM_INVALID, TPAM_EXPIRED, TPAM_REVOKED, TPAM_FOREIGN,
		TPAM_MALFORMED, TPAM_STEP_UP, TPAM_DENIED, TPAM_RATE_LIMITED, TPAM_UNAVAILABLE,
		TPAM_ERROR, 99};
	struct tpam_engine *engine = engine_new();

	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		struct person person = person_of(outcomes[i], "read");
		struct tpam_request *next = sandbox_request("notes", NULL);
		struct tpam_result *result = ask(engine, "notes", &person);
		CHECK(tpam_result_accepted(result) && !tpam_result_enforced(result));
		CHECK_TEXT(tpam_result_id(result), "tokenpam:anonymous");
		CHECK(!tpam_result_email(result) && !tpam_result_tenant(result));
		CHECK(!tpam_result_scope(result, 0) && !tpam_result_role(result, 0));
		CHECK(!tpam_result_has_scope(result, "read"));
		CHECK_TEXT(tpam_result_claims(result), "{}");
		/* And nobody can be asked for again as somebody. */
		CHECK(tpam_request_set_result(next, result) == TPAM_E_ARGUMENT);
		tpam_request_destroy(next);
		tpam_result_unref(result);
	}
	tpam_engine_close(engine);
}

static struct tpam_result *ask_again(
	struct tpam_engine *engine, const char *target, struct tpam_result *who)
{
	struct tpam_request *request = sandbox_request(target, NULL);
	struct tpam_result *result = NULL;

	CHECK(tpam_request_set_result(request, who) == TPAM_OK);
	CHECK(tpam_authorize(engine, request, &result) == TPAM_OK);
	tpam_request_destroy(request);
	return result;
}

/* Who was recognised is who they are, also where they come again, and may there what they may. */
static void test_recognised(void)
{
	static const struct {
		const char *service;
		int32_t outcome;
		bool accepted, enforced;
	} rows[] = {{"lenient", TPAM_DENIED, true, false}, {"closed", TPAM_DENIED, true, false},
		{"hard", TPAM_SUCCESS, true, true}, {"harder", TPAM_DENIED, false, true}};
	struct tpam_engine *engine = engine_new();
	struct tpam_result *who = ask(engine, "lenient", NULL);

	check_passes(who, TPAM_DENIED, TPAM_REASON_MISSING_SCOPE);
	CHECK_TEXT(tpam_result_id(who), "hub:alice");
	CHECK_TEXT(tpam_result_missing_scope(who, 0), "write");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tpam_result *result = ask_again(engine, rows[i].service, who);
		CHECK(tpam_result_outcome(result) == rows[i].outcome);
		CHECK(tpam_result_accepted(result) == rows[i].accepted);
		CHECK(tpam_result_enforced(result) == rows[i].enforced);
		CHECK_TEXT(tpam_result_id(result), "hub:alice");
		tpam_result_unref(result);
	}
	wall = END * SECOND;
	struct tpam_result *late = ask_again(engine, "lenient", who);
	CHECK(!tpam_result_accepted(late) && tpam_result_status(late) == 403);
	tpam_result_unref(late);
	late = ask_again(engine, "closed", who);
	CHECK(!tpam_result_accepted(late));
	tpam_result_unref(late);
	tpam_result_unref(who);
	tpam_engine_close(engine);
}

/* ---- Many tools ---- */

static uint64_t permits(const struct tpam_result *result, const struct tpam_tools *tools)
{
	uint64_t bits[1] = {UINT64_MAX};

	CHECK(tpam_permits(result, tools, bits) == TPAM_OK);
	return bits[0];
}

/* All tools, for whomever, until the end; then what a request would come to. */
static void test_permits(void)
{
	static const char *const names[] = {"list", "edit", "drop", "ping"};
	static const struct {
		int32_t outcome;
		const char *scope;
		uint64_t after;
	} rows[] = {{TPAM_SUCCESS, "read", 0x9}, {TPAM_SUCCESS, "none", 0}, {TPAM_INVALID, "x", 0},
		{TPAM_UNAVAILABLE, "x", 0}};
	struct tpam_engine *engine = engine_new();
	struct tpam_tools *tools = NULL;

	CHECK(tpam_tools_create(&tools, engine, "notes", names, NULL, 4) == TPAM_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct person person = person_of(rows[i].outcome, rows[i].scope);
		wall = NOW * SECOND;
		struct tpam_result *result = ask(engine, "notes", &person);
		CHECK(permits(result, tools) == 0xF);
		wall = END * SECOND;
		CHECK(permits(result, tools) == rows[i].after);
		tpam_result_unref(result);
	}
	tpam_tools_destroy(tools);
	tpam_engine_close(engine);
}

/* ---- Other ways to a result ---- */

static void take(void *data, int code, struct tpam_result *result)
{
	CHECK(code == TPAM_OK);
	*(struct tpam_result **)data = result;
}

/* What comes too late passes, too: it was waited for, or a worker has it and does not give it back. */
static void test_late(const char *service, puppet_fn *play_late)
{
	struct tpam_engine *engine = engine_new();
	struct person person = {.puppet = {.auth = play_late}};
	struct tpam_request *request = sandbox_request(service, "Bearer x");
	struct tpam_loop *loop = NULL;
	struct tpam_operation *operation = NULL;
	struct tpam_result *result = NULL;

	CHECK(sem_init(&person.begun, 0, 0) == 0 && sem_init(&person.end, 0, 0) == 0);
	tpam_request_set_host_pointer(request, &person);
	tpam_request_set_deadline(request, 2 * SECOND);
	CHECK(tpam_loop_create(&loop, engine) == TPAM_OK);
	CHECK(tpam_begin(loop, request, take, &result, &operation, &result) == TPAM_PENDING);
	if (play_late == block)
		CHECK(sem_wait(&person.begun) == 0);
	monotonic = 3 * SECOND;
	CHECK(tpam_loop_run(loop) == 1);
	if (result) {
		check_passes(result, TPAM_UNAVAILABLE, TPAM_REASON_DEADLINE);
		CHECK_TEXT(tpam_result_id(result), "tokenpam:anonymous");
	}
	tpam_result_unref(result);
	if (person.waker)
		person.host->waker_release(person.waker);
	CHECK(sem_post(&person.end) == 0);
	tpam_request_destroy(request);
	tpam_loop_destroy(loop);
	tpam_engine_close(engine);
}

/* A simulation tells that it would not be enforced, and lets nobody in all the same. */
static void test_simulated(void)
{
	static const char *const names[] = {"list"};
	struct tpam_engine *engine = engine_new();
	struct tpam_simulation *simulation = tpam_simulation_create();
	struct tpam_request *request = sandbox_request("notes", NULL);
	struct tpam_tools *tools = NULL;
	struct tpam_result *result = NULL;

	CHECK(tpam_simulation_add(simulation, "who", TPAM_INVALID) == TPAM_OK);
	CHECK(tpam_simulate(engine, request, simulation, &result) == TPAM_OK);
	CHECK(tpam_result_outcome(result) == TPAM_INVALID && !tpam_result_enforced(result));
	CHECK(!tpam_result_accepted(result));
	CHECK(tpam_request_set_result(request, result) == TPAM_E_ARGUMENT);
	CHECK(tpam_tools_create(&tools, engine, "notes", names, NULL, 1) == TPAM_OK);
	CHECK(permits(result, tools) == 0);
	tpam_tools_destroy(tools);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	tpam_simulation_destroy(simulation);
	tpam_engine_close(engine);
}

/* ---- What is told ---- */

/* As it was decided, and of whom: an identity that stands in is nobody's. */
static void check_records(const struct line *lines)
{
	CHECK_TEXT(line_text(&lines[0], "outcome"), "invalid");
	CHECK(line_number(&lines[0], "status") == 401);
	CHECK(strstr(lines[0].text, "\"enforced\":false,") != NULL);
	CHECK(!line_get(&lines[0], "id") && !line_get(&lines[0], "subject"));
	CHECK_TEXT(line_text(&lines[0], "provider"), "who");
	CHECK_TEXT(line_text(&lines[1], "outcome"), "denied");
	CHECK_TEXT(line_text(&lines[1], "id"), "who:alice");
	CHECK(strstr(lines[1].text, "\"enforced\":false,") != NULL);
	CHECK(!line_get(&lines[2], "enforced") && !line_get(&lines[3], "enforced"));
}

static void test_recorded(void)
{
	struct tpam_engine *engine = engine_new();
	struct person bad = person_of(TPAM_INVALID, "read"), good = person_of(TPAM_SUCCESS, "read");
	struct tpam_statistics statistics = {.size = sizeof(statistics)};

	tpam_result_unref(ask(engine, "notes", &bad));
	CHECK(strstr(logged, "to notes passes, which would be refused: invalid, rejected") != NULL);
	tpam_result_unref(ask(engine, "notes/edit", &good));
	tpam_result_unref(ask(engine, "notes", &good));
	wall = END * SECOND;
	tpam_result_unref(ask(engine, "notes", &bad));
	CHECK(strstr(logged, "to notes refused: invalid, rejected") != NULL);
	CHECK(tpam_engine_statistics(engine, &statistics) == TPAM_OK);
	CHECK(statistics.decisions == 4 && statistics.accepted == 1);
	CHECK(statistics.outcomes[TPAM_INVALID] == 2 && statistics.outcomes[TPAM_DENIED] == 1);
	CHECK(statistics.unenforced == 2);
	tpam_engine_close(engine);
	struct lines lines = lines_read(sandbox_path("only.jsonl"));
	CHECK(lines.count == 4);
	if (lines.count == 4)
		check_records(lines.list);
	lines_finish(&lines);
}

static void test_json(void)
{
	struct tpam_engine *engine = engine_new();
	struct person bad = person_of(TPAM_INVALID, "read"), good = person_of(TPAM_SUCCESS, "read");
	struct tpam_result *passes = ask(engine, "notes", &bad);
	struct tpam_result *accepted = ask(engine, "notes", &good);
	char *text = NULL, *other = NULL;

	CHECK(tpam_result_json(passes, &text) == TPAM_OK);
	CHECK(tpam_result_json(accepted, &other) == TPAM_OK);
	CHECK(text && strstr(text, "{\"outcome\":\"invalid\",\"enforced\":false,"));
	CHECK(text && strstr(text, "\"status\":200,\"message\":\"Accepted.\""));
	CHECK(other && !strstr(other, "enforced"));
	tpam_free(text);
	tpam_free(other);
	tpam_result_unref(passes);
	tpam_result_unref(accepted);
	tpam_engine_close(engine);
}

int main(void)
{
	sandbox_begin();
	test_until();
	test_nobody();
	test_recognised();
	test_permits();
	test_late("notes", wait_for_ever);
	test_late("slow", block);
	test_simulated();
	test_recorded();
	test_json();
	sandbox_end();
	return check_end();
}
