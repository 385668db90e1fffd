/*
 * scopes.h - the scopes of a token, and what is part of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_SCOPES_H
#define GITHUB_SCOPES_H

#include "names.h"

/*
 * Adds the scopes of a header, which has commas between them. False without memory; *ret_fine is false where
 * they are no scopes.
 */
bool scopes_read(struct names *scopes, const char *header, bool *ret_fine);

/* One scope by itself, and the same. */
bool scopes_add(struct names *scopes, const char *scope, bool *ret_fine);

/* Adds all that is part of what is there. False without memory. */
bool scopes_expand(struct names *scopes);

#endif
