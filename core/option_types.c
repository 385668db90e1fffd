/*
 * option_types.c - what one word means where a duration, a size or a word of a list is expected.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "options.h"

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit durations[] = {
	{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {NULL, 0}};

static const struct unit sizes[] = {{"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {NULL, 0}};

static const struct unit numbers[] = {{"", 1}, {NULL, 0}};

static const struct unit switches[] = {
	{"on", 1}, {"yes", 1}, {"true", 1}, {"off", 0}, {"no", 0}, {"false", 0}, {NULL, 0}};

static const char *const expectations[] = {
	[TPAM_TYPE_TEXT] = "a word",
	[TPAM_TYPE_BOOL] = "on or off",
	[TPAM_TYPE_NUMBER] = "a whole number, not negative",
	[TPAM_TYPE_DURATION] = "a duration such as 250ms, 30s, 5m, 2h or 7d",
	[TPAM_TYPE_SIZE] = "a size such as 100B, 16KiB or 1MiB",
	[TPAM_TYPE_ENUM] = "one of its words",
	[TPAM_TYPE_PATH] = "the path of a file",
	[TPAM_TYPE_URL] = "an https:// URL (http:// only to a loopback address)",
};

const char *option_expects(const struct tpam_option *option)
{
	return expectations[option->type];
}

static const struct unit *unit_find(const struct unit *units, const char *name)
{
	while (units->name && strcmp(units->name, name) != 0)
		units++;
	return units->name ? units : NULL;
}

/* Digits and a unit, within int64_t. */
static bool quantity(int64_t *ret, const char *text, const struct unit *units)
{
	int64_t number = 0;
	size_t digits = strspn(text, "0123456789");
	for (size_t i = 0; i < digits; i++)
		if (__builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(number, text[i] - '0', &number))
			return false;
	const struct unit *unit = unit_find(units, text + digits);
	if (digits == 0 || !unit || __builtin_mul_overflow(number, unit->factor, &number))
		return false;
	*ret = number;
	return true;
}

static bool switch_number(int64_t *ret, const char *text)
{
	const struct unit *word = unit_find(switches, text);
	if (word)
		*ret = word->factor;
	return word != NULL;
}

static bool enum_number(int64_t *ret, const struct tpam_option *option, const char *text)
{
	for (int64_t i = 0; option->values[i]; i++) {
		if (strcmp(option->values[i], text) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

bool option_number(int64_t *ret, const struct tpam_option *option, const char *text)
{
	switch (option->type) {
	case TPAM_TYPE_BOOL:
		return switch_number(ret, text);
	case TPAM_TYPE_NUMBER:
		return quantity(ret, text, numbers);
	case TPAM_TYPE_DURATION:
		return quantity(ret, text, durations);
	case TPAM_TYPE_SIZE:
		return quantity(ret, text, sizes);
	case TPAM_TYPE_ENUM:
		return enum_number(ret, option, text);
	default:
		return false;
	}
}

#define LEEWAY_MAX (3600 * 1000) /* ms: more would make expiry meaningless */

int option_leeway(int64_t *ret, const struct option_value *value, struct tpam_report *report)
{
	int64_t number = value->items[0].number;
	if (number % 1000 != 0 || number > LEEWAY_MAX) {
		report_error(report, value->items[0].at,
			"got %s, expected whole seconds, at most an hour", value->items[0].text);
		return TPAM_E_CONFIG;
	}
	*ret = number / 1000;
	return TPAM_OK;
}

int option_off(int64_t *ret, const struct option_value *value, const struct option_span *span,
	struct tpam_report *report)
{
	const struct option_item *item = value->items;
	char quoted[REPORT_QUOTE_SIZE];
	int64_t number = 0;

	if (strcmp(item->text, "off") != 0 &&
		(!quantity(&number, item->text, durations) || number < span->least ||
			number > span->most || number % span->unit != 0)) {
		report_error(report, item->at, "got %s for %s, expected %s",
			report_quote(quoted, item->text, strlen(item->text)), value->option->name,
			span->expected);
		return TPAM_E_CONFIG;
	}
	*ret = number;
	return TPAM_OK;
}

int option_soon(int64_t *ret, const struct option_value *value, struct tpam_report *report)
{
	static const struct option_span span = {
		1000, INT64_C(86400000) * 365, 1000, "off or whole seconds, at most 365d"};
	int64_t milliseconds = 0;
	int code = option_off(&milliseconds, value, &span, report);

	*ret = milliseconds / 1000;
	return code;
}
