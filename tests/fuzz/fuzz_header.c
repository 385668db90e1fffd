/*
 * fuzz_header.c - libFuzzer target: any bytes as the header of a token whose signature is right.
 *
 * What verifies has a header that the strict parser takes, with the algorithm and the name of the key, and with nothing
 * in it that would have to be understood.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <tokenpam/kit.h>

#include "b64url.h"
#include "json.h"
#include "jws.h"
#include "memory.h"

#define LIMIT 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char secret[] = "0123456789abcdef0123456789abcdef";
static const char keys_json[] = "{\"kty\":\"oct\",\"kid\":\"k\",\"alg\":\"HS256\","
				"\"k\":\"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY\"}";

static void require(bool condition)
{
	if (!condition)
		abort();
}

static struct tpam_keys *keys(void)
{
	static const char *const allowed[] = {"HS256", NULL};
	const struct tpam_keys_rules rules = {.algorithms = allowed, .flags = TPAM_KEYS_SYMMETRIC};
	static struct tpam_keys *once;
	struct tpam_fault fault;

	if (!once)
		require(tpam_keys_parse(&once, keys_json, strlen(keys_json), &rules, &fault) ==
			TPAM_OK);
	return once;
}

static void append(struct buffer *token, const void *bytes, size_t length)
{
	char *text = b64url_encode_new(bytes, length);

	require(text != NULL);
	buffer_text(token, text);
	free(text);
}

static void make_token(struct buffer *token, const uint8_t *header, size_t size)
{
	unsigned char signature[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	append(token, header, size);
	buffer_text(token, ".e30.");
	require(HMAC(EVP_sha256(), secret, 32, (const unsigned char *)token->data,
			token->length - 1, signature, &length) != NULL);
	append(token, signature, length);
	require(!token->failed);
}

static void check_verified(const uint8_t *header, size_t size)
{
	static const char *const never[] = {"crit", "b64", "enc", "zip"};
	json_t *strict = json_object_read((const char *)header, size, JWS_DEPTH_MAX);
	const char *alg = json_string_value(json_object_get(strict, "alg"));
	const json_t *kid = json_object_get(strict, "kid"), *typ = json_object_get(strict, "typ");

	require(alg && strcmp(alg, "HS256") == 0);
	require(!kid || (json_is_string(kid) && strcmp(json_string_value(kid), "k") == 0));
	require(!typ || json_is_string(typ));
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		require(!json_object_get(strict, never[i]));
	json_decref(strict);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer token = BUFFER(LIMIT);
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;

	if (size > 8192)
		return 0;
	make_token(&token, data, size);
	int code = tpam_jws_parse(&jws, token.data, token.length, LIMIT, &fault);
	require((code == TPAM_OK) == (jws != NULL));
	require(code != TPAM_E_CONFIG || fault.reason != 0);
	if (code == TPAM_OK) {
		if (tpam_jws_verify(jws, keys(), &fault) == TPAM_OK)
			check_verified(data, size);
		else
			require(fault.reason != 0 && fault.reason != TPAM_REASON_BAD_SIGNATURE);
	}
	tpam_jws_destroy(jws);
	buffer_finish(&token);
	return 0;
}
