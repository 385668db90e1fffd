/*
 * suite_run.c - decides about a test, and whether that is what was expected.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "suite.h"

/* ---- What a recipe says ---- */

/* What begins like JSON is meant to be JSON. NULL if it is not. */
static json_t *claim_value(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);

	return value || strchr("{[\"", text[0]) ? value : json_string(text);
}

/* All claims are one field. */
static int say_claims(struct tpam_simulation *simulation, const struct recipe *recipe,
	const struct entry **ret_entry)
{
	json_t *claims = json_object();
	int code = TPAM_OK;

	for (size_t i = 0; i < recipe->count && code == TPAM_OK; i++) {
		const struct entry *entry = &recipe->entries[i];
		if (!entry->claim)
			continue;
		*ret_entry = entry;
		if (json_object_set_new(claims, entry->claim, claim_value(entry->value)) != 0)
			code = TPAM_E_ARGUMENT;
	}
	char *text = json_dumps(claims, JSON_COMPACT);
	if (code == TPAM_OK && json_object_size(claims) > 0)
		code = text ? tpam_simulation_set_text(simulation, TPAM_FIELD_CLAIMS, text)
			    : TPAM_E_ARGUMENT;
	free(text);
	json_decref(claims);
	return code;
}

/* Ages count back from now, lifetimes forward. */
static int say_number(struct tpam_simulation *simulation, const struct entry *entry)
{
	int64_t now = (int64_t)time(NULL);
	enum tpam_field field = entry->key->field;

	if (field == TPAM_FIELD_AUTH_TIME)
		return tpam_simulation_set_number(
			simulation, field, entry->number < now ? now - entry->number : 0);
	if (field == TPAM_FIELD_EXPIRES_AT)
		return tpam_simulation_set_number(simulation, field, now + entry->number);
	return tpam_simulation_set_number(simulation, field, entry->number);
}

static int say_entry(struct tpam_simulation *simulation, const struct entry *entry)
{
	int code = TPAM_OK;

	if (entry->key->field == 0 || entry->key->form == FORM_CLAIM)
		return TPAM_OK;
	if (entry->key->form == FORM_DURATION || entry->key->form == FORM_SWITCH)
		return say_number(simulation, entry);
	for (size_t i = 0; i < entry->words.count && code == TPAM_OK; i++)
		code = tpam_simulation_set_text(
			simulation, entry->key->field, entry->words.list[i].text);
	return code;
}

static int say_age(struct tpam_simulation *simulation, int64_t age)
{
	int64_t now = (int64_t)time(NULL);

	return age < 0 ? TPAM_OK
		       : tpam_simulation_set_number(
				 simulation, TPAM_FIELD_AUTH_TIME, age < now ? now - age : 0);
}

int recipe_say(struct tpam_simulation *simulation, const struct recipe *recipe, int64_t auth_age,
	const struct entry **ret_entry)
{
	const struct entry *outcome = recipe_entry(recipe, "outcome");

	*ret_entry = recipe_entry(recipe, "provider");
	int code = tpam_simulation_add(simulation, recipe_text(recipe, "provider"),
		outcome ? (int32_t)outcome->number : TPAM_SUCCESS);
	for (size_t i = 0; i < recipe->count && code == TPAM_OK; i++) {
		*ret_entry = &recipe->entries[i];
		code = say_entry(simulation, &recipe->entries[i]);
	}
	if (code == TPAM_OK)
		code = say_claims(simulation, recipe, ret_entry);
	return code == TPAM_OK ? say_age(simulation, auth_age) : code;
}

/* ---- What is asked ---- */

static int set_item(struct suite *suite, struct tpam_request *request, enum tpam_item item,
	const char *text, struct spot at)
{
	char buffer[QUOTE_SIZE];

	if (tpam_request_set(request, item, text, strlen(text)) == TPAM_OK)
		return EXIT_ACCEPTED;
	suite_complain(
		suite, at, "got %s, which has no form that would do", quote_operand(buffer, text));
	return EXIT_MISUSED;
}

static int fill(struct suite *suite, const struct attempt *attempt, struct tpam_request *request)
{
	char buffer[QUOTE_SIZE];

	int code =
		set_item(suite, request, TPAM_ITEM_SERVICE, attempt->service, attempt->target_at);
	if (code == EXIT_ACCEPTED && attempt->tool)
		code = set_item(suite, request, TPAM_ITEM_TOOL, attempt->tool, attempt->target_at);
	for (int i = 1; i <= TPAM_ITEM_CLIENT_CERTIFICATE && code == EXIT_ACCEPTED; i++)
		if (attempt->items[i])
			code = set_item(suite, request, (enum tpam_item)i, attempt->items[i],
				attempt->items_at[i]);
	for (size_t i = 0; i < attempt->tags.count && code == EXIT_ACCEPTED; i++) {
		const struct word *tag = &attempt->tags.list[i];
		if (tpam_request_add_tag(request, tag->text) == TPAM_OK)
			continue;
		suite_complain(suite, tag->at, "got tag %s, which has no form that would do",
			quote_operand(buffer, tag->text));
		code = EXIT_MISUSED;
	}
	return code;
}

static int simulate(struct suite *suite, const struct attempt *attempt, struct tpam_engine *engine,
	const struct tpam_request *request, struct tpam_result **ret_result)
{
	struct tpam_simulation *simulation = tpam_simulation_create();
	const struct entry *blame = NULL;
	int code = simulation ? TPAM_OK : TPAM_E_MEMORY;

	for (size_t i = 0; i < attempt->who.count && code == TPAM_OK; i++)
		code = recipe_say(simulation, suite_recipe(suite, attempt->who.list[i].text),
			attempt->auth_age, &blame);
	if (code == TPAM_OK)
		code = tpam_simulate(engine, request, simulation, ret_result);
	tpam_simulation_destroy(simulation);
	if (code == TPAM_OK)
		return EXIT_ACCEPTED;
	suite_complain(suite, attempt->at, "%s", tpam_code_text(code));
	return EXIT_MISUSED;
}

static bool has_token(const struct suite *suite, const struct attempt *attempt)
{
	return attempt->token ||
	       (attempt->who.count > 0 &&
		       suite_recipe(suite, attempt->who.list[0].text)->kind == RECIPE_TOKEN);
}

static int decide(struct suite *suite, const struct attempt *attempt, struct tpam_engine *engine,
	const struct options *options, struct tpam_request *request,
	struct tpam_result **ret_result)
{
	int code = fill(suite, attempt, request);

	if (code != EXIT_ACCEPTED || !has_token(suite, attempt))
		return code == EXIT_ACCEPTED ? simulate(suite, attempt, engine, request, ret_result)
					     : code;
	code = attempt_present(suite, attempt, engine, options, request);
	if (code != EXIT_ACCEPTED)
		return code;
	int decided = tpam_authenticate(engine, request, ret_result);
	if (decided == TPAM_OK)
		return EXIT_ACCEPTED;
	suite_complain(suite, attempt->at, "%s", tpam_code_text(decided));
	return EXIT_MISUSED;
}

int attempt_run(struct suite *suite, const struct attempt *attempt, struct tpam_engine *engine,
	const struct options *options, struct tpam_result **ret_result)
{
	struct tpam_request *request = tpam_request_create();

	if (!request)
		return fail_memory();
	int code = decide(suite, attempt, engine, options, request, ret_result);
	tpam_request_destroy(request);
	return code;
}

/* ---- What came ---- */

typedef const char *element_fn(const struct tpam_result *result, size_t index);

/* The same, in any order. */
static bool same_scopes(
	const struct words *expected, const struct tpam_result *result, element_fn *element)
{
	const char *scope;
	size_t count = 0;

	for (; (scope = element(result, count)); count++) {
		bool found = false;
		for (size_t i = 0; i < expected->count && !found; i++)
			found = strcmp(expected->list[i].text, scope) == 0;
		if (!found)
			return false;
	}
	for (size_t i = 0; i < expected->count; i++) {
		bool found = false;
		for (size_t j = 0; (scope = element(result, j)) && !found; j++)
			found = strcmp(expected->list[i].text, scope) == 0;
		if (!found)
			return false;
	}
	return true;
}

bool attempt_met(const struct attempt *attempt, const struct tpam_result *result)
{
	bool accepts = attempt->outcome == TPAM_SUCCESS || attempt->outcome == TPAM_EXPIRING;

	if (tpam_result_outcome(result) != attempt->outcome)
		return false;
	if (attempt->reason != TPAM_REASON_NONE && tpam_result_reason(result) != attempt->reason)
		return false;
	return !attempt->scopes_said ||
	       same_scopes(&attempt->scopes, result,
		       accepts ? tpam_result_scope : tpam_result_missing_scope);
}
