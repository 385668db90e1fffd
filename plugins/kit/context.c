/*
 * context.c - what OpenSSL needs beside a key to verify with it, made once for each thread.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <openssl/rsa.h>

#include "context.h"

#define KEPT 32 /* keys of a thread; those that fall together take turns */

struct kept {
	uint64_t number; /* of the key; 0: none */
	EVP_PKEY_CTX *hash;
	EVP_MD_CTX *message; /* never used itself: each verification copies it */
};

struct contexts {
	struct kept kept[KEPT];
	EVP_MD_CTX *digest;
	EVP_MD_CTX *copy;
};

static pthread_key_t key_of_thread;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool fine;
static atomic_ullong last_number;

uint64_t context_number(void)
{
	return atomic_fetch_add(&last_number, 1) + 1;
}

static void kept_finish(struct kept *kept)
{
	EVP_PKEY_CTX_free(kept->hash);
	EVP_MD_CTX_free(kept->message);
	*kept = (struct kept){0};
}

static void contexts_destroy(void *memory)
{
	struct contexts *contexts = memory;

	for (size_t i = 0; i < KEPT; i++)
		kept_finish(&contexts->kept[i]);
	EVP_MD_CTX_free(contexts->digest);
	EVP_MD_CTX_free(contexts->copy);
	free(contexts);
}

static void prepare(void)
{
	fine = pthread_key_create(&key_of_thread, contexts_destroy) == 0;
}

void context_forget(void)
{
	pthread_once(&once, prepare);
	struct contexts *contexts = fine ? pthread_getspecific(key_of_thread) : NULL;

	if (contexts && pthread_setspecific(key_of_thread, NULL) == 0)
		contexts_destroy(contexts);
}

static struct contexts *contexts_make(void)
{
	struct contexts *contexts = calloc(1, sizeof(*contexts));

	if (!contexts)
		return NULL;
	contexts->digest = EVP_MD_CTX_new();
	contexts->copy = EVP_MD_CTX_new();
	if (contexts->digest && contexts->copy && pthread_setspecific(key_of_thread, contexts) == 0)
		return contexts;
	contexts_destroy(contexts);
	return NULL;
}

static struct contexts *contexts_mine(void)
{
	pthread_once(&once, prepare);
	struct contexts *contexts = fine ? pthread_getspecific(key_of_thread) : NULL;

	return contexts || !fine ? contexts : contexts_make();
}

static struct kept *kept_for(struct contexts *contexts, const struct key *key)
{
	struct kept *kept = &contexts->kept[key->number % KEPT];

	if (kept->number == key->number)
		return kept;
	kept_finish(kept);
	kept->number = key->number;
	return kept;
}

static bool pad(EVP_PKEY_CTX *context, const struct alg *alg)
{
	if (alg->family == FAMILY_EC)
		return true;
	if (alg->family == FAMILY_RSA)
		return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
	/* RFC 7518, section 3.5: MGF1 with the same hash, and a salt as long as it. */
	return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(context, alg_digest(alg)) > 0;
}

bool context_prepare(EVP_PKEY_CTX *context, const struct alg *alg)
{
	return pad(context, alg) && EVP_PKEY_CTX_set_signature_md(context, alg_digest(alg)) > 0;
}

EVP_PKEY_CTX *context_for_hash(const struct key *key)
{
	struct contexts *contexts = contexts_mine();
	struct kept *kept = contexts ? kept_for(contexts, key) : NULL;

	if (!kept || kept->hash)
		return kept ? kept->hash : NULL;
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	if (context && EVP_PKEY_verify_init(context) > 0 && context_prepare(context, key->alg)) {
		kept->hash = context;
		return context;
	}
	EVP_PKEY_CTX_free(context);
	return NULL;
}

static EVP_MD_CTX *message_make(const struct key *key)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->pkey) > 0)
		return context;
	EVP_MD_CTX_free(context);
	return NULL;
}

EVP_MD_CTX *context_for_message(const struct key *key)
{
	struct contexts *contexts = contexts_mine();
	struct kept *kept = contexts ? kept_for(contexts, key) : NULL;

	if (!kept || (!kept->message && !(kept->message = message_make(key))))
		return NULL;
	return EVP_MD_CTX_copy_ex(contexts->copy, kept->message) == 1 ? contexts->copy : NULL;
}

EVP_MD_CTX *context_for_digest(void)
{
	struct contexts *contexts = contexts_mine();

	return contexts ? contexts->digest : NULL;
}
