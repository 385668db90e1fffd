/*
 * requirement_read.c - reads what hub, service and tool demand.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#include "expand.h"
#include "memory.h"
#include "options.h"
#include "requirement.h"
#include "text.h"
#include "words.h"

#define REQUIREMENTS_MAX 1024
#define WRITTEN_MAX      (LIST_MAX * 300)

/* Reads one value of the key into the requirement. */
typedef int read_fn(struct requirement *requirement, const struct value *value,
	const struct requirement_context *context);

static int worse(int code, int other)
{
	return code == TPAM_E_MEMORY || other == TPAM_OK ? code : other;
}

/* ---- Words ---- */

int requirement_add_word(struct requirement *requirement, const char *text, struct place at)
{
	size_t count = requirement->words.count;

	if (!array_reserve(&requirement->places, count, sizeof(at), LIST_MAX) ||
		!list_add_new(&requirement->words, text, strlen(text)))
		return TPAM_E_MEMORY;
	if (requirement->words.count > count)
		requirement->places[count] = at;
	return TPAM_OK;
}

static int refuse_scope(const struct word *word, struct tpam_report *report)
{
	char quoted[REPORT_QUOTE_SIZE];

	report_error(report, word->at,
		"got %s, expected a scope: printable ASCII without quotes, "
		"backslash or reference",
		report_quote(quoted, word->text, strlen(word->text)));
	return TPAM_E_CONFIG;
}

static int take_scope(struct requirement *requirement, const struct word *word,
	const struct requirement_context *context)
{
	if (!text_is_scope(word->text, strlen(word->text)) || strstr(word->text, "${"))
		return refuse_scope(word, context->report);
	return requirement_add_word(requirement, word->text, word->at);
}

/* With its references resolved. */
static int take_text(struct requirement *requirement, const struct word *word,
	const struct requirement_context *context)
{
	char *text = NULL;
	int code = expand_text(
		&text, word->text, word->at, false, context->development, context->report);

	if (code != TPAM_OK)
		return code;
	if (*text == '\0') {
		report_error(context->report, word->at, "got an empty value, expected a text");
		code = TPAM_E_CONFIG;
	} else {
		code = requirement_add_word(requirement, text, word->at);
	}
	secret_free(text, strlen(text));
	return code;
}

/* Subjects are unique within their provider alone, so a name without it could be anybody's. */
static int take_subject(struct requirement *requirement, const struct word *word,
	const struct requirement_context *context)
{
	char quoted[REPORT_QUOTE_SIZE];

	if (strchr(word->text, ':'))
		return take_text(requirement, word, context);
	report_error(context->report, word->at, "got subject %s, expected PROVIDER:SUBJECT",
		report_quote(quoted, word->text, strlen(word->text)));
	return TPAM_E_CONFIG;
}

typedef int take_fn(struct requirement *requirement, const struct word *word,
	const struct requirement_context *context);

static int read_words(struct requirement *requirement, take_fn *take, const struct value *value,
	const struct requirement_context *context)
{
	struct words words;
	int code = words_split(&words, value, false, context->report);

	if (code != TPAM_OK)
		return code;
	if (words.count == 0) {
		report_error(
			context->report, value->key, "got no value, expected at least one word");
		code = TPAM_E_CONFIG;
	}
	for (size_t i = 0; i < words.count && code != TPAM_E_MEMORY; i++)
		code = worse(code, take(requirement, &words.list[i], context));
	words_finish(&words);
	return code;
}

/* ---- Values of each kind ---- */

/* What will do instead of each scope, worked out once. */
static int find_implying(struct requirement *requirement, const struct scopes *scopes)
{
	if (scopes->implication_count == 0)
		return TPAM_OK;
	requirement->implying = calloc(requirement->words.count + 1, sizeof(struct list));
	if (!requirement->implying)
		return TPAM_E_MEMORY;
	for (size_t i = 0; i < requirement->words.count; i++)
		if (!scopes_implying(
			    scopes, &requirement->implying[i], requirement->words.items[i]))
			return TPAM_E_MEMORY;
	return TPAM_OK;
}

static int read_scopes(struct requirement *requirement, const struct value *value,
	const struct requirement_context *context)
{
	int code = read_words(requirement, take_scope, value, context);

	return code == TPAM_OK ? find_implying(requirement, context->scopes) : code;
}

static int read_texts(struct requirement *requirement, const struct value *value,
	const struct requirement_context *context)
{
	return read_words(requirement, take_text, value, context);
}

static int read_subjects(struct requirement *requirement, const struct value *value,
	const struct requirement_context *context)
{
	return read_words(requirement, take_subject, value, context);
}

/* `requested` stands alone: beside a name it would let two tenants in. */
static int read_tenant(struct requirement *requirement, const struct value *value,
	const struct requirement_context *context)
{
	int code = read_texts(requirement, value, context);

	if (code != TPAM_OK || !list_has(&requirement->words, "requested"))
		return code;
	requirement->requested = true;
	if (requirement->words.count == 1)
		return TPAM_OK;
	report_error(context->report, value->at,
		"got requested beside other tenants, expected it alone");
	return TPAM_E_CONFIG;
}

static int read_age(struct requirement *requirement, const struct value *value,
	const struct requirement_context *context)
{
	static const struct tpam_option option = {
		.size = sizeof(option), .type = TPAM_TYPE_DURATION, .name = "max_auth_age"};
	int64_t milliseconds = 0;
	char quoted[REPORT_QUOTE_SIZE];

	if (!option_number(&milliseconds, &option, value->text) || milliseconds < 1000) {
		report_error(context->report, value->at, "got %s, expected %s of at least 1s",
			report_quote(quoted, value->text, strlen(value->text)),
			option_expects(&option));
		return TPAM_E_CONFIG;
	}
	requirement->seconds = milliseconds / 1000;
	return TPAM_OK;
}

/* ---- Kinds ---- */

struct kind {
	const char *key;
	read_fn *read;
	bool joined; /* all lines of a section are one requirement: each adds to who is meant */
	bool single; /* one line a section */
};

static const struct kind kinds[REQUIREMENT_KINDS] = {
	[DENY_SUBJECT] = {"deny_subject", read_subjects, true, false},
	[ALLOW_SUBJECT] = {"allow_subject", read_subjects, true, false},
	[REQUIRE_TENANT] = {"require_tenant", read_tenant, false, false},
	[REQUIRE_ROLES] = {"require_roles", read_texts, false, false},
	[REQUIRE_ANY_ROLE] = {"require_any_role", read_texts, false, false},
	[REQUIRE_ANY_GROUP] = {"require_any_group", read_texts, false, false},
	[REQUIRE_CLAIM] = {"require_claim", requirement_read_claim, false, false},
	[REQUIRE_ACR] = {"acr", read_texts, false, true},
	[MAX_AUTH_AGE] = {"max_auth_age", read_age, false, true},
	[REQUIRE_SCOPES] = {"require_scopes", read_scopes, false, false},
	[REQUIRE_ANY_SCOPE] = {"require_any_scope", read_scopes, false, false},
};

const char *requirement_key(enum requirement_kind kind)
{
	return kinds[kind].key;
}

/* ---- One requirement ---- */

static void requirement_finish(struct requirement *requirement)
{
	for (size_t i = 0; requirement->implying && i < requirement->words.count; i++)
		list_finish(&requirement->implying[i]);
	free(requirement->implying);
	list_finish(&requirement->words);
	free(requirement->places);
	free(requirement->claim);
	free(requirement->written);
	free(requirement->at_text);
}

/* As in the file: what a reference stands for is told to nobody. */
static bool write_down(struct requirement *requirement, const struct value *values, size_t count)
{
	struct buffer buffer = BUFFER(WRITTEN_MAX);

	buffer_format(&buffer, "%s =", kinds[requirement->kind].key);
	for (size_t i = 0; i < count; i++)
		buffer_format(&buffer, " %s", values[i].text);
	requirement->written = buffer_take(&buffer);
	requirement->at_text = text_format("%s:%u", requirement->at.file, requirement->at.line);
	if (!requirement->written || !requirement->at_text)
		return false;
	requirement->value = strchr(requirement->written, '=') + strlen("= ");
	return true;
}

/* One requirement of `count` values. */
static int add(struct requirements *ret, enum requirement_kind kind, const struct value *values,
	size_t count, enum requirement_level level, const struct requirement_context *context)
{
	struct requirement requirement = {.kind = kind, .level = level, .at = values[0].key};
	int code = TPAM_OK;

	for (size_t i = 0; i < count && code != TPAM_E_MEMORY; i++)
		code = worse(code, kinds[kind].read(&requirement, &values[i], context));
	if (code == TPAM_OK && !write_down(&requirement, values, count))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK &&
		!array_reserve(&ret->list, ret->count, sizeof(*ret->list), REQUIREMENTS_MAX))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		ret->list[ret->count++] = requirement;
	else
		requirement_finish(&requirement);
	return code;
}

static int read_kind(struct requirements *ret, struct section *section, enum requirement_kind kind,
	enum requirement_level level, const struct requirement_context *context)
{
	const struct setting *setting = section_get(section, kinds[kind].key);
	size_t step = setting && kinds[kind].joined ? setting->count : 1;
	int code = TPAM_OK;

	if (setting && kinds[kind].single && setting_report_repeats(setting, context->report))
		return TPAM_E_CONFIG;
	for (size_t i = 0; setting && i < setting->count && code != TPAM_E_MEMORY; i += step)
		code = worse(code, add(ret, kind, &setting->values[i], step, level, context));
	return code;
}

int requirements_read(struct requirements *ret, struct section *section,
	enum requirement_level level, const struct requirement_context *context)
{
	int code = TPAM_OK;

	for (size_t i = 0; section && i < REQUIREMENT_KINDS && code != TPAM_E_MEMORY; i++)
		code = worse(
			code, read_kind(ret, section, (enum requirement_kind)i, level, context));
	return code;
}

void requirements_finish(struct requirements *requirements)
{
	for (size_t i = 0; i < requirements->count; i++)
		requirement_finish(&requirements->list[i]);
	free(requirements->list);
}
