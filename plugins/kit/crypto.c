/*
 * crypto.c - verifies and signs with one key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/hmac.h>

#include "context.h"
#include "key.h"

/* A failed verification leaves nothing in the host's error queue. */
static bool quietly(bool result)
{
	ERR_pop_to_mark();
	return result;
}

static bool digest(unsigned char *out, const struct key *key, const void *data, size_t length)
{
	EVP_MD_CTX *context = context_for_digest();

	return context && EVP_DigestInit_ex2(context, alg_digest(key->alg), NULL) == 1 &&
	       EVP_DigestUpdate(context, data, length) == 1 &&
	       EVP_DigestFinal_ex(context, out, NULL) == 1;
}

static bool verify_hash(const struct key *key, const void *data, size_t length,
	const unsigned char *signature, size_t signature_length)
{
	unsigned char hash[EVP_MAX_MD_SIZE], der[ECDSA_DER_MAX];
	EVP_PKEY_CTX *context = context_for_hash(key);

	if (key->alg->family == FAMILY_EC) {
		signature_length = ecdsa_to_der(der, signature, key->alg->half);
		signature = der;
	}
	return context && signature_length > 0 && digest(hash, key, data, length) &&
	       EVP_PKEY_verify(context, signature, signature_length, hash, key->alg->hash) == 1;
}

static bool verify_ed(const struct key *key, const void *data, size_t length,
	const unsigned char *signature, size_t signature_length)
{
	EVP_MD_CTX *context = context_for_message(key);

	return context && EVP_DigestVerify(context, signature, signature_length, data, length) == 1;
}

static bool hmac(unsigned char *out, const struct key *key, const void *data, size_t length)
{
	unsigned size = 0;

	return HMAC(alg_digest(key->alg), key->secret, (int)key->secret_length, data, length, out,
		       &size) &&
	       size == key->alg->hash;
}

static bool verify_hmac(
	const struct key *key, const void *data, size_t length, const unsigned char *signature)
{
	unsigned char right[EVP_MAX_MD_SIZE];

	if (!hmac(right, key, data, length))
		return false;
	bool same = CRYPTO_memcmp(right, signature, key->alg->hash) == 0;
	OPENSSL_cleanse(right, sizeof(right));
	return same;
}

bool key_verify(const struct key *key, const void *data, size_t length,
	const unsigned char *signature, size_t signature_length)
{
	/* The length is known before any number is looked at. */
	if (signature_length != key->signature_length)
		return false;
	ERR_set_mark();
	switch (key->alg->family) {
	case FAMILY_RSA:
	case FAMILY_PSS:
	case FAMILY_EC:
		return quietly(verify_hash(key, data, length, signature, signature_length));
	case FAMILY_ED:
		return quietly(verify_ed(key, data, length, signature, signature_length));
	case FAMILY_HMAC:
		return quietly(verify_hmac(key, data, length, signature));
	}
	return quietly(false);
}

static bool sign_hash(const struct key *key, const void *data, size_t length,
	unsigned char *signature, size_t *ret_length)
{
	unsigned char hash[EVP_MAX_MD_SIZE], der[KEY_SIGNATURE_MAX];
	unsigned char *out = key->alg->family == FAMILY_EC ? der : signature;
	size_t size = KEY_SIGNATURE_MAX;
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	bool done = context && digest(hash, key, data, length) && EVP_PKEY_sign_init(context) > 0 &&
		    context_prepare(context, key->alg) &&
		    EVP_PKEY_sign(context, out, &size, hash, key->alg->hash) > 0;

	EVP_PKEY_CTX_free(context);
	if (!done)
		return false;
	*ret_length = key->signature_length;
	if (key->alg->family == FAMILY_EC)
		return ecdsa_from_der(signature, key->alg->half, der, size);
	return size == key->signature_length;
}

static bool sign_ed(const struct key *key, const void *data, size_t length,
	unsigned char *signature, size_t *ret_length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	*ret_length = KEY_SIGNATURE_MAX;
	bool done = context && EVP_DigestSignInit(context, NULL, NULL, NULL, key->pkey) > 0 &&
		    EVP_DigestSign(context, signature, ret_length, data, length) > 0;
	EVP_MD_CTX_free(context);
	return done;
}

bool key_sign(const struct key *key, const void *data, size_t length, unsigned char *signature,
	size_t *ret_length)
{
	ERR_set_mark();
	switch (key->alg->family) {
	case FAMILY_RSA:
	case FAMILY_PSS:
	case FAMILY_EC:
		return quietly(sign_hash(key, data, length, signature, ret_length));
	case FAMILY_ED:
		return quietly(sign_ed(key, data, length, signature, ret_length));
	case FAMILY_HMAC:
		*ret_length = key->alg->hash;
		return quietly(hmac(signature, key, data, length));
	}
	return quietly(false);
}
