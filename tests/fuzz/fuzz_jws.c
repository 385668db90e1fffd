/*
 * fuzz_jws.c - libFuzzer target: any bytes as a token.
 *
 * Beyond not crashing: a token that is taken has one spelling, the scan for its issuer agrees with the strict parser, and
 * what verifies is one of the tokens of RFC 7515 that the corpus begins with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/kit.h>

#include "b64url.h"
#include "json.h"
#include "jws.h"

#define LIMIT 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Appendices A.1 to A.4 */
static const char keys_json[] =
	"{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-"
	"EstJQLr_T-1qS0gZH75"
	"aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"},{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"
	"\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8"
	"Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"},{\"kty\":\"EC\","
	"\"crv\":\"P-521\",\"x\":"
	"\"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_"
	"NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk\",\"y\":\"ADSmRA43"
	"Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2\"},{"
	"\"kty\":\"RSA\",\"n\":"
	"\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-"
	"4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2l"
	"ZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-"
	"KXBdQOS-UTo7WTBEMa2"
	"R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"
	"h9iaGNj8q2ethFkMLs91kzk2PAcDT"
	"W9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}]}";

static const char *const payloads[] = {
	"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}",
	"Payload"};

static void require(bool condition)
{
	if (!condition)
		abort();
}

static struct tpam_keys *keys(void)
{
	static const char *const allowed[] = {"HS256", "RS256", "ES256", "ES512", NULL};
	const struct tpam_keys_rules rules = {.algorithms = allowed, .flags = TPAM_KEYS_SYMMETRIC};
	static struct tpam_keys *once;
	struct tpam_fault fault;

	if (!once)
		require(tpam_keys_parse(&once, keys_json, strlen(keys_json), &rules, &fault) ==
			TPAM_OK);
	return once;
}

static void check_part(const char **text, const char *end, const char *bytes, size_t length)
{
	char *spelled = b64url_encode_new((const unsigned char *)bytes, length);
	require(spelled != NULL);
	size_t size = strlen(spelled);
	require((size_t)(end - *text) >= size && memcmp(*text, spelled, size) == 0);
	*text += size;
	free(spelled);
}

/* Its parts, spelled again, are the token. */
static void check_spelling(const struct tpam_jws *jws, const char *token, size_t size)
{
	const char *end = token + size;

	check_part(&token, end, jws->header_text, jws->header_length);
	require(token < end && *token++ == '.');
	check_part(&token, end, jws->payload, jws->payload_length);
	require(token < end && *token++ == '.');
	check_part(&token, end, (const char *)jws->signature, jws->signature_length);
	require(token == end);
}

static void check_issuer(struct tpam_jws *jws)
{
	json_t *strict = json_object_read(jws->payload, jws->payload_length, JWS_DEPTH_MAX);
	bool object = false;
	const char *scanned = tpam_jws_unverified_issuer(jws, &object);
	const json_t *iss = json_object_get(strict, "iss");

	if (strict && json_string_length(iss) < 2048 / 6) {
		const char *text = json_string_value(iss);
		require(object &&
			(scanned && text ? strcmp(scanned, text) == 0 : !scanned && !text));
	}
	json_decref(strict);
}

/* As if it were verified. */
static void check_claims(struct tpam_jws *jws)
{
	static const char *const audiences[] = {"a", NULL}, *const types[] = {"JWT", "", NULL};
	const struct tpam_claims_rules rules = {.now = 1300000000,
		.leeway = 60,
		.max_age = 60,
		.issuer = "joe",
		.audiences = audiences,
		.types = types};
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;
	int32_t outcome = 0;
	size_t length = 0;

	jws->verified = true;
	if (tpam_claims_parse(&claims, jws, &fault) != TPAM_OK)
		return;
	if (tpam_claims_check(claims, jws, &rules, &outcome, &fault) != TPAM_OK)
		require(fault.reason != 0 && (outcome == TPAM_INVALID || outcome == TPAM_EXPIRED));
	for (size_t i = 0; i < 3; i++)
		(void)tpam_claims_element(claims, "a.b", i, &length);
	tpam_claims_destroy(claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	const char *token = (const char *)data;
	size_t length = 0;

	if (tpam_jws_parse(&jws, token, size, LIMIT, &fault) != TPAM_OK)
		return 0;
	check_spelling(jws, token, size);
	check_issuer(jws);
	require(!tpam_jws_payload(jws, &length));
	if (tpam_jws_verify(jws, keys(), &fault) == TPAM_OK) {
		const char *payload = tpam_jws_payload(jws, &length);
		require(payload &&
			(strcmp(payload, payloads[0]) == 0 || strcmp(payload, payloads[1]) == 0));
	} else {
		require(fault.reason != 0);
	}
	check_claims(jws);
	tpam_jws_destroy(jws);
	return 0;
}
