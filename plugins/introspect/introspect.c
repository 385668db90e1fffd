/*
 * introspect.c - tokens that their issuer is asked about (RFC 7662).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "config.h"

/* An endpoint cannot speak for another issuer: ours is what the configuration says. */
static int32_t carry(const struct introspect *introspect, struct tpam_call *call,
	const struct tpam_claims *claims)
{
	const struct tpam_host *host = introspect->host;
	const char *issuer =
		introspect->issuer ? introspect->issuer : host->name(introspect->instance);
	struct tpam_fault fault;

	int code = tpam_claims_carry(claims, introspect->mapping, call, &fault);
	if (code == TPAM_E_CONFIG)
		return tpam_call_refuse(host, call, TPAM_INVALID, &fault);
	if (code == TPAM_OK)
		code = host->set_text(call, TPAM_FIELD_ISSUER, issuer, strlen(issuer));
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(host, call);
	/* What a setter refused otherwise, the loader tells. */
	return TPAM_SUCCESS;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct introspect *introspect = state;
	struct tpam_claims *claims = NULL;

	/* What refuses may be kept, too: that is not for as long, and up to the loader. */
	if (introspect->cache > 0)
		introspect->host->cache(call, introspect->cache);
	int32_t outcome = tpam_accept_check(introspect->accept, call);
	if (outcome == 0)
		outcome = tpam_introspection_ask(
			introspect->introspection, &introspect->endpoint, call, &claims);
	if (outcome == 0)
		outcome = carry(introspect, call, claims);
	tpam_claims_destroy(claims);
	return outcome;
}

static int32_t probe(void *state, struct tpam_call *call)
{
	const struct introspect *introspect = state;
	int32_t outcome =
		tpam_introspection_probe(introspect->introspection, &introspect->endpoint, call);

	return outcome == 0 ? TPAM_SUCCESS : outcome;
}

static const char *const credentials[] = {"bearer", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "introspect",
	.version = "1",
	.summary = "Asks the issuer about a token (RFC 7662).",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_AUDIENCE,
	.flags = TPAM_CONCURRENT,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(FOREIGN) | TPAM_MAY(INVALID) | TPAM_MAY(EXPIRED) |
		    TPAM_MAY(RATE_LIMITED) | TPAM_MAY(UNAVAILABLE) | TPAM_MAY(ERROR),
	.inputs = TPAM_INPUT(CREDENTIAL) | TPAM_INPUT(AUDIENCE),
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = introspect_options,
	.open = introspect_open,
	.close = introspect_close,
	.authenticate = authenticate,
	.probe = probe,
};

TPAM_PROVIDER(provider)
