/*
 * cjose.c - cjose for the signature, jansson for the claims.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <cjose/cjose.h>

#include "bench.h"
#include "claims.h"

struct shared {
	const char *alg;
	cjose_jwk_t *key;
};

static void *open_row(const struct bench_row *row, const struct bench_material *material)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	cjose_err error;

	(void)row;
	if (!shared)
		abort();
	shared->alg = material->alg;
	shared->key = cjose_jwk_import(material->jwk, strlen(material->jwk), &error);
	return shared->key ? shared : NULL;
}

/* By the key that it names, with the algorithm that is allowed. */
static bool header_good(const struct shared *shared, cjose_jws_t *jws)
{
	cjose_err error;
	cjose_header_t *header = cjose_jws_get_protected(jws);
	const char *alg = cjose_header_get(header, CJOSE_HDR_ALG, &error);
	const char *kid = cjose_header_get(header, CJOSE_HDR_KID, &error);

	return alg && strcmp(alg, shared->alg) == 0 && kid &&
	       strcmp(kid, cjose_jwk_get_kid(shared->key, &error)) == 0;
}

static bool payload_good(cjose_jws_t *jws)
{
	cjose_err error;
	uint8_t *text = NULL;
	size_t length = 0;

	if (!cjose_jws_get_plaintext(jws, &text, &length, &error))
		return false;
	json_t *claims = json_loadb((const char *)text, length, JSON_REJECT_DUPLICATES, NULL);
	bool good = claims && claims_good(claims);
	json_decref(claims);
	return good;
}

static bool verify(void *state, const char *token)
{
	const struct shared *shared = state;
	cjose_err error;
	cjose_jws_t *jws = cjose_jws_import(token, strlen(token), &error);
	bool good = jws && header_good(shared, jws) && cjose_jws_verify(jws, shared->key, &error) &&
		    payload_good(jws);

	cjose_jws_release(jws);
	return good;
}

const struct bench_row bench_rows[] = {
	{.name = "plain", .open = open_row, .verify = verify},
	{.name = NULL},
};

const struct bench_figure bench_figures[] = {{.name = NULL}};
