/*
 * newfile.h - files that must not be there yet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_NEWFILE_H
#define CLI_NEWFILE_H

#include <stdbool.h>

enum newfile_kind {
	NEWFILE_PRIVATE, /* only its owner can read it */
	NEWFILE_PUBLIC
};

/*
 * Writes `text` and a line feed to a new file, or leaves none behind; a file that is there stays as it is. EXIT_ACCEPTED, or
 * EXIT_MISUSED after a message.
 */
int newfile_write(const char *path, enum newfile_kind kind, const char *text);

#endif
