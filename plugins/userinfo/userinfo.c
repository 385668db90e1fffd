/*
 * userinfo.c - tokens of a provider that says whose they are, and has nothing of OpenID but that.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "config.h"

/* A time that an option names must be there: what is kept without it would be kept for too long. */
static int32_t check_expiry(const struct userinfo *userinfo, struct tpam_call *call,
	const struct tpam_claims *claims, int64_t *ret)
{
	const struct tpam_host *host = userinfo->host;
	const char *name, *first = host->option_text(userinfo->instance, "expires_claim", 0);

	for (uint32_t i = 0; (name = host->option_text(userinfo->instance, "expires_claim", i));
		i++) {
		if (!tpam_claims_has(claims, name))
			continue;
		return tpam_claims_time(claims, name, ret)
			       ? 0
			       : tpam_call_end(host, call, TPAM_INVALID, TPAM_REASON_BAD_CLAIM,
					 "a time, as a number or as in ISO 8601", name);
	}
	return first ? tpam_call_end(
			       host, call, TPAM_INVALID, TPAM_REASON_MISSING_CLAIM, first, "none")
		     : 0;
}

static bool is_verified(const struct userinfo *userinfo, const struct tpam_claims *claims)
{
	const struct tpam_host *host = userinfo->host;
	const char *name;

	for (uint32_t i = 0;
		(name = host->option_text(userinfo->instance, "email_verified_claim", i)); i++)
		if (tpam_claims_has(claims, name))
			return tpam_claims_true(claims, name);
	return false;
}

/* The endpoint cannot speak for another issuer, nor say for whom a token is. */
static void set_own(const struct userinfo *userinfo, struct tpam_call *call,
	const struct tpam_claims *claims, int64_t expiry)
{
	const struct tpam_host *host = userinfo->host;
	const char *issuer = host->option_text(userinfo->instance, "issuer", 0);

	if (!issuer)
		issuer = host->name(userinfo->instance);
	(void)host->set_text(call, TPAM_FIELD_ISSUER, issuer, strlen(issuer));
	(void)host->set_number(call, TPAM_FIELD_EMAIL_VERIFIED, is_verified(userinfo, claims));
	if (expiry >= 0)
		(void)host->set_number(call, TPAM_FIELD_EXPIRES_AT, expiry);
}

static int32_t carry(
	const struct userinfo *userinfo, struct tpam_call *call, const struct tpam_claims *claims)
{
	const struct tpam_host *host = userinfo->host;
	struct tpam_fault fault;
	int64_t expiry = -1;
	int32_t outcome = 0;

	if (userinfo->clients[0])
		outcome = tpam_client_check(
			host, userinfo->instance, call, claims, userinfo->clients);
	if (outcome == 0)
		outcome = check_expiry(userinfo, call, claims, &expiry);
	if (outcome != 0)
		return outcome;
	int code = tpam_claims_carry(claims, userinfo->mapping, call, &fault);
	if (code == TPAM_E_CONFIG)
		return tpam_call_refuse(host, call, TPAM_INVALID, &fault);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(host, call);
	/* What a setter refused otherwise, the loader tells. */
	set_own(userinfo, call, claims, expiry);
	return TPAM_SUCCESS;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct userinfo *userinfo = state;
	struct tpam_claims *claims = NULL;

	/* What refuses may be kept, too: that is not for as long, and up to the loader. */
	if (userinfo->cache > 0)
		userinfo->host->cache(call, userinfo->cache);
	int32_t outcome = tpam_accept_check(userinfo->accept, call);
	if (outcome == 0)
		outcome = tpam_userinfo_ask(
			&userinfo->endpoint, userinfo->host, userinfo->instance, call, &claims);
	if (outcome == 0)
		outcome = carry(userinfo, call, claims);
	tpam_claims_destroy(claims);
	return outcome;
}

static int32_t probe(void *state, struct tpam_call *call)
{
	const struct userinfo *userinfo = state;
	int32_t outcome =
		tpam_userinfo_probe(&userinfo->endpoint, userinfo->host, userinfo->instance, call);

	return outcome == 0 ? TPAM_SUCCESS : outcome;
}

static const char *const credentials[] = {"bearer", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "userinfo",
	.version = "1",
	.summary = "Asks the provider whose a token is.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_AUDIENCE,
	.flags = TPAM_CONCURRENT,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(FOREIGN) | TPAM_MAY(INVALID) | TPAM_MAY(EXPIRED) |
		    TPAM_MAY(DENIED) | TPAM_MAY(RATE_LIMITED) | TPAM_MAY(UNAVAILABLE) |
		    TPAM_MAY(ERROR),
	.inputs = TPAM_INPUT(CREDENTIAL),
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = userinfo_options,
	.open = userinfo_open,
	.close = userinfo_close,
	.authenticate = authenticate,
	.probe = probe,
};

TPAM_PROVIDER(provider)
