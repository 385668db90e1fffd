/*
 * context.h - what OpenSSL needs beside a key to verify with it, made once for each thread.
 *
 * Making it anew for each signature costs a seventh of an RSA verification, and counts references that all threads
 * share. A thread keeps the contexts of the few keys that it used last; each holds its key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_CONTEXT_H
#define KIT_CONTEXT_H

#include "key.h"

/* This thread's; good until it asks for another. NULL without memory. */
EVP_PKEY_CTX *context_for_hash(
	const struct key *key); /* RSA, PSS, EC: made ready for EVP_PKEY_verify() */
EVP_MD_CTX *context_for_message(
	const struct key *key); /* EdDSA: made ready for EVP_DigestVerify() */

/* The padding and digest of an algorithm, for verifying and for signing. */
bool context_prepare(EVP_PKEY_CTX *context, const struct alg *alg);

/* For digests of any kind. */
EVP_MD_CTX *context_for_digest(void);

/* Gives up what this thread has: for those who look for leaks. */
void context_forget(void);

/* The number of a key: never given twice, not 0. */
uint64_t context_number(void);

#endif
