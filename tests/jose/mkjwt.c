/*
 * mkjwt.c - makes keys, and signs any bytes with them, so that tests can build every broken token there is.
 *
 * usage: mkjwt
 *
 * Each line of standard input is a request, each line of standard output its answer:
 *
 *   make ALG BITS       a new private JWK; BITS 0 is the usual size
 *   sign JWK DATA       the signature of DATA (base64url) by a private JWK, which has "alg" and no blanks, in base64url
 *   pem JWK             the public key in PEM, in base64url
 *   public JWK          the set with the public key
 *   token JWK DATA      a token with DATA as its payload, made as a program would make it
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/pem.h>
#include <tokenpam/kit.h>

#include "b64url.h"
#include "key.h"
#include "secret.h"

static void fail(const char *what, const struct tpam_fault *fault)
{
	fprintf(stderr, "mkjwt: %s: got %s, expected %s\n", what, fault->got, fault->expected);
	exit(EXIT_FAILURE);
}

static void read_key(struct key *ret, const char *text)
{
	const struct tpam_keys_rules any = {
		.algorithms = tpam_alg_names(), .flags = TPAM_KEYS_SYMMETRIC | TPAM_KEYS_LARGE_RSA};
	struct tpam_fault fault = {0};
	json_t *jwk = json_loads(text, 0, NULL);

	if (!jwk || key_from_jwk(ret, jwk, &any, true, &fault) != TPAM_OK)
		fail("the key", &fault);
	json_decref(jwk);
}

/* On one line. */
static void print_compact(const char *text)
{
	json_t *value = text ? json_loads(text, 0, NULL) : NULL;

	if (!value || json_dumpf(value, stdout, JSON_COMPACT) != 0)
		fail("JSON", &(struct tpam_fault){0});
	json_decref(value);
}

static void make(const char *alg, const char *bits)
{
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault = {0};

	if (tpam_signer_generate(&signer, alg, (unsigned)strtoul(bits, NULL, 10), &fault) !=
		TPAM_OK)
		fail(alg, &fault);
	char *text = tpam_signer_json(signer);
	print_compact(text);
	tpam_kit_free(text);
	tpam_signer_destroy(signer);
}

static void print_bytes(const unsigned char *bytes, size_t length)
{
	char *text = b64url_encode_new(bytes, length);

	if (!text)
		abort();
	fputs(text, stdout);
	free(text);
}

static void sign(const char *jwk, const char *data)
{
	unsigned char signature[KEY_SIGNATURE_MAX];
	size_t length = 0, size = 0;
	unsigned char *bytes = b64url_decode_new(data, strlen(data), &length);
	struct key key = {0};

	read_key(&key, jwk);
	if (!bytes || !key_sign(&key, bytes, length, signature, &size))
		fail("signing", &(struct tpam_fault){0});
	print_bytes(signature, size);
	key_finish(&key);
	secret_free(bytes, length);
}

static void pem(const char *jwk, const char *unused)
{
	struct key key = {0};
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;

	(void)unused;
	read_key(&key, jwk);
	if (!bio || !key.pkey || PEM_write_bio_PUBKEY(bio, key.pkey) != 1)
		fail("the key", &(struct tpam_fault){0});
	long length = BIO_get_mem_data(bio, &text);
	print_bytes((const unsigned char *)text, (size_t)length);
	BIO_free(bio);
	key_finish(&key);
}

static struct tpam_signer *read_signer(const char *jwk)
{
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault = {0};

	if (tpam_signer_parse(&signer, jwk, strlen(jwk), &fault) != TPAM_OK)
		fail("the key", &fault);
	return signer;
}

static void print_public(const char *jwk, const char *unused)
{
	struct tpam_signer *signer = read_signer(jwk);
	char *text = tpam_signer_public_json(signer);

	(void)unused;
	print_compact(text);
	tpam_kit_free(text);
	tpam_signer_destroy(signer);
}

static void print_token(const char *jwk, const char *data)
{
	struct tpam_signer *signer = read_signer(jwk);
	size_t length = 0;
	char *payload = (char *)b64url_decode_new(data, strlen(data), &length);
	char *text = payload ? tpam_signer_sign(signer, "at+jwt", payload, length) : NULL;

	if (!text)
		fail("signing", &(struct tpam_fault){0});
	fputs(text, stdout);
	tpam_kit_free(text);
	secret_free(payload, length);
	tpam_signer_destroy(signer);
}

struct verb {
	const char *name;
	void (*answer)(const char *first, const char *second);
};

static const struct verb verbs[] = {{"make", make}, {"sign", sign}, {"pem", pem},
	{"public", print_public}, {"token", print_token}};

static void answer(const char *name, const char *first, const char *second)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (first && second && strcmp(verbs[i].name, name) == 0) {
			verbs[i].answer(first, second);
			return;
		}
	}
	fail(name, &(struct tpam_fault){.expected = "make, sign, pem, public or token"});
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		char *rest = line;
		const char *verb = strsep(&rest, " \n");
		const char *first = strsep(&rest, " \n");
		const char *second = rest ? strsep(&rest, " \n") : "";
		answer(verb, first, second);
		putchar('\n');
		fflush(stdout);
	}
	free(line);
	return EXIT_SUCCESS;
}
