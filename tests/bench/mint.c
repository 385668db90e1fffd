/*
 * mint.c - tokens for the benchmark, by a private JWK on standard input.
 *
 * usage: mint NOW FIRST COUNT    good tokens, one a line, that differ in sub and jti
 *        mint NOW bad            tokens that have to be refused, with what is wrong with each; in the first two it is
 *                                what is signed, in the others what is said
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/kit.h>

#include "bench.h"

#define HOUR 3600

struct says {
	const char *issuer, *audience;
	long begins, ends; /* seconds from now */
};

static const struct says good = {BENCH_ISSUER, BENCH_AUDIENCE, -60, 24 * HOUR};

static char *token(
	const struct tpam_signer *signer, long now, const struct says *says, unsigned long number)
{
	char payload[1024];
	int length = snprintf(payload, sizeof(payload),
		"{\"iss\":\"%s\",\"sub\":\"user-%08lu\",\"aud\":\"%s\",\"exp\":%ld,\"iat\":%ld,"
		"\"nbf\":%ld,\"jti\":\"7d4b9c2e-51a0-4f3d-9c88-%012lu\","
		"\"scope\":\"notes.read notes.write files.read email\","
		"\"client_id\":\"desktop\",\"org_id\":\"org-4711\","
		"\"email\":\"alice@example.com\",\"role\":\"user\",\"tier\":\"team\"}",
		says->issuer, number, says->audience, now + says->ends, now - 60,
		now + says->begins, number);
	char *text = tpam_signer_sign(signer, "JWT", payload, (size_t)length);

	if (!text)
		abort();
	return text;
}

static void print_good(
	const struct tpam_signer *signer, long now, unsigned long first, unsigned long count)
{
	for (unsigned long i = first; i < first + count; i++) {
		char *text = token(signer, now, &good, i);
		puts(text);
		tpam_kit_free(text);
	}
}

/* Another bit in the middle of the signature, and the claims of one token over the signature of another. */
static void print_spoilt(const struct tpam_signer *signer, long now)
{
	char *one = token(signer, now, &good, 0);
	char *other = token(signer, now, &good, 1);
	char *signature = strrchr(one, '.') + 1;

	printf("%.*s%s claims that were changed\n", (int)(strrchr(other, '.') + 1 - other), other,
		signature);
	char *middle = signature + strlen(signature) / 2;
	*middle = *middle == 'A' ? 'B' : 'A';
	printf("%s a spoilt signature\n", one);
	tpam_kit_free(one);
	tpam_kit_free(other);
}

static void print_bad(const struct tpam_signer *signer, long now)
{
	static const struct {
		struct says says;
		const char *what;
	} cases[] = {
		{{BENCH_ISSUER, BENCH_AUDIENCE, -2 * HOUR, -HOUR}, "an expired token"},
		{{BENCH_ISSUER, BENCH_AUDIENCE, HOUR, 2 * HOUR}, "a token of the future"},
		{{BENCH_ISSUER, "https://mail.example.com", -60, HOUR}, "another audience"},
		{{"https://evil.example.com", BENCH_AUDIENCE, -60, HOUR}, "another issuer"},
	};

	print_spoilt(signer, now);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = token(signer, now, &cases[i].says, i);
		printf("%s %s\n", text, cases[i].what);
		tpam_kit_free(text);
	}
}

int main(int argc, char **argv)
{
	char key[8192];
	size_t length = fread(key, 1, sizeof(key), stdin);
	struct tpam_signer *signer = NULL;
	struct tpam_fault fault = {0};

	if (argc < 3 || tpam_signer_parse(&signer, key, length, &fault) != TPAM_OK) {
		fprintf(stderr, "mint: got %s, expected %s\n", fault.got, fault.expected);
		return EXIT_FAILURE;
	}
	long now = strtol(argv[1], NULL, 10);
	if (argc == 4)
		print_good(signer, now, strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
	else
		print_bad(signer, now);
	tpam_signer_destroy(signer);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
