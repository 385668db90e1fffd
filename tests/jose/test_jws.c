/*
 * test_jws.c - taking a token apart where a request could not carry it: line ends, NUL, limits; texts of faults; signers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../unit/check.h"
#include "fault.h"
#include "jws.h"
#include "memory.h"

#define LIMIT 16384

static struct tpam_signer *signer;
static struct tpam_keys *keys;
static char *token;

static void begin(void)
{
	static const char payload[] = "{\"iss\":\"x\",\"sub\":\"alice\"}";
	const struct tpam_keys_rules rules = {0};
	struct tpam_fault fault;

	if (tpam_signer_generate(&signer, "EdDSA", 0, &fault) != TPAM_OK)
		abort();
	char *public_json = tpam_signer_public_json(signer);
	token = tpam_signer_sign(signer, "at+jwt", payload, strlen(payload));
	if (!public_json || !token ||
		tpam_keys_parse(&keys, public_json, strlen(public_json), &rules, &fault) != TPAM_OK)
		abort();
	tpam_kit_free(public_json);
}

static int try_bytes(const char *bytes, size_t length)
{
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	int code = tpam_jws_parse(&jws, bytes, length, LIMIT, &fault);

	CHECK((code == TPAM_OK) == (jws != NULL));
	CHECK((code == TPAM_E_CONFIG) == (fault.reason != TPAM_REASON_NONE));
	if (code == TPAM_OK)
		code = tpam_jws_verify(jws, keys, &fault);
	tpam_jws_destroy(jws);
	return code;
}

/* A byte put in at each place, and in place of each. */
static void test_bytes(void)
{
	static const char bytes[] = "\n\r\t \0=+/.%~\x80\xff";
	size_t length = strlen(token), accepted = 0;
	char *copy = malloc(length + 2);

	if (!copy)
		abort();
	for (size_t b = 0; b < sizeof(bytes); b++) {
		for (size_t at = 0; at <= length; at++) {
			memcpy(copy, token, at);
			copy[at] = bytes[b];
			memcpy(copy + at + 1, token + at, length - at + 1);
			accepted += try_bytes(copy, length + 1) == TPAM_OK;
			memcpy(copy, token, length + 1);
			if (at < length && copy[at] != bytes[b]) {
				copy[at] = bytes[b];
				accepted += try_bytes(copy, length) == TPAM_OK;
			}
		}
	}
	for (size_t cut = 0; cut < length; cut++)
		accepted += try_bytes(token, cut) == TPAM_OK;
	CHECK(accepted == 0);
	CHECK(try_bytes(token, length) == TPAM_OK);
	free(copy);
}

static void test_payload(void)
{
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	size_t length = 0;

	if (tpam_jws_parse(&jws, token, strlen(token), LIMIT, &fault) != TPAM_OK)
		abort();
	CHECK(!tpam_jws_payload(jws, &length));
	CHECK(tpam_jws_verify(jws, keys, &fault) == TPAM_OK);
	CHECK_TEXT(tpam_jws_payload(jws, &length), "{\"iss\":\"x\",\"sub\":\"alice\"}");
	CHECK(length == 25);
	tpam_jws_destroy(jws);
}

static void test_limit(void)
{
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	size_t length = strlen(token);

	CHECK(tpam_jws_parse(&jws, token, length, length, &fault) == TPAM_OK);
	tpam_jws_destroy(jws);
	jws = NULL;
	CHECK(tpam_jws_parse(&jws, token, length, length - 1, &fault) == TPAM_E_LIMIT && !jws);
	CHECK(tpam_jws_parse(&jws, "", 0, LIMIT, &fault) == TPAM_E_ARGUMENT && !jws);
	tpam_jws_destroy(NULL);
}

/* Nothing of a payload is handed out as verified, or as claims, before it is. */
static void test_unverified(void)
{
	struct tpam_jws *jws = NULL;
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;
	size_t length = 0;
	bool object = false;

	char *digit = token + strlen(token) - 5, kept = *digit;
	*digit = kept == 'A' ? 'B' : 'A';
	int code = tpam_jws_parse(&jws, token, strlen(token), LIMIT, &fault);
	*digit = kept;
	if (code != TPAM_OK)
		abort();
	CHECK(!tpam_jws_payload(jws, &length));
	CHECK(tpam_claims_parse(&claims, jws, &fault) == TPAM_E_CONFIG && !claims);
	CHECK(tpam_jws_verify(jws, keys, &fault) == TPAM_E_CONFIG);
	CHECK(fault.reason == TPAM_REASON_BAD_SIGNATURE);
	CHECK(!tpam_jws_payload(jws, &length));
	CHECK(tpam_claims_parse(&claims, jws, &fault) == TPAM_E_CONFIG && !claims);
	CHECK_TEXT(tpam_jws_unverified_issuer(jws, &object), "x");
	CHECK_TEXT(tpam_jws_unverified_issuer(jws, &object), "x");
	CHECK(object);
	const char *text = tpam_jws_unverified_payload(jws, &length);
	CHECK(length == 25 && strncmp(text, "{\"iss\"", 6) == 0);
	CHECK(tpam_jws_header_text(jws, &length)[0] == '{');
	CHECK_TEXT(tpam_jws_alg(jws), "EdDSA");
	CHECK_TEXT(tpam_jws_kid(jws), tpam_signer_kid(signer));
	CHECK_TEXT(tpam_jws_typ(jws), "at+jwt");
	tpam_jws_destroy(jws);
}

/* A long text is cut, between two characters. */
static void test_fault(void)
{
	struct tpam_fault fault;
	char text[400];

	for (size_t shift = 0; shift < 4; shift++) {
		memset(text, 'x', shift);
		for (size_t i = shift; i + 4 < sizeof(text); i += 4)
			memcpy(text + i, "\xF0\x9F\xA6\x8A", 5);
		CHECK(fault_set(&fault, TPAM_REASON_BAD_CLAIM, text, NULL) == TPAM_E_CONFIG);
		size_t length = strlen(fault.expected);
		CHECK(length < sizeof(fault.expected) && length > sizeof(fault.expected) - 5);
		CHECK((length - shift) % 4 == 0 && fault.got[0] == '\0');
	}
	memset(text, 'a', sizeof(text));
	text[159] = '\0';
	fault_set(&fault, TPAM_REASON_BAD_CLAIM, NULL, text);
	CHECK_TEXT(fault.got, text);
	CHECK(fault.expected[0] == '\0');
}

/* ---- Signers ---- */

static void check_signer(const char *alg, unsigned bits)
{
	struct tpam_signer *made = NULL, *read = NULL;
	struct tpam_fault fault;

	CHECK(tpam_signer_generate(&made, alg, bits, &fault) == TPAM_OK);
	char *json = made ? tpam_signer_json(made) : NULL;
	char *public_json = made ? tpam_signer_public_json(made) : NULL;
	if (!json || !public_json)
		abort();
	CHECK(tpam_signer_parse(&read, json, strlen(json), &fault) == TPAM_OK);
	CHECK_TEXT(tpam_signer_alg(made), alg);
	CHECK(strlen(tpam_signer_kid(made)) == 43);
	if (read) {
		char *again = tpam_signer_json(read);
		CHECK_TEXT(again, json);
		tpam_kit_free(again);
	}
	static const char *const private_members[] = {
		"\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\""};
	for (size_t i = 0; i < sizeof(private_members) / sizeof(private_members[0]); i++)
		CHECK(!strstr(public_json, private_members[i]));
	CHECK(tpam_alg_symmetric(alg) || tpam_signer_parse(&read, public_json, strlen(public_json),
						 &fault) == TPAM_E_CONFIG);
	tpam_kit_free(json);
	tpam_kit_free(public_json);
	tpam_signer_destroy(made);
	tpam_signer_destroy(read);
}

static void test_signers(void)
{
	struct tpam_signer *none = NULL;
	struct tpam_fault fault;
	char *large = malloc(300 * 1024);

	for (const char *const *name = tpam_alg_names(); *name; name++)
		check_signer(*name, 0);
	check_signer("EdDSA", 448);
	check_signer("RS256", 3072);
	CHECK(tpam_signer_generate(&none, "RS256", 1024, &fault) == TPAM_E_CONFIG);
	CHECK(tpam_signer_generate(&none, "PS256", 16384, &fault) == TPAM_E_CONFIG);
	CHECK(tpam_signer_generate(&none, "none", 0, &fault) == TPAM_E_CONFIG);
	CHECK_TEXT(fault.got, "none");
	CHECK(tpam_signer_parse(&none, "{}", 2, &fault) == TPAM_E_CONFIG);
	CHECK(tpam_signer_parse(&none, "", 0, &fault) == TPAM_E_CONFIG && !none);
	static const char short_d[] =
		"{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
		"\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"d\":\"AAAA\"}";
	CHECK(tpam_signer_parse(&none, short_d, strlen(short_d), &fault) == TPAM_E_CONFIG);
	CHECK_TEXT(fault.expected, "d of the curve's length");
	if (!large)
		abort();
	memset(large, ' ', 300 * 1024);
	CHECK(tpam_signer_parse(&none, large, 300 * 1024, &fault) == TPAM_E_CONFIG);
	CHECK(!tpam_signer_sign(signer, NULL, large, 300 * 1024));
	free(large);
	tpam_signer_destroy(NULL);
	tpam_kit_free(NULL);
}

int main(void)
{
	begin();
	test_bytes();
	test_payload();
	test_limit();
	test_unverified();
	test_fault();
	test_signers();
	tpam_kit_free(token);
	tpam_keys_unref(keys);
	tpam_signer_destroy(signer);
	return check_end();
}
