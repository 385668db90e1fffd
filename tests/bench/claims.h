/*
 * claims.h - what is asked of the claims where a library leaves that to its host.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_BENCH_CLAIMS_H
#define TESTS_BENCH_CLAIMS_H

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "bench.h"

static inline bool claims_text_is(const json_t *claims, const char *name, const char *wanted)
{
	const char *text = json_string_value(json_object_get(claims, name));

	return text && strcmp(text, wanted) == 0;
}

static inline bool claims_time(const json_t *claims, const char *name, json_int_t *ret)
{
	const json_t *value = json_object_get(claims, name);

	*ret = json_integer_value(value);
	return json_is_integer(value);
}

/* One of the words of a text. */
static inline bool claims_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; at && (at = strstr(at, word)); at += length)
		if ((at == text || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return true;
	return false;
}

/* Issuer, audience, both times; and somebody reads whose it is and what it allows. */
static inline bool claims_good(const json_t *claims)
{
	json_int_t now = time(NULL), exp, nbf;

	return claims_text_is(claims, "iss", BENCH_ISSUER) &&
	       claims_text_is(claims, "aud", BENCH_AUDIENCE) && claims_time(claims, "exp", &exp) &&
	       exp > now && claims_time(claims, "nbf", &nbf) && nbf <= now &&
	       json_string_value(json_object_get(claims, "sub")) &&
	       claims_word(json_string_value(json_object_get(claims, "scope")), BENCH_SCOPE);
}

#endif
