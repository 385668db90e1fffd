/*
 * export.c - a key as JWK, and its RFC 7638 thumbprint.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "b64url.h"
#include "export.h"
#include "json.h"

#define NUMBER_MAX 1024

static void put_bytes(
	json_t *object, const char *name, const unsigned char *bytes, size_t length, bool *failed)
{
	char *text = b64url_encode_new(bytes, length);

	json_put(object, name, json_text(text), failed);
	if (!text)
		*failed = true;
	else
		OPENSSL_cleanse(text, strlen(text));
	free(text);
}

/* A number of the key, as many bytes as it has, or `length` if that is not 0. */
static void put_number(json_t *object, const char *name, const EVP_PKEY *pkey, const char *param,
	size_t length, bool *failed)
{
	unsigned char bytes[NUMBER_MAX];
	BIGNUM *number = NULL;

	if (!EVP_PKEY_get_bn_param(pkey, param, &number)) {
		*failed = true;
		return;
	}
	int size = length ? (int)length : BN_num_bytes(number);
	if (size > NUMBER_MAX || BN_bn2binpad(number, bytes, size) != size)
		*failed = true;
	else
		put_bytes(object, name, bytes, (size_t)size, failed);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	BN_clear_free(number);
}

struct member {
	const char *name;
	const char *param;
	bool private;
};

static const struct member rsa_members[] = {
	{"n", OSSL_PKEY_PARAM_RSA_N, false},
	{"e", OSSL_PKEY_PARAM_RSA_E, false},
	{"d", OSSL_PKEY_PARAM_RSA_D, true},
	{"p", OSSL_PKEY_PARAM_RSA_FACTOR1, true},
	{"q", OSSL_PKEY_PARAM_RSA_FACTOR2, true},
	{"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1, true},
	{"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2, true},
	{"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1, true},
};

static void put_rsa(json_t *object, const struct key *key, bool private, bool *failed)
{
	json_put(object, "kty", json_string("RSA"), failed);
	for (size_t i = 0; i < sizeof(rsa_members) / sizeof(rsa_members[0]); i++)
		if (private || !rsa_members[i].private)
			put_number(object, rsa_members[i].name, key->pkey, rsa_members[i].param, 0,
				failed);
}

static void put_ec(json_t *object, const struct key *key, bool private, bool *failed)
{
	json_put(object, "kty", json_string("EC"), failed);
	json_put(object, "crv", json_string(key->alg->curve), failed);
	put_number(object, "x", key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, key->alg->half, failed);
	put_number(object, "y", key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, key->alg->half, failed);
	if (private)
		put_number(
			object, "d", key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, key->alg->half, failed);
}

static void put_okp(json_t *object, const struct key *key, bool private, bool *failed)
{
	unsigned char bytes[64];
	size_t length = sizeof(bytes);

	json_put(object, "kty", json_string("OKP"), failed);
	json_put(object, "crv",
		json_string(EVP_PKEY_is_a(key->pkey, "ED448") ? "Ed448" : "Ed25519"), failed);
	if (EVP_PKEY_get_raw_public_key(key->pkey, bytes, &length) != 1)
		*failed = true;
	else
		put_bytes(object, "x", bytes, length, failed);
	if (!private)
		return;
	length = sizeof(bytes);
	if (EVP_PKEY_get_raw_private_key(key->pkey, bytes, &length) != 1)
		*failed = true;
	else
		put_bytes(object, "d", bytes, length, failed);
	OPENSSL_cleanse(bytes, sizeof(bytes));
}

static json_t *members(const struct key *key, bool private)
{
	bool failed = false;
	json_t *object = json_object();

	switch (key->alg->family) {
	case FAMILY_RSA:
	case FAMILY_PSS:
		put_rsa(object, key, private, &failed);
		break;
	case FAMILY_EC:
		put_ec(object, key, private, &failed);
		break;
	case FAMILY_ED:
		put_okp(object, key, private, &failed);
		break;
	case FAMILY_HMAC:
		json_put(object, "kty", json_string("oct"), &failed);
		put_bytes(object, "k", key->secret, key->secret_length, &failed);
		break;
	}
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

json_t *key_json(const struct key *key, bool private)
{
	json_t *object = members(key, private);
	bool failed = object == NULL;

	json_put(object, "alg", json_string(key->alg->name), &failed);
	json_put(object, "use", json_string("sig"), &failed);
	if (key->kid && key->kid[0])
		json_put(object, "kid", json_string(key->kid), &failed);
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

char *key_thumbprint(const struct key *key)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	json_t *object = members(key, false);
	/* RFC 7638, section 3: the required members alone, in the order of their names, without blanks. */
	char *text = object ? json_write(object, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
	char *thumbprint = NULL;

	if (text && EVP_Digest(text, strlen(text), hash, NULL, alg_digest(alg_find("RS256")),
			    NULL) == 1)
		thumbprint = b64url_encode_new(hash, 32);
	if (text)
		OPENSSL_cleanse(text, strlen(text));
	free(text);
	json_decref(object);
	return thumbprint;
}
