/*
 * options.c - reads a setting as an option says: words, references, type.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expand.h"
#include "memory.h"
#include "safefile.h"
#include "text.h"
#include "url.h"
#include "words.h"

#define ITEMS_MAX 4096

/* One option being read. */
struct reading {
	struct option_value *value;
	const struct tpam_option *option;
	const struct option_context *context;
};

static bool option_is(const struct tpam_option *option, uint32_t flag)
{
	return (option->flags & flag) != 0;
}

/* Says what came, unless it is secret: a value that a reference stands for is named by the reference. */
static void report_got(const struct reading *reading, const struct word *word, const char *expected)
{
	char quote[REPORT_QUOTE_SIZE];
	struct tpam_report *report = reading->context->report;
	if (option_is(reading->option, TPAM_OPTION_SECRET))
		report_error(report, word->at, "got a value of %s that does not do, expected %s",
			reading->option->name, expected);
	else
		report_error(report, word->at, "got %s%s for %s, expected %s",
			expand_has_reference(word->text) ? "what stands behind " : "",
			report_quote(quote, word->text, strlen(word->text)), reading->option->name,
			expected);
}

/* "one of a, b, c; did you mean "b"?" */
static int report_enum(const struct reading *reading, const struct word *word, const char *text)
{
	const char *const *values = reading->option->values;
	const char *nearest = text_nearest(text, values);
	struct buffer list = BUFFER(4096);
	for (size_t i = 0; values[i]; i++)
		buffer_format(&list, "%s%s", i ? ", " : "one of ", values[i]);
	if (nearest)
		buffer_format(&list, "; did you mean \"%s\"?", nearest);
	bool failed = list.failed;
	if (!failed)
		report_got(reading, word, list.data);
	buffer_finish(&list);
	return failed ? TPAM_E_MEMORY : TPAM_E_CONFIG;
}

static int read_number(
	const struct reading *reading, struct option_item *item, const struct word *word)
{
	if (option_number(&item->number, reading->option, item->text))
		return TPAM_OK;
	if (reading->option->type == TPAM_TYPE_ENUM)
		return report_enum(reading, word, item->text);
	report_got(reading, word, option_expects(reading->option));
	return TPAM_E_CONFIG;
}

/* `path`, which is given away, seen from /, so that a later chdir() changes nothing. NULL without memory. */
static char *path_absolute(char *path)
{
	if (!path || path[0] == '/')
		return path;
	char *folder = get_current_dir_name();
	if (!folder && errno != ENOMEM)
		return path;
	char *absolute = folder ? text_format("%s/%s", folder, path) : NULL;
	free(folder);
	free(path);
	return absolute;
}

char *option_path(const char *text, struct place at)
{
	return path_absolute(file_beside(at.file ? at.file : "", text));
}

static int read_path(struct option_item *item, const struct word *word)
{
	char *path = option_path(item->text, word->at);
	if (!path)
		return TPAM_E_MEMORY;
	secret_free(item->text, strlen(item->text));
	item->text = path;
	return TPAM_OK;
}

static int read_url(
	const struct reading *reading, const struct option_item *item, const struct word *word)
{
	const struct option_context *context = reading->context;
	enum url_fault fault = url_judge(item->text);
	if (fault == URL_FINE)
		return TPAM_OK;
	bool development = context->development && fault == URL_PLAIN;
	report_strict(context->report, development, word->at, "got %s for %s, expected %s",
		url_fault_text(fault), reading->option->name, option_expects(reading->option));
	return development ? TPAM_OK : TPAM_E_CONFIG;
}

static int read_typed(
	const struct reading *reading, struct option_item *item, const struct word *word)
{
	if (!*item->text) {
		report_error(reading->context->report, word->at, "got nothing for %s, expected %s",
			reading->option->name, option_expects(reading->option));
		return TPAM_E_CONFIG;
	}
	switch (reading->option->type) {
	case TPAM_TYPE_TEXT:
		return TPAM_OK;
	case TPAM_TYPE_PATH:
		return read_path(item, word);
	case TPAM_TYPE_URL:
		return read_url(reading, item, word);
	default:
		return read_number(reading, item, word);
	}
}

/* A default is taken as it stands: the environment is read only where the configuration says so. */
static int expand(const struct reading *reading, char **ret, const struct word *word)
{
	const struct option_context *context = reading->context;
	bool secret = option_is(reading->option, TPAM_OPTION_SECRET);
	if (reading->value->fallback) {
		*ret = text_copy(word->text, strlen(word->text));
		return *ret ? TPAM_OK : TPAM_E_MEMORY;
	}
	if (secret && !expand_is_reference(word->text)) {
		report_strict(context->report, context->development, word->at,
			"got a secret in clear for %s, expected a reference such as ${file:PATH}",
			reading->option->name);
		if (!context->development)
			return TPAM_E_CONFIG;
	}
	return expand_text(
		ret, word->text, word->at, secret, context->development, context->report);
}

static int read_word(const struct reading *reading, const struct word *word)
{
	struct option_value *value = reading->value;
	struct option_item item = {.at = word->at};
	int code = expand(reading, &item.text, word);
	if (code == TPAM_OK)
		code = read_typed(reading, &item, word);
	if (code == TPAM_OK && value->count == ITEMS_MAX) {
		report_error(reading->context->report, word->at,
			"got more than %d values for %s, expected fewer", ITEMS_MAX,
			reading->option->name);
		code = TPAM_E_CONFIG;
	}
	if (code == TPAM_OK &&
		!array_reserve(&value->items, value->count, sizeof(*value->items), ITEMS_MAX))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		value->items[value->count++] = item;
	else if (item.text)
		secret_free(item.text, strlen(item.text));
	return code;
}

/* The whole of a value as one word: as written, or, if it is one quoted word, what is between the quotes. */
static int read_whole(
	const struct reading *reading, const struct value *value, const struct words *words)
{
	struct word whole = {.text = value->text, .at = value->at};
	if (words->count == 1)
		return read_word(reading, words->list);
	return read_word(reading, &whole);
}

static int read_words(const struct reading *reading, const struct words *words)
{
	int result = TPAM_OK;
	for (size_t i = 0; i < words->count && result != TPAM_E_MEMORY; i++) {
		int code = read_word(reading, words->list + i);
		result = code == TPAM_OK ? result : code;
	}
	return result;
}

static int read_counted(
	const struct reading *reading, const struct value *value, const struct words *words)
{
	const struct tpam_option *option = reading->option;
	struct tpam_report *report = reading->context->report;
	if (words->count == 0) {
		report_error(report, value->key, "got no value for %s, expected %s", option->name,
			option_expects(option));
		return TPAM_E_CONFIG;
	}
	if (option_is(option, TPAM_OPTION_LIST))
		return read_words(reading, words);
	if (option_is(option, TPAM_OPTION_REPEATABLE))
		return read_whole(reading, value, words);
	if (words->count == 1)
		return read_word(reading, words->list);
	report_error(report, words->list[1].at, "got %zu words for %s, expected one (quote it)",
		words->count, option->name);
	return TPAM_E_CONFIG;
}

static int read_value(const struct reading *reading, const struct value *value)
{
	struct words words = {0};
	int code = words_split(&words, value, false, reading->context->report);
	if (code != TPAM_OK)
		return code;
	code = read_counted(reading, value, &words);
	words_finish(&words);
	return code;
}

static int read_setting(const struct reading *reading, const struct setting *setting)
{
	const struct tpam_option *option = reading->option;
	struct tpam_report *report = reading->context->report;
	int result = TPAM_OK;
	if (!option_is(option, TPAM_OPTION_REPEATABLE) && setting_report_repeats(setting, report))
		return TPAM_E_CONFIG;
	if (setting->count > 1 && !option_is(option, TPAM_OPTION_LIST | TPAM_OPTION_REPEATABLE)) {
		report_error(report, setting->values[1].key,
			"got a second value for %s, expected one (write = to replace the first)",
			option->name);
		return TPAM_E_CONFIG;
	}
	if (option_is(option, TPAM_OPTION_DEPRECATED))
		report_warning(report, setting->values[0].key, "got %s, which is deprecated: %s",
			option->name, option->help);
	for (size_t i = 0; i < setting->count && result != TPAM_E_MEMORY; i++) {
		int code = read_value(reading, setting->values + i);
		result = code == TPAM_OK ? result : code;
	}
	return result;
}

static int read_fallback(const struct reading *reading, struct place at)
{
	const char *fallback = reading->option->fallback;
	struct value value = {.text = text_copy(fallback, strlen(fallback)), .at = at, .key = at};
	if (!value.text)
		return TPAM_E_MEMORY;
	reading->value->fallback = true;
	int code = read_value(reading, &value);
	free(value.text);
	return code;
}

int option_read(struct option_value *ret, const struct tpam_option *option, struct setting *setting,
	const struct section *section, const struct option_context *context)
{
	*ret = (struct option_value){.option = option};
	struct reading reading = {.value = ret, .option = option, .context = context};
	struct place at = section ? section->at : NOWHERE;
	int code = TPAM_OK;
	if (setting && option_is(option, TPAM_OPTION_SECRET) && !setting_hide(setting))
		return TPAM_E_MEMORY;
	if (setting && setting->count > 0)
		code = read_setting(&reading, setting);
	else if (option->fallback)
		code = read_fallback(&reading, at);
	else if (option_is(option, TPAM_OPTION_REQUIRED)) {
		report_error(context->report, at, "got no key \"%s\", expected one: %s",
			option->name, option->help);
		code = TPAM_E_CONFIG;
	}
	return report_failed(context->report) ? TPAM_E_MEMORY : code;
}

void option_finish(struct option_value *value)
{
	for (size_t i = 0; i < value->count; i++)
		secret_free(value->items[i].text, strlen(value->items[i].text));
	free(value->items);
	*value = (struct option_value){.option = value->option};
}
