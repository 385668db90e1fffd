/*
 * pem.c - a public key in PEM, read once when the configuration is loaded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <limits.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "fault.h"
#include "keys.h"
#include "memory.h"

static bool holds(const char *pem, size_t length, const char *text)
{
	return memmem(pem, length, text, strlen(text)) != NULL;
}

/* A private key is refused: whoever verifies must not be able to sign. */
static EVP_PKEY *read_pem(const char *pem, size_t length)
{
	BIO *bio = length <= INT_MAX ? BIO_new_mem_buf(pem, (int)length) : NULL;
	EVP_PKEY *pkey = NULL;
	X509 *certificate = NULL;

	if (!bio)
		return NULL;
	if (holds(pem, length, "-----BEGIN CERTIFICATE-----"))
		certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	else
		pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	if (certificate)
		pkey = X509_get_pubkey(certificate);
	X509_free(certificate);
	BIO_free(bio);
	return pkey;
}

int tpam_keys_from_pem(struct tpam_keys **ret, const char *pem, size_t length,
	const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	struct tpam_keys *keys = NULL;
	struct key key = {0};
	int code = TPAM_E_MEMORY;

	*fault = (struct tpam_fault){0};
	if (holds(pem, length, "PRIVATE KEY-----"))
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			"a public key or a certificate in PEM", "a private key");
	ERR_set_mark();
	EVP_PKEY *pkey = read_pem(pem, length);
	if (!pkey) {
		ERR_pop_to_mark();
		return fault_set(fault, TPAM_REASON_MISCONFIGURED,
			"a public key or a certificate in PEM", "something else");
	}
	keys = keys_create();
	key.kid = text_copy("", 0);
	if (keys && key.kid)
		code = key_from_pkey(&key, pkey, NULL, rules, fault);
	else
		EVP_PKEY_free(pkey);
	if (code == TPAM_OK && !keys_add(keys, &key))
		code = TPAM_E_MEMORY;
	ERR_pop_to_mark();
	key_finish(&key);
	if (code != TPAM_OK) {
		tpam_keys_unref(keys);
		return code;
	}
	*ret = keys;
	return TPAM_OK;
}
