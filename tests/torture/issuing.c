/*
 * issuing.c - an issuer without a network: its tokens, and the kit's functions that would fetch its keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/jwks.h>
#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

#include "answering.h"
#include "issuing.h"

static struct tpam_signer *signer;
static struct tpam_keys *keys;

VISIBLE int32_t tpam_jwks_verify(
	struct tpam_jwks *jwks, struct tpam_call *call, struct tpam_jws *jws)
{
	struct tpam_fault fault;

	(void)jwks;
	(void)call;
	return tpam_jws_verify(jws, keys, &fault) == TPAM_OK ? 0 : TPAM_ERROR;
}

VISIBLE int32_t tpam_jwks_endpoint(
	struct tpam_jwks *jwks, struct tpam_call *call, const char *name, char **ret)
{
	(void)jwks;
	(void)call;
	(void)name;
	*ret = strdup("https://op.example/endpoint");
	return *ret ? 0 : TPAM_ERROR;
}

void issuing_begin(const char *algorithm)
{
	const struct tpam_keys_rules rules = {.flags = 0};
	struct tpam_fault fault;

	if (tpam_signer_generate(&signer, algorithm, 0, &fault) != TPAM_OK)
		abort();
	char *set = tpam_signer_public_json(signer);
	if (tpam_keys_parse(&keys, set, strlen(set), &rules, &fault) != TPAM_OK)
		abort();
	tpam_kit_free(set);
}

char *issuing_authorization(const char *typ, const char *claims)
{
	char *token = tpam_signer_sign(signer, typ, claims, strlen(claims)), *text = NULL;

	if (!token || asprintf(&text, "Bearer %s", token) < 0)
		abort();
	tpam_kit_free(token);
	return text;
}

char *issuing_key(void)
{
	return tpam_signer_json(signer);
}

void issuing_end(void)
{
	tpam_signer_destroy(signer);
	tpam_keys_unref(keys);
}
