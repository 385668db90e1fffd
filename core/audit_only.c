/*
 * audit_only.c - services that decide and record, and for a while refuse nobody: what they say, and whether it may be.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_only.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "moment.h"
#include "options.h"

#define DAY INT64_C(86400)

static const struct tpam_option option = {.size = sizeof(option),
	.type = TPAM_TYPE_TEXT,
	.flags = TPAM_OPTION_LIST,
	.name = "audit_only"};

/* One key being read. */
struct reading {
	struct audit_only *ret;
	const struct section *section;
	const struct value *value; /* as written */
	const struct audit_only_context *context;
};

static int refuse_form(const struct reading *reading)
{
	char quoted[REPORT_QUOTE_SIZE];

	report_error(reading->context->report, reading->value->at,
		"got %s, expected until YYYY-MM-DD (when that day begins in UTC), until a time of "
		"RFC 3339 such as 2026-12-01T08:00:00Z, on or off",
		report_quote(quoted, reading->value->text, strlen(reading->value->text)));
	return TPAM_E_CONFIG;
}

static bool begins(const struct option_value *value, size_t count, const char *word)
{
	return value->count == count && strcmp(value->items[0].text, word) == 0;
}

static int take_words(const struct reading *reading, const struct option_value *value)
{
	struct audit_only *ret = reading->ret;
	bool ends = begins(value, 2, "until");

	ret->until = INT64_MAX;
	ret->set = !begins(value, 1, "off");
	if (!ret->set || begins(value, 1, "on"))
		return TPAM_OK;
	if (ends && (moment_read_day(value->items[1].text, &ret->until) ||
			    moment_read(value->items[1].text, &ret->until)))
		return TPAM_OK;
	return refuse_form(reading);
}

static int write_down(const struct reading *reading)
{
	struct audit_only *ret = reading->ret;
	const struct place *at = &reading->value->key;

	ret->written = text_format("%s = %s", option.name, reading->value->text);
	ret->at_text = text_format("%s:%u", at->file, at->line);
	return ret->written && ret->at_text ? TPAM_OK : TPAM_E_MEMORY;
}

/* Whether an end that somebody should have thought of is said, and lies where it can be. */
static void check_end(const struct reading *reading)
{
	const struct audit_only_context *context = reading->context;
	int64_t until = reading->ret->until;
	char text[MOMENT_TEXT_SIZE];

	if (until == INT64_MAX)
		report_strict(context->report, context->development, reading->value->at,
			"got on, expected until DATE: outside of development it has an end");
	else if (until > context->now + AUDIT_ONLY_DAYS_MAX * DAY)
		report_strict(context->report, context->development, reading->value->at,
			"got an end more than %d days ahead, expected an earlier one",
			AUDIT_ONLY_DAYS_MAX);
	else if (until <= context->now)
		report_warning(context->report, reading->value->at,
			"got an end that has passed (%s): service \"%s\" refuses again, and the "
			"line says nothing",
			moment_text(text, until), reading->section->name);
}

static int check(const struct reading *reading)
{
	const struct audit_only_context *context = reading->context;
	int64_t until = reading->ret->until;
	char text[MOMENT_TEXT_SIZE];

	if (context->claimed) {
		report_error(context->report, reading->value->key,
			"got audit_only beside match_username, expected one of them: an acceptance "
			"would make anybody the user whose name they give");
		return TPAM_E_CONFIG;
	}
	check_end(reading);
	if (!audit_only_holds(reading->ret, context->now))
		return TPAM_OK;
	report_warning(context->report, reading->value->key,
		"service \"%s\" refuses nobody%s%s: it only records what it would refuse",
		reading->section->name, until == INT64_MAX ? "" : " until ",
		until == INT64_MAX ? "" : moment_text(text, until));
	if (!context->audited)
		report_strict(context->report, context->development, reading->value->key,
			"got audit_only without an audit that records, expected a section "
			"[audit]");
	return TPAM_OK;
}

int audit_only_read(
	struct audit_only *ret, struct section *section, const struct audit_only_context *context)
{
	struct option_context how = {context->development, context->report};
	struct option_value value = {0};
	struct setting *setting = section_get(section, option.name);
	int code = option_read(&value, &option, setting, section, &how);

	*ret = (struct audit_only){.set = false};
	if (code == TPAM_OK && setting && value.count > 0) {
		const struct reading reading = {ret, section, &setting->values[0], context};
		code = take_words(&reading, &value);
		if (code == TPAM_OK && ret->set)
			code = write_down(&reading);
		if (code == TPAM_OK && ret->set)
			code = check(&reading);
	}
	option_finish(&value);
	return code;
}

void audit_only_finish(struct audit_only *audit_only)
{
	free(audit_only->written);
	free(audit_only->at_text);
}

bool audit_only_holds(const struct audit_only *audit_only, int64_t now)
{
	return audit_only->set && now < audit_only->until;
}
