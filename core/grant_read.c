/*
 * grant_read.c - reads `grant = MATCHER -> SCOPE...`.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "expand.h"
#include "grant.h"
#include "instance.h"
#include "memory.h"
#include "reader.h"
#include "text.h"
#include "words.h"

#define FORM        "MATCHER -> SCOPE..."
#define MATCHER_MAX 16 /* of its word, in bytes */
#define NOTE_MAX    (READER_VALUE_MAX + PATH_MAX + 64)

const char *const grant_names[GRANT_MATCHERS + 1] = {
	[GRANT_SCOPE] = "scope",
	[GRANT_ROLE] = "role",
	[GRANT_GROUP] = "group",
	[GRANT_ORG] = "org",
	[GRANT_EMAIL] = "email",
	[GRANT_SUBJECT] = "subject",
	[GRANT_TENANT] = "tenant",
	[GRANT_CLAIM] = "claim",
	[GRANT_ANY] = "any",
};

/* One line being read. */
struct reading {
	struct grant *grant;
	const struct words *words;
	const struct instance_context *context;
	size_t *left; /* how many scopes the section may still name */
};

/* ---- The matcher ---- */

static int refuse_matcher(const struct reading *reading, const char *got, const char *expected)
{
	const struct word *word = reading->words->list;
	char quoted[REPORT_QUOTE_SIZE];

	report_error(reading->context->report, word->at, "got %s in %s, expected %s", got,
		report_quote(quoted, word->text, strlen(word->text)), expected);
	return TPAM_E_CONFIG;
}

static int refuse_unknown(const struct reading *reading, const char *text, size_t length)
{
	const struct word *word = reading->words->list;
	char quoted[REPORT_QUOTE_SIZE], name[MATCHER_MAX] = "";
	const char *written = word->text;
	size_t shown = expand_has_reference(written) ? strlen(written) : strcspn(written, ":");

	if (length < sizeof(name))
		memcpy(name, text, length);
	const char *nearest = text_nearest(name, grant_names);
	report_error(reading->context->report, word->at,
		"got matcher %s, expected scope:, role:, group:, org:, email:, subject:, tenant:, "
		"claim:NAME= or any%s%s%s",
		report_quote(quoted, written, shown), nearest ? "; did you mean \"" : "",
		nearest ? nearest : "", nearest ? "\"?" : "");
	return TPAM_E_CONFIG;
}

static int copy(char **ret, const char *text, size_t length)
{
	*ret = text_copy(text, length);
	return *ret ? TPAM_OK : TPAM_E_MEMORY;
}

/* NAME=VALUE */
static int take_claim(const struct reading *reading, const char *text)
{
	size_t length = strcspn(text, "=");

	if (text[length] != '=')
		return refuse_matcher(reading, "no \"=\"", "claim:NAME=VALUE");
	if (length == 0)
		return refuse_matcher(reading, "no name", "claim:NAME=VALUE");
	if (text[length + 1] == '\0')
		return refuse_matcher(reading, "an empty value", "claim:NAME=VALUE");
	int code = copy(&reading->grant->claim, text, length);
	text += length + 1;
	return code == TPAM_OK ? copy(&reading->grant->pattern, text, strlen(text)) : code;
}

static int take_value(const struct reading *reading, const char *text)
{
	if (reading->grant->matcher == GRANT_CLAIM)
		return take_claim(reading, text);
	if (*text == '\0')
		return refuse_matcher(reading, "an empty value", "something to compare with");
	return copy(&reading->grant->pattern, text, strlen(text));
}

static int take_matcher(const struct reading *reading, const char *text)
{
	size_t length = strcspn(text, ":"), i = 0;
	bool value = text[length] == ':';

	while (grant_names[i] &&
		(strlen(grant_names[i]) != length || memcmp(grant_names[i], text, length) != 0))
		i++;
	if (!grant_names[i])
		return refuse_unknown(reading, text, length);
	reading->grant->matcher = (enum grant_matcher)i;
	if (i == GRANT_ANY)
		return value ? refuse_matcher(reading, "a value", "any alone") : TPAM_OK;
	if (!value)
		return refuse_matcher(reading, "no \":\"", "a value after it");
	return take_value(reading, text + length + 1);
}

static int read_matcher(const struct reading *reading)
{
	const struct word *word = reading->words->list;
	const struct instance_context *context = reading->context;
	char *text = NULL;
	int code = expand_text(
		&text, word->text, word->at, false, context->development, context->report);

	if (code != TPAM_OK)
		return code;
	code = take_matcher(reading, text);
	secret_free(text, strlen(text));
	return code;
}

/* ---- The scopes ---- */

static bool is_arrow(const struct word *word)
{
	return !word->quoted && strcmp(word->text, "->") == 0;
}

static int read_scope(const struct reading *reading, const struct word *word)
{
	bool withheld = word->text[0] == '!';
	const char *scope = word->text + withheld;
	char quoted[REPORT_QUOTE_SIZE];
	struct grant *grant = reading->grant;

	if (!text_is_scope(scope, strlen(scope)) || strstr(scope, "${") || is_arrow(word)) {
		report_error(reading->context->report, word->at,
			"got %s, expected a scope, or ! and a scope: printable ASCII without "
			"quotes, backslash or reference",
			report_quote(quoted, word->text, strlen(word->text)));
		return TPAM_E_CONFIG;
	}
	if (*reading->left == 0) {
		report_error(reading->context->report, word->at,
			"got more than %d scopes in the grants of a section, expected fewer",
			LIST_MAX);
		return TPAM_E_CONFIG;
	}
	--*reading->left;
	return list_add_new(withheld ? &grant->withheld : &grant->scopes, scope, strlen(scope))
		       ? TPAM_OK
		       : TPAM_E_MEMORY;
}

static int read_scopes(const struct reading *reading)
{
	const struct words *words = reading->words;
	int result = TPAM_OK;

	for (size_t i = 2; i < words->count && result != TPAM_E_MEMORY; i++) {
		int code = read_scope(reading, &words->list[i]);
		result = code == TPAM_OK ? result : code;
	}
	return result;
}

/* ---- The line ---- */

/* What lacks so much that the rest says nothing. False and reported. */
static bool has_form(const struct reading *reading, const struct value *value)
{
	const struct words *words = reading->words;
	struct tpam_report *report = reading->context->report;

	if (words->count == 0)
		report_error(report, value->key, "got no value for grant, expected " FORM);
	else if (is_arrow(words->list))
		report_error(
			report, words->list[0].at, "got no matcher before \"->\", expected " FORM);
	else if (words->count == 1 || !is_arrow(&words->list[1]))
		report_error(report, words->list[words->count > 1].at,
			"got no \"->\" behind the matcher, expected " FORM);
	else if (words->count == 2)
		report_error(
			report, words->list[1].at, "got no scopes behind \"->\", expected " FORM);
	else
		return true;
	return false;
}

/* As written: what a reference stands for is told to nobody. */
static int write_note(struct grant *grant, const struct words *words, struct place at)
{
	struct buffer note = BUFFER(NOTE_MAX);

	buffer_format(&note, "grant at %s:%u:", at.file, at.line);
	for (size_t i = 0; i < words->count; i++)
		buffer_format(&note, " %s", words->list[i].text);
	grant->note = buffer_take(&note);
	if (!grant->note)
		return TPAM_E_MEMORY;
	trace_clean(grant->note);
	return TPAM_OK;
}

static void grant_finish(struct grant *grant)
{
	secret_free(grant->claim, grant->claim ? strlen(grant->claim) : 0);
	secret_free(grant->pattern, grant->pattern ? strlen(grant->pattern) : 0);
	list_finish(&grant->scopes);
	list_finish(&grant->withheld);
	free(grant->written);
	free(grant->note);
}

static int read_words(const struct reading *reading, const struct value *value)
{
	if (!has_form(reading, value))
		return TPAM_E_CONFIG;
	reading->grant->at = reading->words->list[0].at;
	reading->grant->written =
		text_copy(reading->words->list[0].text, strlen(reading->words->list[0].text));
	if (!reading->grant->written)
		return TPAM_E_MEMORY;
	int matcher = read_matcher(reading);
	int scopes = matcher == TPAM_E_MEMORY ? matcher : read_scopes(reading);

	if (matcher == TPAM_E_MEMORY || scopes == TPAM_E_MEMORY)
		return TPAM_E_MEMORY;
	if (matcher != TPAM_OK || scopes != TPAM_OK)
		return TPAM_E_CONFIG;
	return write_note(reading->grant, reading->words, value->key);
}

static int grant_read(struct grants *grants, size_t *left, const struct value *value,
	const struct instance_context *context)
{
	struct grant grant = {.matcher = GRANT_ANY};
	struct words words;
	int code = words_split(&words, value, false, context->report);

	if (code != TPAM_OK)
		return code;
	code = read_words(&(struct reading){&grant, &words, context, left}, value);
	words_finish(&words);
	if (code == TPAM_OK &&
		!array_reserve(&grants->list, grants->count, sizeof(grant), SETTING_VALUES_MAX))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		grants->list[grants->count++] = grant;
	else
		grant_finish(&grant);
	return code;
}

int grants_read(struct grants **ret, struct section *section, enum token_scopes scopes, bool drops,
	const struct instance_context *context)
{
	const struct setting *setting = section_get(section, "grant");
	size_t count = setting ? setting->count : 0, left = LIST_MAX;
	bool keep = scopes == TOKEN_SCOPES_KEEP ||
		    (scopes == TOKEN_SCOPES_UNSET && !drops && count == 0);
	int result = TPAM_OK;

	if (keep && count == 0)
		return TPAM_OK;
	struct grants *grants = calloc(1, sizeof(*grants));
	if (!grants)
		return TPAM_E_MEMORY;
	grants->keep = keep;
	for (size_t i = 0; i < count && result != TPAM_E_MEMORY; i++) {
		int code = grant_read(grants, &left, &setting->values[i], context);
		result = code == TPAM_OK ? result : code;
	}
	if (result == TPAM_OK)
		*ret = grants;
	else
		grants_destroy(grants);
	return result;
}

void grants_destroy(struct grants *grants)
{
	if (!grants)
		return;
	for (size_t i = 0; i < grants->count; i++)
		grant_finish(&grants->list[i]);
	free(grants->list);
	free(grants);
}
