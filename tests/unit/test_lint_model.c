/*
 * test_lint_model.c - what is called impossible or useless, against people who try it.
 *
 * usage: test_lint_model [ROUNDS [SEED]]
 *
 * Configurations are random. Of each warning it is told what follows: that nobody gets in, that nobody of that name gets
 * in, or that a line could as well not be there. Then many people that the providers may speak of are simulated, and where
 * a line should be useless, in a configuration without it, too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include "check.h"
#include "sandbox.h"
#include "text.h"

#define LINES  80
#define PEOPLE 60

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

/* ---- A configuration, line by line ---- */

enum part { PART_OTHER, PART_SERVICE, PART_TOOL };

struct world {
	char lines[LINES][128];
	enum part parts[LINES]; /* whom a requirement in the line keeps out */
	size_t count;
	char offers[2][7][64]; /* of each provider and field; "?" first: anything */
	bool second;           /* there is a second provider */
};

static void line(struct world *world, enum part part, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void line(struct world *world, enum part part, const char *format, ...)
{
	va_list list;

	if (world->count >= LINES)
		abort();
	va_start(list, format);
	(void)vsnprintf(world->lines[world->count], sizeof(world->lines[0]), format, list);
	va_end(list);
	world->parts[world->count++] = part;
}

/* Letters are values: scopes are xyz, roles rs, groups g and h, which is h/1 and no organisation, tenants tu, subjects ab. */
static const char *const values[] = {"ab", "xyz", "rs", "gh", "tu", "", ""};
static const char *const fields[] = {
	"subject", "scopes", "roles", "groups", "tenant", "claims", "auth_time"};
static const enum tpam_field numbers[] = {TPAM_FIELD_SUBJECT, TPAM_FIELD_SCOPES, TPAM_FIELD_ROLES,
	TPAM_FIELD_GROUPS, TPAM_FIELD_TENANT, TPAM_FIELD_CLAIMS, TPAM_FIELD_AUTH_TIME};

static const char *value_of(size_t field, char letter)
{
	static char text[2];

	text[0] = letter;
	return field == 3 && letter == 'h' ? "h/1" : text;
}

static const char *some(char out[32], const char *letters, unsigned percent)
{
	char *end = out;

	*out = '\0';
	for (const char *c = letters; *c; c++)
		if (chance(percent))
			end += sprintf(end, "%s%c", end == out ? "" : " ", *c);
	if (end == out && *letters)
		(void)sprintf(out, "%c", letters[pick((unsigned)strlen(letters))]);
	return out;
}

static void make_offers(struct world *world, unsigned provider)
{
	char words[400] = "", *end = words;

	for (size_t i = 0; i < 7; i++) {
		char *offers = world->offers[provider][i];
		bool known = chance(i == 0 ? 20 : 45);
		(void)strcpy(offers, known ? "" : "?");
		if (!known)
			continue;
		end += sprintf(end, " %s:", fields[i]);
		for (const char *c = values[i]; *c; c++)
			if (chance(i == 0 ? 80 : 55)) {
				end += sprintf(end, " %s:%s", fields[i], value_of(i, *c));
				(void)strncat(offers, (const char[]){*c, '\0'}, 2);
			}
	}
	/* Nobody without a name. */
	if (world->offers[provider][0][0] == '\0') {
		end += sprintf(end, " subject:a");
		(void)strcpy(world->offers[provider][0], "a");
	}
	if (*words && strlen(words) < 110)
		line(world, PART_OTHER, "offer =%s", words);
	else
		for (size_t i = 0; i < 7; i++)
			(void)strcpy(world->offers[provider][i], "?");
}

static void make_grants(struct world *world)
{
	static const char *const matchers[] = {"any", "role:r", "role:s", "role:*", "group:g",
		"group:?", "group:*", "org:g", "org:*", "scope:x", "scope:*", "tenant:t",
		"subject:a", "claim:level=1", "claim:level=*"};
	char scopes[32], withheld[8];

	for (unsigned i = pick(4); i > 0; i--) {
		(void)snprintf(withheld, sizeof(withheld), " !%c", "xyzw"[pick(4)]);
		bool holds = chance(30), gives = !holds || chance(50);
		line(world, PART_OTHER, "grant = %s ->%s%s%s",
			matchers[pick(sizeof(matchers) / sizeof(matchers[0]))], gives ? " " : "",
			gives ? some(scopes, "xyz", 40) : "", holds ? withheld : "");
	}
	/* Said, since a grant that goes would change what goes without saying. */
	line(world, PART_OTHER, "token_scopes = %s", chance(50) ? "keep" : "drop");
}

static void make_requirement(struct world *world, enum part part)
{
	static const char *const subjects[] = {
		"p:a", "p:*", "q:*", "*:b", "q:a", "x:a", "*:*", "p:b"};
	static const char *const claims[] = {"level is 1", "level is not 1", "level in 1 2",
		"level not in 1 2", "level exists", "level at least 2", "level at most 1",
		"level is 2", "level at most 2"};
	char words[32];

	switch (pick(11)) {
	case 0:
		line(world, part, "require_scopes = %s", some(words, "xyz", 30));
		break;
	case 1:
		line(world, part, "require_any_scope = %s", some(words, "xyz", 40));
		break;
	case 2:
		line(world, part, "require_roles = %s", some(words, "rs", 30));
		break;
	case 3:
		line(world, part, "require_any_role = %s", some(words, "rs", 50));
		break;
	case 4:
		line(world, part, "require_any_group = %s", chance(50) ? "g*" : "?/* g");
		break;
	case 5:
		line(world, part, "require_tenant = %s",
			chance(30) ? "requested" : some(words, "tu", 40));
		break;
	case 6:
		line(world, part, "allow_subject = %s %s", subjects[pick(8)], subjects[pick(8)]);
		break;
	case 7:
		line(world, part, "deny_subject = %s %s", subjects[pick(8)], subjects[pick(8)]);
		break;
	case 8:
		line(world, part, "require_claim = %s", claims[pick(9)]);
		break;
	case 9:
		line(world, part, "max_auth_age = 5m");
		break;
	case 10:
		line(world, part, "acr = %s", chance(50) ? "low high" : "high");
		break;
	default:
		break;
	}
}

/* Keys that may stand once in a section do. */
static void make_requirements(struct world *world, enum part part, unsigned most)
{
	size_t first = world->count;

	for (unsigned i = pick(most + 1); i > 0; i--) {
		make_requirement(world, part);
		const char *own = world->lines[world->count - 1];
		bool once = strncmp(own, "acr", 3) == 0 || strncmp(own, "max_auth_age", 12) == 0;
		for (size_t j = first; once && j + 1 < world->count; j++)
			if (strncmp(world->lines[j], own, 4) == 0) {
				world->count--;
				break;
			}
	}
}

static void make_world(struct world *world)
{
	static const char *const controls[] = {"required", "optional", "sufficient", "decisive"};
	static const char *const implications[] = {
		"z > y", "y > x", "z > x", "z > y > x", "w > z", "x > v"};
	static const char *const merges[] = {"first", "union", "intersection"};

	*world = (struct world){.second = chance(60)};
	line(world, PART_OTHER, "[tokenpam]");
	line(world, PART_OTHER, "mode = development");
	for (unsigned i = 0; i <= world->second; i++) {
		line(world, PART_OTHER, "[provider:%c]", "pq"[i]);
		line(world, PART_OTHER, "plugin = person");
		if (chance(80))
			line(world, PART_OTHER, "link = on");
		make_offers(world, i);
		make_grants(world);
	}
	line(world, PART_OTHER, "[scopes]");
	line(world, PART_OTHER, "describe = x: x");
	for (unsigned i = pick(4); i > 0; i--)
		line(world, PART_OTHER, "implies = %s", implications[pick(6)]);
	line(world, PART_OTHER, "[hub]");
	line(world, PART_OTHER, "auth = %s p%s", controls[pick(chance(60) ? 2 : 4)],
		world->second ? " q" : "");
	make_requirements(world, PART_SERVICE, 1);
	line(world, PART_OTHER, "[service:s]");
	line(world, PART_OTHER, "scope_merge = %s", merges[pick(3)]);
	make_requirements(world, PART_SERVICE, 2);
	line(world, PART_OTHER, "[tool:s/t]");
	make_requirements(world, PART_TOOL, 3);
}

/* Without the line `but`, or with another one in its place. */
static struct tpam_engine *open_world(
	const struct world *world, size_t but, const char *instead, struct tpam_report **ret_report)
{
	char text[LINES * 130] = "", *end = text;
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;

	for (size_t i = 0; i < world->count; i++)
		end += sprintf(end, "%s\n", i == but ? instead : world->lines[i]);
	sandbox_write("model.ini", text);
	const struct tpam_engine_options options = {.size = sizeof(options),
		.config = sandbox_path("model.ini"),
		.plugin_path = getenv("TOKENPAM_PLUGINS")};
	int code = tpam_engine_open(&engine, &options, &report);
	if (code != TPAM_OK) {
		fputs(text, stderr);
		sandbox_report(report);
		exit(EXIT_FAILURE);
	}
	if (ret_report)
		*ret_report = report;
	else
		tpam_report_destroy(report);
	return engine;
}

/* ---- People ---- */

/* What providers say of one of them. */
struct person {
	bool says[2];
	char values[2][7][8]; /* letters; of claims level and acr */
	const char *tenant;   /* that is asked for */
};

static void make_person(const struct world *world, struct person *person)
{
	*person = (struct person){.says = {chance(75), false},
		.tenant = chance(30)   ? NULL
			  : chance(50) ? "t"
				       : "u"};
	person->says[1] = world->second && (!person->says[0] || chance(50));
	for (unsigned provider = 0; provider < 2; provider++)
		for (size_t i = 0; i < 5; i++) {
			const char *offers = world->offers[provider][i];
			const char *from = *offers == '?' ? values[i] : offers;
			char *end = person->values[provider][i];
			bool one = i == 0 || i == 4;
			for (const char *c = from; *c; c++)
				if (chance(60) && !(one && end > person->values[provider][i]))
					*end++ = *c;
			if (i == 0 && end == person->values[provider][i])
				*end++ = from[0];
		}
	for (unsigned provider = 0; provider < 2; provider++) {
		bool claims = world->offers[provider][5][0] == '?' && chance(80);
		bool time = world->offers[provider][6][0] == '?' && chance(80);
		(void)sprintf(person->values[provider][5], "%s",
			!claims ? "" : (const char *[]){"1h", "1l", "2h", "2l"}[pick(4)]);
		(void)sprintf(person->values[provider][6], "%s",
			!time        ? ""
			: chance(60) ? "n"
				     : "o");
	}
}

static void say(struct tpam_simulation *simulation, enum tpam_field field, const char *text)
{
	if (tpam_simulation_set_text(simulation, field, text) != TPAM_OK)
		exit(EXIT_FAILURE);
}

static void speak(
	struct tpam_simulation *simulation, const struct person *person, unsigned provider)
{
	const char(*own)[8] = person->values[provider];
	char text[64];

	for (size_t i = 0; i < 5; i++)
		for (const char *c = own[i]; *c; c++)
			say(simulation, numbers[i], value_of(i, *c));
	if (own[5][0]) {
		(void)sprintf(text, "{\"level\": %c, \"acr\": \"%s\"}", own[5][0],
			own[5][1] == 'h' ? "high" : "low");
		say(simulation, TPAM_FIELD_CLAIMS, text);
	}
	if (own[6][0])
		(void)tpam_simulation_set_number(simulation, TPAM_FIELD_AUTH_TIME,
			(int64_t)time(NULL) - (own[6][0] == 'n' ? 10 : 3600));
}

static struct tpam_result *try(
	struct tpam_engine *engine, const struct person *person, const char *target)
{
	struct tpam_request *request = sandbox_request(target, NULL);
	struct tpam_simulation *simulation = tpam_simulation_create();
	struct tpam_result *result = NULL;

	if (person->tenant)
		(void)tpam_request_set(request, TPAM_ITEM_TENANT, person->tenant, 1);
	for (unsigned i = 0; i < 2; i++) {
		if (!person->says[i])
			continue;
		CHECK(tpam_simulation_add(
			      simulation, (const char[]){"pq"[i], '\0'}, TPAM_SUCCESS) == TPAM_OK);
		speak(simulation, person, i);
	}
	if (tpam_simulate(engine, request, simulation, &result) != TPAM_OK)
		exit(EXIT_FAILURE);
	tpam_simulation_destroy(simulation);
	tpam_request_destroy(request);
	return result;
}

static bool gets_in(const struct tpam_result *result)
{
	return tpam_result_outcome(result) == TPAM_SUCCESS;
}

/* ---- What warnings say ---- */

enum claim { NOBODY, NOBODY_CALLED, USELESS, CLAIMS };

static unsigned long told[CLAIMS], accepted, refused;

static void wrong(const struct world *world, const struct tpam_diagnostic *warning)
{
	bool true_warning = false;

	CHECK(true_warning);
	for (size_t i = 0; i < world->count; i++)
		fprintf(stderr, "%3zu %s\n", i + 1, world->lines[i]);
	fprintf(stderr, "%u: %s\n", warning->line, warning->text);
}

static const char *target_of(const struct world *world, size_t index, unsigned number)
{
	return world->parts[index] == PART_TOOL || number % 2 ? "s/t" : "s";
}

/* Nobody gets in; or, with a pattern, nobody whose id it matches. */
static void check_nobody(struct tpam_engine *engine, const struct world *world,
	const struct tpam_diagnostic *warning, const char *pattern)
{
	told[pattern ? NOBODY_CALLED : NOBODY]++;
	for (unsigned i = 0; i < PEOPLE; i++) {
		struct person person;
		make_person(world, &person);
		struct tpam_result *result =
			try(engine, &person, target_of(world, warning->line - 1, i));
		bool is =
			gets_in(result) && (!pattern || text_glob(pattern, tpam_result_id(result)));
		tpam_result_unref(result);
		if (!is)
			continue;
		wrong(world, warning);
		return;
	}
}

static bool same_scopes(const struct tpam_result *one, const struct tpam_result *other)
{
	const char *scope;

	for (size_t i = 0; (scope = tpam_result_scope(one, i)); i++)
		if (!tpam_result_has_scope(other, scope))
			return false;
	return true;
}

/* Nothing changes without the line. */
static void check_useless(struct tpam_engine *engine, const struct world *world,
	const struct tpam_diagnostic *warning, const char *instead)
{
	struct tpam_engine *without = open_world(world, warning->line - 1, instead, NULL);
	bool same = true;

	told[USELESS]++;
	for (unsigned i = 0; i < PEOPLE && same; i++) {
		struct person person;
		make_person(world, &person);
		struct tpam_result *one = try(engine, &person, i % 2 ? "s/t" : "s");
		struct tpam_result *other = try(without, &person, i % 2 ? "s/t" : "s");
		same = gets_in(one) == gets_in(other) && same_scopes(one, other) &&
		       same_scopes(other, one);
		tpam_result_unref(one);
		tpam_result_unref(other);
	}
	if (!same)
		wrong(world, warning);
	tpam_engine_close(without);
}

/* The line without a word of its. */
static void without(char out[160], const char *text, const char *word)
{
	char *end = out;
	char copy[160], *rest = copy, *token;

	(void)snprintf(copy, sizeof(copy), "%s", text);
	while ((token = strsep(&rest, " ")))
		if (strcmp(token, word) != 0)
			end += sprintf(end, "%s%s", end == out ? "" : " ", token);
}

/* What stands in the first quotes. */
static void quoted(char out[64], const char *text)
{
	const char *from = strchr(text, '"') + 1;
	size_t length = strcspn(from, "\"");

	(void)snprintf(out, 64, "%.*s", (int)length, from);
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

static void judge(struct tpam_engine *engine, const struct world *world,
	const struct tpam_diagnostic *warning)
{
	const char *text = warning->text, *own = world->lines[warning->line - 1];
	char word[64], instead[160];

	if (strstr(text, "which nobody") || strncmp(text, "got scope", 9) == 0) {
		if (!strstr(text, "withholds")) {
			check_nobody(engine, world, warning, NULL);
			return;
		}
	}
	if (strstr(text, "expected somebody whom") || strstr(text, "which deny_subject")) {
		quoted(word, text);
		check_nobody(engine, world, warning, word);
	} else if (strstr(text, "a grant that adds nothing") || strstr(text, "a grant to nobody")) {
		check_useless(engine, world, warning, "");
	} else if (strstr(text, "withholds")) {
		quoted(word, text);
		without(instead, own, word);
		check_useless(engine, world, warning, ends_in(instead, "->") ? "" : instead);
	} else if (strstr(text, "which follows from other lines")) {
		/* A chain says other things, too. */
		if (strlen(own) == strlen("implies = z > y"))
			check_useless(engine, world, warning, "");
	} else if (!strstr(text, "never") && !strstr(text, "unsafe plugin")) {
		wrong(world, warning);
	}
}

static void play(void)
{
	struct world world;
	struct tpam_report *report = NULL;

	make_world(&world);
	struct tpam_engine *engine = open_world(&world, SIZE_MAX, NULL, &report);
	for (size_t i = 0; i < tpam_report_count(report); i++)
		judge(engine, &world, tpam_report_get(report, i));
	for (unsigned i = 0; i < 8; i++) {
		struct person person;
		make_person(&world, &person);
		struct tpam_result *result = try(engine, &person, i % 2 ? "s/t" : "s");
		accepted += gets_in(result);
		refused += !gets_in(result);
		tpam_result_unref(result);
	}
	tpam_report_destroy(report);
	tpam_engine_close(engine);
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1500;

	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 20261129;
	sandbox_begin();
	for (unsigned long i = 0; i < rounds; i++)
		play();
	sandbox_end();
	printf("nobody %lu times, nobody of a name %lu, useless %lu; of all %lu accepted and %lu "
	       "refused\n",
		told[NOBODY], told[NOBODY_CALLED], told[USELESS], accepted, refused);
	CHECK(told[NOBODY] > 0 && told[NOBODY_CALLED] > 0 && told[USELESS] > 0 && accepted > 0);
	return check_end();
}
