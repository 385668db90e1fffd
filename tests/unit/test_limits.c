/*
 * test_limits.c - every limit: what just fits passes, one more does not, and what is too much is refused, not dropped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "../plugins/puppet.h"
#include "check.h"
#include "identity.h"
#include "request_id.h"
#include "sandbox.h"
#include "trace.h"

#define MANY_RULES                                                                                 \
	300 /* more than the runs that one rule may have, and than the records that are expected */
#define KIB 1024

typedef const struct tpam_host table;

static char large[128 * KIB];
static struct tpam_engine *engine;

static const char *filled(char c, size_t length)
{
	memset(large, c, length);
	large[length] = '\0';
	return large;
}

static void set(table *host, struct tpam_call *call, int32_t field, const char *text)
{
	(void)host->set_text(call, field, text, strlen(text));
}

static struct tpam_result *decide(const struct tpam_request *request)
{
	struct tpam_result *result = NULL;
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	if (!result)
		exit(check_end());
	return result;
}

/* ---- What a client sends ---- */

static int32_t accept_all(
	struct puppet *puppet, table *host, struct tpam_call *call, const char *name)
{
	(void)puppet;
	set(host, call, TPAM_FIELD_SUBJECT, name);
	return TPAM_SUCCESS;
}

static struct puppet accepting = {.auth = accept_all};

static void check_request(struct tpam_request *request, int32_t outcome, int32_t reason)
{
	tpam_request_set_host_pointer(request, &accepting);
	struct tpam_result *result = decide(request);
	CHECK(tpam_result_outcome(result) == outcome);
	CHECK(tpam_result_reason(result) == reason);
	CHECK(outcome == TPAM_SUCCESS || !strstr(tpam_result_got(result), "aaaa"));
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static struct tpam_request *with_token(const char *service, const char *scheme, size_t length)
{
	char value[256];
	(void)snprintf(value, sizeof(value), "%s %.200s", scheme, filled('a', length));
	return sandbox_request(service, value);
}

static struct tpam_request *with_headers(size_t size)
{
	struct tpam_request *request = sandbox_request("bearer", NULL);
	CHECK(tpam_request_add_header(request, "A", "b") == TPAM_OK); /* 6 bytes with CR LF */
	CHECK(tpam_request_add_header(request, "C", filled('a', size - 6 - 5)) == TPAM_OK);
	return request;
}

#define PASSES  TPAM_SUCCESS, TPAM_REASON_ACCEPTED
#define REFUSED TPAM_MALFORMED, TPAM_REASON_TOO_LARGE

static void test_request(void)
{
	check_request(with_token("bearer", "Bearer", 64), PASSES);
	check_request(with_token("bearer", "Bearer", 65), REFUSED);
	check_request(with_token("basic", "Basic", 68), REFUSED);
	check_request(with_token("basic", "Bearer", 65), PASSES); /* not its credential */
	check_request(with_headers(1024), PASSES);
	check_request(with_headers(1025), REFUSED);

	struct tpam_request *request = sandbox_request("header", NULL);
	CHECK(tpam_request_add_header(request, "X-Key", filled('a', 64)) == TPAM_OK);
	check_request(request, PASSES);
	request = sandbox_request("header", NULL);
	CHECK(tpam_request_add_header(request, "X-Key", filled('a', 65)) == TPAM_OK);
	check_request(request, REFUSED);
}

static void check_arguments(const char *text, int32_t outcome, int32_t reason)
{
	struct tpam_request *request = sandbox_request("bearer", NULL);
	CHECK(tpam_request_set(request, TPAM_ITEM_TOOL_ARGUMENTS, text, strlen(text)) == TPAM_OK);
	check_request(request, outcome, reason);
}

static void test_arguments(void)
{
	check_arguments("{\"a\":{\"b\":[1]}}", PASSES);
	check_arguments("{\"a\":{\"b\":[[]]}}", REFUSED);
}

/* ---- What a provider sets ---- */

struct claims {
	struct puppet puppet;
	const char *text;
};

static int32_t set_claims(
	struct puppet *puppet, table *host, struct tpam_call *call, const char *name)
{
	set(host, call, TPAM_FIELD_SUBJECT, name);
	set(host, call, TPAM_FIELD_CLAIMS, ((struct claims *)(void *)puppet)->text);
	return TPAM_SUCCESS;
}

static void check_claims(const char *text, bool good)
{
	struct claims claims = {{.auth = set_claims}, text};
	struct tpam_request *request = sandbox_request("bearer", NULL);
	tpam_request_set_host_pointer(request, &claims);
	struct tpam_result *result = decide(request);
	CHECK(tpam_result_accepted(result) == good);
	CHECK_TEXT(tpam_result_claims(result), good ? text : "{}");
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void test_claims(void)
{
	check_claims("{\"a\":{\"b\":[1]}}", true);
	check_claims("{\"a\":{\"b\":[[]]}}", false);
	check_claims("{\"a\":\"[[[[[[[[\"}", true);
	check_claims("{\"a\":1,\"a\":1}", false);
}

static void test_fields(void)
{
	struct arena arena = {0};
	struct identity identity = {.arena = &arena};
	CHECK(identity_set_text(&identity, TPAM_FIELD_SUBJECT, filled('a', 4097), 4097, 9) ==
		TPAM_E_LIMIT);
	CHECK(!identity_complete(&identity));
	CHECK(identity_set_text(&identity, TPAM_FIELD_SUBJECT, large, 4096, 9) == TPAM_OK);
	CHECK(identity_add_text(&identity, TPAM_FIELD_ROLES, large, 4097) == TPAM_E_LIMIT);
	CHECK(identity_add_text(&identity, TPAM_FIELD_ROLES, large, 4096) == TPAM_OK);
	CHECK(identity_add_text(&identity, TPAM_FIELD_SCOPES, large, 257) == TPAM_E_ARGUMENT);
	CHECK(identity_add_text(&identity, TPAM_FIELD_SCOPES, large, 256) == TPAM_OK);
	for (int i = 0; i < LIST_MAX; i++) {
		char group[16];
		int length = snprintf(group, sizeof(group), "g%d", i);
		CHECK(identity_add_text(&identity, TPAM_FIELD_GROUPS, group, (size_t)length) ==
			TPAM_OK);
	}
	CHECK(identity_add_text(&identity, TPAM_FIELD_GROUPS, "more", 4) == TPAM_E_LIMIT);
	CHECK(identity.fields[TPAM_FIELD_GROUPS].list.count == LIST_MAX);
	filled(' ', 64 * KIB + 1);
	memcpy(large, "{}", 2);
	CHECK(identity_set_text(&identity, TPAM_FIELD_CLAIMS, large, 64 * KIB + 1, 9) ==
		TPAM_E_LIMIT);
	CHECK(identity_set_text(&identity, TPAM_FIELD_CLAIMS, large, 64 * KIB, 9) == TPAM_OK);
	arena_finish(&arena);
}

/* Digits of 128 bits, each of which occurs in each place, and never the same twice. */
static void test_request_id(void)
{
	static char ids[1000][REQUEST_ID_SIZE];
	unsigned seen[32] = {0};
	for (size_t i = 0; i < 1000; i++) {
		CHECK(request_id_make(ids[i]) && strlen(ids[i]) == 32);
		CHECK(strspn(ids[i], "0123456789abcdef") == 32);
		for (size_t k = 0; k < 32; k++)
			seen[k] |= 1U << strtoul((const char[]){ids[i][k], '\0'}, NULL, 16);
		for (size_t k = 0; k < i; k++)
			CHECK(strcmp(ids[i], ids[k]) != 0);
	}
	for (size_t k = 0; k < 32; k++)
		CHECK(seen[k] == 0xFFFF);
}

static void test_list(void)
{
	struct list list = {0}, other = {0};
	CHECK(list_get(&list, 0) == NULL && !list_has(&list, ""));
	for (int i = 0; i < LIST_MAX; i++) {
		char text[16];
		int length = snprintf(text, sizeof(text), "%d", i);
		CHECK(list_add(&list, text, (size_t)length));
		CHECK(list.items[list.count] == NULL);
	}
	CHECK(!list_add(&list, "x", 1) && list.count == LIST_MAX);
	CHECK(list_add_new(&list, "7", 1) && list.count == LIST_MAX);
	CHECK(!list_add_new(&list, "7x", 2));
	CHECK(list_copy(&other, &list) && other.count == LIST_MAX);
	list_finish(&other);
	list_finish(&list);
	CHECK(list.count == 0);
}

static void test_arena_list(void)
{
	struct arena arena = {0};
	struct list list = {0}, other = {0};
	for (int i = 0; i < LIST_MAX; i++) {
		char text[16];
		int length = snprintf(text, sizeof(text), "%d", i);
		CHECK(arena_list_add(&arena, &list, text, (size_t)length));
		CHECK(list.items[list.count] == NULL);
	}
	CHECK(!arena_list_add(&arena, &list, "x", 1) && list.count == LIST_MAX);
	CHECK(arena_list_add_new(&arena, &list, "7", 1) && list.count == LIST_MAX);
	CHECK(!arena_list_add_new(&arena, &list, "7x", 2));
	CHECK(arena_list_add(&arena, &other, "77", 2) && arena_list_add(&arena, &other, "x", 1));
	const struct list shared = list;
	CHECK(arena_list_intersect(&arena, &list, &other));
	CHECK(list.count == 1 && list.items[1] == NULL);
	CHECK_TEXT(list.items[0], "77");
	CHECK(shared.count == LIST_MAX);
	CHECK_TEXT(shared.items[1], "1");
	CHECK_TEXT(shared.items[0], "0");
	CHECK(arena_list_copy(&arena, &list, &other) && list.count == 2);
	other = (struct list){0};
	CHECK(arena_list_intersect(&arena, &list, &other));
	CHECK(list.count == 0 && list_get(&list, 0) == NULL);
	arena_finish(&arena);
}

static void test_arena(void)
{
	struct arena arena;
	_Alignas(16) char room[64];
	arena_init(&arena, room, sizeof(room));
	for (size_t size = 0; size < 5000; size += 7) {
		char *piece = arena_take(&arena, size);
		CHECK(piece && (uintptr_t)piece % 16 == 0);
		memset(piece, 'x', size);
	}
	CHECK(!arena_take(&arena, SIZE_MAX) && !arena_copy(&arena, "x", SIZE_MAX));
	CHECK(!arena_take(&arena, (size_t)256 << 20));
	CHECK_TEXT(arena_format(&arena, "%s-%d", "a", 5), "a-5");
	CHECK_TEXT(arena_copy(&arena, "abc", 2), "ab");
	arena_finish(&arena);
	CHECK(!arena.chunks && !arena.left);
}

/* ---- What goes into the trace and to the client ---- */

static void test_trace(void)
{
	struct arena arena = {0};
	struct trace trace = {.arena = &arena};
	struct trace_record *record = trace_add(&trace);
	CHECK(trace_expected(record, filled('a', 512)) && strlen(record->expected) == 512);
	CHECK(trace_expected(record, filled('a', 513)) && strlen(record->expected) == 512);
	filled('a', 511);
	memcpy(large + 511, "\xE2\x82\xAC", 4); /* is not cut in two */
	CHECK(trace_expected(record, large) && strlen(record->expected) == 511);
	CHECK(trace_got(record, filled('\x80', 5000)) && strlen(record->got) <= 512);
	CHECK(strspn(record->got, "?") == strlen(record->got));
	CHECK(trace_expected(record, NULL) && !record->expected);
	for (int i = 0; i < TRACE_NOTES_MAX + 5; i++)
		CHECK(trace_note(record, large));
	CHECK(record->notes.count == TRACE_NOTES_MAX);
	for (int i = 0; i < 40; i++)
		CHECK(trace_parameter(record, "a", "b", "c"));
	CHECK(record->parameter_count <= 16);
	trace_settle(&trace);
	CHECK(trace.records[0].entry.notes[TRACE_NOTES_MAX] == NULL);
	arena_finish(&arena);
}

static int32_t say_much(
	struct puppet *puppet, table *host, struct tpam_call *call, const char *name)
{
	static const char owner;
	char text[16];
	(void)puppet;
	(void)name;
	for (int i = 0; i < 200; i++) {
		(void)snprintf(text, sizeof(text), "p%d", i);
		(void)host->challenge(call, i % 2 ? "Bearer" : text, text, filled('"', 5000));
		void **slot = host->slot(call, &owner, text, NULL);
		CHECK(!slot || !*slot);
	}
	host->retry_after(call, INT64_MAX);
	host->reason(call, TPAM_REASON_REJECTED, filled('e', 9000), large);
	return TPAM_INVALID;
}

/* A refusal stays the one that it is, however much is said about it. */
static void test_challenge(void)
{
	struct puppet puppet = {.auth = say_much};
	struct tpam_request *request = sandbox_request("bearer", NULL);
	tpam_request_set_host_pointer(request, &puppet);
	struct tpam_result *result = decide(request);
	CHECK(tpam_result_outcome(result) == TPAM_INVALID);
	for (size_t i = 0; tpam_result_challenge(result, i); i++)
		CHECK(strlen(tpam_result_challenge(result, i)) <= 16 * KIB);
	CHECK(tpam_result_challenge(result, 0) &&
		strncmp(tpam_result_challenge(result, 0), "Bearer realm=", 13) == 0);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

/* Each rule is a call of its own, and each identity its own rule's: of the two kinds, one sets nothing. */
static int32_t accept_odd(
	struct puppet *puppet, table *host, struct tpam_call *call, const char *name)
{
	static unsigned rules;
	(void)puppet;
	(void)name;
	if (++rules % 2 == 0)
		return TPAM_IGNORE;
	(void)host->set_text(call, TPAM_FIELD_SUBJECT, "somebody", 8);
	return TPAM_SUCCESS;
}

static void test_many_rules(void)
{
	struct puppet puppet = {.auth = accept_odd};
	struct tpam_request *request = sandbox_request("rules", NULL);
	tpam_request_set_host_pointer(request, &puppet);
	struct tpam_result *result = decide(request);
	CHECK(tpam_result_accepted(result));
	CHECK_TEXT(tpam_result_subject(result), "somebody");
	CHECK(tpam_result_trace(result, MANY_RULES - 1) && !tpam_result_trace(result, MANY_RULES));
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void test_missing_scopes(void)
{
	struct tpam_request *request = sandbox_request("many", NULL);
	tpam_request_set_host_pointer(request, &accepting);
	struct tpam_result *result = decide(request);
	CHECK(tpam_result_outcome(result) == TPAM_DENIED);
	CHECK(tpam_result_reason(result) == TPAM_REASON_MISSING_SCOPE);
	CHECK(tpam_result_missing_scope(result, 149) && !tpam_result_missing_scope(result, 150));
	CHECK(tpam_result_challenge(result, 0) &&
		strstr(tpam_result_challenge(result, 0), "insufficient_scope"));
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

/* ---- What the configuration may say and be ---- */

static const struct {
	const char *line;
	bool good;
} settings[] = {
	{"max_token = 16B", true},
	{"max_token = 15B", false},
	{"max_token = 1MiB", true},
	{"max_token = 1025KiB", false},
	{"max_token = 0B", false},
	{"max_token = 16", false},
	{"max_token = -1KiB", false},
	{"max_token = 99999999999999999999KiB", false},
	{"max_token = 18014398509481985KiB", false}, /* 2^64 + 1024 bytes */
	{"max_headers = 1KiB", true},
	{"max_headers = 1023B", false},
	{"max_headers = 1MiB", true},
	{"max_headers = 2MiB", false},
	{"max_json_depth = 1", true},
	{"max_json_depth = 0", false},
	{"max_json_depth = 128", true},
	{"max_json_depth = 129", false},
	{"max_json_depth = 4294967297", false},
	{"leeway = 0s", true},
	{"leeway = 9223372036854775807h", false},
	{"leeway = -1s", false},
};

static int open_text(const char *text, struct tpam_engine_options options)
{
	struct tpam_engine *opened = NULL;
	options.size = sizeof(options);
	options.config = sandbox_path("limit.ini");
	options.plugin_path = getenv("TOKENPAM_PLUGINS");
	sandbox_write("limit.ini", text);
	int code = tpam_engine_open(&opened, &options, NULL);
	tpam_engine_close(opened);
	return code;
}

static void test_settings(void)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		char text[256];
		(void)snprintf(text, sizeof(text), "[tokenpam]\n%s\n", settings[i].line);
		int code = open_text(text, (struct tpam_engine_options){.size = 0});
		if (code != (settings[i].good ? TPAM_OK : TPAM_E_CONFIG))
			fprintf(stderr, "%s\n", settings[i].line);
		CHECK(code == (settings[i].good ? TPAM_OK : TPAM_E_CONFIG));
	}
}

static void test_files(void)
{
	static const char text[] = "include = other.ini\n[tokenpam]\n";
	static const char other[] = "include = third.ini\n";
	uint64_t size = sizeof(text) - 1 + sizeof(other) - 1;
	sandbox_write("other.ini", other);
	sandbox_write("third.ini", "");
	CHECK(open_text(text, (struct tpam_engine_options){.config_size = size}) == TPAM_OK);
	CHECK(open_text(text, (struct tpam_engine_options){.config_size = size - 1}) ==
		TPAM_E_CONFIG);
	CHECK(open_text(text, (struct tpam_engine_options){.config_size = 1}) == TPAM_E_CONFIG);
	CHECK(open_text(text, (struct tpam_engine_options){.config_size = UINT64_MAX}) == TPAM_OK);
	CHECK(open_text(text, (struct tpam_engine_options){.include_depth = 2}) == TPAM_OK);
	CHECK(open_text(text, (struct tpam_engine_options){.include_depth = 1}) == TPAM_E_CONFIG);
	CHECK(open_text(text, (struct tpam_engine_options){.include_depth = UINT32_MAX}) ==
		TPAM_OK);
}

/* 150 scopes of 180 bytes, more than fits into a challenge. */
static void write_config(void)
{
	static char text[64 * KIB];
	size_t length = (size_t)snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\nmax_token = 64B\nmax_headers = "
		"1KiB\nmax_json_depth = 3\n"
		"[provider:bearer]\nplugin = puppet\n"
		"[provider:basic]\nplugin = puppet\ncredential = basic\n"
		"[provider:header]\nplugin = puppet\ncredential = header:X-Key\n"
		"[service:bearer]\nauth = required bearer\n"
		"[service:basic]\nauth = required basic\n"
		"[service:header]\nauth = required header\n"
		"[service:many]\nauth = required bearer\n");
	for (int i = 0; i < 150; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
			"require_scopes = s%03d%s\n", i, filled('x', 176));
	length += (size_t)snprintf(text + length, sizeof(text) - length, "[service:rules]\n");
	for (int i = 0; i < MANY_RULES; i++)
		length += (size_t)snprintf(
			text + length, sizeof(text) - length, "auth = optional bearer\n");
	sandbox_write("main.ini", text);
}

int main(void)
{
	sandbox_begin();
	write_config();
	engine = sandbox_engine("main.ini", (struct tpam_engine_options){.size = 0});
	test_request();
	test_arguments();
	test_claims();
	test_fields();
	test_list();
	test_arena_list();
	test_arena();
	test_request_id();
	test_trace();
	test_challenge();
	test_missing_scopes();
	test_many_rules();
	test_settings();
	test_files();
	tpam_engine_close(engine);
	sandbox_end();
	return check_end();
}
