/*
 * online.c - what providers find out over the network: 'tokenpam check --online'.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "online.h"
#include "output.h"

static int exit_code(int32_t outcome)
{
	switch (outcome) {
	case TPAM_SUCCESS:
	case TPAM_IGNORE:
		return EXIT_ACCEPTED;
	case TPAM_UNAVAILABLE:
	case TPAM_RATE_LIMITED:
		return EXIT_UNKNOWN;
	default:
		return EXIT_MISUSED;
	}
}

static void print_pair(const char *label, const char *text)
{
	if (!text)
		return;
	printf("  %-12s", label);
	print_text(stdout, text);
	putchar('\n');
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* An object is its values, blanks between: the label says what they are. */
static char *value_text(const char *label, json_t *value)
{
	char buffer[TIME_SIZE];
	json_t *list, *member;
	const char *key, *time = NULL;

	if (json_is_integer(value) && (ends_in(label, "_at") || ends_in(label, "_until")))
		time = time_text(buffer, json_integer_value(value));
	if (time)
		return strdup(time);
	if (!json_is_object(value))
		return plain_text(value);
	list = json_array();
	json_object_foreach(value, key, member) json_array_append(list, member);
	char *text = plain_text(list);
	json_decref(list);
	return text;
}

static int print_fact(const char *label, json_t *value)
{
	char *text = value_text(label, value);

	if (!text)
		return fail_memory();
	print_pair(label, text);
	free(text);
	return EXIT_ACCEPTED;
}

static int print_facts(json_t *facts)
{
	const char *label;
	json_t *value, *element;
	size_t i;
	int code = EXIT_ACCEPTED;

	json_object_foreach(facts, label, value)
	{
		if (!json_is_array(value)) {
			code = print_fact(label, value);
			continue;
		}
		json_array_foreach(value, i, element) code = print_fact(label, element);
	}
	return code;
}

static void print_head(const char *provider, const struct tpam_result *result)
{
	int32_t outcome = tpam_result_outcome(result);

	fputs("provider ", stdout);
	print_text(stdout, provider);
	fputs(": ", stdout);
	if (outcome == TPAM_SUCCESS)
		colour_print(COLOUR_GOOD, "fine");
	else
		colour_print(exit_code(outcome) == EXIT_UNKNOWN ? COLOUR_DOUBT : COLOUR_BAD,
			tpam_outcome_name(outcome));
	putchar('\n');
}

static void print_failure(const struct tpam_result *result)
{
	int32_t reason = tpam_result_reason(result);

	print_pair("reason", tpam_reason_name(reason));
	print_pair("expected", tpam_result_expected(result));
	print_pair("got", tpam_result_got(result));
	print_pair("remedy", tpam_reason_remedy(reason));
}

static int probe(struct tpam_engine *engine, const char *provider, struct tpam_result **ret)
{
	int code = tpam_probe(engine, provider, ret);

	return code == TPAM_OK ? EXIT_ACCEPTED : fail("%s", tpam_code_text(code));
}

static int facts_of(const struct tpam_result *result, json_t **ret_facts)
{
	json_t *facts = json_loads(tpam_result_claims(result), 0, NULL);

	if (!facts)
		return fail("the provider's answer cannot be read");
	*ret_facts = facts;
	return EXIT_ACCEPTED;
}

int online_ask(struct tpam_engine *engine, const char *provider, json_t **ret_facts)
{
	struct tpam_result *result = NULL;

	int code = probe(engine, provider, &result);
	if (code != EXIT_ACCEPTED)
		return code;
	int32_t outcome = tpam_result_outcome(result);
	code = exit_code(outcome);
	*ret_facts = NULL;
	if (outcome == TPAM_SUCCESS) {
		code = facts_of(result, ret_facts);
	} else if (outcome != TPAM_IGNORE) {
		const char *got = tpam_result_got(result), *expected = tpam_result_expected(result);
		fail("%s: %s: got %s, expected %s", tpam_outcome_name(outcome),
			tpam_reason_name(tpam_result_reason(result)), got ? got : "nothing",
			expected ? expected : "an answer");
	}
	tpam_result_unref(result);
	return code;
}

static int check_one(struct tpam_engine *engine, const char *provider)
{
	struct tpam_result *result = NULL;
	json_t *facts = NULL;

	int code = probe(engine, provider, &result);
	if (code != EXIT_ACCEPTED)
		return code;
	int32_t outcome = tpam_result_outcome(result);
	code = exit_code(outcome);
	if (outcome != TPAM_IGNORE)
		print_head(provider, result);
	if (outcome == TPAM_SUCCESS) {
		code = facts_of(result, &facts);
		if (code == EXIT_ACCEPTED)
			code = print_facts(facts);
	} else if (outcome != TPAM_IGNORE) {
		print_failure(result);
	}
	json_decref(facts);
	tpam_result_unref(result);
	return code;
}

int online_check(struct tpam_engine *engine)
{
	json_t *overview = NULL, *provider;
	int worst = EXIT_ACCEPTED;
	size_t i;

	int code = engine_describe(engine, NULL, &overview);
	if (code != EXIT_ACCEPTED)
		return code;
	json_array_foreach(json_object_get(overview, "providers"), i, provider)
	{
		code = check_one(engine, text_member(provider, "name"));
		worst = code > worst ? code : worst;
	}
	json_decref(overview);
	return worst;
}
