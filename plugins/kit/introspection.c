/*
 * introspection.c - asking the issuer about a token (RFC 7662): what a section says of it, and the way through.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "introspection.h"

int tpam_introspection_open(struct tpam_introspection **ret, const struct tpam_host *host,
	struct tpam_instance *instance, const struct tpam_introspection_options *options)
{
	struct tpam_introspection *introspection = calloc(1, sizeof(*introspection));

	if (!introspection)
		return TPAM_E_MEMORY;
	introspection->host = host;
	introspection->instance = instance;
	introspection->issuer = options->issuer;
	introspection->max_age = options->max_age;
	introspection->client.id = options->client_id;
	introspection->hint = host->option_text(instance, "token_type_hint", 0);
	if (introspection->hint && strcmp(introspection->hint, "none") == 0)
		introspection->hint = NULL;
	int code = client_open(&introspection->client, host, instance);
	if (code == TPAM_OK && RAND_bytes(introspection->salt, SALT_SIZE) != 1)
		code = TPAM_E_SYSTEM;
	if (code == TPAM_OK)
		*ret = introspection;
	else
		tpam_introspection_close(introspection);
	return code;
}

void tpam_introspection_close(struct tpam_introspection *introspection)
{
	if (!introspection)
		return;
	tpam_signer_destroy(introspection->client.signer);
	explicit_bzero(introspection->salt, sizeof(introspection->salt));
	free(introspection);
}

static int32_t accept(const struct tpam_introspection *introspection, struct tpam_call *call,
	const struct tpam_http_answer *answer, struct tpam_claims **ret)
{
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;
	uint64_t length = 0;
	const char *body = tpam_http_body(answer, &length);

	int code = tpam_claims_from_json(&claims, body, (size_t)length, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(introspection->host, call);
	if (code != TPAM_OK)
		return tpam_call_refuse(introspection->host, call, TPAM_UNAVAILABLE, &fault);
	int32_t outcome = introspection_judge(introspection, call, claims);
	if (outcome == 0)
		*ret = claims;
	else
		tpam_claims_destroy(claims);
	return outcome;
}

int32_t tpam_introspection_ask(const struct tpam_introspection *introspection,
	const struct tpam_endpoint *endpoint, struct tpam_call *call, struct tpam_claims **ret)
{
	const struct tpam_http_answer *answer = NULL;
	uint64_t length = 0;
	const char *token = introspection->host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);

	int32_t outcome =
		introspection_put(introspection, endpoint, call, token, (size_t)length, &answer);
	return outcome == 0 ? accept(introspection, call, answer, ret) : outcome;
}
