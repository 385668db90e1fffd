/*
 * test_vectors.c - the examples of RFC 7515, 7520, 7638 and 8037, from the files of vectors.
 *
 * A vector has "source", "algorithm" and "key"; with "token", that verifies with the key and no longer once a bit of it
 * is another; with "private" and "reproducible", signing gives that very token; "thumbprint" is the key's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <limits.h>

#include <jansson.h>
#include <tokenpam/kit.h>

#include "../unit/check.h"
#include "export.h"

static const char *text_of(const json_t *vector, const char *member)
{
	return json_string_value(json_object_get(vector, member));
}

static struct tpam_keys_rules rules_of(const json_t *vector, const char *only[2])
{
	only[0] = text_of(vector, "algorithm");
	only[1] = NULL;
	return (struct tpam_keys_rules){.algorithms = only, .flags = TPAM_KEYS_SYMMETRIC};
}

static struct tpam_keys *keys_of(const json_t *vector)
{
	const char *only[2];
	const struct tpam_keys_rules rules = rules_of(vector, only);
	struct tpam_keys *keys = NULL;
	struct tpam_fault fault;
	char *text = json_dumps(json_object_get(vector, "key"), JSON_COMPACT);

	CHECK(text && tpam_keys_parse(&keys, text, strlen(text), &rules, &fault) == TPAM_OK);
	free(text);
	return keys;
}

static bool verifies(const char *token, const struct tpam_keys *keys)
{
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	bool right = tpam_jws_parse(&jws, token, strlen(token), 16384, &fault) == TPAM_OK &&
		     tpam_jws_verify(jws, keys, &fault) == TPAM_OK;

	tpam_jws_destroy(jws);
	return right;
}

/* Every character in turn is another one, a step of 1 in base64url, or the one that would read the same without care. */
static void check_tampered(const char *token, const struct tpam_keys *keys)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *copy = strdup(token);
	size_t accepted = 0;

	if (!copy)
		abort();
	for (size_t i = 0; copy[i]; i++) {
		const char *digit = strchr(digits, copy[i]);
		if (copy[i] == '.')
			continue;
		copy[i] = digits[(digit - digits) ^ 1];
		accepted += verifies(copy, keys);
		copy[i] = token[i];
	}
	CHECK(accepted == 0);
	free(copy);
}

static void check_token(const json_t *vector, const struct tpam_keys *keys)
{
	const char *token = text_of(vector, "token");

	if (!token)
		return;
	CHECK(verifies(token, keys));
	check_tampered(token, keys);
}

static void check_signer(const json_t *vector, const struct tpam_keys *keys)
{
	const char *token = text_of(vector, "token");
	char *text = json_dumps(json_object_get(vector, "private"), JSON_COMPACT);
	struct tpam_signer *signer = NULL;
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	size_t length = 0;

	if (!text)
		return;
	CHECK(tpam_signer_parse(&signer, text, strlen(text), &fault) == TPAM_OK);
	CHECK(tpam_jws_parse(&jws, token, strlen(token), 16384, &fault) == TPAM_OK);
	if (signer && jws) {
		const char *payload = tpam_jws_unverified_payload(jws, &length);
		char *made = tpam_signer_sign(signer, NULL, payload, length);
		CHECK(made && verifies(made, keys));
		if (json_is_true(json_object_get(vector, "reproducible")))
			CHECK_TEXT(made, token);
		tpam_kit_free(made);
	}
	tpam_jws_destroy(jws);
	tpam_signer_destroy(signer);
	free(text);
}

static void check_thumbprint(const json_t *vector)
{
	const char *only[2];
	const struct tpam_keys_rules rules = rules_of(vector, only);
	struct tpam_fault fault;
	struct key key = {0};

	if (!text_of(vector, "thumbprint"))
		return;
	CHECK(key_from_jwk(&key, json_object_get(vector, "key"), &rules, false, &fault) == TPAM_OK);
	char *thumbprint = key.alg ? key_thumbprint(&key) : NULL;
	CHECK_TEXT(thumbprint, text_of(vector, "thumbprint"));
	free(thumbprint);
	key_finish(&key);
}

static bool check_file(const char *folder, const char *name)
{
	char path[PATH_MAX];
	json_error_t error;

	if (strlen(name) < 6 || strcmp(name + strlen(name) - 5, ".json") != 0)
		return false;
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	json_t *vector = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	CHECK(vector != NULL);
	unsigned before = check_failed;
	struct tpam_keys *keys = keys_of(vector);
	if (keys) {
		check_token(vector, keys);
		check_signer(vector, keys);
		check_thumbprint(vector);
	}
	if (check_failed > before)
		fprintf(stderr, "%s: %s\n", name, text_of(vector, "source"));
	tpam_keys_unref(keys);
	json_decref(vector);
	return true;
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	char folder[PATH_MAX / 2];
	size_t count = 0;

	(void)snprintf(folder, sizeof(folder), "%s/tests/jose/vectors", srcdir ? srcdir : ".");
	DIR *entries = opendir(folder);
	if (!entries) {
		perror(folder);
		return EXIT_FAILURE;
	}
	for (const struct dirent *entry; (entry = readdir(entries));)
		count += check_file(folder, entry->d_name);
	closedir(entries);
	CHECK(count >= 10);
	return check_end();
}
