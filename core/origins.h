/*
 * origins.h - the files that a configuration was made from, and whether one of them is another now.
 *
 * A file is known again by its stamp: device, inode, size and times. What the stamp cannot tell its content does: a file
 * that was written twice within one tick of the clock, and one that was replaced by the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_ORIGINS_H
#define CORE_ORIGINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "safefile.h"

/* What tells one content of a file from the next. Zeroed: there is no file. */
struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
	struct timespec changed;
	mode_t mode;
	uid_t owner;
};

struct origin {
	char *path; /* from / on */
	uint64_t limit;
	struct stamp stamp; /* from before it was read */
	struct stamp seen;  /* when it was last looked at */
	uint64_t digest;    /* of its content */
	bool readable;
	bool young; /* may have been written again within the tick in which it was read */
	bool ini;   /* one of the layers */
};

/* Zeroed, it is empty. */
struct origins {
	struct origin *list;
	size_t count;
	uint64_t key[2]; /* of the digests */
};

enum origin_kind { ORIGIN_INI, ORIGIN_OTHER };

/* As file_read(), and the file is one of the origins. `origins` NULL: it is not. */
int origins_read(struct origins *origins, enum origin_kind kind, const char *path, bool secret,
	uint64_t limit, char **ret_bytes, size_t *ret_length, enum file_fault *ret_fault);
void origins_finish(struct origins *origins);

/* What a look finds; the layers are looked at with `all` alone. */
enum origins_state {
	ORIGINS_SAME, /* nothing has changed */
	ORIGINS_MOVING, /* something has changed since the last look, and may be in the middle of it */
	ORIGINS_CHANGED /* something has changed, and holds still */
};
enum origins_state origins_look(struct origins *origins, bool all);

/* Reads what has changed: the path of one that does not say what it said; NULL where all do, which is remembered. */
const char *origins_differ(struct origins *origins, bool all);

#endif
