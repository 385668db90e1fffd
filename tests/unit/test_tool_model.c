/*
 * test_tool_model.c - which sections apply to a tool, and what follows, against a model that says it in other words.
 *
 * usage: test_tool_model [ROUNDS [SEED]]
 *
 * Configurations are random, of patterns and names so short that many meet. The model sorts what matches instead of
 * looking for the best, has a matcher of its own, and knows nothing of classes or cursors. Each question is put to a
 * request, to somebody who was recognised before, and to a list of tools.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "check.h"
#include "sandbox.h"

#define SECTIONS 6
#define NAMES    24
#define SCOPES   4

static uint64_t state;

static unsigned pick(unsigned below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(state >> 33) % below;
}

static bool chance(unsigned percent)
{
	return pick(100) < percent;
}

/* ---- A configuration ---- */

enum said { NOTHING, PUBLIC, PROTECTED, DENY };

struct section {
	char pattern[24];
	enum said access;
	unsigned scopes; /* bits */
	bool word;       /* of public_tools */
};

struct world {
	struct section sections[SECTIONS];
	size_t count;
	char kept[24]; /* of protected_tools; "" for none */
	bool unlisted;
	unsigned hub, service; /* scopes, as bits */
	unsigned granted;
	bool implied; /* d implies c implies b */
	bool somebody;
};

static const char *const prefixes[] = {"", "", "", "", "prompt:", "resource:", "tag:"};

static void make_text(char out[24], const char *letters, unsigned most)
{
	size_t length = 1 + pick(most);
	char *end = stpcpy(out, prefixes[pick(7)]);

	for (size_t i = 0; i < length; i++)
		*end++ = letters[pick((unsigned)strlen(letters))];
	*end = '\0';
}

static bool is_new(const struct world *world, const char *pattern)
{
	for (size_t i = 0; i < world->count; i++)
		if (strcmp(world->sections[i].pattern, pattern) == 0)
			return false;
	return true;
}

static void make_world(struct world *world)
{
	*world = (struct world){.unlisted = chance(20),
		.hub = chance(20) ? 1U << pick(SCOPES) : 0,
		.service = chance(20) ? 1U << pick(SCOPES) : 0,
		.granted = pick(1U << SCOPES),
		.implied = chance(50),
		.somebody = chance(80)};
	for (size_t tries = 0; world->count < SECTIONS && tries < 8; tries++) {
		struct section section = {.access = chance(40) ? (enum said)pick(4) : NOTHING};
		make_text(section.pattern, "ab*?", 3);
		section.word = section.access == PUBLIC && chance(50);
		if (section.access != PUBLIC && chance(60))
			section.scopes = 1 + pick((1U << SCOPES) - 1);
		if (is_new(world, section.pattern))
			world->sections[world->count++] = section;
	}
	if (chance(30))
		make_text(world->kept, "ab*?", 2);
}

static char *print_scopes(char *out, const char *key, unsigned scopes)
{
	if (scopes == 0)
		return out;
	out += sprintf(out, "%s =", key);
	for (unsigned i = 0; i < SCOPES; i++)
		if (scopes >> i & 1)
			out += sprintf(out, " %c", 'a' + (int)i);
	return out + sprintf(out, "\n");
}

static void write_world(const struct world *world)
{
	static const char *const words[] = {
		"", "access = public\n", "access = protected\n", "access = deny\n"};
	char text[4096], *out = text;

	out += sprintf(out, "[tokenpam]\nmode = development\n[provider:p]\n%s",
		world->somebody ? "plugin = person\n" : "plugin = debug\nauth = no_credential\n");
	out = print_scopes(out, "scopes", world->somebody ? world->granted : 0);
	out += sprintf(out, "[hub]\nauth = required p\n");
	out = print_scopes(out, "require_scopes", world->hub);
	if (world->implied)
		out += sprintf(out, "[scopes]\nimplies = d > c > b\n");
	out += sprintf(
		out, "[service:s]\nunlisted_tools = %s\n", world->unlisted ? "deny" : "allow");
	out = print_scopes(out, "require_scopes", world->service);
	if (world->kept[0])
		out += sprintf(out, "protected_tools = \"%s\"\n", world->kept);
	for (size_t i = 0; i < world->count; i++)
		if (world->sections[i].word)
			out += sprintf(out, "public_tools = \"%s\"\n", world->sections[i].pattern);
	for (size_t i = 0; i < world->count; i++) {
		const struct section *section = &world->sections[i];
		if (section->word)
			continue;
		out += sprintf(out, "[tool:s/n%zu]\nmatch = \"%s\"\n%s", i, section->pattern,
			words[section->access]);
		out = print_scopes(out, "require_scopes", section->scopes);
	}
	sandbox_write("model.ini", text);
}

/* ---- The model ---- */

static bool glob(const char *pattern, const char *text)
{
	if (*pattern == '\0')
		return *text == '\0';
	if (*pattern == '*')
		return glob(pattern + 1, text) || (*text && glob(pattern, text + 1));
	return *text && (*pattern == '?' || *pattern == *text) && glob(pattern + 1, text + 1);
}

static int kind_of(const char *text)
{
	for (int i = 4; i < 7; i++)
		if (strncmp(text, prefixes[i], strlen(prefixes[i])) == 0)
			return i;
	return 0;
}

static bool fits(const char *pattern, const char *name)
{
	int wanted = kind_of(pattern), is = kind_of(name);

	if (wanted != is && (pattern[0] != '*' || is == 6))
		return false;
	return glob(pattern, name);
}

/* The higher the better. */
static size_t rank(const char *pattern)
{
	size_t literals = 0;

	for (const char *c = pattern; *c; c++)
		literals += *c != '*' && *c != '?';
	return literals == strlen(pattern) ? 1000 : literals;
}

struct verdict {
	bool listed;
	enum said access;
	unsigned scopes;
};

static void look(const struct world *world, const char *name, struct verdict *verdict)
{
	size_t best = 0;
	bool any = false;

	for (size_t i = 0; i < world->count; i++) {
		const char *pattern = world->sections[i].pattern;
		if (!fits(pattern, name))
			continue;
		any = true;
		best = rank(pattern) > best ? rank(pattern) : best;
	}
	verdict->listed |= any;
	for (size_t i = 0; i < world->count; i++) {
		const struct section *section = &world->sections[i];
		if (!fits(section->pattern, name) || rank(section->pattern) != best)
			continue;
		enum said access = section->access;
		if (access == NOTHING && section->scopes)
			access = PROTECTED;
		verdict->access = access > verdict->access ? access : verdict->access;
		verdict->scopes |= section->scopes;
	}
}

static unsigned having(const struct world *world)
{
	unsigned has = world->granted;

	if (world->implied && (has & 8))
		has |= 4;
	if (world->implied && (has & 4))
		has |= 2;
	return has;
}

/* What sections, tags and lists say of a tool. */
static struct verdict verdict_of(const struct world *world, const char *name, const char *tag)
{
	struct verdict verdict = {false, NOTHING, 0};
	char tagged[256];

	/* What a client calls a tag is none. */
	name = kind_of(name) == 6 ? "" : name;
	look(world, name, &verdict);
	if (tag) {
		(void)snprintf(tagged, sizeof(tagged), "tag:%s", tag);
		look(world, tagged, &verdict);
	}
	if (world->kept[0] && (fits(world->kept, name) || (tag && fits(world->kept, tagged)))) {
		verdict.listed = true;
		if (verdict.access < PROTECTED)
			verdict.access = PROTECTED;
	}
	return verdict;
}

static bool allowed(const struct world *world, const char *name, const char *tag)
{
	struct verdict verdict = verdict_of(world, name, tag);

	if (!verdict.listed && world->unlisted)
		verdict.access = DENY;
	if (verdict.access == DENY)
		return false;
	if (!world->somebody)
		return verdict.access == PUBLIC;
	unsigned wanted = world->hub | world->service | verdict.scopes;
	return (wanted & ~having(world)) == 0;
}

/* ---- Both ---- */

static char names[NAMES][24], tags[NAMES][8];
static const char *name_list[NAMES], *tag_lists[NAMES][2], *const *tag_list[NAMES];

static void make_names(void)
{
	for (size_t i = 0; i < NAMES; i++) {
		make_text(names[i], "ab", 3);
		name_list[i] = names[i];
		tags[i][0] = '\0';
		tag_lists[i][0] = tag_lists[i][1] = NULL;
		tag_list[i] = NULL;
		if (!chance(40))
			continue;
		(void)snprintf(
			tags[i], sizeof(tags[i]), "%c%s", "ab"[pick(2)], chance(50) ? "b" : "");
		tag_lists[i][0] = tags[i];
		tag_list[i] = tag_lists[i];
	}
}

static bool accepted(struct tpam_engine *engine, size_t index, struct tpam_result *who)
{
	struct tpam_request *request = tpam_request_create();
	struct tpam_result *result = NULL;

	CHECK(request && tpam_request_set(request, TPAM_ITEM_SERVICE, "s", 1) == TPAM_OK);
	if (index < NAMES)
		CHECK(tpam_request_set(request, TPAM_ITEM_TOOL, names[index],
			      strlen(names[index])) == TPAM_OK);
	if (index < NAMES && tags[index][0])
		CHECK(tpam_request_add_tag(request, tags[index]) == TPAM_OK);
	CHECK(tpam_request_set_result(request, who) == TPAM_OK);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	bool is = tpam_result_accepted(result);
	tpam_result_unref(result);
	tpam_request_destroy(request);
	return is;
}

static void play(struct tpam_engine *engine, const struct world *world, unsigned long round)
{
	struct tpam_request *request = sandbox_request("s", NULL);
	struct tpam_result *who = NULL;
	struct tpam_tools *tools = NULL;
	uint64_t bits[1] = {0}, named[1] = {UINT64_MAX};

	CHECK(tpam_authenticate(engine, request, &who) == TPAM_OK);
	CHECK(tpam_tools_create(&tools, engine, "s", name_list, tag_list, NAMES) == TPAM_OK);
	CHECK(tpam_permits(who, tools, bits) == TPAM_OK);
	tpam_tools_listed(tools, named);
	for (size_t i = 0; i < NAMES; i++) {
		const char *tag = tags[i][0] ? tags[i] : NULL;
		CHECK(verdict_of(world, names[i], tag).listed == (named[0] >> i & 1));
		bool is = allowed(world, names[i], tag);
		bool got = accepted(engine, i, NULL), listed = bits[0] >> i & 1;
		bool again = tpam_result_accepted(who) ? accepted(engine, i, who) : is;
		/* Whom hub and service refuse nothing is permitted, as nothing is accepted. */
		if (is == got && is == listed && is == again)
			continue;
		CHECK(is == got && is == listed && is == again);
		fprintf(stderr,
			"round %lu: tool %s tag %s: model %d, request %d, again %d, list %d\n",
			round, names[i], tags[i], is, got, again, listed);
	}
	tpam_tools_destroy(tools);
	tpam_result_unref(who);
	tpam_request_destroy(request);
}

/* ---- What check says of it ---- */

static unsigned long told;

/* Nobody in particular gets at what is called public in vain. */
static bool is_open(const struct world *world, const char *pattern)
{
	struct world bare = *world;

	bare.somebody = false;
	for (size_t i = 0; i < NAMES; i++) {
		const char *tag = tags[i][0] ? tags[i] : NULL;
		char tagged[256] = "";
		if (tag)
			(void)snprintf(tagged, sizeof(tagged), "tag:%s", tag);
		bool named = fits(pattern, kind_of(names[i]) == 6 ? "" : names[i]);
		if ((named || (tag && fits(pattern, tagged))) && allowed(&bare, names[i], tag))
			return true;
	}
	return false;
}

/* Not being listed closes nothing where all is listed. */
static bool is_unlisted(const struct world *world)
{
	struct world listed = *world;

	listed.unlisted = false;
	for (size_t i = 0; i < NAMES; i++) {
		const char *tag = tags[i][0] ? tags[i] : NULL;
		if (allowed(world, names[i], tag) != allowed(&listed, names[i], tag))
			return true;
	}
	return false;
}

static void judge(const struct world *world, const struct tpam_diagnostic *warning)
{
	const char *quote = strchr(warning->text, '"');
	char pattern[64] = "";

	if (quote)
		(void)snprintf(
			pattern, sizeof(pattern), "%.*s", (int)strcspn(quote + 1, "\""), quote + 1);
	if (strstr(warning->text, "as public")) {
		told++;
		CHECK(!is_open(world, pattern));
	} else if (strstr(warning->text, "unlisted_tools = deny")) {
		told++;
		CHECK(!is_unlisted(world));
	}
}

static void judge_all(const struct world *world)
{
	const struct tpam_engine_options options = {.size = sizeof(options),
		.config = sandbox_path("model.ini"),
		.plugin_path = getenv("TOKENPAM_PLUGINS")};
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;

	CHECK(tpam_engine_open(&engine, &options, &report) == TPAM_OK);
	for (size_t i = 0; i < tpam_report_count(report); i++)
		judge(world, tpam_report_get(report, i));
	tpam_report_destroy(report);
	tpam_engine_close(engine);
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1500;

	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 20261126;
	sandbox_begin();
	for (unsigned long round = 0; round < rounds; round++) {
		struct world world;
		make_world(&world);
		make_names();
		write_world(&world);
		struct tpam_engine *engine =
			sandbox_engine("model.ini", (struct tpam_engine_options){.size = 0});
		play(engine, &world, round);
		tpam_engine_close(engine);
		judge_all(&world);
	}
	sandbox_end();
	CHECK(told > 0 || rounds < 100);
	return check_end();
}
