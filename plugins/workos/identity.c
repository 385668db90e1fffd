/*
 * identity.c - whether who a token is of may come in, and what is told of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "token.h"

#define NOTE_MAX 300

/* What the steps share. Each returns an outcome that refuses, or 0. */
struct bearing {
	const struct workos *workos;
	const struct tpam_host *host;
	struct tpam_call *call;
	const struct tpam_claims *claims;
	enum family_name family;
	bool by_audience;
};

bool identity_acted(const struct tpam_claims *claims)
{
	return tpam_claims_has(claims, "act");
}

static int32_t check_organization(const struct bearing *bearing)
{
	const char *org = tpam_claims_text(bearing->claims, "org_id"), *allowed;
	uint32_t count = 0;

	for (; (allowed = bearing->host->option_text(
			bearing->workos->instance, "allow_organizations", count));
		count++)
		if (org && strcmp(org, allowed) == 0)
			return 0;
	if (count == 0)
		return 0;
	return tpam_call_end(bearing->host, bearing->call, TPAM_DENIED,
		TPAM_REASON_WRONG_ORGANIZATION, "one of allow_organizations",
		org ? org : "no organization");
}

/* RFC 8693, section 4.1: sub in act is who really sits there. */
static int32_t check_actor(const struct bearing *bearing)
{
	const char *actor = tpam_claims_text(bearing->claims, "act.sub");
	char note[NOTE_MAX];

	if (!identity_acted(bearing->claims))
		return 0;
	(void)snprintf(note, sizeof(note), "%s acts as the user",
		actor ? actor : "somebody who is not named");
	bearing->host->trace(bearing->call, note);
	if (bearing->workos->impersonation)
		return 0;
	return tpam_call_end(bearing->host, bearing->call, TPAM_DENIED, TPAM_REASON_CLAIM_MISMATCH,
		"no act, as impersonation = deny demands", note);
}

static int32_t carry_claims(const struct bearing *bearing)
{
	const struct family *family = &bearing->workos->families[bearing->family];
	struct tpam_fault fault;
	int code = tpam_claims_carry(bearing->claims, family->mapping, bearing->call, &fault);

	if (code == TPAM_E_CONFIG)
		return tpam_call_refuse(bearing->host, bearing->call, TPAM_INVALID, &fault);
	/* What a setter refused otherwise, the loader tells. */
	return code == TPAM_E_MEMORY ? tpam_call_no_memory(bearing->host, bearing->call) : 0;
}

static void set(const struct bearing *bearing, int32_t field, const char *text)
{
	(void)bearing->host->set_text(bearing->call, field, text, strlen(text));
}

/* Older tokens do not name their client: one of a session is ours, and a machine is its own. */
static int32_t carry_client(const struct bearing *bearing)
{
	const char *subject = tpam_claims_text(bearing->claims, "sub");

	if (tpam_claims_has(bearing->claims, "client_id"))
		return 0;
	if (bearing->family == FAMILY_SESSION)
		set(bearing, TPAM_FIELD_CLIENT_ID, bearing->workos->client_id);
	else if (subject && strncmp(subject, "client_", 7) == 0)
		set(bearing, TPAM_FIELD_CLIENT_ID, subject);
	return 0;
}

/*
 * Whatever form its issuer has, it is one and the same who vouches. What is bound by its client, or by the operator's
 * word, is to the loader, which compares audiences, for the service that asks.
 */
static int32_t carry_binding(const struct bearing *bearing)
{
	const char *audience = bearing->host->item_list(bearing->call, TPAM_ITEM_AUDIENCE, 0);

	set(bearing, TPAM_FIELD_ISSUER, bearing->workos->families[bearing->family].issuer);
	if (audience && !bearing->by_audience)
		(void)bearing->host->add_text(
			bearing->call, TPAM_FIELD_AUDIENCES, audience, strlen(audience));
	return 0;
}

int32_t identity_carry(const struct workos *workos, struct tpam_call *call, enum family_name family,
	const struct tpam_claims *claims, bool by_audience)
{
	static int32_t (*const steps[])(const struct bearing *bearing) = {
		check_organization, check_actor, carry_claims, carry_client, carry_binding};
	const struct bearing bearing = {workos, workos->host, call, claims, family, by_audience};
	int32_t outcome = 0;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && outcome == 0; i++)
		outcome = steps[i](&bearing);
	return outcome == 0 ? TPAM_SUCCESS : outcome;
}
