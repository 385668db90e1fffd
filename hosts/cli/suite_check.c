/*
 * suite_check.c - whether the names in a test file mean something in its configuration.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "output.h"
#include "suite.h"

#define NAMES_LIMIT 1000 /* that a mistyped one is compared with */

/* ---- Recipes ---- */

const struct recipe *suite_recipe(const struct suite *suite, const char *name)
{
	for (size_t i = 0; i < suite->recipe_count; i++)
		if (strcmp(suite->recipes[i].name, name) == 0)
			return &suite->recipes[i];
	return NULL;
}

const struct entry *recipe_entry(const struct recipe *recipe, const char *key)
{
	for (size_t i = 0; i < recipe->count; i++)
		if (strcmp(recipe->entries[i].key->name, key) == 0)
			return &recipe->entries[i];
	return NULL;
}

const char *recipe_text(const struct recipe *recipe, const char *key)
{
	const struct entry *entry = recipe_entry(recipe, key);

	return entry ? entry->words.list[0].text : NULL;
}

static void check_provider(
	struct suite *suite, const struct known *known, const struct recipe *recipe)
{
	const struct entry *entry = recipe_entry(recipe, "provider");
	char buffer[QUOTE_SIZE];

	if (!entry)
		return;
	const char *name = entry->words.list[0].text;
	const json_t *provider = known_provider(known, name);
	if (!provider) {
		const char *meant = known_nearest(known, "providers", name);
		suite_complain(suite, entry->at,
			"got provider %s, expected one that is configured%s%s%s",
			quote_operand(buffer, name), meant ? "; did you mean \"" : "",
			meant ? meant : "", meant ? "\"?" : "");
		return;
	}
	const char *role = text_member(provider, "role");
	if (role && strcmp(role, "utility") == 0)
		suite_complain(suite, entry->at,
			"got provider %s, which is the same for everybody; expected one that looks "
			"at credentials",
			quote_operand(buffer, name));
}

static const char *first_text(const struct entry *entry)
{
	return entry->claim             ? entry->claim
	       : entry->words.count > 0 ? entry->words.list[0].text
					: "";
}

/* What cannot be said of somebody is found out by saying it. */
static void check_fields(struct suite *suite, const struct recipe *recipe)
{
	struct tpam_simulation *simulation = tpam_simulation_create();
	const struct entry *blame = NULL;
	char buffer[QUOTE_SIZE];

	if (!simulation) {
		suite_complain(suite, recipe->at, "%s", tpam_code_text(TPAM_E_MEMORY));
		return;
	}
	int code = recipe_say(simulation, recipe, -1, &blame);
	if (code != TPAM_OK && blame)
		suite_complain(suite, blame->at, "got %s for %s, which has no form that would do",
			quote_operand(buffer, first_text(blame)), blame->key->name);
	else if (code != TPAM_OK)
		suite_complain(suite, recipe->at, "%s", tpam_code_text(code));
	tpam_simulation_destroy(simulation);
}

static bool accepts(const struct recipe *recipe)
{
	const struct entry *entry = recipe_entry(recipe, "outcome");

	return !entry || entry->number == TPAM_SUCCESS || entry->number == TPAM_EXPIRING;
}

static void check_identity(
	struct suite *suite, const struct known *known, const struct recipe *recipe)
{
	const char *name = recipe_text(recipe, "provider");
	const json_t *provider = name ? known_provider(known, name) : NULL;
	const char *role = provider ? text_member(provider, "role") : NULL;
	bool identifies = role && strcmp(role, "identity") == 0;

	if (!name)
		suite_complain(suite, recipe->at,
			"got an identity without provider, expected provider = NAME");
	else if (identifies && accepts(recipe) && !recipe_entry(recipe, "subject"))
		suite_complain(suite, recipe->at,
			"got an identity without subject, expected subject = NAME");
	else if (role && !identifies && recipe->count > 1 + (recipe_entry(recipe, "outcome") != 0))
		suite_complain(suite, recipe->at,
			"got more than an outcome of provider \"%s\", which identifies nobody",
			name);
	else
		check_fields(suite, recipe);
}

static void check_place(struct suite *suite, const struct entry *entry)
{
	const char *place = entry ? entry->words.list[0].text : "bearer";

	if (entry && strcmp(place, "bearer") != 0 && strncmp(place, "header:", 7) != 0 &&
		strncmp(place, "cookie:", 7) != 0)
		suite_complain(suite, entry->at,
			"got place \"%s\", expected bearer, header:NAME or cookie:NAME", place);
}

static void check_token(struct suite *suite, const struct recipe *recipe)
{
	bool file = recipe_entry(recipe, "file"), made = recipe_entry(recipe, "provider");
	const struct entry *subject = recipe_entry(recipe, "subject");

	if (file == made)
		suite_complain(suite, recipe->at,
			"got a token with %s, expected file = FILE, or provider = NAME and what "
			"the token says",
			file ? "file and provider" : "neither file nor provider");
	else if (made && !subject)
		suite_complain(
			suite, recipe->at, "got a token without subject, expected subject = NAME");
	else if (file && recipe->count > 1 + (recipe_entry(recipe, "place") != 0))
		suite_complain(suite, recipe->at,
			"got a token from a file and what it says, expected one of both");
	check_place(suite, recipe_entry(recipe, "place"));
}

/* ---- Tests ---- */

static void refuse_name(struct suite *suite, const struct word *word)
{
	const char *names[NAMES_LIMIT + 2] = {"nobody"};
	char buffer[QUOTE_SIZE];
	size_t count = 1;

	for (size_t i = 0; i < suite->recipe_count && count <= NAMES_LIMIT; i++)
		names[count++] = suite->recipes[i].name;
	const char *meant = nearest(word->text, names);
	suite_complain(suite, word->at,
		"got %s, expected an identity or a token of the file, @FILE or nobody%s%s%s",
		quote_operand(buffer, word->text), meant ? "; did you mean \"" : "",
		meant ? meant : "", meant ? "\"?" : "");
}

static const char *provider_name(const struct suite *suite, const struct word *word)
{
	const struct recipe *recipe = suite_recipe(suite, word->text);

	return recipe ? recipe_text(recipe, "provider") : NULL;
}

/* Each provider speaks once, and a token for itself. */
static void check_who(struct suite *suite, const struct attempt *attempt)
{
	const struct words *who = &attempt->who;

	for (size_t i = 0; i < who->count; i++) {
		const struct recipe *recipe = suite_recipe(suite, who->list[i].text);
		const char *name = provider_name(suite, &who->list[i]);
		if (!recipe) {
			refuse_name(suite, &who->list[i]);
			continue;
		}
		if (who->count > 1 && recipe->kind == RECIPE_TOKEN)
			suite_complain(suite, who->list[i].at,
				"got a token beside others, expected it alone");
		if (attempt->auth_age >= 0 && recipe->kind == RECIPE_TOKEN)
			suite_complain(suite, who->list[i].at,
				"got auth_age with a token, which says by itself when somebody "
				"signed in");
		for (size_t j = 0; name && j < i; j++) {
			const char *other = provider_name(suite, &who->list[j]);
			if (other && strcmp(other, name) == 0)
				suite_complain(suite, who->list[i].at,
					"got a second identity of provider \"%s\", expected one",
					name);
		}
	}
	if (attempt->auth_age >= 0 && who->count == 0)
		suite_complain(suite, attempt->at,
			"got auth_age without an identity, expected one that signed in");
}

/* `*` any bytes, `?` any one. */
static bool glob(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = text;
		} else if (*pattern && (*pattern == '?' || *pattern == *text)) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

/* What no section names may be meant; what nearly has the name of one probably is not. */
static void check_tool(
	const struct suite *suite, const struct attempt *attempt, const json_t *service)
{
	const char *names[NAMES_LIMIT + 1] = {NULL};
	const json_t *tools = json_object_get(service, "tools");
	char buffer[QUOTE_SIZE];
	json_t *tool;
	size_t i, count = 0;

	json_array_foreach(json_object_get(tools, "sections"), i, tool)
	{
		const char *pattern = text_member(tool, "pattern");
		if (!pattern || glob(pattern, attempt->tool))
			return;
		if (!strpbrk(pattern, "*?") && count < NAMES_LIMIT)
			names[count++] = pattern;
	}
	const char *meant = nearest(attempt->tool, names);
	if (!meant)
		return;
	print_text(stderr, suite->path);
	fprintf(stderr, ":%u:%u: warning: got tool %s, which no section names; did you mean ",
		attempt->target_at.line, attempt->target_at.column,
		quote_operand(buffer, attempt->tool));
	fprintf(stderr, "%s?\n", quote(buffer, meant));
}

/* A service that there is not may be what is tested. */
static void check_target(struct suite *suite, struct known *known, const struct attempt *attempt)
{
	const json_t *service = known_service(known, attempt->service);
	char buffer[QUOTE_SIZE];

	if (service && attempt->tool)
		check_tool(suite, attempt, service);
	if (service || attempt->reason == TPAM_REASON_UNKNOWN_SERVICE)
		return;
	const char *meant = known_nearest(known, "services", attempt->service);
	suite_complain(suite, attempt->target_at,
		"got service %s, expected one that is configured%s%s%s",
		quote_operand(buffer, attempt->service), meant ? "; did you mean \"" : "",
		meant ? meant : "", meant ? "\"?" : "");
}

void suite_check(struct suite *suite, struct known *known)
{
	for (size_t i = 0; i < suite->recipe_count; i++) {
		const struct recipe *recipe = &suite->recipes[i];
		check_provider(suite, known, recipe);
		if (recipe->kind == RECIPE_IDENTITY)
			check_identity(suite, known, recipe);
		else
			check_token(suite, recipe);
	}
	for (size_t i = 0; i < suite->attempt_count; i++) {
		check_who(suite, &suite->attempts[i]);
		check_target(suite, known, &suite->attempts[i]);
	}
}
