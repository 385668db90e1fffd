/*
 * plugin.h - finds, checks and loads plugins; a process-wide table keeps them, as dlopen() does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_PLUGIN_H
#define CORE_PLUGIN_H

#include <stdbool.h>

#include <tokenpam/provider.h>

#include "report.h"

/* A loaded plugin; never unloaded, so pointers to it are good for ever. */
struct plugin {
	const struct tpam_provider *provider;
	char *path; /* realpath */
};

/*
 * Loads the plugin that `name` means: a bare name is looked for as NAME.so in the folders of `plugin_path`
 * (':' between), "./x.so" is relative to the file at `at`, else the path is absolute. What is wrong is
 * reported at `at`; what is unsafe is reported as report_strict(). TPAM_OK, TPAM_E_CONFIG or TPAM_E_MEMORY.
 */
int plugin_load(const struct plugin **ret, const char *name, const char *plugin_path,
	struct place at, bool development, struct tpam_report *report);

/*
 * Checks a descriptor (descriptor.c): sizes, names, functions for the groups, options. TPAM_OK, TPAM_E_CONFIG
 * (reported) or TPAM_E_MEMORY.
 */
int descriptor_check(const struct tpam_provider *provider, const char *path, struct place at,
	struct tpam_report *report);

/* The option `name` of a descriptor; NULL if it has none. */
const struct tpam_option *descriptor_option(const struct tpam_provider *provider, const char *name);

/* The descriptor as a JSON object (struct json_t of jansson), NULL without memory. */
struct json_t;
struct json_t *descriptor_json(const struct plugin *plugin);

#endif
