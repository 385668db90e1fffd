/*
 * target.h - what a token must say for a configured provider to take it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "options.h"

/* NULL where the configuration says nothing, or something that only the provider can read. */
struct target {
	char *issuer;
	char *audience;
	char *type;
	char *algorithms; /* as written */
	char *key;        /* file of the private key beside jwks_file */
};

/*
 * Reads the configuration that -c or -e name for the service and provider that -s and -p name. EXIT_ACCEPTED, or the exit code
 * after a message. To be finished in any case.
 */
int target_read(struct target *target, const struct options *options);

/* The same for a configuration that is loaded; `provider` may be NULL. */
struct tpam_engine;
int target_find(struct target *target, struct tpam_engine *engine, const char *service,
	const char *provider);
void target_finish(struct target *target);

/* True if the algorithm is among `algorithms`, or nothing is known of them. */
bool target_allows(const struct target *target, const char *algorithm);

#endif
