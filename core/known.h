/*
 * known.h - the files of a configuration that were read, to know them again by whatever name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_KNOWN_H
#define CORE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "report.h"

#define KNOWN_MAX 4096

struct known_file {
	const struct known_file *parent; /* that includes it; NULL for the first */
	const char *name;
	struct place by; /* the word that includes it; nowhere for the first */
	dev_t device;
	ino_t inode;
};

struct known_files {
	struct known_file *list;
	size_t count;
};

/*
 * Remembers a file, unless it is one of those that include it, was read before, or is one too many, which is
 * reported. *ret_new says whether it is to be read. False without memory.
 */
bool known_add(struct known_files *files, const struct known_file *file, bool *ret_new,
	struct tpam_report *report);
void known_finish(struct known_files *files);

#endif
