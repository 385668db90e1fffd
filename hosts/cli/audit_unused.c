/*
 * audit_unused.c - 'tokenpam audit unused': scopes that were granted and never needed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "audit_read.h"
#include "audit_scopes.h"
#include "engine.h"
#include "output.h"

/* ---- What the configuration says ---- */

/* "a > b > c" as pairs: each implies all behind it. */
static void add_chain(json_t *pairs, const char *text)
{
	char *copy = strdup(text), *rest = NULL;
	json_t *before = json_array();
	size_t i;

	for (char *word = copy ? strtok_r(copy, " \t>", &rest) : NULL; word;
		word = strtok_r(NULL, " \t>", &rest)) {
		json_t *broad;
		json_array_foreach(before, i, broad)
		{
			json_array_append_new(pairs, json_pack("[O,s]", broad, word));
		}
		json_array_append_new(before, json_string(word));
	}
	json_decref(before);
	free(copy);
}

static bool has_pair(const json_t *pairs, const json_t *broad, const json_t *narrow)
{
	json_t *pair;
	size_t i;

	json_array_foreach(pairs, i, pair)
	{
		if (json_equal(json_array_get(pair, 0), broad) &&
			json_equal(json_array_get(pair, 1), narrow))
			return true;
	}
	return false;
}

/* Pairs that follow of two others; those that are added at the end are looked at, too. */
static void close_pairs(json_t *pairs)
{
	for (size_t i = 0; i < json_array_size(pairs); i++)
		for (size_t k = 0; k < json_array_size(pairs); k++) {
			json_t *one = json_array_get(pairs, i), *other = json_array_get(pairs, k);
			json_t *broad = json_array_get(one, 0), *narrow = json_array_get(other, 1);
			bool joins = json_equal(json_array_get(one, 1), json_array_get(other, 0));
			if (joins && !has_pair(pairs, broad, narrow))
				json_array_append_new(pairs, json_pack("[O,O]", broad, narrow));
			joins = json_equal(json_array_get(other, 1), json_array_get(one, 0));
			broad = json_array_get(other, 0);
			narrow = json_array_get(one, 1);
			if (joins && !has_pair(pairs, broad, narrow))
				json_array_append_new(pairs, json_pack("[O,O]", broad, narrow));
		}
}

static json_t *implications(const json_t *overview)
{
	json_t *pairs = json_array(), *setting;
	size_t i;

	json_array_foreach(json_object_get(overview, "scopes"), i, setting)
	{
		const char *key = text_member(setting, "key");
		char *value = plain_text(json_object_get(setting, "value"));
		if (key && value && strcmp(key, "implies") == 0)
			add_chain(pairs, value);
		free(value);
	}
	close_pairs(pairs);
	return pairs;
}

/* What implies what holds for all services, and is told with each of them. */
static int add_scopes(struct tpam_engine *engine, json_t *overview)
{
	const json_t *first = json_array_get(json_object_get(overview, "services"), 0);
	const char *name =
		json_is_string(first) ? json_string_value(first) : text_member(first, "name");
	json_t *service = NULL;

	if (!name)
		return EXIT_ACCEPTED;
	int code = engine_describe(engine, name, &service);
	if (code == EXIT_ACCEPTED)
		json_object_set(overview, "scopes", json_object_get(service, "scopes"));
	json_decref(service);
	return code;
}

/* NULL in *ret_overview where no configuration is named. */
static int describe(const struct options *options, json_t **ret_overview)
{
	struct tpam_engine *engine = NULL;

	if (!options->config && !options->environment)
		return EXIT_ACCEPTED;
	int code = engine_start(options, &engine);
	if (code != EXIT_ACCEPTED)
		return code;
	code = engine_describe(engine, NULL, ret_overview);
	if (code == EXIT_ACCEPTED)
		code = add_scopes(engine, *ret_overview);
	tpam_engine_close(engine);
	return code == EXIT_ACCEPTED ? code : EXIT_MISUSED;
}

/* ---- Reading ---- */

static int take(void *data, const struct audit_record *record)
{
	struct scopes *scopes = data;

	scopes_add(scopes, record);
	return scopes->failed ? fail("out of memory, or more than %zu scopes of people", SCOPES_MAX)
			      : EXIT_ACCEPTED;
}

/* ---- What is told ---- */

static void add_unused(struct table *table, const struct granted *granted)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "granted %llu time%s, %.19sZ to %.19sZ",
		(unsigned long long)granted->times, granted->times == 1 ? "" : "s", granted->first,
		granted->last);
	table_add(table, text, "  %s", granted->scope);
}

/* Everybody with a scope that they never needed; how many of those there are. */
static int print_people(const struct scopes *scopes, size_t *ret_unused)
{
	const char *who = NULL;
	struct table table = {0};

	for (size_t i = 0; i < scopes->count; i++) {
		const struct granted *granted = &scopes->list[i];
		if (granted->needed > 0)
			continue;
		if (!who || strcmp(who, granted->who) != 0)
			table_add(&table, NULL, "%s", granted->who);
		who = granted->who;
		add_unused(&table, granted);
		(*ret_unused)++;
	}
	return print_table(&table);
}

/* True if somebody of the provider had the scope, and nobody of it needed it. */
static bool is_unused(
	const struct scopes *scopes, const char *provider, const char *scope, size_t *ret_people)
{
	*ret_people = 0;
	for (size_t i = 0; i < scopes->count; i++) {
		const struct granted *granted = &scopes->list[i];
		if (!granted->provider || strcmp(granted->provider, provider) != 0 ||
			strcmp(granted->scope, scope) != 0)
			continue;
		if (granted->needed > 0)
			return false;
		(*ret_people)++;
	}
	return *ret_people > 0;
}

static void print_grant(const struct scopes *scopes, const char *provider, const json_t *grant)
{
	const char *at = text_member(grant, "at");
	json_t *scope;
	size_t i, people;

	json_array_foreach(json_object_get(grant, "scopes"), i, scope)
	{
		const char *name = json_string_value(scope);
		if (!name || !is_unused(scopes, provider, name, &people))
			continue;
		print_text(stdout, at ? at : "?");
		fputs(": grants ", stdout);
		print_text(stdout, name);
		printf(", which nobody of %s needed, of %zu who had it\n", provider, people);
	}
}

static void print_grants(const struct scopes *scopes, const json_t *overview)
{
	json_t *provider, *grant;
	size_t i, k;

	json_array_foreach(json_object_get(overview, "providers"), i, provider)
	{
		const char *name = text_member(provider, "name");
		json_array_foreach(json_object_get(provider, "grants"), k, grant)
		{
			if (name)
				print_grant(scopes, name, grant);
		}
	}
}

static int print_sum(const struct scopes *scopes, size_t unused, uint64_t bad)
{
	if (bad > 0)
		printf("%llu lines are no records and were passed over\n", (unsigned long long)bad);
	if (scopes->records == 0) {
		puts("no record says what was granted");
		return EXIT_UNKNOWN;
	}
	printf("%llu records from %.19sZ to %.19sZ: ", (unsigned long long)scopes->records,
		scopes->first, scopes->last);
	if (scopes->wants == 0) {
		puts("none says that a scope was needed");
		return EXIT_UNKNOWN;
	}
	printf("%zu of %zu scopes of people were never needed\n", unused, scopes->count);
	if (scopes->unclear > 0)
		printf("%llu times a scope was needed that another one implies: which one only the "
		       "configuration of that time can tell\n",
			(unsigned long long)scopes->unclear);
	return unused > 0 ? EXIT_REFUSED : EXIT_ACCEPTED;
}

static int print_all(struct scopes *scopes, const json_t *overview, uint64_t bad)
{
	size_t unused = 0;
	int code = EXIT_ACCEPTED;

	scopes_sort(scopes);
	if (scopes->wants > 0) {
		code = print_people(scopes, &unused);
		print_grants(scopes, overview);
	}
	return code == EXIT_ACCEPTED ? print_sum(scopes, unused, bad) : code;
}

int audit_unused(const struct options *options, char *const files[], size_t count)
{
	struct scopes scopes = {0};
	json_t *overview = NULL, *implies = NULL;
	uint64_t bad = 0;

	int code = describe(options, &overview);
	implies = overview ? implications(overview) : NULL;
	if (code == EXIT_ACCEPTED && !scopes_begin(&scopes, implies))
		code = fail_memory();
	if (code == EXIT_ACCEPTED)
		code = audit_read_all(files, count, take, &scopes, &bad);
	if (code == EXIT_ACCEPTED)
		code = print_all(&scopes, overview, bad);
	scopes_finish(&scopes);
	json_decref(implies);
	json_decref(overview);
	return code;
}
