/*
 * safefile.h - who may change, and who may read, a file that decides about access.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_SAFEFILE_H
#define CORE_SAFEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum file_fault {
	FILE_SAFE = 0,
	FILE_NOT_REGULAR,
	FILE_OWNER,    /* neither root's nor the effective user's */
	FILE_WRITABLE, /* by group or others */
	FILE_READABLE, /* by others */
	FILE_TOO_LARGE,
	FILE_ERRNO, /* the system refused; see errno */
	FILE_MEMORY
};

/* "is writable by others" and so on, for messages; errno is described for FILE_ERRNO. */
const char *file_fault_text(enum file_fault fault);

/* Judges an opened file by its status alone. */
enum file_fault file_judge(const struct stat *status, bool secret);

/*
 * Judges a path that is to be dlopen()ed: `path` must be a realpath; it and every folder up to / must be
 * root's or the effective user's and writable by nobody else (sticky is no excuse). *ret_culprit, if not
 * NULL, gets the component, to be freed; NULL without memory.
 */
enum file_fault file_judge_path(const char *path, char **ret_culprit);

/*
 * Reads a whole file through one descriptor, O_CLOEXEC and O_NONBLOCK so that no FIFO hangs. A file that is
 * unsafe by its mode or owner is read all the same and the fault is given in *ret_fault, so that the caller
 * decides; on the other faults nothing is read. Bytes are followed by a NUL, to be freed with secret_free();
 * with `secret` they lie in memory for secrets.
 * Returns TPAM_OK when there are bytes, else TPAM_E_SYSTEM, TPAM_E_LIMIT or TPAM_E_MEMORY.
 */
int file_read(const char *path, bool secret, uint64_t limit, char **ret_bytes, size_t *ret_length,
	enum file_fault *ret_fault);

/* `path` if absolute, else in the folder of `file`; NULL without memory. */
char *file_beside(const char *file, const char *path);

#endif
