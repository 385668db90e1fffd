/*
 * test_memory.c - the n-th allocation of the kit fails, for every n: a clean code, nothing lost, and nobody let in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <tokenpam/kit.h>

#include "../torture/allocations.h"
#include "../unit/check.h"
#include "context.h"

#define MOST 2000 /* allocations of one scene */

static char *private_json, *public_json, *token, *forged;
static const char payload[] =
	"{\"iss\":\"me\",\"sub\":\"alice\",\"aud\":[\"one\"],\"exp\":2000000000}";

static void begin(void)
{
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault;

	if (tpam_signer_generate(&signer, "ES256", 0, &fault) != TPAM_OK)
		abort();
	private_json = tpam_signer_json(signer);
	public_json = tpam_signer_public_json(signer);
	token = tpam_signer_sign(signer, "at+jwt", payload, strlen(payload));
	if (!private_json || !public_json || !token || !(forged = strdup(token)))
		abort();
	char *digit = forged + strlen(forged) - 10;
	*digit = *digit == 'A' ? 'B' : 'A';
	tpam_signer_destroy(signer);
}

/* A scene returns TPAM_OK once nothing was lacking. */
static int verify(const char *text)
{
	static const char *const audiences[] = {"one", NULL};
	const struct tpam_keys_rules rules = {0};
	const struct tpam_claims_rules wanted = {
		.now = 1900000000, .issuer = "me", .audiences = audiences};
	struct tpam_keys *keys = NULL;
	struct tpam_jws *jws = NULL;
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault = {0};
	int32_t outcome = 0;
	bool object = false;

	int code = tpam_keys_parse(&keys, public_json, strlen(public_json), &rules, &fault);
	if (code == TPAM_OK)
		code = tpam_jws_parse(&jws, text, strlen(text), 16384, &fault);
	if (code == TPAM_OK && !tpam_jws_unverified_issuer(jws, &object))
		code = errno == ENOMEM ? TPAM_E_MEMORY : TPAM_E_CONFIG;
	if (code == TPAM_OK)
		code = tpam_jws_verify(jws, keys, &fault);
	if (code == TPAM_OK)
		code = tpam_claims_parse(&claims, jws, &fault);
	if (code == TPAM_OK)
		code = tpam_claims_check(claims, jws, &wanted, &outcome, &fault);
	tpam_claims_destroy(claims);
	tpam_jws_destroy(jws);
	tpam_keys_unref(keys);
	context_forget();
	return code;
}

static int verify_good(void)
{
	return verify(token);
}

static int verify_forged(void)
{
	return verify(forged);
}

static int sign(void)
{
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault = {0};
	int code = tpam_signer_parse(&signer, private_json, strlen(private_json), &fault);
	char *made =
		code == TPAM_OK ? tpam_signer_sign(signer, "JWT", payload, strlen(payload)) : NULL;
	char *json = code == TPAM_OK ? tpam_signer_json(signer) : NULL;
	char *set = code == TPAM_OK ? tpam_signer_public_json(signer) : NULL;

	if (code == TPAM_OK && (!made || !json || !set))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		CHECK(strcmp(json, private_json) == 0 && strcmp(set, public_json) == 0);
	tpam_kit_free(made);
	tpam_kit_free(json);
	tpam_kit_free(set);
	tpam_signer_destroy(signer);
	return code;
}

static int build(void)
{
	struct tpam_payload *built = tpam_payload_create();
	int code = built ? tpam_payload_set_text(built, "sub", "alice") : TPAM_E_MEMORY;

	if (code == TPAM_OK)
		code = tpam_payload_add(built, "aud", "one");
	if (code == TPAM_OK)
		code = tpam_payload_add(built, "aud", "two");
	if (code == TPAM_OK)
		code = tpam_payload_add_scope(built, "read");
	if (code == TPAM_OK)
		code = tpam_payload_add_scope(built, "write");
	if (code == TPAM_OK)
		code = tpam_payload_set_json(built, "more", "{\"a\":[1,2,\"x\"]}");
	if (code == TPAM_OK)
		code = tpam_payload_set_number(built, "exp", 1);
	char *json = code == TPAM_OK ? tpam_payload_json(built) : NULL;
	if (code == TPAM_OK)
		code = json ? TPAM_OK : TPAM_E_MEMORY;
	if (code == TPAM_OK)
		CHECK_TEXT(json,
			"{\"sub\":\"alice\",\"aud\":[\"one\",\"two\"],\"scope\":\"read write\","
			"\"more\":{\"a\":[1,2,\"x\"]},\"exp\":1}");
	tpam_kit_free(json);
	tpam_payload_destroy(built);
	return code;
}

static int generate(void)
{
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault = {0};
	int code = tpam_signer_generate(&signer, "HS256", 0, &fault);

	tpam_signer_destroy(signer);
	return code;
}

static int read_json(void)
{
	static const char text[] = "[{\"user\":{\"login\":\"a\",\"ids\":[1,2.5,null]}}]";
	struct tpam_json *json = NULL;
	struct tpam_fault fault = {0};
	char *written = NULL;

	int code = tpam_json_read(&json, text, strlen(text), &fault);
	if (code != TPAM_OK)
		return code;
	written = tpam_json_write(
		json, tpam_json_member(json, tpam_json_first(json, tpam_json_root(json)), "user"));
	if (written)
		CHECK_TEXT(written, "{\"login\":\"a\",\"ids\":[1,2.5,null]}");
	code = written ? TPAM_OK : TPAM_E_MEMORY;
	tpam_kit_free(written);
	tpam_json_destroy(json);
	return code;
}

/* Runs the scene until no allocation failed; `good` is what it then returns. */
static void run(const char *name, int (*scene)(void), int good)
{
	unsigned long nth = 1;
	bool failed = true;

	CHECK(scene() == good); /* what is made once a process is made now */
	for (; failed && nth < MOST; nth++) {
		long before = allocations_living();
		allocations_arm(nth, nth % 2 == 0);
		int code = scene();
		failed = allocations_disarm();
		bool fine = failed ? code == TPAM_E_MEMORY || code == TPAM_E_CONFIG || code == good
				   : code == good;
		if (!fine || allocations_living() != before) {
			fprintf(stderr, "%s, allocation %lu: code %d, %ld blocks more\n", name, nth,
				code, allocations_living() - before);
			allocations_explain();
		}
		CHECK(fine && allocations_living() == before);
	}
	CHECK(!failed && nth > 2);
}

int main(void)
{
	begin();
	allocations_begin();
	run("verify", verify_good, TPAM_OK);
	run("forged", verify_forged, TPAM_E_CONFIG);
	run("sign", sign, TPAM_OK);
	run("payload", build, TPAM_OK);
	run("json", read_json, TPAM_OK);
	run("generate", generate, TPAM_OK);
	tpam_kit_free(private_json);
	tpam_kit_free(public_json);
	tpam_kit_free(token);
	free(forged);
	return check_end();
}
