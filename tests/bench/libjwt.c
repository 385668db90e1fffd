/*
 * libjwt.c - libjwt 1.x: a function that takes the token and the key in PEM, and getters for the claims.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <time.h>

#include <jwt.h>

#include "bench.h"
#include "claims.h"

static void *open_row(const struct bench_row *row, const struct bench_material *material)
{
	(void)row;
	return (void *)material;
}

static bool text_is(jwt_t *jwt, const char *name, const char *wanted)
{
	const char *text = jwt_get_grant(jwt, name);

	return text && strcmp(text, wanted) == 0;
}

static bool claims(jwt_t *jwt)
{
	long now = time(NULL);

	return text_is(jwt, "iss", BENCH_ISSUER) && text_is(jwt, "aud", BENCH_AUDIENCE) &&
	       jwt_get_grant_int(jwt, "exp") > now && jwt_get_grant_int(jwt, "nbf") <= now &&
	       jwt_get_grant(jwt, "sub") && claims_word(jwt_get_grant(jwt, "scope"), BENCH_SCOPE);
}

static bool verify(void *state, const char *token)
{
	const struct bench_material *material = state;
	jwt_t *jwt = NULL;

	if (jwt_decode(&jwt, token, (const unsigned char *)material->pem,
		    (int)strlen(material->pem)) != 0)
		return false;
	const char *alg = jwt_alg_str(jwt_get_alg(jwt));
	bool good = alg && strcmp(alg, material->alg) == 0 && claims(jwt);
	jwt_free(jwt);
	return good;
}

/* EdDSA came with a later one. */
static void *open_known(const struct bench_row *row, const struct bench_material *material)
{
	return jwt_str_alg(material->alg) == JWT_ALG_INVAL ? NULL : open_row(row, material);
}

const struct bench_row bench_rows[] = {
	{.name = "plain", .open = open_known, .verify = verify},
	{.name = NULL},
};

const struct bench_figure bench_figures[] = {{.name = NULL}};
