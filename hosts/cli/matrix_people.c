/*
 * matrix_people.c - whom a configuration names: by grants, by requirements, by implications.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "matrix.h"
#include "output.h"
#include "sample.h"

const struct matrix_kind matrix_kinds[] = {
	{"role", {"require_roles", "require_any_role", NULL}, TPAM_FIELD_ROLES},
	{"group", {"require_any_group", NULL}, TPAM_FIELD_GROUPS},
	{"org", {NULL}, TPAM_FIELD_GROUPS},
	{"scope", {"require_scopes", "require_any_scope", NULL}, TPAM_FIELD_SCOPES},
	{"email", {NULL}, TPAM_FIELD_EMAIL},
	{"tenant", {"require_tenant", NULL}, TPAM_FIELD_TENANT},
	{"claim", {NULL}, TPAM_FIELD_CLAIMS},
	{"subject", {"allow_subject", "deny_subject", NULL}, TPAM_FIELD_SUBJECT},
	{NULL, {NULL}, 0},
};

/* What is named of one kind: {VALUE: {PROVIDER: true}}. */
struct naming {
	const struct matrix *matrix;
	const struct matrix_kind *kind;
	json_t *values;
};

static const json_t *provider_of(const struct matrix *matrix, const char *name)
{
	return json_object_get(json_object_get(matrix->description, "providers"), name);
}

static void add_name(const struct naming *naming, const char *value, const char *provider)
{
	json_t *providers = json_object_get(naming->values, value);

	if (!providers) {
		providers = json_object();
		json_object_set_new(naming->values, value, providers);
	}
	json_object_set_new(providers, provider, json_true());
}

/* ---- Grants ---- */

static void name_grant(const struct naming *naming, const json_t *grant, const char *provider)
{
	const char *kind = text_member(grant, "kind"), *pattern = text_member(grant, "pattern");
	const char *claim = text_member(grant, "claim"), *at = text_member(grant, "at");
	char *value = NULL;

	if (!kind || strcmp(kind, naming->kind->name) != 0)
		return;
	if (!pattern) {
		fail("%s: a grant of provider \"%s\" is left out, for what a reference stands for "
		     "is "
		     "told to nobody",
			at ? at : "?", provider);
		return;
	}
	if (claim && asprintf(&value, "%s=%s", claim, pattern) < 0)
		exit(fail_memory());
	add_name(naming, value ? value : pattern, provider);
	free(value);
}

static void name_grants(const struct naming *naming)
{
	json_t *provider, *grant;
	size_t i, j;

	json_array_foreach(naming->matrix->providers, i, provider)
	{
		const char *own = json_string_value(provider);
		json_array_foreach(
			json_object_get(provider_of(naming->matrix, own), "grants"), j, grant)
		{
			name_grant(naming, grant, own);
		}
	}
}

/* ---- Requirements ---- */

/* Where there are grants a token's own scopes count no more. */
static bool can_say(const struct naming *naming, const char *provider)
{
	return naming->kind->field != TPAM_FIELD_SCOPES ||
	       json_is_true(json_object_get(provider_of(naming->matrix, provider), "token_scopes"));
}

/* PROVIDER:SUBJECT, where the provider may be a pattern. */
static void name_subject(const struct naming *naming, const char *value, const char *provider)
{
	const char *colon = strchr(value, ':');
	char *before = colon ? strndup(value, (size_t)(colon - value)) : NULL;

	if (colon && !before)
		exit(fail_memory());
	if (before && sample_matches(before, provider))
		add_name(naming, colon + 1, provider);
	free(before);
}

static void name_for_all(const struct naming *naming, const char *value)
{
	json_t *provider;
	size_t i;

	json_array_foreach(naming->matrix->providers, i, provider)
	{
		const char *own = json_string_value(provider);
		if (naming->kind->field == TPAM_FIELD_SUBJECT)
			name_subject(naming, value, own);
		else if (can_say(naming, own))
			add_name(naming, value, own);
	}
}

static bool is_named_by(const struct matrix_kind *kind, const char *key)
{
	for (size_t i = 0; key && kind->keys[i]; i++)
		if (strcmp(kind->keys[i], key) == 0)
			return true;
	return false;
}

/* A value with a reference stands for something else; `requested` is no tenant's name. */
static void name_requirements(const struct naming *naming)
{
	json_t *requirement, *word;
	size_t i, j;

	json_array_foreach(
		json_object_get(naming->matrix->description, "requirements"), i, requirement)
	{
		const char *key = text_member(requirement, "key");
		if (!is_named_by(naming->kind, key))
			continue;
		json_array_foreach(json_object_get(requirement, "value"), j, word)
		{
			const char *value = json_string_value(word);
			if (!strstr(value, "${") && (naming->kind->field != TPAM_FIELD_TENANT ||
							    strcmp(value, "requested") != 0))
				name_for_all(naming, value);
		}
	}
}

/* ---- Implications ---- */

static void name_chain(const struct naming *naming, const char *chain)
{
	char *copy = strdup(chain), *rest = copy, *scope;

	if (!copy)
		exit(fail_memory());
	while ((scope = strsep(&rest, " \t")))
		if (*scope && strcmp(scope, ">") != 0)
			name_for_all(naming, scope);
	free(copy);
}

static void name_implied(const struct naming *naming)
{
	json_t *setting;
	size_t i;

	if (naming->kind->field != TPAM_FIELD_SCOPES)
		return;
	json_array_foreach(json_object_get(naming->matrix->description, "scopes"), i, setting)
	{
		const char *key = text_member(setting, "key");
		if (key && strcmp(key, "implies") == 0)
			name_chain(naming, text_member(setting, "value"));
	}
}

/* ---- All of them ---- */

static void add_person(
	json_t *people, const char *kind, const char *value, const char *said, const char *provider)
{
	json_array_append_new(people, json_pack("{s:s, s:s?, s:s?, s:s?}", "kind", kind, "value",
					      value, "said", said, "provider", provider));
}

static void add_value(const struct naming *naming, json_t *people, const char *value)
{
	json_t *provider, *providers = json_object_get(naming->values, value);
	const char *pattern = value;
	size_t i;

	if (naming->kind->field == TPAM_FIELD_CLAIMS)
		pattern = strchr(value, '=') + 1;
	char *said = sample_of(pattern, naming->values);
	json_array_foreach(naming->matrix->providers, i, provider)
	{
		const char *own = json_string_value(provider);
		if (json_object_get(providers, own))
			add_person(people, naming->kind->name, value, said, own);
	}
	free(said);
}

static void add_kind(const struct matrix *matrix, const struct matrix_kind *kind, json_t *people)
{
	const struct naming naming = {matrix, kind, json_object()};
	const char *value;
	json_t *providers;

	name_grants(&naming);
	name_requirements(&naming);
	name_implied(&naming);
	json_object_foreach(naming.values, value, providers)
	{
		add_value(&naming, people, value);
	}
	json_decref(naming.values);
}

json_t *matrix_people(const struct matrix *matrix)
{
	json_t *people = json_array(), *provider;
	size_t i;

	add_person(people, "nobody", NULL, NULL, NULL);
	json_array_foreach(matrix->providers, i, provider)
	{
		add_person(people, "anybody", NULL, NULL, json_string_value(provider));
	}
	for (const struct matrix_kind *kind = matrix_kinds; kind->name; kind++)
		add_kind(matrix, kind, people);
	return people;
}
