/*
 * alg.c - the algorithms, each tied to its family, hash and sizes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <string.h>

#include <tokenpam/kit.h>

#include "alg.h"

static const struct alg algs[] = {
	{"RS256", FAMILY_RSA, "SHA256", 32, NULL, NULL, 0},
	{"RS384", FAMILY_RSA, "SHA384", 48, NULL, NULL, 0},
	{"RS512", FAMILY_RSA, "SHA512", 64, NULL, NULL, 0},
	{"PS256", FAMILY_PSS, "SHA256", 32, NULL, NULL, 0},
	{"PS384", FAMILY_PSS, "SHA384", 48, NULL, NULL, 0},
	{"PS512", FAMILY_PSS, "SHA512", 64, NULL, NULL, 0},
	{"ES256", FAMILY_EC, "SHA256", 32, "P-256", "P-256", 32},
	{"ES384", FAMILY_EC, "SHA384", 48, "P-384", "P-384", 48},
	{"ES512", FAMILY_EC, "SHA512", 64, "P-521", "P-521", 66},
	{"EdDSA", FAMILY_ED, NULL, 0, NULL, NULL, 0},
	{"HS256", FAMILY_HMAC, "SHA256", 32, NULL, NULL, 0},
	{"HS384", FAMILY_HMAC, "SHA384", 48, NULL, NULL, 0},
	{"HS512", FAMILY_HMAC, "SHA512", 64, NULL, NULL, 0},
};

#define ALGS (sizeof(algs) / sizeof(algs[0]))

static const char *const names[ALGS + 1] = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
	"ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512", NULL};

/* Implicit fetches cost more than the digest of a small token, and take a lock (see docs/architecture.md). */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256, *sha384, *sha512;

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	sha384 = EVP_MD_fetch(NULL, "SHA384", NULL);
	sha512 = EVP_MD_fetch(NULL, "SHA512", NULL);
}

const EVP_MD *alg_digest(const struct alg *alg)
{
	(void)pthread_once(&once, fetch);
	switch (alg->hash) {
	case 32:
		return sha256;
	case 48:
		return sha384;
	case 64:
		return sha512;
	default:
		return NULL;
	}
}

const struct alg *alg_find(const char *name)
{
	for (size_t i = 0; i < ALGS; i++)
		if (strcmp(algs[i].name, name) == 0)
			return &algs[i];
	return NULL;
}

const struct alg *alg_for_curve(const char *curve)
{
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].curve && strcmp(algs[i].curve, curve) == 0)
			return &algs[i];
	return NULL;
}

const char *const *tpam_alg_names(void)
{
	return names;
}

bool tpam_alg_known(const char *name)
{
	return alg_find(name) != NULL;
}

bool tpam_alg_symmetric(const char *name)
{
	const struct alg *alg = alg_find(name);

	return alg && alg->family == FAMILY_HMAC;
}
