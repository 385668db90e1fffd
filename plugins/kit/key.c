/*
 * key.c - judges a key and ties it to its one algorithm.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "b64url.h"
#include "fault.h"
#include "context.h"
#include "key.h"
#include "memory.h"

#define RSA_BITS_MIN      2048
#define RSA_BITS_MAX      4096
#define RSA_BITS_LARGE    8192
#define RSA_EXPONENT_BITS 33
#define SECRET_MAX        4096

static bool allowed(const struct alg *alg, const struct tpam_keys_rules *rules)
{
	if (!rules->algorithms)
		return alg->family != FAMILY_HMAC;
	for (size_t i = 0; rules->algorithms[i]; i++)
		if (strcmp(rules->algorithms[i], alg->name) == 0)
			return true;
	return false;
}

/* The one algorithm among those that are configured for which `fits`; NULL if there is none or several. */
static const struct alg *only(
	const struct tpam_keys_rules *rules, bool (*fits)(const struct alg *alg))
{
	const struct alg *found = NULL;

	for (size_t i = 0; rules->algorithms && rules->algorithms[i]; i++) {
		const struct alg *alg = alg_find(rules->algorithms[i]);
		if (!alg || !fits(alg))
			continue;
		if (found)
			return NULL;
		found = alg;
	}
	return found;
}

static bool is_rsa(const struct alg *alg)
{
	return alg->family == FAMILY_RSA || alg->family == FAMILY_PSS;
}

static bool is_hmac(const struct alg *alg)
{
	return alg->family == FAMILY_HMAC;
}

/* ---- Families ---- */

static bool rsa_exponent_fits(const EVP_PKEY *pkey)
{
	BIGNUM *e = NULL, *n = NULL;
	bool fits = EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e) &&
		    EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) && BN_is_odd(e) &&
		    !BN_is_one(e) && BN_num_bits(e) <= RSA_EXPONENT_BITS && BN_is_odd(n);

	BN_free(e);
	BN_free(n);
	return fits;
}

static int judge_rsa(struct key *key, const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	int bits = EVP_PKEY_get_bits(key->pkey);
	int most = rules->flags & TPAM_KEYS_LARGE_RSA ? RSA_BITS_LARGE : RSA_BITS_MAX;
	char got[32];

	if (bits < RSA_BITS_MIN || bits > most) {
		(void)snprintf(got, sizeof(got), "%d bits", bits);
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			most == RSA_BITS_MAX ? "RSA of 2048 to 4096 bits"
					     : "RSA of 2048 to 8192 bits",
			got);
	}
	if (!rsa_exponent_fits(key->pkey))
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			"an odd RSA modulus and an odd exponent from 3 to 2^33", "others");
	key->signature_length = (size_t)(bits + 7) / 8;
	return TPAM_OK;
}

static bool point_valid(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool valid = context && EVP_PKEY_public_check(context) == 1;

	EVP_PKEY_CTX_free(context);
	return valid;
}

/*
 * Encodings of points of small order, and second spellings of some, with the sign bit left out: a signature under them
 * proves nothing. y of Ed25519 (as in libsodium), then of Ed448 (0, 1 and -1).
 */
static const unsigned char low25519[][32] = {
	{0},
	{1},
	{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
		0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d,
		0x53, 0xfc, 0x05},
	{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
		0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92,
		0xac, 0x03, 0x7a},
	{0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0x7f},
};

/* True for y >= p = 2^255 - 19: a second spelling. */
static bool ed25519_not_canonical(const unsigned char y[32])
{
	if (y[0] < 0xed || y[31] != 0x7f)
		return false;
	for (size_t i = 1; i < 31; i++)
		if (y[i] != 0xff)
			return false;
	return true;
}

static bool ed25519_weak(unsigned char y[32])
{
	y[31] &= 0x7f;
	for (size_t i = 0; i < sizeof(low25519) / sizeof(low25519[0]); i++)
		if (memcmp(low25519[i], y, 32) == 0)
			return true;
	return ed25519_not_canonical(y);
}

/* y is 0, 1 or p - 1 with p = 2^448 - 2^224 - 1; OpenSSL takes no second spelling of Ed448. */
static bool ed448_weak(unsigned char y[57])
{
	unsigned char minus_one[57];

	memset(minus_one, 0xff, 56);
	minus_one[0] = minus_one[28] = 0xfe;
	minus_one[56] = 0;
	y[56] &= 0x7f;
	if (memcmp(y, minus_one, 57) == 0)
		return true;
	for (size_t i = 1; i < 57; i++)
		if (y[i] != 0)
			return false;
	return y[0] <= 1;
}

static int judge_ed(struct key *key, struct tpam_fault *fault)
{
	unsigned char y[57];
	size_t length = sizeof(y);
	bool small = EVP_PKEY_is_a(key->pkey, "ED25519");

	if (EVP_PKEY_get_raw_public_key(key->pkey, y, &length) != 1 || length != (small ? 32 : 57))
		return fault_set(
			fault, TPAM_REASON_MISCONFIGURED, "a key of its curve's length", "another");
	if (small ? ed25519_weak(y) : ed448_weak(y))
		return fault_set(
			fault, TPAM_REASON_MISCONFIGURED, "a point of large order", "a weak key");
	key->signature_length = small ? 64 : 114;
	return TPAM_OK;
}

static const struct alg *curve_alg(const EVP_PKEY *pkey)
{
	static const char *const names[][2] = {
		{"prime256v1", "ES256"}, {"secp384r1", "ES384"}, {"secp521r1", "ES512"}};
	char group[32];

	if (!EVP_PKEY_get_utf8_string_param(
		    pkey, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), NULL))
		return NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], group) == 0)
			return alg_find(names[i][1]);
	const struct alg *alg = alg_for_curve(group);
	return alg;
}

/* The algorithm that a key without a word about it has. */
static const struct alg *alg_of(const EVP_PKEY *pkey, const struct tpam_keys_rules *rules)
{
	if (EVP_PKEY_is_a(pkey, "RSA")) {
		const struct alg *alg = only(rules, is_rsa);
		return alg ? alg : alg_find("RS256");
	}
	if (EVP_PKEY_is_a(pkey, "EC"))
		return curve_alg(pkey);
	if (EVP_PKEY_is_a(pkey, "ED25519") || EVP_PKEY_is_a(pkey, "ED448"))
		return alg_find("EdDSA");
	return NULL;
}

static bool family_fits(const struct alg *alg, const EVP_PKEY *pkey)
{
	switch (alg->family) {
	case FAMILY_RSA:
	case FAMILY_PSS:
		return EVP_PKEY_is_a(pkey, "RSA");
	case FAMILY_EC:
		return EVP_PKEY_is_a(pkey, "EC") && curve_alg(pkey) == alg;
	case FAMILY_ED:
		return EVP_PKEY_is_a(pkey, "ED25519") || EVP_PKEY_is_a(pkey, "ED448");
	case FAMILY_HMAC:
		break;
	}
	return false;
}

static int judge(struct key *key, const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	switch (key->alg->family) {
	case FAMILY_RSA:
	case FAMILY_PSS:
		return judge_rsa(key, rules, fault);
	case FAMILY_EC:
		key->signature_length = 2 * key->alg->half;
		if (!point_valid(key->pkey))
			return fault_set(fault, TPAM_REASON_MISCONFIGURED, "a point on the curve",
				"another");
		return TPAM_OK;
	case FAMILY_ED:
		return judge_ed(key, fault);
	case FAMILY_HMAC:
		break;
	}
	return TPAM_E_CONFIG;
}

static int check_allowed(
	const struct alg *alg, const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	if (allowed(alg, rules))
		return TPAM_OK;
	return fault_set(fault, TPAM_REASON_MISCONFIGURED, "a key for an algorithm that is allowed",
		alg->name);
}

int key_from_pkey(struct key *ret, EVP_PKEY *pkey, const char *name,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	ret->pkey = pkey;
	ret->number = context_number();
	ret->alg = name ? alg_find(name) : alg_of(pkey, rules);
	if (!ret->alg && !name)
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			"a key of RSA, P-256, P-384, P-521, Ed25519 or Ed448", "another");
	if (!ret->alg)
		return fault_set(
			fault, TPAM_REASON_MISCONFIGURED, "an algorithm that is known", name);
	if (!family_fits(ret->alg, pkey))
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			"an algorithm of the key's family and curve", name);
	int code = check_allowed(ret->alg, rules, fault);
	return code == TPAM_OK ? judge(ret, rules, fault) : code;
}

int key_from_secret(struct key *ret, const void *secret, size_t length, const char *name,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	ret->alg = name ? alg_find(name) : only(rules, is_hmac);
	if (!ret->alg || ret->alg->family != FAMILY_HMAC)
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			"one of HS256, HS384, HS512 for a secret", name);
	int code = check_allowed(ret->alg, rules, fault);
	if (code != TPAM_OK)
		return code;
	/* RFC 7518, section 3.2 */
	if (length < ret->alg->hash || length > SECRET_MAX)
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			"a secret at least as long as the hash and at most 4096 bytes",
			"another length");
	ret->secret = (unsigned char *)secret_copy(secret, length);
	if (!ret->secret)
		return TPAM_E_MEMORY;
	ret->secret_length = length;
	ret->signature_length = ret->alg->hash;
	return TPAM_OK;
}

/* ---- JWK ---- */

static bool operations_fit(const json_t *operations, const char *wanted)
{
	const json_t *operation;
	size_t index;

	json_array_foreach(operations, index, operation)
	{
		const char *name = json_string_value(operation);
		if (name && strcmp(name, wanted) == 0)
			return true;
	}
	return false;
}

/* RFC 7517, sections 4.2 to 4.5. */
static int check_members(const json_t *jwk, bool private, struct tpam_fault *fault)
{
	const json_t *use = json_object_get(jwk, "use"),
		     *operations = json_object_get(jwk, "key_ops");
	const json_t *kid = json_object_get(jwk, "kid"), *alg = json_object_get(jwk, "alg");

	if (use && (!json_is_string(use) || strcmp(json_string_value(use), "sig") != 0))
		return fault_set(
			fault, TPAM_REASON_MISCONFIGURED, "use sig", json_string_value(use));
	if (operations && (!json_is_array(operations) ||
				  !operations_fit(operations, private ? "sign" : "verify")))
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			private ? "sign in key_ops" : "verify in key_ops", "others");
	if (kid && (!json_is_string(kid) || json_string_length(kid) > KEY_KID_MAX))
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			"kid as text of at most 256 bytes", "another");
	if (alg && !json_is_string(alg))
		return fault_set(fault, TPAM_REASON_MISCONFIGURED, "alg as text", "another");
	return TPAM_OK;
}

static int from_oct(struct key *ret, const json_t *jwk, const char *alg,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	const json_t *k = json_object_get(jwk, "k");
	size_t length = 0;

	if (!(rules->flags & TPAM_KEYS_SYMMETRIC))
		return fault_set(fault, TPAM_REASON_MISCONFIGURED, "an asymmetric key", "oct");
	if (!json_is_string(k))
		return fault_set(fault, TPAM_REASON_MISCONFIGURED, "base64url in k", "none");
	unsigned char *secret =
		b64url_decode_new(json_string_value(k), json_string_length(k), &length);
	if (!secret)
		return errno == ENOMEM ? TPAM_E_MEMORY
				       : fault_set(fault, TPAM_REASON_MISCONFIGURED,
						 "base64url in k", "another");
	int code = key_from_secret(ret, secret, length, alg, rules, fault);
	secret_free(secret, length);
	return code;
}

int key_from_jwk(struct key *ret, const json_t *jwk, const struct tpam_keys_rules *rules,
	bool private, struct tpam_fault *fault)
{
	*ret = (struct key){0};
	int code = check_members(jwk, private, fault);
	if (code != TPAM_OK)
		return code;
	const char *kid = json_string_value(json_object_get(jwk, "kid"));
	const char *alg = json_string_value(json_object_get(jwk, "alg"));
	const char *kty = json_string_value(json_object_get(jwk, "kty"));

	ret->kid = text_copy(kid ? kid : "", kid ? strlen(kid) : 0);
	if (!ret->kid)
		return TPAM_E_MEMORY;
	if (kty && strcmp(kty, "oct") == 0)
		return from_oct(ret, jwk, alg, rules, fault);
	EVP_PKEY *pkey = jwk_build(jwk, private, fault);
	return pkey ? key_from_pkey(ret, pkey, alg, rules, fault) : TPAM_E_CONFIG;
}

void key_finish(struct key *key)
{
	free(key->kid);
	EVP_PKEY_free(key->pkey);
	secret_free(key->secret, key->secret_length);
	*key = (struct key){0};
}
