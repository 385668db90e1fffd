/*
 * signer.c - private keys: made, read, written, used.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/rand.h>

#include "b64url.h"
#include "export.h"
#include "fault.h"
#include "json.h"
#include "key.h"
#include "keys.h"
#include "memory.h"

#define TOKEN_MAX (256 * 1024)

struct tpam_signer {
	struct key key;
};

/* A signer may use any algorithm, and keys as large as a verifier may be told to take. */
static const struct tpam_keys_rules any = {
	.algorithms = NULL, .flags = TPAM_KEYS_SYMMETRIC | TPAM_KEYS_LARGE_RSA};

static struct tpam_keys_rules rules_for(const char *const *algorithms)
{
	struct tpam_keys_rules rules = any;

	rules.algorithms = algorithms;
	return rules;
}

static EVP_PKEY *generate(const struct alg *alg, unsigned bits)
{
	switch (alg->family) {
	case FAMILY_RSA:
	case FAMILY_PSS:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)(bits ? bits : 2048));
	case FAMILY_EC:
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", alg->group);
	case FAMILY_ED:
		return EVP_PKEY_Q_keygen(NULL, NULL, bits == 448 ? "ED448" : "ED25519");
	case FAMILY_HMAC:
		break;
	}
	return NULL;
}

static int generate_key(
	struct key *key, const struct alg *alg, unsigned bits, struct tpam_fault *fault)
{
	const char *const only[] = {alg->name, NULL};
	const struct tpam_keys_rules rules = rules_for(only);

	if (alg->family == FAMILY_HMAC) {
		unsigned char secret[64];
		if (RAND_priv_bytes(secret, (int)alg->hash) != 1)
			return TPAM_E_SYSTEM;
		int code = key_from_secret(key, secret, alg->hash, alg->name, &rules, fault);
		explicit_bzero(secret, sizeof(secret));
		return code;
	}
	if ((alg->family == FAMILY_RSA || alg->family == FAMILY_PSS) && bits &&
		(bits < 2048 || bits > 8192))
		return fault_set(fault, TPAM_REASON_MISCONFIGURED, "RSA of 2048 to 8192 bits",
			"another size");
	EVP_PKEY *pkey = generate(alg, bits);
	if (!pkey)
		return fault_set(fault, TPAM_REASON_MISCONFIGURED, "a size that the algorithm has",
			"another");
	return key_from_pkey(key, pkey, alg->name, &rules, fault);
}

int tpam_signer_generate(
	struct tpam_signer **ret, const char *name, unsigned bits, struct tpam_fault *fault)
{
	const struct alg *alg = alg_find(name);

	*fault = (struct tpam_fault){0};
	if (!alg)
		return fault_set(
			fault, TPAM_REASON_WRONG_ALGORITHM, "an algorithm that is known", name);
	struct tpam_signer *signer = calloc(1, sizeof(*signer));
	int code = signer ? generate_key(&signer->key, alg, bits, fault) : TPAM_E_MEMORY;
	if (code == TPAM_OK && !(signer->key.kid = key_thumbprint(&signer->key)))
		code = TPAM_E_MEMORY;
	if (code != TPAM_OK) {
		tpam_signer_destroy(signer);
		return code;
	}
	*ret = signer;
	return TPAM_OK;
}

/* A private part that goes with another public one would sign what nobody can verify. */
static int check_pair(const struct key *key, struct tpam_fault *fault)
{
	if (!key->pkey)
		return TPAM_OK;
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	bool pair = context && EVP_PKEY_pairwise_check(context) == 1;

	EVP_PKEY_CTX_free(context);
	return pair ? TPAM_OK
		    : fault_set(fault, TPAM_REASON_MISCONFIGURED,
			      "a private part that goes with the public one", "another");
}

int tpam_signer_parse(
	struct tpam_signer **ret, const char *json, size_t length, struct tpam_fault *fault)
{
	const struct tpam_keys_rules rules = rules_for(tpam_alg_names());

	*fault = (struct tpam_fault){0};
	errno = 0;
	json_t *jwk =
		length <= KEYS_SIZE_MAX ? json_secret_read(json, length, KEYS_DEPTH_MAX) : NULL;
	if (!jwk)
		return errno == ENOMEM ? TPAM_E_MEMORY
				       : fault_set(fault, TPAM_REASON_MISCONFIGURED,
						 "a private JWK", "something else");
	struct tpam_signer *signer = calloc(1, sizeof(*signer));
	int code = signer ? key_from_jwk(&signer->key, jwk, &rules, true, fault) : TPAM_E_MEMORY;
	if (code == TPAM_OK)
		code = check_pair(&signer->key, fault);
	json_decref(jwk);
	if (code != TPAM_OK) {
		tpam_signer_destroy(signer);
		return code;
	}
	*ret = signer;
	return TPAM_OK;
}

void tpam_signer_destroy(struct tpam_signer *signer)
{
	if (!signer)
		return;
	key_finish(&signer->key);
	free(signer);
}

const char *tpam_signer_alg(const struct tpam_signer *signer)
{
	return signer->key.alg->name;
}

const char *tpam_signer_kid(const struct tpam_signer *signer)
{
	return signer->key.kid;
}

static char *dump(json_t *object)
{
	char *text = object ? json_write(object, JSON_INDENT(2)) : NULL;

	json_decref(object);
	return text;
}

char *tpam_signer_json(const struct tpam_signer *signer)
{
	return dump(key_json(&signer->key, true));
}

char *tpam_signer_public_json(const struct tpam_signer *signer)
{
	bool failed = false;
	json_t *set = json_object(), *list = json_array();

	json_push(list, key_json(&signer->key, false), &failed);
	json_put(set, "keys", list, &failed);
	if (!failed)
		return dump(set);
	json_decref(set);
	return NULL;
}

/* ---- Signing ---- */

static char *header(const struct tpam_signer *signer, const char *typ)
{
	bool failed = false;
	json_t *object = json_object();

	json_put(object, "alg", json_string(signer->key.alg->name), &failed);
	if (signer->key.kid[0])
		json_put(object, "kid", json_string(signer->key.kid), &failed);
	if (typ)
		json_put(object, "typ", json_string(typ), &failed);
	char *text = failed ? NULL : json_write(object, JSON_COMPACT);
	json_decref(object);
	return text;
}

static bool append(struct buffer *buffer, const void *bytes, size_t length)
{
	char *text = b64url_encode_new(bytes, length);

	if (text)
		buffer_text(buffer, text);
	secret_free(text, text ? strlen(text) : 0);
	return text != NULL;
}

char *tpam_signer_sign(
	const struct tpam_signer *signer, const char *typ, const char *payload, size_t length)
{
	struct buffer token = SECRET_BUFFER(TOKEN_MAX);
	unsigned char signature[KEY_SIGNATURE_MAX];
	size_t size = 0;
	char *head = header(signer, typ), *text = NULL;

	bool done = head && append(&token, head, strlen(head));
	buffer_text(&token, ".");
	done = done && append(&token, payload, length) && !token.failed &&
	       key_sign(&signer->key, token.data, token.length, signature, &size);
	buffer_text(&token, ".");
	if (done && append(&token, signature, size))
		text = buffer_take(&token);
	buffer_finish(&token);
	free(head);
	return text;
}
