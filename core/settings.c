/* settings.c - the tree that the INI files of one configuration make.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "expand.h"
#include "memory.h"

static const char *const repeating_keys[] = {
	"auth",
	"account",
	"session",
	"allow_subject",
	"deny_subject",
	"implies",
	"public_tools",
	"protected_tools",
	"login",
	"grant",
	"describe",
	"include",
};

void value_finish(struct value *value)
{
	if (value->text)
		secret_free(value->text, strlen(value->text));
	free(value->lines);
	*value = (struct value){.text = NULL};
}

static void values_destroy(struct value *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		value_finish(&values[i]);
	free(values);
}

static void section_finish(struct section *section)
{
	for (size_t i = 0; i < section->count; i++) {
		struct setting *setting = &section->settings[i];
		values_destroy(setting->values, setting->count);
		values_destroy(setting->replaced, setting->replaced_count);
		free(setting->key);
	}
	free(section->settings);
	free(section->kind);
	free(section->name);
}

void settings_finish(struct settings *settings)
{
	for (size_t i = 0; i < settings->count; i++)
		section_finish(&settings->sections[i]);
	for (size_t i = 0; i < settings->file_count; i++)
		free(settings->files[i]);
	free(settings->sections);
	free(settings->files);
	free(settings->faults);
	*settings = (struct settings){.sections = NULL};
}

void settings_report_faults(
	const struct settings *settings, bool development, struct tpam_report *report)
{
	for (size_t i = 0; i < settings->file_count; i++) {
		enum file_fault fault = settings->faults[i];
		if (fault == FILE_SAFE)
			continue;
		struct place at = {.file = settings->files[i], .line = 1, .column = 1};
		report_strict(report, development, at,
			"got a file that %s, expected one that root or the user that runs this "
			"owns, "
			"and that nobody else may write",
			file_fault_text(fault));
	}
}

struct place value_place(const struct value *value, size_t offset)
{
	struct place place = value->at;
	size_t start = 0;
	for (size_t i = 0; i < value->line_count && value->lines[i].offset <= offset; i++) {
		start = value->lines[i].offset;
		place.line = value->lines[i].line;
		place.column = value->lines[i].column;
	}
	place.column += (uint32_t)(offset - start);
	return place;
}

struct section *settings_find(struct settings *settings, const char *kind, const char *name)
{
	for (size_t i = 0; i < settings->count; i++) {
		struct section *section = &settings->sections[i];
		if (strcmp(section->kind, kind) == 0 && strcmp(section->name, name) == 0)
			return section;
	}
	return NULL;
}

static struct setting *find_setting(struct section *section, const char *key)
{
	for (size_t i = 0; i < section->count; i++) {
		if (strcmp(section->settings[i].key, key) == 0)
			return &section->settings[i];
	}
	return NULL;
}

struct setting *section_peek(struct section *section, const char *key)
{
	return find_setting(section, key);
}

struct setting *section_get(struct section *section, const char *key)
{
	struct setting *setting = find_setting(section, key);
	for (size_t i = 0; setting && i < setting->count; i++)
		setting->values[i].used = true;
	return setting;
}

struct section *settings_section(
	struct settings *settings, const char *kind, const char *name, struct place at)
{
	struct section *section = settings_find(settings, kind, name);
	if (section)
		return section;
	if (!array_reserve(
		    &settings->sections, settings->count, sizeof(*section), SETTINGS_SECTIONS_MAX))
		return NULL;
	char *kind_copy = text_copy(kind, strlen(kind));
	char *name_copy = text_copy(name, strlen(name));
	if (!kind_copy || !name_copy) {
		free(kind_copy);
		free(name_copy);
		return NULL;
	}
	section = &settings->sections[settings->count++];
	*section = (struct section){.kind = kind_copy, .name = name_copy, .at = at};
	return section;
}

struct setting *section_setting(struct section *section, const char *key)
{
	struct setting *setting = find_setting(section, key);
	if (setting)
		return setting;
	if (!array_reserve(&section->settings, section->count, sizeof(*setting), SECTION_KEYS_MAX))
		return NULL;
	char *copy = text_copy(key, strlen(key));
	if (!copy)
		return NULL;
	setting = &section->settings[section->count++];
	*setting = (struct setting){.key = copy};
	return setting;
}

/* Values of earlier layers make way. Those of this layer, which come last, stay. */
static bool replace_earlier(struct setting *setting, unsigned layer)
{
	while (setting->count && setting->values[0].layer < layer) {
		/* Bounded by the bytes that all files together may have. */
		if (!array_reserve(&setting->replaced, setting->replaced_count,
			    sizeof(struct value), SIZE_MAX))
			return false;
		setting->replaced[setting->replaced_count++] = setting->values[0];
		setting->count--;
		memmove(setting->values, setting->values + 1,
			setting->count * sizeof(struct value));
	}
	return true;
}

bool setting_add(struct setting *setting, struct value *value)
{
	if (!value->adds && !replace_earlier(setting, value->layer))
		return false;
	if (!array_reserve(&setting->values, setting->count, sizeof(*value), SETTING_VALUES_MAX))
		return false;
	setting->values[setting->count++] = *value;
	value->text = NULL;
	value->lines = NULL;
	value->line_count = 0;
	return true;
}

static bool report_repeats(
	const char *key, const struct value *values, size_t count, struct tpam_report *report)
{
	bool repeats = false;
	size_t first = 0;
	for (size_t i = 1; i < count; i++) {
		if (values[i].layer != values[first].layer) {
			first = i;
			continue;
		}
		report_error(report, values[i].key, SETTING_SECOND, key, values[first].key.file,
			values[first].key.line);
		repeats = true;
	}
	return repeats;
}

bool setting_report_repeats(const struct setting *setting, struct tpam_report *report)
{
	bool replaced =
		report_repeats(setting->key, setting->replaced, setting->replaced_count, report);
	return report_repeats(setting->key, setting->values, setting->count, report) || replaced;
}

/* What a reference says is no secret. */
static bool hide(struct value *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!expand_is_reference(values[i].text) && !secret_move(&values[i].text))
			return false;
	return true;
}

bool setting_hide(struct setting *setting)
{
	return hide(setting->values, setting->count) &&
	       hide(setting->replaced, setting->replaced_count);
}

bool settings_key_repeats(const char *key)
{
	for (size_t i = 0; i < sizeof(repeating_keys) / sizeof(*repeating_keys); i++) {
		if (strcmp(repeating_keys[i], key) == 0)
			return true;
	}
	return strncmp(key, "require_", strlen("require_")) == 0;
}
