/*
 * judge.c - holds a provider to its contract, and its success to what success must come with.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "codes.h"
#include "decision.h"
#include "operation.h"
#include "simulation.h"

int32_t call_broke(struct tpam_call *call, const char *how)
{
	const struct tpam_instance *instance = call->instance;

	hooks_log(instance->hooks, TPAM_LOG_ERROR, "provider %s (%s) broke its contract: %s",
		instance->name, instance->plugin->path, how);
	call_reason(call, TPAM_REASON_CONTRACT, "the contract of provider.h", how);
	identity_reset(&call->identity);
	if (call->decision->broken == SIZE_MAX)
		call->decision->broken = call->record;
	return TPAM_E_CONTRACT;
}

/* Times are the library's business, so that no provider can forget them. */
static int32_t check_times(struct tpam_call *call)
{
	int64_t now = (call->wall ? call->wall : hooks_wall(call->instance->hooks)) / 1000000000,
		leeway = call->instance->leeway;
	int64_t expires = identity_number(&call->identity, TPAM_FIELD_EXPIRES_AT);
	int64_t begins = identity_number(&call->identity, TPAM_FIELD_NOT_BEFORE);

	if (expires != TPAM_TIME_UNSET && expires <= now - leeway) {
		call_reason(
			call, TPAM_REASON_EXPIRED, "a time in the future", "one that has passed");
		return TPAM_EXPIRED;
	}
	if (begins != TPAM_TIME_UNSET && begins > now + leeway) {
		call_reason(call, TPAM_REASON_NOT_YET_VALID, "a time that has come",
			"one in the future");
		return TPAM_INVALID;
	}
	return 0;
}

bool expires_soon(const struct identity *identity, int64_t now)
{
	int64_t soon = identity->instance ? identity->instance->expire_soon : 0;
	int64_t expires = identity_number(identity, TPAM_FIELD_EXPIRES_AT);

	return soon > 0 && expires != TPAM_TIME_UNSET && expires - now < soon;
}

static int32_t check_audience(struct tpam_call *call)
{
	const struct list *audiences = &call->identity.fields[TPAM_FIELD_AUDIENCES].list;
	const char *wanted;

	if (call->instance->binding != TPAM_BINDING_AUDIENCE || call->instance->audience_none)
		return 0;
	for (size_t i = 0; (wanted = call_audience(call, i)); i++)
		if (list_has(audiences, wanted))
			return 0;
	call_reason(
		call, TPAM_REASON_WRONG_AUDIENCE, call_audience(call, 0), list_get(audiences, 0));
	return TPAM_INVALID;
}

/* What success must come with. */
static int32_t check_accepted(struct tpam_call *call, int32_t outcome)
{
	bool wants_identity =
		call->group == TPAM_AUTH && call->instance->provider->role == TPAM_ROLE_IDENTITY;
	int32_t refused;

	if (!wants_identity)
		return outcome;
	if (!identity_complete(&call->identity))
		return call_broke(call, "success without an identity");
	if ((refused = check_times(call)) || (refused = check_audience(call)))
		return refused;
	if (identity_text(&call->identity, TPAM_FIELD_ISSUER))
		return outcome;
	const char *name = call->instance->name;
	if (identity_set_text(&call->identity, TPAM_FIELD_ISSUER, name, strlen(name), 0) != TPAM_OK)
		call->decision->no_memory = true;
	return outcome;
}

static int32_t judge(struct tpam_call *call, int32_t outcome)
{
	uint32_t mask = call->instance->provider->outcomes;
	char how[64];

	if (call->broken)
		return call_broke(call, call->broken);
	if (call->too_large && outcome_accepts(outcome)) {
		call_reason(call, TPAM_REASON_TOO_LARGE, "fields within the limits",
			"one that is larger");
		return TPAM_INVALID;
	}
	if (outcome == TPAM_PENDING)
		return operation_parked(call->decision)
			       ? outcome
			       : call_broke(call, "pending without a waker");
	if (!outcome_known(outcome)) {
		(void)snprintf(how, sizeof(how), "outcome %ld, which is none", (long)outcome);
		return call_broke(call, how);
	}
	/* That a kept verdict holds is no outcome of its own. */
	if (call->phase != PHASE_ASK && outcome_accepts(outcome))
		return check_accepted(call, outcome);
	if (!call->told && mask != 0 && !(mask & UINT32_C(1) << outcome)) {
		(void)snprintf(how, sizeof(how), "outcome %s, which its descriptor does not list",
			tpam_outcome_name(outcome));
		return call_broke(call, how);
	}
	return outcome_accepts(outcome) ? check_accepted(call, outcome) : outcome;
}

bool decision_bare(const struct decision *decision)
{
	const struct generation *generation = decision->generation;

	if (decision->simulation && simulation_presents(decision->simulation))
		return false;
	for (size_t i = 0; i < generation->instance_count; i++) {
		const struct tpam_instance *instance = generation->instances[i];
		if (credential_presented(
			    decision->request, instance->credential, instance->credential_name))
			return false;
	}
	return true;
}

bool identity_set_anonymous(struct identity *identity)
{
	static const char issuer[] = "tokenpam", subject[] = "anonymous";

	return identity_set_text(identity, TPAM_FIELD_ISSUER, issuer, strlen(issuer), 0) ==
		       TPAM_OK &&
	       identity_set_text(identity, TPAM_FIELD_SUBJECT, subject, strlen(subject), 0) ==
		       TPAM_OK;
}

/* A utility with anonymous = on stands for somebody only where nothing at all was presented. */
static int32_t stand_for_anonymous(struct tpam_call *call, int32_t outcome)
{
	if (!decision_bare(call->decision)) {
		call_reason(call, TPAM_REASON_NONE, "no credential at all", "one");
		return TPAM_IGNORE;
	}
	call->decision->result->bare = true;
	if (!identity_set_anonymous(&call->identity))
		call->decision->no_memory = true;
	return outcome;
}

int32_t call_judge(struct tpam_call *call, int32_t outcome)
{
	outcome = judge(call, outcome);
	if (call->group == TPAM_AUTH && call->instance->anonymous && outcome_accepts(outcome))
		return stand_for_anonymous(call, outcome);
	return outcome;
}
