/*
 * suite_token.c - the token of a test: from a file, or made for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <tokenpam/kit.h>

#include "input.h"
#include "minting.h"
#include "suite.h"

/* ---- Where it stands ---- */

static int present_cookie(struct tpam_request *request, const char *name, const char *token)
{
	char *value = NULL;

	if (asprintf(&value, "%s=%s", name, token) < 0)
		return TPAM_E_MEMORY;
	int code = tpam_request_add_header(request, "Cookie", value);
	explicit_bzero(value, strlen(value));
	free(value);
	return code;
}

static int present(struct tpam_request *request, const char *place, const char *token)
{
	if (strncmp(place, "header:", 7) == 0)
		return tpam_request_add_header(request, place + 7, token);
	if (strncmp(place, "cookie:", 7) == 0)
		return present_cookie(request, place + 7, token);
	return tpam_request_add_credential(
		request, "bearer", token, strlen(token), "a token of the test");
}

/* ---- Made ---- */

/* Values of a list, as those of an option. */
static struct many many_of(struct suite *suite, const struct recipe *recipe, const char *key)
{
	const struct entry *entry = recipe_entry(recipe, key);
	struct many many = {0};

	if (!entry)
		return many;
	many.list = suite_take(suite, (entry->words.count + 1) * sizeof(*many.list));
	for (size_t i = 0; i < entry->words.count; i++)
		many.list[many.count++] = entry->words.list[i].text;
	return many;
}

/* NAME=VALUE, as of --claim. */
static struct many claims_of(struct suite *suite, const struct recipe *recipe)
{
	struct many many = {.list = suite_take(suite, (recipe->count + 1) * sizeof(*many.list))};

	for (size_t i = 0; i < recipe->count; i++) {
		const struct entry *entry = &recipe->entries[i];
		if (!entry->claim)
			continue;
		char *text = suite_take(suite, strlen(entry->claim) + strlen(entry->value) + 2);
		strcpy(stpcpy(stpcpy(text, entry->claim), "="), entry->value);
		many.list[many.count++] = text;
	}
	return many;
}

static int make(struct suite *suite, const struct attempt *attempt, const struct recipe *recipe,
	struct tpam_engine *engine, const struct options *options, char **ret_token)
{
	const char *key = recipe_text(recipe, "key");
	const struct options how = {
		.verb = options->verb,
		.service = attempt->service,
		.provider = recipe_text(recipe, "provider"),
		.key = key ? suite_path(suite, key) : NULL,
		.issuer = recipe_text(recipe, "issuer"),
		.subject = recipe_text(recipe, "subject"),
		.client = recipe_text(recipe, "client"),
		.tenant = recipe_text(recipe, "tenant"),
		.name = recipe_text(recipe, "name"),
		.lifetime = recipe_text(recipe, "lifetime"),
		.type = recipe_text(recipe, "type"),
		.audiences = many_of(suite, recipe, "audience"),
		.words = many_of(suite, recipe, "scopes"),
		.roles = many_of(suite, recipe, "roles"),
		.groups = many_of(suite, recipe, "groups"),
		.claims = claims_of(suite, recipe),
	};
	struct target target = {0};

	int code = target_find(&target, engine, attempt->service, how.provider);
	if (code == EXIT_ACCEPTED)
		code = minting_make(ret_token, &how, &target);
	target_finish(&target);
	return code;
}

/* ---- Both ---- */

static int present_file(struct suite *suite, const char *path, const char *place,
	struct tpam_request *request, int *ret_code)
{
	struct input input;

	(void)suite;
	int code = input_token(&input, path);
	if (code != EXIT_ACCEPTED)
		return code;
	*ret_code = present(request, place, input.bytes);
	input_finish(&input);
	return EXIT_ACCEPTED;
}

static int present_made(struct suite *suite, const struct attempt *attempt,
	const struct recipe *recipe, const char *place, struct tpam_engine *engine,
	const struct options *options, struct tpam_request *request, int *ret_code)
{
	char *token = NULL;

	int code = make(suite, attempt, recipe, engine, options, &token);
	if (code != EXIT_ACCEPTED)
		return code;
	*ret_code = present(request, place, token);
	tpam_kit_free(token);
	return EXIT_ACCEPTED;
}

int attempt_present(struct suite *suite, const struct attempt *attempt, struct tpam_engine *engine,
	const struct options *options, struct tpam_request *request)
{
	const struct recipe *recipe =
		attempt->token ? NULL : suite_recipe(suite, attempt->who.list[0].text);
	const char *file = recipe ? recipe_text(recipe, "file") : NULL;
	const char *path = attempt->token ? attempt->token : file ? suite_path(suite, file) : NULL;
	const char *place = recipe ? recipe_text(recipe, "place") : NULL;
	int added = TPAM_OK, code;

	place = place ? place : "bearer";
	if (path)
		code = present_file(suite, path, place, request, &added);
	else
		code = present_made(
			suite, attempt, recipe, place, engine, options, request, &added);
	if (code == EXIT_ACCEPTED && added == TPAM_OK)
		return code;
	suite_complain(suite, attempt->at, "got a token that cannot be presented%s%s",
		added == TPAM_OK ? "" : ": ", added == TPAM_OK ? "" : tpam_code_text(added));
	return EXIT_MISUSED;
}
