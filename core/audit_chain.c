/*
 * audit_chain.c - what makes a row of records one that nobody can change unseen.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "memory.h"

#define DIGEST_SIZE 32
#define END_SIZE    160

struct audit_mac {
	EVP_MAC *algorithm;
	EVP_MAC_CTX *context; /* with the key in it */
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
	if (mac->context && EVP_MAC_init(mac->context, key, length, parameters) == 1)
		return mac;
	audit_mac_destroy(mac);
	return NULL;
}

void audit_mac_destroy(struct audit_mac *mac)
{
	if (!mac)
		return;
	EVP_MAC_CTX_free(mac->context);
	EVP_MAC_free(mac->algorithm);
	free(mac);
}

bool audit_mac_make(struct audit_mac *mac, char ret[AUDIT_MAC_SIZE], const char *const *parts,
	const size_t *lengths, size_t count)
{
	unsigned char digest[DIGEST_SIZE];
	size_t size = 0;

	/* Without a key: the one that is in it. */
	if (EVP_MAC_init(mac->context, NULL, 0, NULL) != 1)
		return false;
	for (size_t i = 0; i < count; i++)
		if (parts[i] && EVP_MAC_update(mac->context, (const unsigned char *)parts[i],
					lengths[i]) != 1)
			return false;
	if (EVP_MAC_final(mac->context, digest, &size, sizeof(digest)) != 1)
		return false;
	for (size_t i = 0; i < sizeof(digest); i++)
		(void)snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	return true;
}

/* ---- Rows ---- */

bool audit_chain_root(struct audit_mac *mac, const char *writer, char ret[AUDIT_MAC_SIZE])
{
	static const char begin[] = "tokenpam audit ";
	const char *const parts[] = {begin, writer};
	const size_t lengths[] = {sizeof(begin) - 1, strlen(writer)};

	return audit_mac_make(mac, ret, parts, lengths, 2);
}

bool audit_chain_mac(struct audit_mac *mac, const char *before, const char *line, size_t length,
	char ret[AUDIT_MAC_SIZE])
{
	const char *const parts[] = {before, line};
	const size_t lengths[] = {strlen(before), length};

	return audit_mac_make(mac, ret, parts, lengths, 2);
}

bool audit_chain_begin(struct audit_chain *chain, struct audit_mac *mac)
{
	unsigned char bytes[(AUDIT_WRITER_SIZE - 1) / 2];

	*chain = (struct audit_chain){.mac = mac};
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(chain->writer + 2 * i, 3, "%02x", bytes[i]);
	return audit_chain_root(mac, chain->writer, chain->before);
}

char *audit_chain_add(struct audit_chain *chain, const char *line)
{
	size_t length = strlen(line);
	char *full = length > 1 ? malloc(length + END_SIZE) : NULL;
	char mac[AUDIT_MAC_SIZE];

	if (!full)
		return NULL;
	memcpy(full, line, length - 1);
	length--;
	length += (size_t)sprintf(full + length, ",\"writer\":\"%s\",\"seq\":%llu", chain->writer,
		(unsigned long long)chain->next);
	if (!audit_chain_mac(chain->mac, chain->before, full, length, mac)) {
		free(full);
		return NULL;
	}
	(void)sprintf(full + length, ",\"mac\":\"%s\"}", mac);
	memcpy(chain->before, mac, sizeof(mac));
	chain->next++;
	return full;
}

/* ---- Taking a line apart ---- */

static bool is_hexadecimal(const char *text, size_t length)
{
	return strspn(text, "0123456789abcdef") >= length;
}

/* Read from the end, where nothing but what was added here can stand. */
bool audit_link_read(struct audit_link *ret, const char *line, size_t length)
{
	static const char mac[] = ",\"mac\":\"", seq[] = "\",\"seq\":", writer[] = ",\"writer\":\"";
	const size_t mac_end = sizeof(mac) - 1 + AUDIT_MAC_SIZE - 1 + strlen("\"}");

	if (length <= mac_end || strcmp(line + length - 2, "\"}") != 0)
		return false;
	const char *at = line + length - mac_end;
	if (memcmp(at, mac, sizeof(mac) - 1) != 0 ||
		!is_hexadecimal(at + sizeof(mac) - 1, AUDIT_MAC_SIZE - 1))
		return false;
	ret->signed_length = (size_t)(at - line);
	memcpy(ret->mac, at + sizeof(mac) - 1, AUDIT_MAC_SIZE - 1);
	ret->mac[AUDIT_MAC_SIZE - 1] = '\0';
	const char *digit = at;
	while (digit > line && digit[-1] >= '0' && digit[-1] <= '9')
		digit--;
	const size_t front = sizeof(writer) - 1 + AUDIT_WRITER_SIZE - 1 + sizeof(seq) - 1;
	if (digit == at || at - digit > 19 || (size_t)(digit - line) < front)
		return false;
	ret->seq = strtoull(digit, NULL, 10);
	const char *begin = digit - front, *name = begin + sizeof(writer) - 1;
	if (memcmp(begin, writer, sizeof(writer) - 1) != 0 ||
		!is_hexadecimal(name, AUDIT_WRITER_SIZE - 1) ||
		memcmp(name + AUDIT_WRITER_SIZE - 1, seq, sizeof(seq) - 1) != 0)
		return false;
	memcpy(ret->writer, name, AUDIT_WRITER_SIZE - 1);
	ret->writer[AUDIT_WRITER_SIZE - 1] = '\0';
	return true;
}
