/*
 * plugin_path.h - which file the name of a plugin means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_PLUGIN_PATH_H
#define CORE_PLUGIN_PATH_H

#include "list.h"
#include "report.h"

/*
 * A path in double quotes, for messages: as report_quote(), but whole up to 512 bytes, since its end is what
 * tells. In a buffer of the caller's; returns the buffer.
 */
#define PATH_QUOTE_SIZE 520
const char *path_quote(char buffer[PATH_QUOTE_SIZE], const char *path);

/*
 * The realpath of the file that `name` means, see plugin_load(), to be freed. `plugin_path` NULL: as built.
 * TPAM_OK, TPAM_E_CONFIG (reported) or TPAM_E_MEMORY.
 */
int plugin_find(char **ret, const char *name, const char *plugin_path, struct place at,
	struct tpam_report *report);

/*
 * The names of all NAME.so in the folders of `plugin_path`, in C-locale order, each once; folders that cannot
 * be read have none. False without memory; `ret` is to be finished in any case.
 */
bool plugin_names(struct list *ret, const char *plugin_path);

#endif
