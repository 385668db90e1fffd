/*
 * test_keys.c - which key a token means, r and s as DER and back, certificates, and sets of which every key must do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "../unit/check.h"
#include "b64url.h"
#include "keys.h"

/* ---- Choosing ---- */

struct name {
	const char *kid, *alg;
};

struct choice {
	struct name keys[4];
	const char *alg, *kid; /* of the token */
	int found;             /* index, or -1 with `reason` */
	int32_t reason;
};

static const struct choice choices[] = {
	{{{"a", "RS256"}}, "RS256", "a", 0, 0},
	{{{"a", "RS256"}}, "RS256", NULL, 0, 0},
	{{{"", "RS256"}}, "RS256", "anything", 0, 0},
	{{{"", "RS256"}}, "RS256", NULL, 0, 0},
	{{{"a", "RS256"}, {"b", "RS256"}}, "RS256", "b", 1, 0},
	{{{"a", "RS256"}, {"b", "ES256"}}, "ES256", NULL, 1, 0},
	{{{"a", "RS256"}, {"a", "ES256"}}, "ES256", "a", 1, 0},
	{{{"", "RS256"}, {"b", "RS256"}}, "RS256", "b", 1, 0},
	{{{"a", "RS256"}}, "RS256", "b", -1, TPAM_REASON_UNKNOWN_KEY},
	{{{"a", "RS256"}}, "RS256", "", -1, TPAM_REASON_UNKNOWN_KEY},
	{{{"a", "RS256"}}, "RS256", "A", -1, TPAM_REASON_UNKNOWN_KEY},
	{{{"a", "RS256"}}, "RS512", "a", -1, TPAM_REASON_WRONG_ALGORITHM},
	{{{"a", "RS256"}}, "HS256", "a", -1, TPAM_REASON_WRONG_ALGORITHM},
	{{{"a", "RS256"}}, "HS256", NULL, -1, TPAM_REASON_WRONG_ALGORITHM},
	{{{"a", "RS256"}}, "HS256", "b", -1, TPAM_REASON_UNKNOWN_KEY},
	{{{"", "RS256"}}, "PS256", "x", -1, TPAM_REASON_WRONG_ALGORITHM},
	{{{"a", "RS256"}, {"b", "RS256"}}, "RS256", NULL, -1, TPAM_REASON_UNKNOWN_KEY},
	{{{"a", "RS256"}, {"b", "ES256"}}, "RS256", "b", -1, TPAM_REASON_WRONG_ALGORITHM},
	{{{"", "RS256"}, {"b", "ES256"}}, "RS256", "x", -1, TPAM_REASON_UNKNOWN_KEY},
	{{{NULL, NULL}}, "RS256", "a", -1, TPAM_REASON_UNKNOWN_KEY},
	{{{NULL, NULL}}, "RS256", NULL, -1, TPAM_REASON_UNKNOWN_KEY},
};

static void test_choices(void)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		const struct choice *row = &choices[i];
		struct tpam_keys *keys = keys_create();
		struct tpam_fault fault = {0};
		if (!keys)
			abort();
		for (size_t k = 0; k < 4 && row->keys[k].alg; k++) {
			struct key key = {
				.kid = strdup(row->keys[k].kid), .alg = alg_find(row->keys[k].alg)};
			if (!key.kid || !keys_add(keys, &key))
				abort();
		}
		const struct key *found = keys_choose(keys, row->alg, row->kid, &fault);
		bool right = row->found >= 0 ? found == &keys->list[row->found] : !found;
		if (!right || fault.reason != row->reason)
			fprintf(stderr, "choice %zu: reason %d\n", i, (int)fault.reason);
		CHECK(right && fault.reason == row->reason);
		tpam_keys_unref(keys);
	}
}

/* ---- r and s ---- */

/* A half with `zeros` zero bytes first, and then a byte whose highest bit is `high`. */
static void fill(unsigned char *out, size_t half, size_t zeros, bool high)
{
	for (size_t i = 0; i < half; i++)
		out[i] = i < zeros ? 0 : (unsigned char)(i * 37 + 1);
	if (zeros < half)
		out[zeros] = high ? 0xFF : 0x01;
}

/* What OpenSSL reads in the DER are the numbers that were put in. */
static bool openssl_agrees(
	const unsigned char *der, size_t length, const unsigned char *raw, size_t half)
{
	const unsigned char *at = der;
	unsigned char back[2 * 66];
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)length);
	bool same =
		signature && at == der + length &&
		BN_bn2binpad(ECDSA_SIG_get0_r(signature), back, (int)half) == (int)half &&
		BN_bn2binpad(ECDSA_SIG_get0_s(signature), back + half, (int)half) == (int)half &&
		memcmp(back, raw, 2 * half) == 0;
	ECDSA_SIG_free(signature);
	return same;
}

static void check_both_ways(const unsigned char *raw, size_t half)
{
	unsigned char der[ECDSA_DER_MAX + 1], back[2 * 66];
	size_t length = ecdsa_to_der(der, raw, half);

	CHECK(length > 0 && length <= ECDSA_DER_MAX);
	CHECK(openssl_agrees(der, length, raw, half));
	CHECK(ecdsa_from_der(back, half, der, length) && memcmp(back, raw, 2 * half) == 0);
	size_t accepted = 0;
	for (size_t cut = 0; cut < length; cut++)
		accepted += ecdsa_from_der(back, half, der, cut);
	der[length] = 0;
	accepted += ecdsa_from_der(back, half, der, length + 1);
	CHECK(accepted == 0);
}

static void test_ecdsa(void)
{
	static const size_t halves[] = {32, 48, 66};
	unsigned char raw[2 * 66], der[ECDSA_DER_MAX];

	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		size_t half = halves[i];
		for (size_t zeros = 0; zeros < half; zeros++) {
			fill(raw, half, zeros, zeros % 2 == 0);
			fill(raw + half, half, (zeros * 7) % half, zeros % 3 == 0);
			check_both_ways(raw, half);
		}
		memset(raw, 0xFF, sizeof(raw));
		check_both_ways(raw, half);
		memset(raw, 0, half);
		CHECK(ecdsa_to_der(der, raw, half) == 0);
		memset(raw, 0xFF, half);
		memset(raw + half, 0, half);
		CHECK(ecdsa_to_der(der, raw, half) == 0);
		memset(raw, 0, 2 * half);
		CHECK(ecdsa_to_der(der, raw, half) == 0);
	}
	/* A number that is longer than the half has room for. */
	memset(raw, 0xFF, sizeof(raw));
	size_t length = ecdsa_to_der(der, raw, 48);
	CHECK(!ecdsa_from_der(raw, 32, der, length));
}

/* ---- Sets ---- */

static int parse(const char *json, const struct tpam_keys_rules *rules, struct tpam_fault *fault)
{
	struct tpam_keys *keys = NULL;
	int code = tpam_keys_parse(&keys, json, strlen(json), rules, fault);

	CHECK((code == TPAM_OK) == (keys != NULL));
	CHECK(code == TPAM_OK || fault->reason == TPAM_REASON_MISCONFIGURED);
	tpam_keys_unref(keys);
	return code;
}

#define EC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define EC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define EC   "{\"kty\":\"EC\",\"kid\":\"e\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}"
#define ED                                                                                         \
	"{\"kty\":\"OKP\",\"kid\":\"o\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_"                \
	"7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define OCT_32                                                                                     \
	"{\"kty\":\"oct\",\"kid\":\"h\",\"alg\":\"HS256\",\"k\":"                                  \
	"\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"
#define OCT_31                                                                                     \
	"{\"kty\":\"oct\",\"kid\":\"h\",\"alg\":\"HS256\",\"k\":"                                  \
	"\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"
#define OCT_NO_ALG "{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"

struct set {
	const char *json;
	uint32_t flags;
	int algorithms;       /* how many of the names below are allowed; 0: no list */
	const char *expected; /* NULL: the set loads */
};

static const char *const names[] = {"HS256", "ES256", "HS384", NULL};

static const struct set sets[] = {
	{EC, 0, 0, NULL},
	{"{\"keys\":[" EC "," ED "]}", 0, 0, NULL},
	{"{\"keys\":[" EC ",{\"kty\":\"X\"}]}", 0, 0, "kty RSA, EC, OKP or oct"},
	{"{\"keys\":[" EC ",{\"kty\":\"X\"}]}", TPAM_KEYS_SKIP, 0, NULL},
	{"{\"keys\":[{\"kty\":\"X\"}]}", TPAM_KEYS_SKIP, 0, "kty RSA, EC, OKP or oct"},
	{"{\"keys\":[]}", TPAM_KEYS_SKIP, 0, "a key in the set"},
	{"{\"keys\":[" EC "," EC "]}", TPAM_KEYS_SKIP, 0, "each (kid, alg) once"},
	{OCT_32, 0, 0, "an asymmetric key"},
	{OCT_32, 0, 1, "an asymmetric key"},
	/* The names must hold the algorithm: nothing symmetric is allowed by silence. */
	{OCT_32, TPAM_KEYS_SYMMETRIC, 0, "a key for an algorithm that is allowed"},
	{OCT_32, TPAM_KEYS_SYMMETRIC, 1, NULL},
	{OCT_31, TPAM_KEYS_SYMMETRIC, 1,
		"a secret at least as long as the hash and at most 4096 bytes"},
	{OCT_NO_ALG, TPAM_KEYS_SYMMETRIC, 1, NULL},
	{OCT_NO_ALG, TPAM_KEYS_SYMMETRIC, 3, "one of HS256, HS384, HS512 for a secret"},
	{OCT_NO_ALG, TPAM_KEYS_SYMMETRIC, 0, "one of HS256, HS384, HS512 for a secret"},
	{"{\"kty\":\"oct\",\"alg\":\"HS256\"}", TPAM_KEYS_SYMMETRIC, 1, "base64url in k"},
	{"{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AAA=\"}", TPAM_KEYS_SYMMETRIC, 1,
		"base64url in k"},
	{"{\"kty\":\"oct\",\"alg\":\"RS256\",\"k\":\"AAAA\"}", TPAM_KEYS_SYMMETRIC, 1,
		"one of HS256, HS384, HS512 for a secret"},
	{EC, 0, 1, "a key for an algorithm that is allowed"},
	{EC, 0, 2, NULL},
	{ED, 0, 2, "a key for an algorithm that is allowed"},
};

static void test_sets(void)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		const char *allowed[4] = {NULL};
		struct tpam_keys_rules rules = {.flags = sets[i].flags};
		struct tpam_fault fault = {0};
		memcpy(allowed, names, (size_t)sets[i].algorithms * sizeof(names[0]));
		if (sets[i].algorithms)
			rules.algorithms = allowed;
		int code = parse(sets[i].json, &rules, &fault);
		CHECK((code == TPAM_OK) == !sets[i].expected);
		if (sets[i].expected)
			CHECK_TEXT(fault.expected, sets[i].expected);
	}
}

/* An RSA key of any size; the modulus is no product of primes, which nobody asks for. */
static int parse_rsa(unsigned bits, const char *exponent, uint32_t flags, struct tpam_fault *fault)
{
	unsigned char modulus[8193 / 8 + 1];
	size_t length = (bits + 7) / 8;
	const struct tpam_keys_rules rules = {.flags = flags};
	char json[3000];

	memset(modulus, 0xA5, length);
	modulus[0] = (unsigned char)(1U << ((bits - 1) % 8));
	char *n = b64url_encode_new(modulus, length);
	(void)snprintf(
		json, sizeof(json), "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}", n, exponent);
	free(n);
	return parse(json, &rules, fault);
}

static void test_rsa(void)
{
	struct tpam_fault fault;

	CHECK(parse_rsa(2047, "AQAB", 0, &fault) == TPAM_E_CONFIG);
	CHECK(parse_rsa(2048, "AQAB", 0, &fault) == TPAM_OK);
	CHECK(parse_rsa(4096, "AQAB", 0, &fault) == TPAM_OK);
	CHECK(parse_rsa(4097, "AQAB", 0, &fault) == TPAM_E_CONFIG);
	CHECK_TEXT(fault.got, "4097 bits");
	CHECK(parse_rsa(8192, "AQAB", 0, &fault) == TPAM_E_CONFIG);
	CHECK(parse_rsa(8192, "AQAB", TPAM_KEYS_LARGE_RSA, &fault) == TPAM_OK);
	CHECK(parse_rsa(8193, "AQAB", TPAM_KEYS_LARGE_RSA, &fault) == TPAM_E_CONFIG);
	CHECK_TEXT(fault.expected, "RSA of 2048 to 8192 bits");
	CHECK(parse_rsa(2048, "Aw", 0, &fault) == TPAM_OK);            /* 3 */
	CHECK(parse_rsa(2048, "Af____8", 0, &fault) == TPAM_OK);       /* 2^33 - 1 */
	CHECK(parse_rsa(2048, "AgAAAAE", 0, &fault) == TPAM_E_CONFIG); /* 2^33 + 1 */
	CHECK(parse_rsa(2048, "AQ", 0, &fault) == TPAM_E_CONFIG);
	CHECK(parse_rsa(2048, "AQAA", 0, &fault) == TPAM_E_CONFIG);
	CHECK(parse_rsa(2048, "AA", 0, &fault) == TPAM_E_CONFIG);
}

/* ---- PEM ---- */

static char *certificate_of(EVP_PKEY *pkey, long *ret_length)
{
	X509 *certificate = X509_new();
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;

	CHECK(certificate && X509_set_version(certificate, 2));
	CHECK(X509_gmtime_adj(X509_getm_notBefore(certificate), 0) &&
		X509_gmtime_adj(X509_getm_notAfter(certificate), 3600));
	CHECK(X509_set_pubkey(certificate, pkey) && X509_sign(certificate, pkey, EVP_sha256()) > 0);
	CHECK(bio && PEM_write_bio_X509(bio, certificate) == 1);
	*ret_length = BIO_get_mem_data(bio, &text);
	char *copy = malloc((size_t)*ret_length);
	if (!copy)
		abort();
	memcpy(copy, text, (size_t)*ret_length);
	BIO_free(bio);
	X509_free(certificate);
	return copy;
}

/* The bytes end where they end: no NUL follows them. */
static void test_certificate(void)
{
	static const struct tpam_keys_rules rules = {0};
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	struct tpam_keys *keys = NULL;
	struct tpam_fault fault;
	long length = 0;

	if (!pkey)
		abort();
	char *pem = certificate_of(pkey, &length);
	CHECK(tpam_keys_from_pem(&keys, pem, (size_t)length, &rules, &fault) == TPAM_OK);
	if (keys) {
		CHECK(tpam_keys_count(keys) == 1 && !tpam_keys_alg(keys, 1));
		CHECK_TEXT(tpam_keys_alg(keys, 0), "ES256");
		CHECK_TEXT(tpam_keys_kid(keys, 0), "");
	}
	tpam_keys_unref(keys);
	keys = NULL;
	CHECK(tpam_keys_from_pem(&keys, pem, (size_t)length - 30, &rules, &fault) == TPAM_E_CONFIG);
	CHECK(tpam_keys_from_pem(&keys, "", 0, &rules, &fault) == TPAM_E_CONFIG && !keys);
	free(pem);
	EVP_PKEY_free(pkey);
}

/* A key of another curve is nobody's. */
static void test_other_curve(void)
{
	static const struct tpam_keys_rules rules = {0};
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp256k1");
	BIO *bio = BIO_new(BIO_s_mem());
	struct tpam_keys *keys = NULL;
	struct tpam_fault fault;
	char *pem = NULL;

	if (!pkey || !bio || PEM_write_bio_PUBKEY(bio, pkey) != 1)
		abort();
	long length = BIO_get_mem_data(bio, &pem);
	CHECK(tpam_keys_from_pem(&keys, pem, (size_t)length, &rules, &fault) == TPAM_E_CONFIG);
	CHECK_TEXT(fault.expected, "a key of RSA, P-256, P-384, P-521, Ed25519 or Ed448");
	CHECK(!keys);
	BIO_free(bio);
	EVP_PKEY_free(pkey);
}

static void test_secret(void)
{
	static const char *const hs384[] = {"HS384", NULL}, *const es256[] = {"ES256", NULL};
	struct tpam_keys_rules rules = {.algorithms = hs384};
	struct tpam_keys *keys = NULL;
	struct tpam_fault fault;
	char secret[4097] = {0};

	CHECK(tpam_keys_from_secret(&keys, secret, 47, &rules, &fault) == TPAM_E_CONFIG);
	CHECK(tpam_keys_from_secret(&keys, secret, 4097, &rules, &fault) == TPAM_E_CONFIG);
	CHECK(!keys && !strstr(fault.got, secret + 1) == !*fault.got);
	CHECK(tpam_keys_from_secret(&keys, secret, 48, &rules, &fault) == TPAM_OK);
	CHECK(keys && strcmp(tpam_keys_alg(keys, 0), "HS384") == 0);
	CHECK(tpam_keys_ref(keys) == keys);
	tpam_keys_unref(keys);
	tpam_keys_unref(keys);
	tpam_keys_unref(NULL);
	keys = NULL;
	rules.algorithms = es256;
	CHECK(tpam_keys_from_secret(&keys, secret, 48, &rules, &fault) == TPAM_E_CONFIG && !keys);
}

static void test_names(void)
{
	size_t count = 0;

	for (const char *const *name = tpam_alg_names(); *name; name++, count++) {
		CHECK(tpam_alg_known(*name) && alg_find(*name) != NULL);
		CHECK(tpam_alg_symmetric(*name) == (strncmp(*name, "HS", 2) == 0));
	}
	CHECK(count == 13);
	CHECK(!tpam_alg_known("none") && !tpam_alg_known("rs256") && !tpam_alg_known(""));
	CHECK(!tpam_alg_symmetric("none"));
}

int main(void)
{
	test_choices();
	test_ecdsa();
	test_sets();
	test_rsa();
	test_certificate();
	test_other_curve();
	test_secret();
	test_names();
	return check_end();
}
