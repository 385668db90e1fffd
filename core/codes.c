/*
 * codes.c - names and texts of outcomes, reasons and codes, from their tables.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <tokenpam/tokenpam.h>

#include "codes.h"

struct outcome {
	const char *name;
	const char *meaning;
	int status;
	int weight;
};

static const struct outcome outcomes[TPAM_OUTCOME_LIMIT] = {
#define X(number, NAME, name, status, weight, meaning) [number] = {#name, meaning, status, weight},
#include <tokenpam/outcomes.def>
#undef X
};

struct reason {
	const char *name;
	const char *meaning;
	const char *remedy;
};

static const struct reason reasons[] = {
#define X(number, NAME, name, meaning, remedy) [number] = {#name, meaning, remedy},
#include <tokenpam/reasons.def>
#undef X
};

#define REASON_LIMIT ((int32_t)(sizeof(reasons) / sizeof(reasons[0])))

/* What an outcome means where the provider did not say more. */
static const int32_t usual_reasons[TPAM_OUTCOME_LIMIT] = {
	[TPAM_SUCCESS] = TPAM_REASON_ACCEPTED,
	[TPAM_EXPIRING] = TPAM_REASON_ACCEPTED,
	[TPAM_NO_CREDENTIAL] = TPAM_REASON_NO_CREDENTIAL,
	[TPAM_FOREIGN] = TPAM_REASON_OTHER_KIND,
	[TPAM_MALFORMED] = TPAM_REASON_MALFORMED_TOKEN,
	[TPAM_INVALID] = TPAM_REASON_REJECTED,
	[TPAM_EXPIRED] = TPAM_REASON_EXPIRED,
	[TPAM_REVOKED] = TPAM_REASON_REVOKED,
	[TPAM_STEP_UP] = TPAM_REASON_WEAK_AUTHENTICATION,
	[TPAM_DENIED] = TPAM_REASON_DENIED_BY_RULE,
	[TPAM_RATE_LIMITED] = TPAM_REASON_UPSTREAM_RATE_LIMIT,
	[TPAM_UNAVAILABLE] = TPAM_REASON_UPSTREAM_UNREACHABLE,
	[TPAM_ERROR] = TPAM_REASON_MISCONFIGURED,
};

static const char *const codes[] = {
	[-TPAM_OK] = "done",
	[-TPAM_E_MEMORY] = "not enough memory",
	[-TPAM_E_ARGUMENT] = "an argument that the function rules out",
	[-TPAM_E_LIMIT] = "larger than a limit",
	[-TPAM_E_CONFIG] = "the configuration does not load",
	[-TPAM_E_SYSTEM] = "the operating system refused",
	[-TPAM_E_UNSET] = "there is no such value",
	[-TPAM_E_CONTRACT] = "a plugin broke its contract",
	[-TPAM_E_CANCELLED] = "given up by the caller",
};

const char *tpam_version(void)
{
	return TPAM_VERSION;
}

const char *tpam_code_text(int code)
{
	if (code > 0 || code < TPAM_E_CANCELLED)
		return "an unknown code";
	return codes[-code];
}

static const struct outcome *outcome_find(int32_t outcome)
{
	return outcome_known(outcome) ? &outcomes[outcome] : NULL;
}

bool outcome_known(int32_t outcome)
{
	return outcome > 0 && outcome < TPAM_OUTCOME_LIMIT;
}

bool outcome_accepts(int32_t outcome)
{
	return outcome == TPAM_SUCCESS || outcome == TPAM_EXPIRING;
}

int outcome_weight(int32_t outcome)
{
	return outcome_known(outcome) ? outcomes[outcome].weight : 0;
}

int32_t outcome_usual_reason(int32_t outcome)
{
	return outcome_known(outcome) ? usual_reasons[outcome] : TPAM_REASON_CONTRACT;
}

const char *tpam_outcome_name(int32_t outcome)
{
	const struct outcome *found = outcome_find(outcome);

	return found ? found->name : NULL;
}

const char *tpam_outcome_meaning(int32_t outcome)
{
	const struct outcome *found = outcome_find(outcome);

	return found ? found->meaning : NULL;
}

int tpam_outcome_status(int32_t outcome)
{
	const struct outcome *found = outcome_find(outcome);

	return found ? found->status : 500;
}

int32_t tpam_outcome_by_name(const char *name)
{
	for (int32_t i = 1; i < TPAM_OUTCOME_LIMIT; i++)
		if (strcmp(outcomes[i].name, name) == 0)
			return i;
	return 0;
}

static const struct reason *reason_find(int32_t reason)
{
	return reason > 0 && reason < REASON_LIMIT ? &reasons[reason] : NULL;
}

const char *tpam_reason_name(int32_t reason)
{
	const struct reason *found = reason_find(reason);

	return found ? found->name : NULL;
}

const char *tpam_reason_meaning(int32_t reason)
{
	const struct reason *found = reason_find(reason);

	return found ? found->meaning : NULL;
}

const char *tpam_reason_remedy(int32_t reason)
{
	const struct reason *found = reason_find(reason);

	return found ? found->remedy : NULL;
}

int32_t tpam_reason_by_name(const char *name)
{
	for (int32_t i = 1; i < REASON_LIMIT; i++)
		if (reasons[i].name && strcmp(reasons[i].name, name) == 0)
			return i;
	return TPAM_REASON_NONE;
}
