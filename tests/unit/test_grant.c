/*
 * test_grant.c - what random identities get of random grants, beside a model that knows no shortcut.
 *
 * What each matcher means is in tests/stacks/grant.case. test_grant [SEED] plays one seed alone.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>

#include <tokenpam/tokenpam.h>

#include "check.h"
#include "grant.h"
#include "instance.h"
#include "report.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROUNDS       20000
#define GRANTS       6
#define SOME         4
#define SCOPES       6
#define DEPTH        16

static const char *const scopes[SCOPES] = {"a", "b", "c", "x", "y", "xy"};
static const char *const values[] = {"x", "y", "xy", "xyx", "yx/x", "x:y", "x/y:x", "x@y", "xx@y",
	"1", "-2", "true", "false", "2.5"};
static const char *const patterns[] = {"x", "*", "x*", "*x", "?", "??", "x?", "*y*", "x@*", "*@y",
	"*/*", "1", "-?", "t*", "*e", "2.5"};
static const char *const claim_names[] = {"p", "o.p", "o.q", "l", "o", "o.p.q", ""};

enum { PLAIN, OTHERS, NESTED, NESTED_OTHER, LIST, CLAIMS };

/* What the model knows of an identity: texts, NULL where there is none. */
struct person {
	const char *subject, *tenant, *email;
	int verified; /* -1: nothing is said */
	const char *roles[SOME], *groups[SOME];
	unsigned scopes;            /* bits */
	const char *claims[CLAIMS]; /* "p", "o.p" by that very name, o: {p}, o: {q} */
	const char *elements[SOME]; /* of "l" */
	bool has_claims;
};

struct line {
	int matcher; /* as in `matchers` */
	const char *claim;
	const char *pattern;
	unsigned given, withheld;
};

static uint64_t state;

static uint32_t roll(uint32_t sides)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % sides;
}

static const char *maybe(const char *const *from, size_t count)
{
	return roll(3) == 0 ? NULL : from[roll((uint32_t)count)];
}

/* ---- The model ---- */

static bool glob(const char *pattern, const char *text)
{
	if (*pattern == '*')
		return glob(pattern + 1, text) || (*text && glob(pattern, text + 1));
	if (!*pattern || !*text)
		return !*pattern && !*text;
	return (*pattern == '?' || *pattern == *text) && glob(pattern + 1, text + 1);
}

static bool one(const struct line *line, const char *text)
{
	return text && glob(line->pattern, text);
}

static bool among(const struct line *line, const char *const *texts)
{
	bool found = false;
	for (size_t i = 0; i < SOME; i++)
		found |= one(line, texts[i]);
	return found;
}

static bool among_scopes(const struct line *line, const struct person *person)
{
	bool found = false;
	for (size_t i = 0; i < SCOPES; i++)
		found |= (person->scopes >> i & 1) && one(line, scopes[i]);
	return found;
}

static bool among_organisations(const struct line *line, const struct person *person)
{
	bool found = false;
	for (size_t i = 0; i < SOME; i++)
		found |= person->groups[i] && !strchr(person->groups[i], '/') &&
			 !strchr(person->groups[i], ':') && one(line, person->groups[i]);
	return found;
}

static bool claim(const struct line *line, const struct person *person)
{
	const char *const *claims = person->claims;
	if (!person->has_claims)
		return false;
	if (strcmp(line->claim, "p") == 0)
		return one(line, claims[PLAIN]);
	if (strcmp(line->claim, "o.p") == 0)
		return one(line, claims[OTHERS] ? claims[OTHERS] : claims[NESTED]);
	if (strcmp(line->claim, "o.q") == 0)
		return one(line, claims[NESTED_OTHER]);
	return strcmp(line->claim, "l") == 0 && among(line, person->elements);
}

static const char *const matchers[] = {
	"scope", "role", "group", "org", "email", "subject", "tenant", "claim", "any"};

static bool matches(const struct line *line, const struct person *person)
{
	switch (line->matcher) {
	case 0:
		return among_scopes(line, person);
	case 1:
		return among(line, person->roles);
	case 2:
		return among(line, person->groups);
	case 3:
		return among_organisations(line, person);
	case 4:
		return person->verified == 1 && one(line, person->email);
	case 5:
		return one(line, person->subject);
	case 6:
		return one(line, person->tenant);
	case 7:
		return claim(line, person);
	default:
		return true;
	}
}

static unsigned model(const struct person *person, const struct line *lines, size_t count,
	enum token_scopes kept, bool drops, size_t *ret_matched)
{
	unsigned given = 0, withheld = 0;
	bool own =
		kept == TOKEN_SCOPES_KEEP || (kept == TOKEN_SCOPES_UNSET && !drops && count == 0);
	*ret_matched = 0;
	for (size_t i = 0; i < count; i++) {
		if (!matches(&lines[i], person))
			continue;
		++*ret_matched;
		given |= lines[i].given;
		withheld |= lines[i].withheld;
	}
	return (given | (own ? person->scopes : 0)) & ~withheld;
}

/* ---- The same for the library ---- */

static struct arena arena;
static struct tpam_report *report;

static void set(struct identity *identity, int32_t field, const char *text)
{
	if (text)
		CHECK(identity_set_text(identity, field, text, strlen(text), DEPTH) == TPAM_OK);
}

static void add(struct identity *identity, int32_t field, const char *text)
{
	if (text)
		CHECK(identity_add_text(identity, field, text, strlen(text)) == TPAM_OK);
}

/* Numbers and booleans as such, all else as text. */
static void put(char *json, const char *name, const char *value, const char *separator)
{
	bool bare = value && (strspn(value, "-.0123456789") == strlen(value) ||
				     strcmp(value, "true") == 0 || strcmp(value, "false") == 0);
	const char *quote = bare ? "" : "\"";
	if (!value)
		return;
	if (name)
		sprintf(json + strlen(json), "\"%s\":", name);
	sprintf(json + strlen(json), "%s%s%s%s", quote, value, quote, separator);
}

static void set_claims(struct identity *identity, const struct person *person)
{
	char json[1024] = "{";
	put(json, "p", person->claims[PLAIN], ",");
	put(json, "o.p", person->claims[OTHERS], ",");
	strcat(json, "\"o\":{");
	put(json, "p", person->claims[NESTED], person->claims[NESTED_OTHER] ? "," : "");
	put(json, "q", person->claims[NESTED_OTHER], "");
	strcat(json, "},\"l\":[");
	for (size_t i = 0; i < SOME; i++)
		put(json, NULL, person->elements[i], ",");
	strcat(json, "null,[\"x\"],{\"x\":\"x\"}]}");
	set(identity, TPAM_FIELD_CLAIMS, json);
}

static struct identity identity_of(const struct person *person)
{
	struct identity identity = {.arena = &arena};
	set(&identity, TPAM_FIELD_SUBJECT, person->subject);
	set(&identity, TPAM_FIELD_TENANT, person->tenant);
	set(&identity, TPAM_FIELD_EMAIL, person->email);
	if (person->verified >= 0)
		CHECK(identity_set_number(&identity, TPAM_FIELD_EMAIL_VERIFIED, person->verified) ==
			TPAM_OK);
	for (size_t i = 0; i < SOME; i++) {
		add(&identity, TPAM_FIELD_ROLES, person->roles[i]);
		add(&identity, TPAM_FIELD_GROUPS, person->groups[i]);
	}
	for (size_t i = 0; i < SCOPES; i++)
		add(&identity, TPAM_FIELD_SCOPES, person->scopes >> i & 1 ? scopes[i] : NULL);
	if (person->has_claims)
		set_claims(&identity, person);
	return identity;
}

static void write_line(char *text, const struct line *line)
{
	strcpy(text, matchers[line->matcher]);
	if (line->claim)
		sprintf(text + strlen(text), ":%s=%s", line->claim, line->pattern);
	else if (line->pattern)
		sprintf(text + strlen(text), ":%s", line->pattern);
	strcat(text, " ->");
	for (size_t i = 0; i < SCOPES; i++) {
		if (line->given >> i & 1)
			sprintf(text + strlen(text), " %s", scopes[i]);
		if (line->withheld >> i & 1)
			sprintf(text + strlen(text), " !%s", scopes[i]);
	}
}

static struct grants *grants_of(
	const struct line *lines, size_t count, enum token_scopes kept, bool drops)
{
	static char texts[GRANTS][256];
	static struct value written[GRANTS];
	const struct instance_context context = {.report = report};
	struct setting setting = {.key = (char[]){"grant"}, .values = written, .count = count};
	struct section section = {.kind = (char[]){"provider"}, .settings = &setting, .count = 1};
	struct grants *grants = NULL;
	for (size_t i = 0; i < count; i++) {
		struct place at = {"t.ini", (uint32_t)i + 1, 1};
		write_line(texts[i], &lines[i]);
		written[i] = (struct value){.text = texts[i], .at = at, .key = at};
	}
	CHECK(grants_read(&grants, &section, kept, drops, &context) == TPAM_OK);
	return grants;
}

static unsigned bits_of(const struct list *list)
{
	unsigned bits = 0;
	for (size_t i = 0; i < list->count; i++)
		for (size_t j = 0; j < SCOPES; j++)
			if (strcmp(list->items[i], scopes[j]) == 0) {
				CHECK(!(bits >> j & 1));
				bits |= 1U << j;
			}
	return bits;
}

static size_t matched_in(const struct list *notes)
{
	size_t count = 0;
	for (size_t i = 0; i < notes->count; i++)
		count += strncmp(notes->items[i], "grant at t.ini:", 15) == 0;
	return count;
}

/* ---- Rounds ---- */

static struct person random_person(void)
{
	struct person person = {.subject = values[roll(COUNT(values))],
		.tenant = maybe(values, COUNT(values)),
		.email = maybe(values, COUNT(values)),
		.verified = (int)roll(3) - 1,
		.scopes = roll(1U << SCOPES),
		.has_claims = roll(4) > 0};
	for (size_t i = 0; i < SOME; i++) {
		person.roles[i] = maybe(values, COUNT(values));
		person.groups[i] = maybe(values, COUNT(values));
		person.elements[i] = maybe(values, COUNT(values));
	}
	for (size_t i = 0; i < CLAIMS; i++)
		person.claims[i] = maybe(values, COUNT(values));
	return person;
}

static struct line random_line(void)
{
	struct line line = {.matcher = (int)roll(COUNT(matchers)),
		.given = roll(1U << SCOPES) & roll(1U << SCOPES),
		.withheld = roll(2) ? 0 : 1U << roll(SCOPES)};
	if (line.matcher < 8)
		line.pattern = patterns[roll(COUNT(patterns))];
	if (line.matcher == 7)
		line.claim = claim_names[roll(COUNT(claim_names) - 1)];
	if (!line.given && !line.withheld)
		line.given = 1;
	return line;
}

static bool play(uint64_t seed)
{
	struct line lines[GRANTS];
	state = seed * UINT64_C(0x9E3779B97F4A7C15);
	size_t count = roll(GRANTS + 1), matched, failed = check_failed;
	enum token_scopes kept = (enum token_scopes)roll(3);
	bool drops = roll(2);
	struct person person = random_person();
	for (size_t i = 0; i < count; i++)
		lines[i] = random_line();
	unsigned expected = model(&person, lines, count, kept, drops, &matched);

	struct identity identity = identity_of(&person);
	struct grants *grants = grants_of(lines, count, kept, drops);
	struct trace_record record = {.arena = &arena};
	CHECK(!grants || grants_apply(grants, &identity, &record));
	CHECK(bits_of(&identity.fields[TPAM_FIELD_SCOPES].list) == expected);
	CHECK(identity_has(&identity, TPAM_FIELD_SCOPES) == (expected != 0));
	CHECK(matched_in(&record.notes) == matched);
	grants_destroy(grants);
	arena_finish(&arena);
	arena = (struct arena){0};
	return check_failed == failed;
}

/* What a token has besides a full list of grants is not granted, which is the side to err on. */
static void check_full(void)
{
	struct grants grants = {
		.keep = true, .list = &(struct grant){.matcher = GRANT_ANY}, .count = 1};
	struct identity identity = {.arena = &arena};
	struct trace_record record = {.arena = &arena};
	char name[16];
	grants.list->note = (char[]){"n"};
	for (int i = 0; i < LIST_MAX; i++) {
		(void)snprintf(name, sizeof(name), "g%d", i);
		CHECK(list_add(&grants.list->scopes, name, strlen(name)));
	}
	add(&identity, TPAM_FIELD_SCOPES, "own");
	CHECK(grants_apply(&grants, &identity, &record));
	CHECK(identity.fields[TPAM_FIELD_SCOPES].list.count == LIST_MAX);
	CHECK(!list_has(&identity.fields[TPAM_FIELD_SCOPES].list, "own"));
	list_finish(&grants.list->scopes);
	arena_finish(&arena);
	arena = (struct arena){0};
}

int main(int argc, char **argv)
{
	report = report_create();
	if (argc > 1)
		(void)play(strtoull(argv[1], NULL, 10));
	for (uint64_t seed = 1; argc == 1 && seed <= ROUNDS; seed++)
		if (!play(seed))
			fprintf(stderr, "seed %" PRIu64 "\n", seed);
	check_full();
	CHECK(tpam_report_count(report) == 0);
	tpam_report_destroy(report);
	return check_end();
}
