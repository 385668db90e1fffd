/*
 * test_permits.c - which of many tools an identity may use: the same as each of them by itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "check.h"
#include "sandbox.h"

#define MOST 200

static const char head[] = "[tokenpam]\nmode = development\n"
			   "[provider:p]\nplugin = debug\nauth = success\nscopes = ";
static const char tail[] =
	"\n[hub]\nauth = required p\n[service:notes]\nrequire_scopes = base\n"
	"[service:bare]\n"
	"[tool:notes/delete_*]\nrequire_scopes = admin\n"
	"[tool:notes/delete_draft]\nrequire_scopes = write\n"
	"[tool:notes/*_all]\nrequire_scopes = admin all\n"
	"[tool:notes/?ead_*]\nrequire_scopes = read\n"
	"[tool:notes/prompt:*]\nrequire_scopes = read\nrequire_scopes = prompt\n";

static const char *const names[] = {"list", "delete_note", "delete_draft", "delete_all", "read_all",
	"read_note", "head_x", "prompt:hello", "prompt:", "", "DELETE_note", "delete_draft ",
	"resource:file:///x"};
#define NAMES (sizeof(names) / sizeof(names[0]))

static struct tpam_engine *engine_with(const char *scopes)
{
	char text[2048];

	(void)snprintf(text, sizeof(text), "%s%s%s", head, scopes, tail);
	sandbox_write("permits.ini", text);
	return sandbox_engine("permits.ini", (struct tpam_engine_options){.size = 0});
}

static struct tpam_result *decide(struct tpam_engine *engine, const char *service, const char *tool)
{
	struct tpam_request *request = tpam_request_create();
	struct tpam_result *result = NULL;

	CHECK(tpam_request_set(request, TPAM_ITEM_SERVICE, service, strlen(service)) == TPAM_OK);
	if (tool && tool[0])
		CHECK(tpam_request_set(request, TPAM_ITEM_TOOL, tool, strlen(tool)) == TPAM_OK);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_request_destroy(request);
	return result;
}

static bool bit(const uint64_t *bits, size_t index)
{
	return bits[index / 64] >> index % 64 & 1;
}

/* What the list says is what a request for the tool would come to. */
static void compare(struct tpam_engine *engine, const struct tpam_tools *tools)
{
	struct tpam_result *who = decide(engine, "notes", NULL);
	uint64_t bits[1] = {UINT64_MAX};

	CHECK(tpam_permits(who, tools, bits) == TPAM_OK);
	for (size_t i = 0; i < NAMES; i++) {
		struct tpam_result *result = decide(engine, "notes", names[i]);
		if (bit(bits, i) != tpam_result_accepted(result))
			fprintf(stderr, "%s: permits says %d\n", names[i], bit(bits, i));
		CHECK(bit(bits, i) == tpam_result_accepted(result));
		tpam_result_unref(result);
	}
	CHECK(bits[0] >> NAMES == 0);
	tpam_result_unref(who);
}

static void test_same(void)
{
	static const char *const scopes[] = {"base", "base read", "base write", "base admin",
		"base admin all", "base read prompt", "read write admin all prompt",
		"base read write admin all prompt"};

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		struct tpam_engine *engine = engine_with(scopes[i]);
		struct tpam_tools *tools = NULL;
		CHECK(tpam_tools_create(&tools, engine, "notes", names, NULL, NAMES) == TPAM_OK);
		compare(engine, tools);
		/* Another configuration, in which more is asked for: the list is right at once. */
		char text[2048];
		(void)snprintf(text, sizeof(text), "%s%s%s[tool:notes/list]\nrequire_scopes = x\n",
			head, scopes[i], tail);
		sandbox_write("permits.ini", text);
		CHECK(tpam_engine_reload(engine, NULL) == TPAM_OK);
		compare(engine, tools);
		tpam_tools_destroy(tools);
		tpam_engine_close(engine);
	}
}

static void test_many(void)
{
	struct tpam_engine *engine = engine_with("base read");
	struct tpam_tools *tools = NULL;
	struct tpam_result *who = decide(engine, "notes", NULL);
	static char texts[MOST][32];
	const char *list[MOST];
	uint64_t bits[(MOST + 63) / 64];

	for (size_t i = 0; i < MOST; i++) {
		(void)snprintf(texts[i], sizeof(texts[i]), "%s_%zu", i % 3 ? "read" : "delete", i);
		list[i] = texts[i];
	}
	CHECK(tpam_tools_create(&tools, engine, "notes", list, NULL, MOST) == TPAM_OK);
	CHECK(tpam_permits(who, tools, bits) == TPAM_OK);
	for (size_t i = 0; i < MOST; i++)
		CHECK(bit(bits, i) == (i % 3 != 0));
	CHECK(bits[MOST / 64] >> MOST % 64 == 0);
	tpam_tools_destroy(tools);
	tpam_result_unref(who);
	tpam_engine_close(engine);
}

static void test_refused(void)
{
	struct tpam_engine *engine = engine_with("none");
	struct tpam_tools *tools = NULL;
	struct tpam_result *refused = decide(engine, "notes", NULL);
	struct tpam_result *other = decide(engine, "bare", NULL);
	uint64_t bits[1] = {UINT64_MAX};

	CHECK(tpam_tools_create(&tools, engine, "notes", names, NULL, 0) == TPAM_E_ARGUMENT);
	CHECK(tpam_tools_create(&tools, engine, "notes", names, NULL, 65537) == TPAM_E_LIMIT);
	CHECK(tpam_tools_create(&tools, engine, "nowhere", names, NULL, NAMES) == TPAM_E_UNSET);
	CHECK(tpam_tools_create(&tools, engine, "notes", names, NULL, NAMES) == TPAM_OK);
	CHECK(!tpam_result_accepted(refused) && tpam_result_accepted(other));
	CHECK(tpam_permits(refused, tools, bits) == TPAM_OK && bits[0] == 0);
	bits[0] = UINT64_MAX;
	CHECK(tpam_permits(other, tools, bits) == TPAM_E_ARGUMENT && bits[0] == UINT64_MAX);
	tpam_tools_destroy(tools);
	tpam_tools_destroy(NULL);
	tpam_result_unref(refused);
	tpam_result_unref(other);
	tpam_engine_close(engine);
}

/* What somebody may not call is not in the list of it, whatever it is: a tool, one with a tag, a prompt, a resource. */
static void test_hidden(void)
{
	static const char *const shown[] = {"list", "edit", "drop", "probe", "ping", "prompt:hello",
		"resource:file:///etc/x", "resource:file:///tmp/x"};
	static const char *const admin[] = {"admin", NULL}, *const internal[] = {"internal", NULL};
	static const char *const *const tags[] = {
		NULL, NULL, admin, internal, NULL, NULL, NULL, NULL};
	static const struct {
		const char *outcome, *scopes;
		uint64_t shown;
	} rows[] = {{"success", "none", 0x91}, {"success", "write", 0x93},
		{"success", "admin", 0x95}, {"success", "prompts files", 0xF1},
		{"no_credential", "write", 0x10}, {"invalid", "write", 0},
		{"unavailable", "write", 0}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[1024];
		uint64_t bits[1] = {UINT64_MAX};
		struct tpam_tools *tools = NULL;
		(void)snprintf(text, sizeof(text),
			"[tokenpam]\nmode = development\n[provider:p]\nplugin = debug\nauth = %s\n"
			"scopes = %s\n[service:notes]\nauth = required p\npublic_tools = ping\n"
			"[tool:notes/edit]\nrequire_scopes = write\n"
			"[tool:notes/tag:admin]\nrequire_scopes = admin\n"
			"[tool:notes/tag:internal]\naccess = deny\n"
			"[tool:notes/prompt:*]\nrequire_scopes = prompts\n"
			"[tool:notes/resource:file:///etc/*]\nrequire_scopes = files\n",
			rows[i].outcome, rows[i].scopes);
		sandbox_write("hidden.ini", text);
		struct tpam_engine *engine =
			sandbox_engine("hidden.ini", (struct tpam_engine_options){.size = 0});
		struct tpam_result *who = decide(engine, "notes", NULL);
		CHECK(tpam_tools_create(&tools, engine, "notes", shown, tags, 8) == TPAM_OK);
		CHECK(tpam_permits(who, tools, bits) == TPAM_OK);
		if (bits[0] != rows[i].shown)
			fprintf(stderr, "%s %s: %jx\n", rows[i].outcome, rows[i].scopes,
				(uintmax_t)bits[0]);
		CHECK(bits[0] == rows[i].shown);
		tpam_tools_destroy(tools);
		tpam_result_unref(who);
		tpam_engine_close(engine);
	}
}

int main(void)
{
	sandbox_begin();
	test_same();
	test_many();
	test_refused();
	test_hidden();
	sandbox_end();
	return check_end();
}
