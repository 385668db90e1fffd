/*
 * matrix.c - 'tokenpam show --matrix': who may do what, as the engine decides it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "matrix.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "output.h"

/* ---- What is configured ---- */

/* Of those whom the auth rules ask, those that identify somebody. */
static json_t *identifying(const json_t *description)
{
	const json_t *groups = json_object_get(description, "groups");
	const json_t *rules = json_object_get(json_object_get(groups, "auth"), "rules");
	const json_t *providers = json_object_get(description, "providers");
	json_t *names = json_array(), *seen = json_object(), *rule;
	size_t i;

	json_array_foreach(rules, i, rule)
	{
		const char *name = text_member(rule, "provider");
		const json_t *provider = name ? json_object_get(providers, name) : NULL;
		const char *role = text_member(provider, "role");
		if (!role || strcmp(role, "identity") != 0 || json_object_get(seen, name))
			continue;
		json_object_set_new(seen, name, json_true());
		json_array_append_new(names, json_string(name));
	}
	json_decref(seen);
	return names;
}

static bool asks_for_tenant(const json_t *description)
{
	json_t *requirement, *word;
	size_t i, j;

	json_array_foreach(json_object_get(description, "requirements"), i, requirement)
	{
		const char *key = text_member(requirement, "key");
		if (!key || strcmp(key, "require_tenant") != 0)
			continue;
		json_array_foreach(json_object_get(requirement, "value"), j, word)
		{
			if (strcmp(json_string_value(word), "requested") == 0)
				return true;
		}
	}
	return false;
}

/* ---- What is decided ---- */

static json_t *missing_scopes(const struct tpam_result *result)
{
	json_t *scopes = json_array();
	const char *scope;

	for (size_t i = 0; (scope = tpam_result_missing_scope(result, i)); i++)
		json_array_append_new(scopes, json_string(scope));
	return scopes;
}

/* Of the requirements that are not met. */
static json_t *places(const struct tpam_result *result)
{
	json_t *array = json_array();
	const struct tpam_trace_entry *entry;

	for (size_t i = 0; (entry = tpam_result_trace(result, i)); i++)
		if (entry->group && strcmp(entry->group, "require") == 0 &&
			entry->outcome != TPAM_SUCCESS)
			json_array_append_new(array, json_string(entry->at));
	return array;
}

json_t *matrix_answer(const struct tpam_result *result)
{
	char *needs = matrix_needs(result);
	json_t *answer = json_pack("{s:s, s:s?, s:s?, s:o, s:o}", "answer", needs, "outcome",
		tpam_outcome_name(tpam_result_outcome(result)), "reason",
		tpam_reason_name(tpam_result_reason(result)), "missing_scopes",
		missing_scopes(result), "at", places(result));

	free(needs);
	return answer;
}

static int decide_all(const struct matrix *matrix, json_t *people, const json_t *tools)
{
	int code = EXIT_ACCEPTED;
	json_t *person;
	size_t i;

	json_array_foreach(people, i, person)
	{
		json_t *answers = NULL;
		if (code == EXIT_ACCEPTED)
			code = matrix_decide(matrix, person, tools, &answers);
		if (answers)
			json_object_set_new(person, "answers", answers);
	}
	return code;
}

/* ---- What is told ---- */

static bool same(const json_t *one, const json_t *other, const char *key)
{
	return json_equal(json_object_get(one, key), json_object_get(other, key));
}

/* How many from `first` on are the same people, said by different providers. */
static size_t run_of(const json_t *people, size_t first)
{
	const json_t *person = json_array_get(people, first), *next;
	size_t count = 1;

	while ((next = json_array_get(people, first + count)) && same(person, next, "kind") &&
		same(person, next, "value"))
		count++;
	return count;
}

/* "corp or partner: role admin", where only some of the providers make this of it. */
static json_t *name_of(const struct matrix *matrix, const json_t *person, const json_t *providers)
{
	bool some = json_array_size(providers) < json_array_size(matrix->providers);
	const char *value = text_member(person, "value");
	char *text = NULL;
	size_t size = 0, i;
	json_t *provider;

	FILE *file = open_memstream(&text, &size);
	if (!file)
		exit(fail_memory());
	json_array_foreach(providers, i, provider)
	{
		if (some)
			fprintf(file, "%s%s", i ? " or " : "", json_string_value(provider));
	}
	fprintf(file, "%s%s%s%s", some && i > 0 ? ": " : "", text_member(person, "kind"),
		value ? " " : "", value ? value : "");
	if (fclose(file) != 0)
		exit(fail_memory());
	json_t *name = json_string(text);
	free(text);
	return name;
}

static void add_row(
	json_t *rows, const struct matrix *matrix, const json_t *person, json_t *providers)
{
	json_array_append_new(rows,
		json_pack("{s:o, s:O, s:O, s:o, s:O}", "name", name_of(matrix, person, providers),
			"kind", json_object_get(person, "kind"), "value",
			json_object_get(person, "value"), "providers", providers, "answers",
			json_object_get(person, "answers")));
}

/* Those of a run who get the same answers as one of them; NULL if an earlier one stands for them. */
static json_t *sayers(const json_t *people, size_t own, size_t first, size_t count)
{
	const json_t *person = json_array_get(people, own);
	json_t *providers = json_array();

	for (size_t i = first; i < first + count; i++) {
		const json_t *other = json_array_get(people, i);
		json_t *provider = json_object_get(other, "provider");
		if (!same(person, other, "answers"))
			continue;
		if (i < own) {
			json_decref(providers);
			return NULL;
		}
		if (json_is_string(provider))
			json_array_append(providers, provider);
	}
	return providers;
}

/* A row for all of the same people who get the same answers. */
static json_t *rows_of(const struct matrix *matrix, const json_t *people)
{
	json_t *rows = json_array();

	for (size_t i = 0, count; i < json_array_size(people); i += count) {
		count = run_of(people, i);
		for (size_t j = i; j < i + count; j++) {
			json_t *providers = sayers(people, j, i, count);
			if (providers)
				add_row(rows, matrix, json_array_get(people, j), providers);
		}
	}
	return rows;
}

static int check_size(const json_t *people, const json_t *tools)
{
	size_t rows = json_array_size(people), columns = json_array_size(tools);

	if (rows <= MATRIX_PEOPLE_MAX && rows * columns <= MATRIX_ANSWERS_MAX)
		return EXIT_ACCEPTED;
	return fail("got %zu roles, groups and the like and %zu tools, expected at most %d of the "
		    "former and %d answers",
		rows, columns, MATRIX_PEOPLE_MAX, MATRIX_ANSWERS_MAX);
}

int matrix_show(
	struct tpam_engine *engine, const json_t *description, const struct options *options)
{
	struct matrix matrix = {.engine = engine,
		.description = description,
		.service = options->operands[0],
		.providers = identifying(description),
		.tenant = asks_for_tenant(description),
		.username = engine_setting(description, "match_username")};
	json_t *people = matrix_people(&matrix), *tools = matrix_tools(&matrix);

	int code = check_size(people, tools);
	if (code == EXIT_ACCEPTED)
		code = decide_all(&matrix, people, tools);
	if (code == EXIT_ACCEPTED) {
		json_t *all = json_pack("{s:s, s:O, s:o}", "service", matrix.service, "tools",
			tools, "who", rows_of(&matrix, people));
		code = options->json ? print_json(all) : matrix_print(all);
		json_decref(all);
	}
	json_decref(people);
	json_decref(tools);
	json_decref(matrix.providers);
	return code;
}
