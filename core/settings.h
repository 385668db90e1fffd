/*
 * settings.h - the tree that the INI files of one configuration
 * make: sections, keys, values, each with its place.
 *
 * Built by layers.c (files in their order), read by everything
 * after it; settings know nothing of what a key means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report.h"
#include "safefile.h"

#define SETTINGS_SECTIONS_MAX 4096
#define SECTION_KEYS_MAX      256
#define SETTING_VALUES_MAX    4096

/* Where a continuation line begins: in the joined text, and in the file. */
struct value_line {
	size_t offset;
	uint32_t line;
	uint32_t column;
};

/*
 * A value as written, comments and outer blanks gone,
 * continuation lines joined by a blank, quotes still in it.
 */
struct value {
	char *text;
	struct value_line *lines; /* of its continuation lines; NULL if there is none */
	size_t line_count;
	struct place at;  /* of the value's first byte */
	struct place key; /* of the key */
	unsigned layer;   /* index of its file in the order of reading */
	bool adds;        /* written with += */
	bool used;        /* some reader asked for it */
};

/* One key of a section: the values that count, and those of earlier files that they replaced. */
struct setting {
	char *key;
	struct value *values;
	size_t count;
	struct value *replaced;
	size_t replaced_count;
};

struct section {
	char *kind;      /* "provider" of [provider:corp] */
	char *name;      /* "corp"; "" where there is none */
	struct place at; /* of its first header */
	struct setting *settings;
	size_t count;
};

struct settings {
	struct section *sections;
	size_t count;
	char **files; /* as written, from the current folder, in the order of layers; places point into it */
	enum file_fault *faults; /* of each file: what makes it unsafe, FILE_SAFE if nothing does */
	size_t file_count;
};

void settings_finish(struct settings *settings);

/* Reports files that others own or may write: errors in production, warnings in development. */
void settings_report_faults(
	const struct settings *settings, bool development, struct tpam_report *report);

/* The place of the byte at `offset` of a value's text. */
struct place value_place(const struct value *value, size_t offset);

/* Wipes and frees what a value owns. */
void value_finish(struct value *value);

/* NULL where there is none. */
struct section *settings_find(struct settings *settings, const char *kind, const char *name);

/* The setting, its values marked as used; NULL where there is none. */
struct setting *section_get(struct section *section, const char *key);

/* The same, without a mark. */
struct setting *section_peek(struct section *section, const char *key);

/* For building: found or made; NULL without memory or beyond the limits above. */
struct section *settings_section(
	struct settings *settings, const char *kind, const char *name, struct place at);
struct setting *section_setting(struct section *section, const char *key);

/*
 * Adds a value to a setting by the rules of layers: `=` drops into `replaced` what earlier layers set, `+=`
 * and repetition within one layer add. Takes ownership of `value->text` and `value->lines` on success. False
 * without memory or beyond the limit.
 */
bool setting_add(struct setting *setting, struct value *value);

/*
 * Moves what stands in clear, also in values that were replaced, into memory for secrets. False without memory.
 */
bool setting_hide(struct setting *setting);

/* True for keys that may be repeated within one file: rules, grant, require_*, describe. */
bool settings_key_repeats(const char *key);

/*
 * Reports values whose file gives the setting for the second time, and returns true if there is one. Of the
 * keys that do not repeat only those of [provider:] sections can have such values, since there the options of
 * the plugin tell what may be repeated: whoever reads an option that is not TPAM_OPTION_REPEATABLE asks.
 */
bool setting_report_repeats(const struct setting *setting, struct tpam_report *report);

/* The finding: key, file and line of the first value. */
#define SETTING_SECOND "got a second \"%s\", expected one; the first is at %s:%u"

#endif
