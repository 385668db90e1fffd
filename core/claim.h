/*
 * claim.h - values of claims, as configurations compare them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_CLAIM_H
#define CORE_CLAIM_H

#include <stdbool.h>

#include "document.h"
#include "identity.h"

#define CLAIM_NUMBER_SIZE 48

/* The claims of an identity, read when somebody first asks for one. */
struct claims {
	const struct identity *identity;
	struct document document;
	bool read;
	bool failed; /* no memory */
};

/* The claim of that name, or by that way; NULL if there is none, and where memory is short. */
const struct json_value *claim_get(struct claims *claims, const char *path);
void claims_finish(struct claims *claims);

/*
 * A value as text: strings as they are, true, false, numbers as JSON writes them, whatever the locale of the
 * host. NULL for null, lists and objects. `number` is where it may be written.
 */
const char *claim_text(char number[CLAIM_NUMBER_SIZE], const struct json_value *value);

/* True if `matches` is of the value, or of one element of a list. */
typedef bool claim_match_fn(const char *text, const void *data);
bool claim_any(const struct claims *claims, const struct json_value *value, claim_match_fn *matches,
	const void *data);

#endif
