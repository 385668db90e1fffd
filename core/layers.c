/*
 * layers.c - reads an INI file and what it includes into settings.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "layers.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <tokenpam/codes.h>

#include "known.h"
#include "matches.h"
#include "memory.h"
#include "origins.h"
#include "reader.h"
#include "safefile.h"
#include "text.h"
#include "words.h"

struct layers {
	struct settings *settings;
	const struct layers_limits *limits;
	struct tpam_report *report;
	uint64_t bytes; /* read up to now */
	struct known_files known;
};

/* A file being read. */
struct layer {
	struct layers *layers;
	struct known_file file;
	unsigned depth;
	char *name; /* as written, from the current folder */
	enum file_fault fault;
	bool placed; /* `name` belongs to the settings, as file `number` */
	unsigned number;
	struct section *section; /* NULL: keys are dropped */
};

static int include_file(
	const struct layer *parent, struct layers *layers, char *name, struct place by);

/* ---- Keys into settings ---------------------------------------------------------------------- */

/*
 * A file gets its number in the order of layers when it can include no more. From then on the settings own
 * its name, to which all places point.
 */
static bool place_file(struct layer *layer)
{
	struct settings *settings = layer->layers->settings;
	size_t count = settings->file_count;
	if (layer->placed)
		return true;
	if (!array_reserve(&settings->files, count, sizeof(*settings->files), KNOWN_MAX) ||
		!array_reserve(&settings->faults, count, sizeof(*settings->faults), KNOWN_MAX))
		return false;
	settings->files[count] = layer->name;
	settings->faults[count] = layer->fault;
	settings->file_count++;
	layer->number = (unsigned)count;
	layer->placed = true;
	return true;
}

static bool on_section(void *data, const char *kind, const char *name, struct place at)
{
	struct layer *layer = data;
	struct settings *settings = layer->layers->settings;
	if (!place_file(layer))
		return false;
	layer->section = settings_section(settings, kind, name, at);
	if (layer->section)
		return true;
	if (settings->count < SETTINGS_SECTIONS_MAX)
		return false;
	report_error(layer->layers->report, at, "got more than %d sections, expected fewer",
		SETTINGS_SECTIONS_MAX);
	return true;
}

static bool add_value(struct setting *setting, struct value *value, struct tpam_report *report)
{
	struct place key = value->key;
	if (setting_add(setting, value))
		return true;
	value_finish(value);
	if (setting->count < SETTING_VALUES_MAX)
		return false;
	report_error(report, key, "got more than %d values of one key, expected fewer",
		SETTING_VALUES_MAX);
	return true;
}

static bool copy_entry(struct value *ret, const struct reader_entry *entry, unsigned layer)
{
	struct value value = {
		.text = text_copy(entry->text, strlen(entry->text)),
		.line_count = entry->line_count,
		.at = entry->at,
		.key = entry->key_at,
		.layer = layer,
		.adds = entry->adds,
	};
	if (value.line_count)
		value.lines = calloc(value.line_count, sizeof(*value.lines));
	if (!value.text || (value.line_count && !value.lines)) {
		value_finish(&value);
		return false;
	}
	if (value.lines)
		memcpy(value.lines, entry->lines, value.line_count * sizeof(*value.lines));
	*ret = value;
	return true;
}

/*
 * True, and reported, if this file gives the key for the second time. In a provider's section whoever reads
 * the option has to ask, for its plugin tells what may be repeated.
 */
static bool is_repetition(
	const struct layer *layer, const struct setting *setting, const struct reader_entry *entry)
{
	const struct value *last = setting->count ? &setting->values[setting->count - 1] : NULL;
	if (!last || last->layer != layer->number || settings_key_repeats(entry->key) ||
		strcmp(layer->section->kind, "provider") == 0)
		return false;
	report_error(layer->layers->report, entry->key_at, SETTING_SECOND, entry->key,
		last->key.file, last->key.line);
	return true;
}

static bool add_entry(struct layer *layer, const struct reader_entry *entry)
{
	struct tpam_report *report = layer->layers->report;
	if (!layer->section)
		return true;
	struct setting *setting = section_setting(layer->section, entry->key);
	if (!setting && layer->section->count < SECTION_KEYS_MAX)
		return false;
	if (!setting) {
		report_error(report, entry->key_at,
			"got more than %d keys in a section, expected fewer", SECTION_KEYS_MAX);
		return true;
	}
	if (is_repetition(layer, setting, entry))
		return true;
	struct value value;
	return copy_entry(&value, entry, layer->number) && add_value(setting, &value, report);
}

/* ---- Includes -------------------------------------------------------------------------------- */

static int include_glob(struct layer *layer, const struct word *word)
{
	char quote[REPORT_QUOTE_SIZE];
	glob_t matches;
	int code = matches_find(&matches, layer->name, word->text);
	if (code == TPAM_E_SYSTEM) {
		report_error(layer->layers->report, word->at,
			"got %s, expected folders that can be read",
			report_quote(quote, word->text, strlen(word->text)));
		return TPAM_OK;
	}
	if (code != TPAM_OK)
		return code;
	for (size_t i = 0; i < matches.gl_pathc && code == TPAM_OK; i++) {
		char *name = text_copy(matches.gl_pathv[i], strlen(matches.gl_pathv[i]));
		code = name ? include_file(layer, layer->layers, name, word->at) : TPAM_E_MEMORY;
	}
	globfree(&matches);
	return code;
}

static int include_word(struct layer *layer, const struct word *word)
{
	const char *wrong = NULL;
	if (!*word->text)
		wrong = "got an empty file name, expected one";
	else if (strstr(word->text, "${"))
		wrong = "got a reference in include, expected a file name as it is";
	if (wrong) {
		report_error(layer->layers->report, word->at, "%s", wrong);
		return TPAM_OK;
	}
	if (!word->quoted && strpbrk(word->text, "*?["))
		return include_glob(layer, word);
	char *name = file_beside(layer->name, word->text);
	return name ? include_file(layer, layer->layers, name, word->at) : TPAM_E_MEMORY;
}

static bool include_entry(struct layer *layer, const struct reader_entry *entry)
{
	struct words words;
	struct value value;
	if (!copy_entry(&value, entry, 0))
		return false;
	int code = words_split(&words, &value, false, layer->layers->report);
	value_finish(&value);
	if (code != TPAM_OK)
		return code == TPAM_E_CONFIG;
	for (size_t i = 0; i < words.count && code == TPAM_OK; i++)
		code = include_word(layer, &words.list[i]);
	words_finish(&words);
	return code == TPAM_OK;
}

static bool on_entry(void *data, const struct reader_entry *entry)
{
	struct layer *layer = data;
	struct tpam_report *report = layer->layers->report;
	static const char *const known[] = {"include", NULL};
	bool include = strcmp(entry->key, "include") == 0;
	if (!include && layer->placed)
		return add_entry(layer, entry);
	if (include && layer->placed)
		report_error(report, entry->key_at,
			"got \"include\" in a section, expected it before the first section");
	else if (!include)
		report_error(report, entry->key_at,
			"got key \"%s\" before the first section, expected \"include\" or a "
			"section%s",
			entry->key,
			text_nearest(entry->key, known) ? "; did you mean \"include\"?" : "");
	else if (entry->adds)
		report_error(report, entry->key_at, "got \"include +=\", expected \"include =\"");
	else
		return include_entry(layer, entry);
	return true;
}

/* ---- Files ----------------------------------------------------------------------------------- */

static void report_unreadable(const struct layer *layer, enum file_fault fault)
{
	char quote[REPORT_QUOTE_SIZE];
	const struct layers *layers = layer->layers;
	const char *why = file_fault_text(fault);
	report_quote(quote, layer->name, strlen(layer->name));
	if (fault == FILE_TOO_LARGE)
		report_error(layers->report, layer->file.by,
			"got more than %llu bytes with %s, expected at most so many in all files "
			"together",
			(unsigned long long)layers->limits->bytes, quote);
	else if (fault == FILE_ERRNO)
		report_error(layers->report, layer->file.by,
			"got %s, expected a file that can be read: %s", quote, why);
	else
		report_error(layers->report, layer->file.by,
			"got %s, which %s, expected a file that can be read", quote, why);
}

static int read_bytes(struct layer *layer, char **ret_bytes, size_t *ret_length)
{
	struct layers *layers = layer->layers;
	int code = origins_read(report_origins(layers->report), ORIGIN_INI, layer->name, false,
		layers->limits->bytes - layers->bytes, ret_bytes, ret_length, &layer->fault);
	if (code == TPAM_OK)
		layers->bytes += *ret_length;
	else if (code != TPAM_E_MEMORY)
		report_unreadable(layer, layer->fault);
	return code;
}

static int parse_file(struct layer *layer)
{
	const struct reader_sink sink = {.section = on_section, .entry = on_entry, .data = layer};
	char *bytes = NULL;
	size_t length = 0;
	int code = read_bytes(layer, &bytes, &length);
	if (code != TPAM_OK)
		return code == TPAM_E_MEMORY ? code : TPAM_OK;
	code = reader_parse(layer->name, bytes, length, &sink, layer->layers->report);
	if (code == TPAM_OK && !place_file(layer))
		code = TPAM_E_MEMORY;
	secret_free(bytes, length);
	return code;
}

/* What can be said without reading it: true in *ret_new if it is to be read. */
static int check_file(struct layer *layer, bool *ret_new)
{
	struct layers *layers = layer->layers;
	struct stat status;
	*ret_new = false;
	if (text_check(layer->name, strlen(layer->name), false) != strlen(layer->name)) {
		report_error(layers->report, layer->file.by,
			"got a file name with control characters, expected text in UTF-8");
	} else if (layer->depth > layers->limits->depth) {
		report_error(layers->report, layer->file.by,
			"got includes %u deep, expected at most %u", layer->depth,
			layers->limits->depth);
	} else if (stat(layer->name, &status) != 0) {
		report_unreadable(layer, FILE_ERRNO);
	} else {
		layer->file.device = status.st_dev;
		layer->file.inode = status.st_ino;
		if (!known_add(&layers->known, &layer->file, ret_new, layers->report))
			return TPAM_E_MEMORY;
	}
	return TPAM_OK;
}

/* Takes over `name`. */
static int include_file(
	const struct layer *parent, struct layers *layers, char *name, struct place by)
{
	struct layer layer = {
		.layers = layers,
		.file = {.parent = parent ? &parent->file : NULL, .name = name, .by = by},
		.depth = parent ? parent->depth + 1 : 0,
		.name = name,
	};
	bool new;
	int code = check_file(&layer, &new);
	if (code == TPAM_OK && new)
		code = parse_file(&layer);
	if (!layer.placed)
		free(name);
	return code;
}

int layers_read(struct settings *settings, const char *path, const struct layers_limits *limits,
	struct tpam_report *report)
{
	struct layers layers = {.settings = settings, .limits = limits, .report = report};
	char *name = text_copy(path, strlen(path));
	int code = name ? include_file(NULL, &layers, name, NOWHERE) : TPAM_E_MEMORY;
	known_finish(&layers.known);
	return report_failed(report) ? TPAM_E_MEMORY : code;
}
