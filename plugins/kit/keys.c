/*
 * keys.c - a set of keys, and which of them a token means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "json.h"
#include "keys.h"
#include "memory.h"

struct tpam_keys *keys_create(void)
{
	struct tpam_keys *keys = calloc(1, sizeof(*keys));

	if (keys)
		atomic_init(&keys->references, 1);
	return keys;
}

bool keys_add(struct tpam_keys *keys, struct key *key)
{
	if (!array_reserve(&keys->list, keys->count, sizeof(*key), KEYS_MAX))
		return false;
	keys->list[keys->count++] = *key;
	*key = (struct key){0};
	return true;
}

struct tpam_keys *tpam_keys_ref(struct tpam_keys *keys)
{
	atomic_fetch_add_explicit(&keys->references, 1, memory_order_relaxed);
	return keys;
}

void tpam_keys_unref(struct tpam_keys *keys)
{
	if (!keys || atomic_fetch_sub_explicit(&keys->references, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < keys->count; i++)
		key_finish(&keys->list[i]);
	free(keys->list);
	free(keys);
}

/* ---- Reading a set ---- */

static bool repeated(const struct tpam_keys *keys, const struct key *key)
{
	for (size_t i = 0; i < keys->count; i++)
		if (keys->list[i].alg == key->alg && strcmp(keys->list[i].kid, key->kid) == 0)
			return true;
	return false;
}

static int add_jwk(struct tpam_keys *keys, const json_t *jwk, const struct tpam_keys_rules *rules,
	struct tpam_fault *fault)
{
	struct key key = {0};
	int code;

	if (!json_is_object(jwk))
		code = fault_set(fault, TPAM_REASON_MISCONFIGURED, "an object for each key",
			"something else");
	else
		code = key_from_jwk(&key, jwk, rules, false, fault);
	if (code == TPAM_OK && repeated(keys, &key)) {
		/* Which of them is meant cannot be told, so it is no key to be left out but a set to be refused. */
		code = fault_set(fault, TPAM_REASON_MISCONFIGURED, "each (kid, alg) once", key.kid);
		key_finish(&key);
		return code;
	}
	if (code == TPAM_OK && !keys_add(keys, &key))
		code = TPAM_E_MEMORY;
	key_finish(&key);
	if (code == TPAM_E_CONFIG && (rules->flags & TPAM_KEYS_SKIP)) {
		keys->skipped++;
		return TPAM_OK;
	}
	return code;
}

static int add_all(struct tpam_keys *keys, const json_t *document,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	const json_t *list = json_object_get(document, "keys"), *jwk;
	size_t index;
	int code = TPAM_OK;

	if (!list)
		return json_object_get(document, "kty")
			       ? add_jwk(keys, document, rules, fault)
			       : fault_set(
					 fault, TPAM_REASON_MISCONFIGURED, "a member keys", "none");
	if (!json_is_array(list) || json_array_size(list) > KEYS_MAX)
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			"keys to be an array of at most 64", "another");
	json_array_foreach(
		list, index, jwk) if ((code = add_jwk(keys, jwk, rules, fault)) != TPAM_OK) break;
	return code;
}

int tpam_keys_parse(struct tpam_keys **ret, const char *json, size_t length,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	*fault = (struct tpam_fault){0};
	if (length > KEYS_SIZE_MAX)
		return fault_set(
			fault, TPAM_REASON_MISCONFIGURED, "at most 256 KiB of keys", "more");
	json_t *document = json_object_read(json, length, KEYS_DEPTH_MAX);
	if (!document)
		return errno == ENOMEM ? TPAM_E_MEMORY
				       : fault_set(fault, TPAM_REASON_MISCONFIGURED,
						 "a JSON object without repeated members",
						 "something else");
	struct tpam_keys *keys = keys_create();
	int code = keys ? add_all(keys, document, rules, fault) : TPAM_E_MEMORY;
	json_decref(document);
	/* Where all were left out, the fault of the last one stands. */
	if (code == TPAM_OK && keys->count == 0)
		code = keys->skipped > 0 ? TPAM_E_CONFIG
					 : fault_set(fault, TPAM_REASON_MISCONFIGURED,
						   "a key in the set", "none");
	if (code != TPAM_OK) {
		tpam_keys_unref(keys);
		return code;
	}
	*ret = keys;
	return TPAM_OK;
}

int tpam_keys_from_secret(struct tpam_keys **ret, const void *secret, size_t length,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	struct tpam_keys *keys = keys_create();
	struct key key = {.kid = text_copy("", 0)};
	int code = TPAM_E_MEMORY;

	*fault = (struct tpam_fault){0};
	if (keys && key.kid)
		code = key_from_secret(&key, secret, length, NULL, rules, fault);
	if (code == TPAM_OK && !keys_add(keys, &key))
		code = TPAM_E_MEMORY;
	key_finish(&key);
	if (code != TPAM_OK) {
		tpam_keys_unref(keys);
		return code;
	}
	*ret = keys;
	return TPAM_OK;
}

/* ---- Choosing ---- */

/* RFC 8725, section 3.1: the key says which algorithm it is for, the token only whether it agrees. */
const struct key *keys_choose(
	const struct tpam_keys *keys, const char *alg, const char *kid, struct tpam_fault *fault)
{
	const struct key *found = NULL;
	size_t named = 0, fitting = 0;

	for (size_t i = 0; i < keys->count; i++) {
		const struct key *key = &keys->list[i];
		bool nameless = keys->count == 1 && key->kid[0] == '\0';
		if (kid && !nameless && strcmp(key->kid, kid) != 0)
			continue;
		named++;
		if (strcmp(key->alg->name, alg) != 0)
			continue;
		fitting++;
		found = key;
	}
	if (fitting == 1)
		return found;
	if (fitting > 1)
		fault_set(fault, TPAM_REASON_UNKNOWN_KEY, "a kid, because several keys would do",
			"none");
	else if (named > 0)
		fault_set(fault, TPAM_REASON_WRONG_ALGORITHM, "the algorithm of the key", alg);
	else
		fault_set(fault, TPAM_REASON_UNKNOWN_KEY, "the kid of a key that is known", kid);
	return NULL;
}

size_t tpam_keys_count(const struct tpam_keys *keys)
{
	return keys->count;
}

size_t tpam_keys_skipped(const struct tpam_keys *keys)
{
	return keys->skipped;
}

const char *tpam_keys_kid(const struct tpam_keys *keys, size_t index)
{
	return index < keys->count ? keys->list[index].kid : NULL;
}

const char *tpam_keys_alg(const struct tpam_keys *keys, size_t index)
{
	return index < keys->count ? keys->list[index].alg->name : NULL;
}

void tpam_kit_free(char *text)
{
	secret_free(text, text ? strlen(text) : 0);
}
