/*
 * export.h - a key as JWK, and its RFC 7638 thumbprint.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_EXPORT_H
#define KIT_EXPORT_H

#include <jansson.h>

#include "key.h"

/* With kid, alg and use; a secret is in it in either case. NULL without memory, or where OpenSSL keeps a number back. */
json_t *key_json(const struct key *key, bool private);

/* base64url of SHA-256 over the required members; NULL without memory. */
char *key_thumbprint(const struct key *key);

#endif
