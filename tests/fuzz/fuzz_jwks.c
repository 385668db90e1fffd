/*
 * fuzz_jwks.c - libFuzzer target: any bytes as a set of keys, and as a private key.
 *
 * What loads is within the limits, each key is found by its name and accepts no made-up signature, and leaving bad keys
 * out changes nothing where there are none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static struct tpam_keys *parse(const uint8_t *data, size_t size, uint32_t flags)
{
	const struct tpam_keys_rules rules = {.algorithms = tpam_alg_names(), .flags = flags};
	struct tpam_keys *keys = NULL;
	struct tpam_fault fault;
	int code = tpam_keys_parse(&keys, (const char *)data, size, &rules, &fault);

	require((code == TPAM_OK) == (keys != NULL));
	require(code != TPAM_E_CONFIG || (fault.reason != 0 && fault.expected[0]));
	return keys;
}

static void check_key(const struct tpam_keys *keys, size_t index)
{
	const struct key *key = &keys->list[index];
	unsigned char signature[KEY_SIGNATURE_MAX];
	struct tpam_fault fault;

	require(tpam_alg_known(tpam_keys_alg(keys, index)));
	require(strlen(tpam_keys_kid(keys, index)) <= KEY_KID_MAX);
	require(keys_choose(keys, key->alg->name, key->kid, &fault) == key);
	require(key->signature_length > 0 && key->signature_length <= sizeof(signature));
	memset(signature, 0, sizeof(signature));
	require(!key_verify(key, "x", 1, signature, key->signature_length));
	memset(signature, 0xFF, sizeof(signature));
	require(!key_verify(key, "x", 1, signature, key->signature_length));
	require(!key_verify(key, "x", 1, signature, key->signature_length - 1));
}

static void check_sets(const uint8_t *data, size_t size)
{
	struct tpam_keys *strict = parse(data, size, TPAM_KEYS_SYMMETRIC);
	struct tpam_keys *lenient = parse(data, size, TPAM_KEYS_SYMMETRIC | TPAM_KEYS_SKIP);
	struct tpam_keys *public = parse(data, size, TPAM_KEYS_SKIP);

	if (strict)
		require(lenient && tpam_keys_count(lenient) == tpam_keys_count(strict) &&
			tpam_keys_skipped(lenient) == 0 && tpam_keys_skipped(strict) == 0);
	if (lenient) {
		require(tpam_keys_count(lenient) > 0 && tpam_keys_count(lenient) <= KEYS_MAX);
		for (size_t i = 0; i < tpam_keys_count(lenient); i++)
			check_key(lenient, i);
	}
	for (size_t i = 0; public && i < tpam_keys_count(public); i++)
		require(!tpam_alg_symmetric(tpam_keys_alg(public, i)));
	tpam_keys_unref(strict);
	tpam_keys_unref(lenient);
	tpam_keys_unref(public);
}

static void check_signer(const uint8_t *data, size_t size)
{
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault;

	if (tpam_signer_parse(&signer, (const char *)data, size, &fault) != TPAM_OK)
		return;
	/* Members that do not belong together make a key that cannot sign, or not for its public part; nothing more is asked. */
	char *token = tpam_signer_sign(signer, NULL, "{}", 2);
	char *set = tpam_signer_public_json(signer);
	tpam_kit_free(token);
	tpam_kit_free(set);
	tpam_signer_destroy(signer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_sets(data, size);
	check_signer(data, size);
	return 0;
}
