/*
 * jwk.c - makes OpenSSL keys of the members of a JWK, without the detour through PEM.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "b64url.h"
#include "fault.h"
#include "key.h"

#define MEMBER_MAX 2048 /* characters of one number: RSA with 8192 bits needs 1366 */

/* A member's bytes; false if it is missing, no string, too long or not base64url. */
static bool member_bytes(
	unsigned char *out, size_t size, size_t *ret_length, const json_t *jwk, const char *name)
{
	const json_t *member = json_object_get(jwk, name);
	size_t length = json_string_length(member);

	if (!json_is_string(member) || length == 0 || length > MEMBER_MAX ||
		b64url_decoded_size(length) > size ||
		!b64url_decode(out, json_string_value(member), length))
		return false;
	*ret_length = b64url_decoded_size(length);
	return true;
}

/* Where it is `private`, OpenSSL wipes what it makes of it on the way. */
static BIGNUM *member_number(const json_t *jwk, const char *name, bool private)
{
	unsigned char bytes[MEMBER_MAX];
	size_t length = 0;

	if (!member_bytes(bytes, sizeof(bytes), &length, jwk, name))
		return NULL;
	BIGNUM *number = private ? BN_secure_new() : BN_new();
	if (number && !BN_bin2bn(bytes, (int)length, number)) {
		BN_clear_free(number);
		number = NULL;
	}
	OPENSSL_cleanse(bytes, length);
	return number;
}

static EVP_PKEY *build(const char *type, OSSL_PARAM_BLD *builder, bool private)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY_CTX *context = params ? EVP_PKEY_CTX_new_from_name(NULL, type, NULL) : NULL;
	EVP_PKEY *pkey = NULL;

	if (!context || EVP_PKEY_fromdata_init(context) <= 0 ||
		EVP_PKEY_fromdata(context, &pkey, private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
			params) <= 0)
		pkey = NULL;
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(params);
	return pkey;
}

struct rsa_member {
	const char *jwk;
	const char *param;
};

/* RFC 7518, section 6.3: the first two are the public key. */
static const struct rsa_member rsa_members[] = {
	{"n", OSSL_PKEY_PARAM_RSA_N},
	{"e", OSSL_PKEY_PARAM_RSA_E},
	{"d", OSSL_PKEY_PARAM_RSA_D},
	{"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
	{"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
	{"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
	{"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
	{"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};

#define RSA_PUBLIC 2
#define RSA_ALL    (sizeof(rsa_members) / sizeof(rsa_members[0]))

static EVP_PKEY *build_rsa(const json_t *jwk, bool private, struct tpam_fault *fault)
{
	BIGNUM *numbers[RSA_ALL] = {NULL};
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	size_t count = private ? RSA_ALL : RSA_PUBLIC;
	EVP_PKEY *pkey = NULL;
	bool fine = builder != NULL;

	for (size_t i = 0; i < count && fine; i++) {
		numbers[i] = member_number(jwk, rsa_members[i].jwk, i >= RSA_PUBLIC);
		fine = numbers[i] &&
		       OSSL_PARAM_BLD_push_BN(builder, rsa_members[i].param, numbers[i]);
		if (!fine)
			fault_set(fault, TPAM_REASON_MISCONFIGURED,
				"base64url of at most 2048 characters in each member of an RSA key",
				rsa_members[i].jwk);
	}
	if (fine)
		pkey = build("RSA", builder, private);
	if (fine && !pkey)
		fault_set(fault, TPAM_REASON_MISCONFIGURED, "an RSA key", "numbers that make none");
	OSSL_PARAM_BLD_free(builder);
	for (size_t i = 0; i < count; i++)
		BN_clear_free(numbers[i]);
	return pkey;
}

static EVP_PKEY *build_ec(const json_t *jwk, bool private, struct tpam_fault *fault)
{
	const char *crv = json_string_value(json_object_get(jwk, "crv"));
	const struct alg *alg = crv ? alg_for_curve(crv) : NULL;
	unsigned char point[1 + 2 * 66] = {4};
	size_t x = 0, y = 0;

	if (!alg) {
		fault_set(fault, TPAM_REASON_MISCONFIGURED, "crv P-256, P-384 or P-521", crv);
		return NULL;
	}
	/* Coordinates have the full length of the field (RFC 7518, section 6.2.1.2). */
	if (!member_bytes(point + 1, alg->half, &x, jwk, "x") || x != alg->half ||
		!member_bytes(point + 1 + alg->half, alg->half, &y, jwk, "y") || y != alg->half) {
		fault_set(fault, TPAM_REASON_MISCONFIGURED, "x and y of the curve's length",
			"others");
		return NULL;
	}
	BIGNUM *d = private ? member_number(jwk, "d", true) : NULL;
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY *pkey = NULL;
	bool fine = builder && (!private || d) &&
		    OSSL_PARAM_BLD_push_utf8_string(
			    builder, OSSL_PKEY_PARAM_GROUP_NAME, alg->group, 0) &&
		    OSSL_PARAM_BLD_push_octet_string(
			    builder, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * alg->half) &&
		    (!private || OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, d));
	if (fine)
		pkey = build("EC", builder, private);
	if (!pkey)
		fault_set(fault, TPAM_REASON_MISCONFIGURED, "a point on the curve", "another");
	OSSL_PARAM_BLD_free(builder);
	BN_clear_free(d);
	return pkey;
}

struct okp {
	const char *crv;
	const char *type;
	size_t length;
};

static const struct okp okps[] = {{"Ed25519", "ED25519", 32}, {"Ed448", "ED448", 57}};

static const struct okp *okp_find(const json_t *jwk)
{
	const char *crv = json_string_value(json_object_get(jwk, "crv"));

	for (size_t i = 0; crv && i < sizeof(okps) / sizeof(okps[0]); i++)
		if (strcmp(okps[i].crv, crv) == 0)
			return &okps[i];
	return NULL;
}

static EVP_PKEY *build_okp(const json_t *jwk, bool private, struct tpam_fault *fault)
{
	const struct okp *okp = okp_find(jwk);
	unsigned char x[64], d[64];
	size_t length = 0;

	if (!okp) {
		fault_set(fault, TPAM_REASON_MISCONFIGURED, "crv Ed25519 or Ed448", "another");
		return NULL;
	}
	if (!member_bytes(x, sizeof(x), &length, jwk, "x") || length != okp->length) {
		fault_set(fault, TPAM_REASON_MISCONFIGURED, "x of the curve's length", "another");
		return NULL;
	}
	if (!private)
		return EVP_PKEY_new_raw_public_key_ex(NULL, okp->type, NULL, x, length);
	EVP_PKEY *pkey = NULL;
	if (member_bytes(d, sizeof(d), &length, jwk, "d") && length == okp->length)
		pkey = EVP_PKEY_new_raw_private_key_ex(NULL, okp->type, NULL, d, length);
	OPENSSL_cleanse(d, sizeof(d));
	if (!pkey)
		fault_set(fault, TPAM_REASON_MISCONFIGURED, "d of the curve's length", "another");
	return pkey;
}

struct family {
	const char *kty;
	EVP_PKEY *(*build)(const json_t *jwk, bool private, struct tpam_fault *fault);
};

static const struct family families[] = {{"RSA", build_rsa}, {"EC", build_ec}, {"OKP", build_okp}};

EVP_PKEY *jwk_build(const json_t *jwk, bool private, struct tpam_fault *fault)
{
	const char *kty = json_string_value(json_object_get(jwk, "kty"));

	for (size_t i = 0; kty && i < sizeof(families) / sizeof(families[0]); i++) {
		if (strcmp(families[i].kty, kty) != 0)
			continue;
		*fault = (struct tpam_fault){0};
		EVP_PKEY *pkey = families[i].build(jwk, private, fault);
		if (!pkey && fault->reason == 0)
			fault_set(fault, TPAM_REASON_MISCONFIGURED, "a key that OpenSSL takes",
				"another");
		return pkey;
	}
	fault_set(fault, TPAM_REASON_MISCONFIGURED, "kty RSA, EC, OKP or oct", kty ? kty : "none");
	return NULL;
}
