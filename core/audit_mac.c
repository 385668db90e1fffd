/*
 * audit_mac.c - what only who has a key can make.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_mac.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "memory.h"

#define DIGEST_SIZE 32

struct audit_mac {
	EVP_MAC *algorithm;
	EVP_MAC_CTX *
		context; /* with another key in it; only copied, so that it is whole at any moment */
	char *key;
	size_t length;
};

struct audit_mac *audit_mac_create(const void *key, size_t length)
{
	char digest[] = "SHA256";
	const OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end()};
	struct audit_mac *mac = calloc(1, sizeof(*mac));

	if (!mac)
		return NULL;
	mac->algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
	mac->context = mac->algorithm ? EVP_MAC_CTX_new(mac->algorithm) : NULL;
	mac->key = secret_copy(key, length);
	mac->length = length;
	/* OpenSSL would keep the key in memory of its own; it gets it for each record, and wipes it. */
	if (mac->context && mac->key &&
		EVP_MAC_init(mac->context, (const unsigned char *)digest, sizeof(digest),
			parameters) == 1)
		return mac;
	audit_mac_destroy(mac);
	return NULL;
}

struct audit_mac *audit_mac_create_random(void)
{
	unsigned char key[DIGEST_SIZE];

	if (getrandom(key, sizeof(key), 0) != (ssize_t)sizeof(key))
		return NULL;
	struct audit_mac *mac = audit_mac_create(key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	return mac;
}

struct audit_mac *audit_mac_copy(const struct audit_mac *mac)
{
	struct audit_mac *copy = calloc(1, sizeof(*copy));

	if (!copy)
		return NULL;
	copy->context = EVP_MAC_CTX_dup(mac->context);
	copy->key = secret_copy(mac->key, mac->length);
	copy->length = mac->length;
	if (copy->context && copy->key && EVP_MAC_up_ref(mac->algorithm) == 1) {
		copy->algorithm = mac->algorithm;
		return copy;
	}
	audit_mac_destroy(copy);
	return NULL;
}

void audit_mac_destroy(struct audit_mac *mac)
{
	if (!mac)
		return;
	EVP_MAC_CTX_free(mac->context);
	EVP_MAC_free(mac->algorithm);
	secret_free(mac->key, mac->length);
	free(mac);
}

static void write_digits(char *ret, const unsigned char *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		ret[2 * i] = digits[bytes[i] >> 4];
		ret[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret[2 * count] = '\0';
}

bool audit_mac_make(
	const struct audit_mac *mac, char ret[AUDIT_MAC_SIZE], const void *bytes, size_t length)
{
	unsigned char digest[DIGEST_SIZE];
	size_t size = 0;
	EVP_MAC_CTX *context = EVP_MAC_CTX_dup(mac->context);
	bool made =
		context &&
		EVP_MAC_init(context, (const unsigned char *)mac->key, mac->length, NULL) == 1 &&
		EVP_MAC_update(context, bytes, length) == 1 &&
		EVP_MAC_final(context, digest, &size, sizeof(digest)) == 1;

	EVP_MAC_CTX_free(context);
	if (made)
		write_digits(ret, digest, AUDIT_MAC_DIGITS / 2);
	return made;
}

bool audit_mac_same(const char one[AUDIT_MAC_SIZE], const char *other)
{
	return CRYPTO_memcmp(one, other, AUDIT_MAC_DIGITS) == 0;
}

bool audit_random(char *ret, size_t count)
{
	unsigned char bytes[DIGEST_SIZE];

	if (count > sizeof(bytes) || getrandom(bytes, count, 0) != (ssize_t)count)
		return false;
	write_digits(ret, bytes, count);
	return true;
}
