/*
 * audit_folder.h - whether the place that an audit is written to is one where only its owner decides what is written to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_FOLDER_H
#define CORE_AUDIT_FOLDER_H

#include <stdbool.h>

#include "report.h"

/*
 * Reports where others may put something in the place of the file, or of a folder above it. `path` is absolute; nothing
 * has to be there yet. False without memory.
 */
bool audit_folder_check(
	const char *path, struct place at, bool development, struct tpam_report *report);

#endif
