/*
 * rules.c - what an instance's options demand of a token, whichever plugin it is of.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#include "claims.h"

#define SECOND        INT64_C(1000000000)
#define AUDIENCES_MAX 64

struct tpam_rules {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char *const *issuers; /* NULL-terminated; at least one */
	const char *const *types;   /* NULL-terminated; "" for a token without typ */
	const char *issuer[2];      /* of the option, as typ is below */
	const char **typ;
	int64_t max_age; /* seconds; 0: any */
	uint32_t flags;  /* of struct tpam_claims_rules */
};

/* ---- Reading the options ---- */

static int types_open(struct tpam_rules *rules)
{
	uint32_t count = rules->host->option_count(rules->instance, "typ");

	if (rules->types)
		return TPAM_OK;
	rules->typ = calloc(count + 1, sizeof(char *));
	if (!rules->typ)
		return TPAM_E_MEMORY;
	for (uint32_t i = 0; i < count; i++) {
		const char *type = rules->host->option_text(rules->instance, "typ", i);
		rules->typ[i] = strcmp(type, "none") == 0 ? "" : type;
	}
	rules->types = rules->typ;
	return TPAM_OK;
}

/* Less than a second would become 0, which stands for any age. */
static int max_age_open(struct tpam_rules *rules)
{
	const struct tpam_host *host = rules->host;
	int64_t milliseconds = 0;

	if (host->option_number(rules->instance, "max_age", 0, &milliseconds) != TPAM_OK)
		return TPAM_OK;
	rules->max_age = milliseconds / 1000;
	if (rules->max_age > 0)
		return TPAM_OK;
	host->problem(rules->instance, "max_age", 0,
		host->option_text(rules->instance, "max_age", 0), "at least 1s");
	return TPAM_E_CONFIG;
}

int tpam_rules_create(struct tpam_rules **ret, const struct tpam_host *host,
	struct tpam_instance *instance, const char *const *issuers, const char *const *types)
{
	struct tpam_rules *rules = calloc(1, sizeof(*rules));
	int64_t required = 1;

	if (!rules)
		return TPAM_E_MEMORY;
	rules->host = host;
	rules->instance = instance;
	rules->issuer[0] = host->option_text(instance, "issuer", 0);
	rules->issuers = issuers ? issuers : rules->issuer;
	rules->types = types;
	(void)host->option_number(instance, "require_exp", 0, &required);
	rules->flags = required ? 0 : TPAM_CLAIMS_NO_EXP;

	/* Each tells its own problems, so that all of them are heard in one pass. */
	int codes[] = {types_open(rules), max_age_open(rules)};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i] != TPAM_OK) {
			tpam_rules_destroy(rules);
			return codes[i];
		}
	}
	*ret = rules;
	return TPAM_OK;
}

int tpam_rules_open(
	struct tpam_rules **ret, const struct tpam_host *host, struct tpam_instance *instance)
{
	return tpam_rules_create(ret, host, instance, NULL, NULL);
}

void tpam_rules_destroy(struct tpam_rules *rules)
{
	if (!rules)
		return;
	free(rules->typ);
	free(rules);
}

/* ---- Judging ---- */

/* The issuer that a token names, if it is one of ours; NULL. */
static const char *own_issuer(const struct tpam_rules *rules, const char *issuer)
{
	for (size_t i = 0; issuer && rules->issuers[i]; i++)
		if (strcmp(rules->issuers[i], issuer) == 0)
			return rules->issuers[i];
	return NULL;
}

int32_t tpam_rules_route(
	const struct tpam_rules *rules, struct tpam_call *call, struct tpam_jws *jws)
{
	bool object = false;
	const char *issuer = tpam_jws_unverified_issuer(jws, &object);

	/* Not knowing is no reason to let the next provider have a go at it. */
	if (!issuer && errno == ENOMEM)
		return tpam_call_no_memory(rules->host, call);
	if (own_issuer(rules, issuer))
		return 0;
	if (!object)
		return tpam_call_end(rules->host, call, TPAM_INVALID, TPAM_REASON_MALFORMED_TOKEN,
			"claims in a JSON object", "another payload");
	return tpam_call_end(rules->host, call, TPAM_FOREIGN, TPAM_REASON_WRONG_ISSUER,
		rules->issuers[0], issuer ? "another issuer" : "no issuer");
}

int32_t tpam_rules_check(const struct tpam_rules *rules, struct tpam_call *call,
	const struct tpam_claims *claims, const struct tpam_jws *jws, const char *const *audiences)
{
	const struct tpam_host *host = rules->host;
	const char *own[AUDIENCES_MAX + 1] = {NULL};
	const char *issuer = own_issuer(rules, tpam_claims_text(claims, "iss"));
	struct tpam_fault fault;
	int32_t outcome = TPAM_INVALID;

	for (uint32_t i = 0; !audiences && i < AUDIENCES_MAX; i++)
		if (!(own[i] = host->item_list(call, TPAM_ITEM_AUDIENCE, i)))
			break;
	const char *const *wanted = audiences ? audiences : own;
	const struct tpam_claims_rules check = {.now = host->clock_wall(rules->instance) / SECOND,
		.leeway = host->leeway(rules->instance),
		.max_age = rules->max_age,
		.issuer = issuer ? issuer : rules->issuers[0],
		.audiences = wanted[0] ? wanted : NULL,
		.types = rules->types,
		.flags = rules->flags};
	if (tpam_claims_check(claims, jws, &check, &outcome, &fault) == TPAM_OK)
		return 0;
	return tpam_call_refuse(rules->host, call, outcome, &fault);
}

/* Its expiry and cache_ttl bound it anyway; the age is known here alone. */
void tpam_rules_keep(
	const struct tpam_rules *rules, struct tpam_call *call, const struct tpam_claims *claims)
{
	const struct tpam_host *host = rules->host;
	int64_t now = host->clock_wall(rules->instance) / SECOND, issued = 0;

	if (rules->max_age == 0)
		host->cache(call, INT64_MAX);
	else if (tpam_claims_number(claims, "iat", &issued) && issued <= now)
		host->cache(call, rules->max_age - (now - issued));
}
