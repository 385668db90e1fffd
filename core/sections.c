/*
 * sections.c - what is right and wrong about sections as wholes: kinds, names, [tokenpam].
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "options.h"
#include "sections.h"
#include "text.h"

struct kind {
	const char *name;
	bool named;
	const char *const *keys; /* NULL: checked by whoever reads the section */
};

static const char *const tokenpam_keys[] = {"mode", "plugin_path", "leeway", "max_token",
	"max_headers", "max_json_depth", "cache_entries", "cache_size", "refresh", "expire_soon",
	NULL};

static const struct kind kinds[] = {
	{"tokenpam", false, tokenpam_keys},
	{"provider", true, NULL},
	{"stack", true, stack_keys},
	{"hub", false, hub_keys},
	{"scopes", false, scopes_keys},
	{"audit", false, audit_keys},
	{"service", true, NULL},
	{"tool", true, NULL},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const char *const kind_names[KINDS + 1] = {
	"tokenpam", "provider", "stack", "hub", "scopes", "audit", "service", "tool"};

static const char *const modes[] = {"production", "development", NULL};

#define OPTION(key, kind, words, standard)                                                         \
	{                                                                                          \
		.size = sizeof(struct tpam_option), .type = kind, .name = key, .values = words,    \
		.fallback = standard                                                               \
	}

static const struct tpam_option mode_option = OPTION("mode", TPAM_TYPE_ENUM, modes, "production");
static const struct tpam_option leeway_option = OPTION("leeway", TPAM_TYPE_DURATION, NULL, "30s");
static const struct tpam_option soon_option = OPTION("expire_soon", TPAM_TYPE_TEXT, NULL, "off");
static const struct tpam_option refresh_option = OPTION("refresh", TPAM_TYPE_TEXT, NULL, "5s");
static const struct tpam_option token_option = OPTION("max_token", TPAM_TYPE_SIZE, NULL, "16KiB");
static const struct tpam_option headers_option =
	OPTION("max_headers", TPAM_TYPE_SIZE, NULL, "64KiB");
static const struct tpam_option depth_option =
	OPTION("max_json_depth", TPAM_TYPE_NUMBER, NULL, "16");
static const struct tpam_option entries_option =
	OPTION("cache_entries", TPAM_TYPE_NUMBER, NULL, "100000");
static const struct tpam_option size_option = OPTION("cache_size", TPAM_TYPE_SIZE, NULL, "256MiB");
static const struct tpam_option path_option = {.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_PATH,
	.flags = TPAM_OPTION_LIST,
	.name = "plugin_path"};

static const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static void check_kind(const struct section *section, struct tpam_report *report)
{
	char quoted[REPORT_QUOTE_SIZE];
	const struct kind *kind = kind_find(section->kind);

	if (!kind) {
		const char *meant = text_nearest(section->kind, kind_names);
		report_error(report, section->at,
			"got section %s, expected tokenpam, provider:NAME, stack:NAME, hub, "
			"scopes, audit, service:NAME or "
			"tool:SERVICE/NAME%s%s%s",
			report_quote(quoted, section->kind, strlen(section->kind)),
			meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
		return;
	}
	if (kind->named != (section->name[0] != '\0'))
		report_error(report, section->at, "got [%s%s], expected [%s%s]", section->kind,
			kind->named ? "" : ":...", section->kind, kind->named ? ":NAME" : "");
	else if (kind->named && strcmp(section->kind, "tool") != 0 &&
		 !text_is_name(section->name, strlen(section->name)))
		report_error(report, section->at,
			"got name %s, expected letters, digits, dot, underscore and hyphen, at "
			"most 128 bytes",
			report_quote(quoted, section->name, strlen(section->name)));
	if (kind->keys)
		option_report_unknown(section, NULL, kind->keys, report);
}

/* ---- [tokenpam] ---- */

static int number_read(int64_t *ret, const struct tpam_option *option, struct section *section,
	const struct option_context *how)
{
	struct option_value value = {0};
	struct setting *setting = section ? section_get(section, option->name) : NULL;
	int code = option_read(&value, option, setting, section, how);

	if (code == TPAM_OK && value.count > 0)
		*ret = value.items[0].number;
	option_finish(&value);
	return code;
}

static int limit_read(size_t *ret, const struct tpam_option *option, int64_t least, int64_t most,
	struct section *section, const struct option_context *how)
{
	int64_t number = least;
	int code = number_read(&number, option, section, how);
	struct setting *setting = section ? section_get(section, option->name) : NULL;

	if (code == TPAM_OK && setting && (number < least || number > most)) {
		report_error(how->report, setting->values[0].at, "got %s, expected %lld to %lld%s",
			setting->values[0].text, (long long)least, (long long)most,
			option->type == TPAM_TYPE_SIZE ? " bytes" : "");
		code = TPAM_E_CONFIG;
	}
	*ret = (size_t)number;
	return code;
}

static int leeway_read(int64_t *ret, struct section *section, const struct option_context *how)
{
	struct option_value value = {0};
	struct setting *setting = section ? section_get(section, "leeway") : NULL;
	int code = option_read(&value, &leeway_option, setting, section, how);

	if (code == TPAM_OK)
		code = option_leeway(ret, &value, how->report);
	option_finish(&value);
	return code;
}

static int refresh_read(int64_t *ret, struct section *section, const struct option_context *how)
{
	struct option_value value = {0};
	struct setting *setting = section ? section_get(section, "refresh") : NULL;
	static const struct option_span span = {
		100, 86400000, 1, "off or a duration from 100ms to 1d"};
	int64_t milliseconds = 0;
	int code = option_read(&value, &refresh_option, setting, section, how);

	if (code == TPAM_OK)
		code = option_off(&milliseconds, &value, &span, how->report);
	*ret = milliseconds * 1000000;
	option_finish(&value);
	return code;
}

static int soon_read(int64_t *ret, struct section *section, const struct option_context *how)
{
	struct option_value value = {0};
	struct setting *setting = section ? section_get(section, "expire_soon") : NULL;
	int code = option_read(&value, &soon_option, setting, section, how);

	if (code == TPAM_OK)
		code = option_soon(ret, &value, how->report);
	option_finish(&value);
	return code;
}

static int plugin_path_read(
	struct generation *generation, struct section *section, const struct option_context *how)
{
	struct setting *setting = section ? section_get(section, "plugin_path") : NULL;
	struct option_value value = {0};
	struct buffer joined = BUFFER(64 * 1024);

	if (!setting)
		return TPAM_OK;
	int code = option_read(&value, &path_option, setting, section, how);
	for (size_t i = 0; code == TPAM_OK && i < value.count; i++) {
		if (strchr(value.items[i].text, ':')) {
			report_error(how->report, value.items[i].at,
				"got a folder with ':' in its name, expected one without");
			code = TPAM_E_CONFIG;
		}
		buffer_format(&joined, "%s%s", i > 0 ? ":" : "", value.items[i].text);
	}
	if (code == TPAM_OK) {
		char *path = buffer_take(&joined);
		if (path) {
			free(generation->plugin_path);
			generation->plugin_path = path;
		} else {
			code = TPAM_E_MEMORY;
		}
	}
	buffer_finish(&joined);
	option_finish(&value);
	return code;
}

static int tokenpam_read(struct generation *generation, struct tpam_report *report)
{
	struct section *section = settings_find(&generation->settings, "tokenpam", "");
	struct option_context how = {false, report};
	int64_t mode = 0;
	size_t depth = 0;
	struct limits *limits = &generation->limits;
	int codes[10];

	codes[0] = number_read(&mode, &mode_option, section, &how);
	generation->development = codes[0] == TPAM_OK && mode == 1;
	how.development = generation->development;
	codes[1] = leeway_read(&generation->leeway, section, &how);
	codes[2] = limit_read(&generation->limits.token, &token_option, 16, 1 << 20, section, &how);
	codes[3] = limit_read(
		&generation->limits.headers, &headers_option, 1024, 1 << 20, section, &how);
	codes[4] = limit_read(&depth, &depth_option, 1, 128, section, &how);
	generation->limits.json_depth = (unsigned)depth;
	codes[5] = plugin_path_read(generation, section, &how);
	codes[6] = limit_read(&limits->cache_entries, &entries_option, 0, 10000000, section, &how);
	codes[7] =
		limit_read(&limits->cache_size, &size_option, 0, INT64_C(16) << 30, section, &how);
	codes[8] = refresh_read(&generation->refresh, section, &how);
	codes[9] = soon_read(&generation->expire_soon, section, &how);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] == TPAM_E_MEMORY)
			return TPAM_E_MEMORY;
	return TPAM_OK;
}

int sections_check(struct generation *generation, struct tpam_report *report)
{
	int code = tokenpam_read(generation, report);

	settings_report_faults(&generation->settings, generation->development, report);
	for (size_t i = 0; i < generation->settings.count; i++)
		check_kind(&generation->settings.sections[i], report);
	return code;
}
