/*
 * alg.h - the algorithms, each tied to its family, hash and sizes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_ALG_H
#define KIT_ALG_H

#include <stddef.h>

#include <openssl/evp.h>

enum alg_family { FAMILY_RSA, FAMILY_PSS, FAMILY_EC, FAMILY_ED, FAMILY_HMAC };

struct alg {
	const char *name;
	enum alg_family family;
	const char *digest; /* OpenSSL's name; NULL for EdDSA */
	size_t hash;        /* bytes of the digest */
	const char *curve;  /* RFC 7518 name, for EC */
	const char *group;  /* OpenSSL's name of the curve */
	size_t half;        /* bytes of r and of s */
};

/* NULL for a name that is unknown; case matters. */
const struct alg *alg_find(const char *name);

/* The EC algorithm of a curve's name; NULL. */
const struct alg *alg_for_curve(const char *curve);

/* The digest, fetched once a process; NULL if OpenSSL has none. */
const EVP_MD *alg_digest(const struct alg *alg);

#endif
