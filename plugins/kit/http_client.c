/*
 * http_client.c - how an upstream is talked to: TLS options, proxy, times.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "fault.h"
#include "http_client.h"
#include "memory.h"
#include "url.h"

#define CONNECT_TIMEOUT 5000
#define TIMEOUT         10000
#define TIMEOUT_MOST    (10 * 60 * 1000)
#define BODY_MAX        UINT64_C(1048576)
#define BODY_MOST       (UINT64_C(64) * 1048576)
#define TRANSFERS       256
#define PEM_MAX         1048576

bool http_digest(unsigned char ret[HTTP_DIGEST], const struct http_part *parts, size_t count)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool fine = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;

	for (size_t i = 0; fine && i < count; i++) {
		uint64_t length = parts[i].bytes ? parts[i].length : UINT64_MAX;
		fine = EVP_DigestUpdate(md, &length, sizeof(length)) == 1;
		if (fine && parts[i].bytes && length)
			fine = EVP_DigestUpdate(md, parts[i].bytes, (size_t)length) == 1;
	}
	fine = fine && EVP_DigestFinal_ex(md, ret, NULL) == 1;
	EVP_MD_CTX_free(md);
	return fine;
}

static struct http_part part(const char *text)
{
	return (struct http_part){text, text ? strlen(text) : 0};
}

static bool digest(struct tpam_http *http)
{
	const struct http_part parts[] = {part(http->ca), part(http->certificate), part(http->key),
		part(http->proxy), part(http->proxy_credentials),
		{&http->flags, sizeof(http->flags)}};

	return http_digest(http->digest, parts, sizeof(parts) / sizeof(parts[0]));
}

/* A key with a passphrase is none that can be used: nobody is there to type it. */
static int no_passphrase(char *buffer, int size, int writing, void *data)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

static BIO *reader(const char *text)
{
	size_t length = strlen(text);

	return length <= PEM_MAX ? BIO_new_mem_buf(text, (int)length) : NULL;
}

static X509 *certificate_read(const char *pem)
{
	BIO *bio = reader(pem);
	X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, no_passphrase, NULL) : NULL;

	BIO_free(bio);
	return certificate;
}

static EVP_PKEY *key_read(const char *pem)
{
	BIO *bio = reader(pem);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;

	BIO_free(bio);
	return key;
}

static int misconfigured(struct tpam_fault *fault, const char *expected, const char *got)
{
	return fault_set(fault, TPAM_REASON_MISCONFIGURED, expected, got);
}

static int check_pair(const struct tpam_http_options *options, struct tpam_fault *fault)
{
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;
	int code = TPAM_OK;

	if (!options->certificate && !options->key)
		return TPAM_OK;
	if (!options->certificate || !options->key)
		return misconfigured(fault, "a certificate and its key", "one of them");
	certificate = certificate_read(options->certificate);
	key = key_read(options->key);
	if (!certificate)
		code = misconfigured(fault, "a certificate in PEM", "none");
	else if (!key)
		code = misconfigured(fault, "a private key in PEM, without passphrase", "none");
	else if (X509_check_private_key(certificate, key) != 1)
		code = misconfigured(fault, "the key of the certificate", "another key");
	X509_free(certificate);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return code;
}

static int check_ca(const char *ca, struct tpam_fault *fault)
{
	if (!ca)
		return TPAM_OK;
	X509 *certificate = certificate_read(ca);
	ERR_clear_error();
	if (!certificate)
		return misconfigured(fault, "certificates in PEM", "none");
	X509_free(certificate);
	return TPAM_OK;
}

static int check_proxy(const struct tpam_http_options *options, struct tpam_fault *fault)
{
	static const char expected[] = "http://HOST:PORT or https://HOST:PORT";

	if (!options->proxy)
		return options->proxy_credentials
			       ? misconfigured(fault, "proxy beside proxy_credentials", "none")
			       : TPAM_OK;
	enum url_fault judged = url_judge(options->proxy);
	if (judged != URL_FINE && judged != URL_PLAIN)
		return misconfigured(fault, expected, url_fault_text(judged));
	const char *path = strstr(options->proxy, "://") + 3;
	path += strcspn(path, "/?");
	if (path[0] && strcmp(path, "/") != 0)
		return misconfigured(fault, expected, "a URL with a path");
	if (options->proxy_credentials && !strchr(options->proxy_credentials, ':'))
		return misconfigured(fault, "USER:PASSWORD", "no colon");
	return TPAM_OK;
}

static int check_numbers(const struct tpam_http_options *options, struct tpam_fault *fault)
{
	if (options->timeout < 0 || options->timeout > TIMEOUT_MOST ||
		options->connect_timeout < 0 || options->connect_timeout > TIMEOUT_MOST)
		return misconfigured(fault, "a time of at most 10 minutes", "a longer one");
	if (options->body_max > BODY_MOST)
		return misconfigured(fault, "at most 64 MiB of answer", "more");
	return TPAM_OK;
}

static bool copy(char **ret, const char *text)
{
	*ret = text ? text_copy(text, strlen(text)) : NULL;
	return *ret || !text;
}

static bool copy_secret(char **ret, const char *text)
{
	*ret = text ? secret_copy(text, strlen(text)) : NULL;
	return *ret || !text;
}

static bool fill(struct tpam_http *http, const struct tpam_http_options *options)
{
	http->connect_timeout =
		options->connect_timeout ? options->connect_timeout : CONNECT_TIMEOUT;
	http->timeout = options->timeout ? options->timeout : TIMEOUT;
	http->body_max = options->body_max ? options->body_max : BODY_MAX;
	http->transfers = options->transfers ? options->transfers : TRANSFERS;
	http->flags = options->flags;
	return copy(&http->ca, options->ca) && copy(&http->certificate, options->certificate) &&
	       copy(&http->key, options->key) && copy(&http->proxy, options->proxy) &&
	       copy_secret(&http->proxy_credentials, options->proxy_credentials) && digest(http);
}

int tpam_http_create(
	struct tpam_http **ret, const struct tpam_http_options *options, struct tpam_fault *fault)
{
	int code = check_numbers(options, fault);

	/* Where OpenSSL had no memory for its beginnings it would go on as if it had. */
	if (!OSSL_LIB_CTX_get0_global_default())
		return TPAM_E_MEMORY;
	if (code == TPAM_OK)
		code = check_ca(options->ca, fault);
	if (code == TPAM_OK)
		code = check_pair(options, fault);
	if (code == TPAM_OK)
		code = check_proxy(options, fault);
	if (code != TPAM_OK)
		return code;
	struct tpam_http *http = calloc(1, sizeof(*http));
	if (!http)
		return TPAM_E_MEMORY;
	atomic_init(&http->refs, 1);
	if (!fill(http, options)) {
		tpam_http_unref(http);
		return TPAM_E_MEMORY;
	}
	*ret = http;
	return TPAM_OK;
}

struct tpam_http *tpam_http_ref(struct tpam_http *http)
{
	if (http)
		atomic_fetch_add_explicit(&http->refs, 1, memory_order_relaxed);
	return http;
}

static void wipe(char *text)
{
	secret_free(text, text ? strlen(text) : 0);
}

void tpam_http_unref(struct tpam_http *http)
{
	if (!http || atomic_fetch_sub_explicit(&http->refs, 1, memory_order_acq_rel) != 1)
		return;
	free(http->ca);
	free(http->certificate);
	wipe(http->key);
	free(http->proxy);
	wipe(http->proxy_credentials);
	free(http);
}
