/*
 * layers.h - reads an INI file and what it includes into settings.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_LAYERS_H
#define CORE_LAYERS_H

#include <stdint.h>

#include "report.h"
#include "settings.h"

struct layers_limits {
	uint64_t bytes; /* of all files together */
	unsigned depth; /* of includes */
};

/*
 * Reads `path` and its includes, includes first. Every error of every file goes to the report, so `settings`
 * may be incomplete afterwards; it is to be finished by the caller in any case. Returns TPAM_OK, also with
 * errors in the report, or TPAM_E_MEMORY.
 */
int layers_read(struct settings *settings, const char *path, const struct layers_limits *limits,
	struct tpam_report *report);

#endif
