/*
 * suite_print.c - what came of tests: a line for each that failed, or TAP, or JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "suite.h"
#include "verify.h"

/* ---- In words ---- */

typedef const char *element_fn(const struct tpam_result *result, size_t index);

static bool accepts(int32_t outcome)
{
	return outcome == TPAM_SUCCESS || outcome == TPAM_EXPIRING;
}

static void write_expected(FILE *file, const struct attempt *attempt)
{
	fputs(tpam_outcome_name(attempt->outcome), file);
	if (attempt->reason != TPAM_REASON_NONE)
		fprintf(file, " %s", tpam_reason_name(attempt->reason));
	for (size_t i = 0; i < attempt->scopes.count; i++)
		fprintf(file, " %s", attempt->scopes.list[i].text);
}

static void write_got(FILE *file, const struct attempt *attempt, const struct tpam_result *result)
{
	int32_t outcome = tpam_result_outcome(result);
	element_fn *element = accepts(outcome) ? tpam_result_scope : tpam_result_missing_scope;
	const char *name = tpam_reason_name(tpam_result_reason(result)), *scope;
	bool scopes = accepts(outcome) ? attempt->scopes_said || !accepts(attempt->outcome) : true;

	fputs(tpam_outcome_name(outcome), file);
	if (!accepts(outcome) && name && strcmp(name, tpam_outcome_name(outcome)) != 0)
		fprintf(file, " %s", name);
	for (size_t i = 0; scopes && (scope = element(result, i)); i++)
		fprintf(file, " %s", scope);
}

/* What the rule that decided says; NULL where none did. */
static const char *rule_of(const struct tpam_result *result)
{
	const char *at = tpam_result_rule(result);
	const struct tpam_trace_entry *entry;

	for (size_t i = 0; at && (entry = tpam_result_trace(result, i)); i++)
		if (entry->at && strcmp(entry->at, at) == 0 &&
			entry->outcome == tpam_result_outcome(result))
			return entry->rule;
	return NULL;
}

static void write_why(FILE *file, const struct tpam_result *result)
{
	const char *at = tpam_result_rule(result), *rule = rule_of(result);
	const char *provider = tpam_result_provider(result);
	const char *expected = tpam_result_expected(result), *got = tpam_result_got(result);

	if (at)
		fprintf(file, "; decided at %s by %s%s%s", at, rule ? rule : "a rule",
			provider ? " " : "", provider ? provider : "");
	else if (accepts(tpam_result_outcome(result)) && tpam_result_id(result))
		fprintf(file, "; as %s", tpam_result_id(result));
	if (expected)
		fprintf(file, ", which wants %s", expected);
	if (expected && got)
		fprintf(file, " and got %s", got);
}

/* To be freed; NULL without memory. */
static char *failure_text(const struct attempt *attempt, const struct tpam_result *result)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return NULL;
	fprintf(file, "%s: got ", attempt->text);
	write_got(file, attempt, result);
	fputs(", expected ", file);
	write_expected(file, attempt);
	write_why(file, result);
	if (fclose(file) == 0)
		return text;
	free(text);
	return NULL;
}

static void print_failure(
	const struct suite *suite, const struct attempt *attempt, const struct tpam_result *result)
{
	char *text = failure_text(attempt, result);

	if (!text)
		exit(fail_memory());
	print_text(stdout, suite->path);
	printf(":%u: ", attempt->at.line);
	print_text(stdout, text);
	putchar('\n');
	free(text);
}

/* ---- TAP ---- */

/* What TAP itself says with these characters it does not say in a description. */
static void print_description(const char *text)
{
	char *escaped = malloc(2 * strlen(text) + 1), *to = escaped;

	if (!escaped)
		exit(fail_memory());
	for (const char *at = text; *at; at++) {
		if (*at == '#' || *at == '\\')
			*to++ = '\\';
		*to++ = *at;
	}
	*to = '\0';
	print_text(stdout, escaped);
	free(escaped);
}

static void print_tap(const struct tally *tally, const struct suite *suite,
	const struct attempt *attempt, const struct tpam_result *result, bool passed)
{
	printf("%sok %zu - ", passed ? "" : "not ", tally->passed + tally->failed + tally->lost);
	print_description(attempt->text);
	putchar('\n');
	if (passed)
		return;
	fputs("# ", stdout);
	print_failure(suite, attempt, result);
}

/* ---- JSON ---- */

static json_t *scopes_json(const struct tpam_result *result, element_fn *element)
{
	json_t *array = json_array();
	const char *scope;

	for (size_t i = 0; (scope = element(result, i)); i++)
		json_array_append_new(array, json_string(scope));
	return array;
}

static json_t *text_json(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *got_json(const struct tpam_result *result)
{
	json_t *object = json_object();

	json_object_set_new(
		object, "outcome", text_json(tpam_outcome_name(tpam_result_outcome(result))));
	json_object_set_new(
		object, "reason", text_json(tpam_reason_name(tpam_result_reason(result))));
	json_object_set_new(object, "id", text_json(tpam_result_id(result)));
	json_object_set_new(object, "scopes", scopes_json(result, tpam_result_scope));
	json_object_set_new(
		object, "missing_scopes", scopes_json(result, tpam_result_missing_scope));
	json_object_set_new(object, "at", text_json(tpam_result_rule(result)));
	json_object_set_new(object, "rule", text_json(rule_of(result)));
	json_object_set_new(object, "provider", text_json(tpam_result_provider(result)));
	return object;
}

static json_t *expected_json(const struct attempt *attempt)
{
	json_t *object = json_object(), *scopes = json_array();

	json_object_set_new(object, "outcome", text_json(tpam_outcome_name(attempt->outcome)));
	json_object_set_new(object, "reason", text_json(tpam_reason_name(attempt->reason)));
	for (size_t i = 0; i < attempt->scopes.count; i++)
		json_array_append_new(scopes, json_string(attempt->scopes.list[i].text));
	json_object_set_new(
		object, "scopes", attempt->scopes_said ? json_incref(scopes) : json_null());
	json_decref(scopes);
	return object;
}

static json_t *test_json(const struct suite *suite, const struct attempt *attempt,
	const struct tpam_result *result, bool passed)
{
	json_t *object = json_object();

	json_object_set_new(object, "file", json_string(suite->path));
	json_object_set_new(object, "line", json_integer(attempt->at.line));
	json_object_set_new(object, "test", json_string(attempt->text));
	json_object_set_new(object, "passed", json_boolean(passed));
	json_object_set_new(object, "expected", expected_json(attempt));
	json_object_set_new(object, "got", got_json(result));
	return object;
}

/* ---- All of them ---- */

void tally_add(struct tally *tally, const struct suite *suite, const struct attempt *attempt,
	const struct tpam_result *result, const struct options *options)
{
	bool passed = attempt_met(attempt, result);

	tally->passed += passed;
	tally->failed += !passed;
	if (options->json) {
		if (!tally->tests)
			tally->tests = json_array();
		json_array_append_new(tally->tests, test_json(suite, attempt, result, passed));
	} else if (options->tap) {
		print_tap(tally, suite, attempt, result, passed);
	} else if (!passed) {
		print_failure(suite, attempt, result);
		if (options->trace)
			tree_print(result);
	}
}

void tally_lose(struct tally *tally, const char *path, const struct options *options)
{
	tally->lost++;
	if (!options->tap)
		return;
	printf("not ok %zu - ", tally->passed + tally->failed + tally->lost);
	print_description(path);
	putchar('\n');
}

static int print_tally_json(struct tally *tally)
{
	json_t *object = json_object();

	json_object_set_new(object, "passed", json_integer((json_int_t)tally->passed));
	json_object_set_new(object, "failed", json_integer((json_int_t)tally->failed));
	json_object_set_new(object, "files_not_run", json_integer((json_int_t)tally->lost));
	json_object_set_new(object, "tests", tally->tests ? tally->tests : json_array());
	tally->tests = NULL;
	int code = print_json(object);
	json_decref(object);
	return code;
}

int tally_print(struct tally *tally, const struct options *options)
{
	if (options->json)
		return print_tally_json(tally);
	if (options->tap) {
		printf("1..%zu\n", tally->passed + tally->failed + tally->lost);
		return EXIT_ACCEPTED;
	}
	printf("%zu passed, %zu failed", tally->passed, tally->failed);
	if (tally->lost > 0)
		printf("; %zu %s not run", tally->lost, tally->lost == 1 ? "file" : "files");
	putchar('\n');
	return EXIT_ACCEPTED;
}
