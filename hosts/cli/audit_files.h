/*
 * audit_files.h - which files an audit is in, where nobody names them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_AUDIT_FILES_H
#define CLI_AUDIT_FILES_H

#include "options.h"

struct audit_files {
	char **list; /* owned, and so is each */
	size_t count;
	size_t room;
	size_t compressed; /* that are there too, and cannot be read as they are */
};

/*
 * The files that the configuration's audit is written to, and what they became when they were rotated: their names with a
 * dot or a hyphen and more behind. EXIT_ACCEPTED, or EXIT_MISUSED after a message. To be finished in any case.
 */
int audit_files_find(struct audit_files *ret, const struct options *options);
void audit_files_finish(struct audit_files *files);

#endif
