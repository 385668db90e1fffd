/*
 * raw.c - OpenSSL alone, with a parsed key: the signature of a token that was taken apart before. What others are
 * compared with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "bench.h"

#define SIGNATURE_MAX 1024

struct shared {
	EVP_PKEY *key;
	EVP_MD *digest; /* NULL: Ed25519 has none */
};

/* One thread's: the last token, taken apart, and what may be used again. */
struct state {
	const struct shared *shared;
	const char *token;
	size_t signed_length, length;
	unsigned char signature[SIGNATURE_MAX];
	EVP_PKEY_CTX *verifying;
	EVP_MD_CTX *hashing;
};

static void *raw_open(const struct bench_row *row, const struct bench_material *material)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	BIO *bio = BIO_new_mem_buf(material->pem, -1);

	(void)row;
	if (!shared || !bio)
		abort();
	shared->key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	if (strcmp(material->alg, "EdDSA") != 0)
		shared->digest = EVP_MD_fetch(NULL, "SHA256", NULL);
	BIO_free(bio);
	return shared->key ? shared : NULL;
}

/* Two numbers of 32 bytes, as tokens have them, into what OpenSSL takes. */
static bool to_der(struct state *state)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(state->signature, 32, NULL);
	BIGNUM *s = BN_bin2bn(state->signature + 32, 32, NULL);
	unsigned char *out = state->signature;

	if (!pair || ECDSA_SIG_set0(pair, r, s) != 1)
		abort();
	state->length = (size_t)i2d_ECDSA_SIG(pair, &out);
	ECDSA_SIG_free(pair);
	return true;
}

static bool take_apart(struct state *state, const char *token)
{
	char text[2 * SIGNATURE_MAX] = "";
	const char *dot = strrchr(token, '.');
	size_t length = dot ? strlen(dot + 1) : 0;

	if (!dot || length + 4 > SIGNATURE_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		text[i] = dot[1 + i] == '-' ? '+' : dot[1 + i] == '_' ? '/' : dot[1 + i];
	memset(text + length, '=', (4 - length % 4) % 4);
	int decoded = EVP_DecodeBlock(state->signature, (unsigned char *)text, (int)strlen(text));
	if (decoded < 0)
		return false;
	state->token = token;
	state->signed_length = (size_t)(dot - token);
	state->length = (size_t)decoded - (4 - length % 4) % 4;
	bool ecdsa = EVP_PKEY_is_a(state->shared->key, "EC");
	return !ecdsa || (state->length == 64 && to_der(state));
}

static void *fresh_begin(void *shared)
{
	struct state *state = calloc(1, sizeof(*state));

	if (!state)
		abort();
	state->shared = shared;
	return state;
}

static bool fresh_verify(void *data, const char *token)
{
	struct state *state = data;
	const EVP_MD *digest = state->shared->digest ? EVP_sha256() : NULL;

	if (state->token != token && !take_apart(state, token))
		return false;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context &&
		    EVP_DigestVerifyInit(context, NULL, digest, NULL, state->shared->key) == 1 &&
		    EVP_DigestVerify(context, state->signature, state->length,
			    (const unsigned char *)token, state->signed_length) == 1;
	EVP_MD_CTX_free(context);
	return good;
}

/* Ed25519 hashes twice by itself, so there it is a template of the whole that is copied. */
static void *reused_begin(void *data)
{
	const struct shared *shared = data;
	struct state *state = fresh_begin(data);

	state->hashing = EVP_MD_CTX_new();
	if (!shared->digest) {
		if (EVP_DigestVerifyInit(state->hashing, NULL, NULL, NULL, shared->key) != 1)
			abort();
		return state;
	}
	state->verifying = EVP_PKEY_CTX_new_from_pkey(NULL, shared->key, NULL);
	if (!state->verifying || EVP_PKEY_verify_init(state->verifying) != 1 ||
		EVP_PKEY_CTX_set_signature_md(state->verifying, shared->digest) != 1)
		abort();
	return state;
}

static bool copied_verify(struct state *state, const char *token)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && EVP_MD_CTX_copy_ex(context, state->hashing) == 1 &&
		    EVP_DigestVerify(context, state->signature, state->length,
			    (const unsigned char *)token, state->signed_length) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

static bool reused_verify(void *data, const char *token)
{
	struct state *state = data;
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	if (state->token != token && !take_apart(state, token))
		return false;
	if (!state->shared->digest)
		return copied_verify(state, token);
	return EVP_DigestInit_ex2(state->hashing, state->shared->digest, NULL) == 1 &&
	       EVP_DigestUpdate(state->hashing, token, state->signed_length) == 1 &&
	       EVP_DigestFinal_ex(state->hashing, hash, &length) == 1 &&
	       EVP_PKEY_verify(state->verifying, state->signature, state->length, hash, length) ==
		       1;
}

static void raw_end(void *data)
{
	struct state *state = data;

	EVP_PKEY_CTX_free(state->verifying);
	EVP_MD_CTX_free(state->hashing);
	free(state);
}

const struct bench_row bench_rows[] = {
	{.name = "fresh",
		.signature_only = true,
		.open = raw_open,
		.begin = fresh_begin,
		.end = raw_end,
		.verify = fresh_verify},
	{.name = "reused",
		.signature_only = true,
		.open = raw_open,
		.begin = reused_begin,
		.end = raw_end,
		.verify = reused_verify},
	{.name = NULL},
};

const struct bench_figure bench_figures[] = {{.name = NULL}};
