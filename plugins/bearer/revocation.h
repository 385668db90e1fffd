/*
 * revocation.h - a list of tokens, subjects and sessions that are withdrawn, read again when its file changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BEARER_REVOCATION_H
#define BEARER_REVOCATION_H

#include <stdbool.h>

#include <tokenpam/provider.h>

#define REVOCATION_VALUE_MAX 4096 /* bytes */

struct revocation;

/* Reads the file; problems are reported through problem_at() for a line, else problem(). TPAM_OK or not. */
int revocation_create(struct revocation **ret, const struct tpam_host *host,
	struct tpam_instance *instance, const char *option, const char *path);
void revocation_destroy(struct revocation *revocation);

enum revoked { REVOKED_NO, REVOKED_YES, REVOKED_UNKNOWN };

/*
 * Whether "kind:value" is on the list, which is read again first if its file has changed. UNKNOWN where it cannot be read: then nobody may
 * pass. Any number of threads at once.
 */
enum revoked revocation_ask(struct revocation *revocation, const char *kind, const char *value);

/* Reads the file again if it has changed, and then flushes what the loader kept of the instance. Any number of threads. */
void revocation_refresh(struct revocation *revocation);

#endif
