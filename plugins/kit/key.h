/*
 * key.h - one key with its one algorithm, and what is done with it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_KEY_H
#define KIT_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>
#include <openssl/evp.h>
#include <tokenpam/kit.h>

#include "alg.h"

#define KEY_KID_MAX       256
#define KEY_SIGNATURE_MAX 1024 /* bytes: RSA with 8192 bits */

struct key {
	uint64_t number; /* by which threads know it again */
	char *kid;       /* "" if it has no name */
	const struct alg *alg;
	EVP_PKEY *pkey;        /* NULL for HMAC */
	unsigned char *secret; /* for HMAC */
	size_t secret_length;
	size_t signature_length; /* exact, in bytes */
};

/*
 * Builds a key from a JWK, public part alone, or private part too with `private`. TPAM_OK, TPAM_E_CONFIG with `fault`, or
 * TPAM_E_MEMORY; `ret` is to be finished in any case.
 */
int key_from_jwk(struct key *ret, const json_t *jwk, const struct tpam_keys_rules *rules,
	bool private, struct tpam_fault *fault);

/* Takes over `pkey` and gives it an algorithm: `name` if not NULL, else the one that family, curve and rules leave. */
int key_from_pkey(struct key *ret, EVP_PKEY *pkey, const char *name,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault);
int key_from_secret(struct key *ret, const void *secret, size_t length, const char *name,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault);
void key_finish(struct key *key);

/* Makes the OpenSSL key of a JWK's members (jwk.c). NULL with `fault` if they will not do; no memory looks the same, and is refused the same. */
EVP_PKEY *jwk_build(const json_t *jwk, bool private, struct tpam_fault *fault);

/* True if the signature is right. `signature` has whatever length the token gave it. */
bool key_verify(const struct key *key, const void *data, size_t length,
	const unsigned char *signature, size_t signature_length);

/* Signs; false if OpenSSL fails. `signature` has KEY_SIGNATURE_MAX bytes. */
bool key_sign(const struct key *key, const void *data, size_t length, unsigned char *signature,
	size_t *ret_length);

/* r and s side by side to DER and back (ecdsa.c). 0 or false where a number is zero or too long. */
#define ECDSA_DER_MAX 160
size_t ecdsa_to_der(unsigned char der[ECDSA_DER_MAX], const unsigned char *raw, size_t half);
bool ecdsa_from_der(unsigned char *raw, size_t half, const unsigned char *der, size_t length);

#endif
