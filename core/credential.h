/*
 * credential.h - where in a request a provider finds its credential.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_CREDENTIAL_H
#define CORE_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "instance.h"
#include "request.h"

/*
 * A credential that was found; the bytes belong to the request or
 * to `owned`, and are followed by a NUL.
 */
struct credential {
	int32_t outcome;      /* success: found; else no_credential or malformed */
	int32_t reason;       /* of a malformed one */
	const char *expected; /* constant texts for the trace */
	const char *got;
	const char *bytes;
	size_t length;
	char *user;  /* before the colon of Basic; owned */
	char *owned; /* what was decoded or copied */
	size_t owned_length;

	/* Where it was looked for, and what the cache makes of the bytes; of who looks. */
	uint64_t hash; /* 0: nothing yet */
	enum credential_place place;
	const char *name;
};

/*
 * Looks for a credential at a place. False without memory; else `ret` says what was found, to be finished by
 * the caller. `limit` is the largest credential in bytes.
 */
bool credential_find(struct credential *ret, const struct tpam_request *request,
	enum credential_place place, const char *name, size_t limit);
void credential_finish(struct credential *credential);

/* True if the request carries anything in Authorization, or a given credential, or in the named place. */
bool credential_presented(
	const struct tpam_request *request, enum credential_place place, const char *name);

#endif
