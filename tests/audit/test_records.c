/*
 * test_records.c - what a record says: each member, once, with what the configuration lets it say, and never a credential.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../plugins/kept.h"
#include "../plugins/puppet.h"

#include "lines.h"

#define CREDENTIAL "s3cr3t-of-alice-0123456789"
#define RULES                                                                                      \
	"[tokenpam]\nmode = development\n"                                                         \
	"[provider:who]\nplugin = puppet\ngrant = scope:up.* -> read write\n"                      \
	"[provider:other]\nplugin = puppet\n"                                                      \
	"[service:notes]\nauth = required who\nrequire_scopes = read\npublic_tools = open\n"       \
	"[tool:notes/delete]\nrequire_scopes = admin\n"                                            \
	"[tool:notes/banned]\ndeny_subject = who:alice who:bert*\n"                                \
	"[tool:notes/claimed]\nrequire_claim = name is Zoe\n"                                      \
	"[service:two]\nauth = required who other\n"                                               \
	"[service:user]\nauth = required who\nmatch_username = username\n"

/* The one who is played. */
struct person {
	struct puppet puppet;
	const char *subject;
	int32_t outcome;
	int32_t reason;
	const char *expected, *got;
	int64_t cache;
	const char *claims;
};

static void set(
	const struct tpam_host *host, struct tpam_call *call, int32_t field, const char *text)
{
	CHECK(host->set_text(call, field, text, strlen(text)) == TPAM_OK);
}

static void add(
	const struct tpam_host *host, struct tpam_call *call, int32_t field, const char *text)
{
	CHECK(host->add_text(call, field, text, strlen(text)) == TPAM_OK);
}

static int32_t play(struct puppet *puppet, const struct tpam_host *host, struct tpam_call *call,
	const char *name)
{
	const struct person *person = (const struct person *)puppet;

	if (person->reason)
		host->reason(call, person->reason, person->expected, person->got);
	if (!person->subject)
		return person->outcome;
	set(host, call, TPAM_FIELD_SUBJECT, strcmp(name, "other") == 0 ? "olga" : person->subject);
	set(host, call, TPAM_FIELD_ISSUER, "https://login.example");
	set(host, call, TPAM_FIELD_CLIENT_ID, "app-1");
	set(host, call, TPAM_FIELD_USERNAME, "alice.u");
	set(host, call, TPAM_FIELD_NAME, "Alice Example");
	set(host, call, TPAM_FIELD_EMAIL, "alice@a.example");
	set(host, call, TPAM_FIELD_TENANT, "acme");
	add(host, call, TPAM_FIELD_ROLES, "r1");
	add(host, call, TPAM_FIELD_ROLES, "r2");
	add(host, call, TPAM_FIELD_GROUPS, "g1");
	add(host, call, TPAM_FIELD_SCOPES, "up.read");
	set(host, call, TPAM_FIELD_CLAIMS,
		person->claims ? person->claims : "{\"name\": \"Alice Example\",\t\"n\": 1}");
	(void)host->set_number(call, TPAM_FIELD_EMAIL_VERIFIED, 1);
	(void)host->set_number(call, TPAM_FIELD_AUTH_TIME, 1700000000);
	(void)host->set_number(call, TPAM_FIELD_EXPIRES_AT, 4102444800);
	return person->outcome ? person->outcome : TPAM_SUCCESS;
}

static struct person alice(void)
{
	return (struct person){.puppet = {.auth = play}, .subject = "alice"};
}

/* ---- Asking ---- */

static int64_t fixed_clock(void *data, enum tpam_clock_kind kind)
{
	static int64_t ticks;

	(void)data;
	return kind == TPAM_CLOCK_WALL ? INT64_C(1767225600123456789) : (ticks += 1000000);
}

static struct tpam_engine *open_engine(const char *audit)
{
	char text[4096];

	(void)snprintf(text, sizeof(text), RULES "[audit]\nsink = file:audit.jsonl\n%s", audit);
	sandbox_write("records.ini", text);
	(void)remove(sandbox_path("audit.jsonl"));
	return sandbox_engine("records.ini", (struct tpam_engine_options){.clock = fixed_clock});
}

static void put(struct tpam_request *request, enum tpam_item item, const char *text)
{
	CHECK(tpam_request_set(request, item, text, strlen(text)) == TPAM_OK);
}

static struct tpam_request *full_request(const char *target, struct person *person)
{
	struct tpam_request *request = sandbox_request(target, "Bearer " CREDENTIAL);

	put(request, TPAM_ITEM_REQUEST_ID, "request-1");
	put(request, TPAM_ITEM_PEER_ADDRESS, "192.0.2.7");
	put(request, TPAM_ITEM_TENANT, "acme");
	put(request, TPAM_ITEM_USERNAME, "bert");
	put(request, TPAM_ITEM_TOOL_ARGUMENTS, "{\"secret\":\"" CREDENTIAL "\"}");
	CHECK(tpam_request_add_header(request, "X-API-Key", CREDENTIAL) == TPAM_OK);
	CHECK(tpam_request_add_tag(request, "t1") == TPAM_OK);
	tpam_request_set_host_pointer(request, person);
	return request;
}

static int32_t ask(struct tpam_engine *engine, const char *target, struct person *person)
{
	struct tpam_request *request = full_request(target, person);
	struct tpam_result *result = NULL;

	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	int32_t outcome = result ? tpam_result_outcome(result) : 0;
	tpam_result_unref(result);
	tpam_request_destroy(request);
	return outcome;
}

/* Closes the engine and reads what it wrote. */
static struct lines finish(struct tpam_engine *engine)
{
	tpam_engine_close(engine);
	return lines_read(sandbox_path("audit.jsonl"));
}

/* ---- Whole records ---- */

static const char *without_mark(char *text)
{
	char *mark = strstr(text, "\"credential\":\"");

	if (mark)
		memset(mark + strlen("\"credential\":\""), '*', 32);
	return text;
}

static void test_whole(void)
{
	struct person person = alice();
	struct tpam_engine *engine =
		open_engine("fields = request_id service tool tags provider "
			    "identity email client tenant roles groups\n"
			    "    status reason rule expected got needed granted "
			    "missing token_scopes cached\n"
			    "    latency address credential claims\n");

	CHECK(ask(engine, "notes/delete", &person) == TPAM_DENIED);
	CHECK(ask(engine, "notes/list", &person) == TPAM_SUCCESS);
	struct lines lines = finish(engine);
	CHECK(lines.count == 2);
	char rule[PATH_MAX + 32], text[8192];
	(void)snprintf(rule, sizeof(rule), "%s/records.ini", sandbox_folder);
	(void)snprintf(text, sizeof(text),
		"{\"time\":\"2026-01-01T00:00:00.123456Z\",\"event\":\"decision\","
		"\"request_id\":\"request-1\",\"service\":\"notes\",\"tool\":\"delete\","
		"\"tags\":[\"t1\"],\"requested_tenant\":\"acme\",\"address\":\"192.0.2.7\","
		"\"outcome\":\"denied\",\"status\":403,\"reason\":\"missing_scope\","
		"\"provider\":\"who\",\"rule\":\"%s:13\",\"expected\":\"admin\","
		"\"got\":\"read write\",\"id\":\"who:alice\",\"issuer\":\"https://login.example\","
		"\"subject\":\"alice\",\"username\":\"alice.u\",\"auth_time\":1700000000,"
		"\"email\":\"alice@a.example\",\"email_verified\":true,\"client\":\"app-1\","
		"\"tenant\":\"acme\",\"roles\":[\"r1\",\"r2\"],\"groups\":[\"g1\"],"
		"\"token_scopes\":[\"up.read\"],\"granted\":[\"read\",\"write\"],"
		"\"claims\":{\"n\":1,\"name\":\"Alice Example\"},\"needed\":[\"read\",\"admin\"],"
		"\"missing\":[\"admin\"],\"latency_us\":",
		rule);
	CHECK(lines.count > 0 && strncmp(lines.list[0].text, text, strlen(text)) == 0);
	if (lines.count > 0 && strncmp(lines.list[0].text, text, strlen(text)) != 0)
		fprintf(stderr, "%s\n%s\n", lines.list[0].text, text);
	(void)snprintf(text, sizeof(text), "%s:9", rule);
	CHECK_TEXT(line_text(&lines.list[1], "outcome"), "success");
	CHECK_TEXT(line_text(&lines.list[1], "reason"), "accepted");
	CHECK_TEXT(line_text(&lines.list[1], "rule"), text);
	CHECK(line_number(&lines.list[1], "status") == 200);
	CHECK(!line_get(&lines.list[1], "missing") && !line_get(&lines.list[1], "expected"));
	CHECK(line_number(&lines.list[1], "latency_us") > 0);
	CHECK_TEXT(
		line_text(&lines.list[1], "credential"), line_text(&lines.list[0], "credential"));
	CHECK(strstr(without_mark(lines.list[0].text), "********\"}") != NULL);
	lines_finish(&lines);
}

/* ---- Fields ---- */

struct field {
	const char *name;
	const char *members; /* with blanks around each */
};

static const struct field fields[] = {
	{"request_id", " request_id "},
	{"service", " service "},
	{"tool", " tool "},
	{"tags", " tags "},
	{"provider", " provider "},
	{"identity", " id issuer subject username auth_time "},
	{"email", " email email_verified "},
	{"client", " client "},
	{"tenant", " requested_tenant tenant "},
	{"roles", " roles "},
	{"groups", " groups "},
	{"status", " status "},
	{"reason", " reason "},
	{"rule", " rule "},
	{"expected", " expected "},
	{"got", " got "},
	{"needed", " needed "},
	{"granted", " granted "},
	{"missing", " missing "},
	{"token_scopes", " token_scopes "},
	{"cached", " "},
	{"latency", " latency_us "},
	{"address", " address "},
	{"credential", " credential "},
	{"claims", " claims "},
};

static void test_field(const struct field *field)
{
	struct person person = alice();
	char option[64], name[80];
	size_t expected = 3;

	(void)snprintf(option, sizeof(option), "fields = %s\n", field->name);
	struct tpam_engine *engine = open_engine(option);
	CHECK(ask(engine, "notes/delete", &person) == TPAM_DENIED);
	struct lines lines = finish(engine);
	const struct document *document = &lines.list[0].document;
	for (const char *c = field->members + 1; *c; c++)
		expected += *c == ' ';
	CHECK(lines.count == 1 && document->values[0].length == expected);
	const struct json_value *value = document_first(document, &document->values[0]);
	for (size_t i = 0; value; value = document_next(document, &document->values[0], value)) {
		(void)snprintf(name, sizeof(name), " %s ", value->name);
		bool always = strstr(" time event outcome ", name) != NULL;
		CHECK(always || strstr(field->members, name));
		i++;
	}
	lines_finish(&lines);
}

/* Without a choice all but the claims. */
static void test_fields_usual(void)
{
	struct person person = alice();
	struct tpam_engine *engine = open_engine("");

	CHECK(ask(engine, "notes/delete", &person) == TPAM_DENIED);
	struct lines lines = finish(engine);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		char name[32];
		if (sscanf(fields[i].members, "%31s", name) != 1)
			continue;
		CHECK((line_get(&lines.list[0], name) != NULL) == (strcmp(name, "claims") != 0));
	}
	lines_finish(&lines);
}

/* ---- Privacy ---- */

/* Names of people that the requests below know. */
static const char *const names[] = {"alice", "Alice", "bert", "olga", "Zoe", "a.example", NULL};

static void check_nameless(const struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		for (size_t k = 0; names[k]; k++) {
			if (strstr(lines->list[i].text, names[k]))
				fprintf(stderr, "%s: %s\n", names[k], lines->list[i].text);
			CHECK(!strstr(lines->list[i].text, names[k]));
		}
}

static void test_hashed(void)
{
	struct person person = alice();
	struct person refused = {.puppet = {.auth = play},
		.outcome = TPAM_INVALID,
		.reason = TPAM_REASON_BAD_CLAIM,
		.expected = "alice",
		.got = "bert"};
	struct tpam_engine *engine = open_engine("hash_identity = on\n"
						 "fingerprint_key = 0123456789abcdef\n");

	CHECK(ask(engine, "notes/list", &person) == TPAM_SUCCESS);
	CHECK(ask(engine, "notes/banned", &person) == TPAM_DENIED);
	CHECK(ask(engine, "notes/claimed", &person) == TPAM_DENIED);
	CHECK(ask(engine, "two", &person) == TPAM_DENIED);
	CHECK(ask(engine, "user", &person) == TPAM_DENIED);
	CHECK(ask(engine, "notes", &refused) == TPAM_INVALID);
	struct lines lines = finish(engine);
	CHECK(lines.count == 6);
	check_nameless(&lines);
	/* The HMAC of "who:alice" with that key. */
	CHECK_TEXT(line_text(&lines.list[0], "id"), "bd9624b66e3706acdc1c9fc0856cc42c");
	CHECK_TEXT(line_text(&lines.list[0], "subject"), "fdbf8b1cacd3d578e062d0e41104357d");
	CHECK_TEXT(line_text(&lines.list[0], "credential"), "275fd8c6f0705cec76dfbae22539fe6d");
	CHECK_TEXT(line_text(&lines.list[0], "issuer"), "https://login.example");
	CHECK_TEXT(line_text(&lines.list[3], "reason"), "identity_conflict");
	CHECK_TEXT(line_text(&lines.list[4], "reason"), "wrong_user");
	lines_finish(&lines);
}

/* ---- Others ---- */

/* Whoever forges a line in a claim, a group or a reason has a string, and no more. */
static void test_forged(void)
{
	static const char evil[] = "x\",\"outcome\":\"success\"}\\n{\"event\":\"decision\"";
	struct person person = alice();
	struct person refused = {.puppet = {.auth = play},
		.outcome = TPAM_INVALID,
		.reason = TPAM_REASON_BAD_CLAIM,
		.expected = "a\nb\xFF\x1b[1m",
		.got = evil};
	struct tpam_engine *engine =
		open_engine("fields = service tool identity expected got claims request_id tags\n");
	struct tpam_request *request = sandbox_request("notes", "Bearer x");
	struct tpam_result *result = NULL;

	person.subject = evil;
	person.claims = "{\"\xC2\x85\":\"\xE2\x80\xA8\",\n\"}\":\"\\n\\\"}\"}";
	CHECK(ask(engine, "notes/list", &person) == TPAM_SUCCESS);
	CHECK(ask(engine, "notes/list", &refused) == TPAM_INVALID);
	put(request, TPAM_ITEM_TOOL, evil);
	put(request, TPAM_ITEM_REQUEST_ID, evil);
	CHECK(tpam_request_add_tag(request, evil) == TPAM_OK);
	CHECK(tpam_request_set(request, TPAM_ITEM_TOOL, "a\nb", 3) == TPAM_E_ARGUMENT);
	CHECK(tpam_request_set(request, TPAM_ITEM_REQUEST_ID, "a\nb", 3) == TPAM_E_ARGUMENT);
	tpam_request_set_host_pointer(request, &person);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	struct lines lines = finish(engine);
	CHECK(lines.count == 3);
	CHECK_TEXT(line_text(&lines.list[0], "subject"), evil);
	CHECK_TEXT(line_text(&lines.list[0], "outcome"), "success");
	const struct json_value *claims = line_get(&lines.list[0], "claims");
	CHECK(claims && claims->length == 2);
	CHECK_TEXT(line_text(&lines.list[1], "outcome"), "invalid");
	CHECK_TEXT(line_text(&lines.list[1], "got"), evil);
	CHECK_TEXT(line_text(&lines.list[1], "expected"), "a?b??[1m");
	CHECK_TEXT(line_text(&lines.list[2], "tool"), evil);
	CHECK_TEXT(line_text(&lines.list[2], "request_id"), evil);
	CHECK_TEXT(line_list(&lines.list[2], "tags"), evil);
	lines_finish(&lines);
}

/* What nobody recognises, has no rules, is public, or is asked again. */
static void test_kinds(void)
{
	struct person person = alice(),
		      nobody = {.puppet = {.auth = play}, .outcome = TPAM_INVALID};
	struct tpam_engine *engine = open_engine("");
	struct tpam_request *open = sandbox_request("notes/open", NULL);
	struct tpam_request *full = full_request("notes/delete", &person), *list;
	struct tpam_result *result = NULL, *who = NULL;

	nobody.outcome = TPAM_NO_CREDENTIAL;
	tpam_request_set_host_pointer(open, &nobody);
	CHECK(tpam_authenticate(engine, open, &result) == TPAM_OK);
	tpam_result_unref(result);
	list = full_request("notes/list", &person);
	CHECK(tpam_authenticate(engine, list, &who) == TPAM_OK);
	CHECK(tpam_request_set_result(full, who) == TPAM_OK);
	CHECK(tpam_authorize(engine, full, &result) == TPAM_OK);
	tpam_result_unref(result);
	tpam_result_unref(who);
	CHECK(ask(engine, "nothing", &person) == TPAM_DENIED);
	tpam_request_destroy(open);
	tpam_request_destroy(full);
	tpam_request_destroy(list);
	struct lines lines = finish(engine);
	CHECK(lines.count == 4);
	CHECK_TEXT(line_text(&lines.list[0], "id"), "tokenpam:anonymous");
	const char *rule = line_text(&lines.list[0], "rule");
	CHECK(rule && strstr(rule, "records.ini:11"));
	CHECK(!line_get(&lines.list[0], "credential"));
	CHECK(value_is(line_get(&lines.list[0], "presented"), VALUE_FALSE));
	CHECK(!line_get(&lines.list[1], "presented"));
	CHECK_TEXT(line_text(&lines.list[1], "event"), "decision");
	CHECK_TEXT(line_text(&lines.list[2], "event"), "authorization");
	CHECK_TEXT(line_text(&lines.list[2], "outcome"), "denied");
	CHECK_TEXT(line_text(&lines.list[2], "id"), "who:alice");
	CHECK_TEXT(line_list(&lines.list[2], "token_scopes"), "up.read");
	CHECK_TEXT(line_text(&lines.list[3], "reason"), "unknown_service");
	CHECK(!line_get(&lines.list[3], "needed") && !line_get(&lines.list[3], "id"));
	lines_finish(&lines);
}

/* No line of any of these has what was presented in it. */
static void test_no_credential(void)
{
	struct person person = alice(),
		      refused = {.puppet = {.auth = play}, .outcome = TPAM_INVALID};
	struct tpam_engine *engine = open_engine("");

	CHECK(ask(engine, "notes/list", &person) == TPAM_SUCCESS);
	CHECK(ask(engine, "notes/list", &refused) == TPAM_INVALID);
	CHECK(ask(engine, "two", &person) == TPAM_DENIED);
	tpam_engine_close(engine);
	char *text = file_text(sandbox_path("audit.jsonl"));
	CHECK(*text && !strstr(text, "s3cr3t") && !strstr(text, "0123456789"));
	free(text);
}

/* ---- Events of providers ---- */

static int32_t tell(struct kept_control *control, const struct tpam_host *host,
	struct tpam_instance *instance, struct tpam_call *call)
{
	(void)control;
	(void)call;
	host->event(instance, TPAM_EVENT_KEYS, TPAM_UNAVAILABLE, "a\nb\"");
	host->event(instance, TPAM_EVENT_REVOCATION, TPAM_SUCCESS, "read");
	host->event(instance, 0, TPAM_SUCCESS, "none");
	host->event(instance, 3, TPAM_SUCCESS, "none");
	host->event(instance, TPAM_EVENT_KEYS, TPAM_PENDING, "none");
	return TPAM_INVALID;
}

static void test_events(void)
{
	struct kept_control control = {.ask = tell};
	char text[256];
	(void)snprintf(text, sizeof(text),
		"[provider:tells]\nplugin = kept\ncontrol = %lu\n[service:told]\naudience = "
		"x\nauth = required "
		"tells\n",
		(unsigned long)(uintptr_t)&control);
	struct tpam_engine *engine = open_engine(text);
	struct tpam_request *request = sandbox_request("told", "Bearer x");
	struct tpam_result *result = NULL;

	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	struct lines lines = finish(engine);
	CHECK(lines.count == 3);
	CHECK_TEXT(line_text(&lines.list[0], "event"), "keys");
	CHECK_TEXT(line_text(&lines.list[0], "provider"), "tells");
	CHECK_TEXT(line_text(&lines.list[0], "outcome"), "unavailable");
	CHECK_TEXT(line_text(&lines.list[0], "text"), "a\nb\"");
	CHECK_TEXT(line_text(&lines.list[1], "event"), "revocation");
	CHECK_TEXT(line_text(&lines.list[1], "outcome"), "success");
	CHECK_TEXT(line_text(&lines.list[2], "event"), "decision");
	lines_finish(&lines);
}

/* What it says is checked, and nothing is written. */
static void test_silent(void)
{
	struct person person = alice();
	struct tpam_statistics statistics = {.size = sizeof(statistics)};
	struct tpam_engine *engine = open_engine("");

	CHECK(ask(engine, "notes/list", &person) == TPAM_SUCCESS);
	tpam_engine_close(engine);
	(void)remove(sandbox_path("audit.jsonl"));
	engine = sandbox_engine(
		"records.ini", (struct tpam_engine_options){.flags = TPAM_ENGINE_SILENT_AUDIT});
	CHECK(ask(engine, "notes/list", &person) == TPAM_SUCCESS);
	CHECK(tpam_engine_reload(engine, NULL) == TPAM_OK);
	CHECK(tpam_engine_statistics(engine, &statistics) == TPAM_OK);
	CHECK(statistics.audit_written == 0 && statistics.audit_lost == 0);
	sandbox_write("records.ini", RULES "[audit]\nsink = nowhere\n");
	CHECK(tpam_engine_reload(engine, NULL) == TPAM_E_CONFIG);
	tpam_engine_close(engine);
	CHECK(access(sandbox_path("audit.jsonl"), F_OK) != 0);
}

/* Each load tells whether it did; one that says something else of the audit ends the file of before. */
static void test_reload(void)
{
	struct person person = alice();
	struct tpam_engine *engine = open_engine("");

	CHECK(tpam_engine_reload(engine, NULL) == TPAM_OK);
	CHECK(ask(engine, "notes/list", &person) == TPAM_SUCCESS);
	sandbox_write("records.ini", "[tokenpam]\nbroken\n");
	CHECK(tpam_engine_reload(engine, NULL) == TPAM_E_CONFIG);
	sandbox_write("records.ini", RULES "[audit]\nsink = file:other.jsonl\n");
	CHECK(tpam_engine_reload(engine, NULL) == TPAM_OK);
	CHECK(ask(engine, "notes/list", &person) == TPAM_SUCCESS);
	sandbox_write("records.ini", RULES);
	CHECK(tpam_engine_reload(engine, NULL) == TPAM_OK);
	CHECK(ask(engine, "notes/list", &person) == TPAM_SUCCESS);
	struct lines lines = finish(engine);
	CHECK(lines.count == 4);
	CHECK_TEXT(line_text(&lines.list[0], "event"), "reload");
	CHECK_TEXT(line_text(&lines.list[0], "outcome"), "success");
	CHECK_TEXT(line_text(&lines.list[0], "text"), sandbox_path("records.ini"));
	CHECK_TEXT(line_text(&lines.list[1], "event"), "decision");
	CHECK_TEXT(line_text(&lines.list[2], "event"), "reload");
	CHECK_TEXT(line_text(&lines.list[2], "outcome"), "error");
	CHECK_TEXT(line_text(&lines.list[3], "event"), "reload");
	CHECK_TEXT(line_text(&lines.list[3], "outcome"), "success");
	lines_finish(&lines);
	/* That there is none any more is the last that an audit tells. */
	lines = lines_read(sandbox_path("other.jsonl"));
	CHECK(lines.count == 3);
	CHECK_TEXT(line_text(&lines.list[2], "event"), "reload");
	CHECK_TEXT(line_text(&lines.list[0], "event"), "reload");
	CHECK_TEXT(line_text(&lines.list[1], "event"), "decision");
	lines_finish(&lines);
}

int main(void)
{
	sandbox_begin();
	test_whole();
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		test_field(&fields[i]);
	test_fields_usual();
	test_hashed();
	test_forged();
	test_kinds();
	test_no_credential();
	test_events();
	test_silent();
	test_reload();
	sandbox_end();
	return check_end();
}
