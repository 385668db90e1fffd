/*
 * reason.c - of several failures, the one that the caller hears.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codes.h"
#include "decision.h"

/* The record that matters most among the rules of a group; the first of equals, NULL if none matters. */
static const struct trace_record *heaviest(const struct trace *trace, enum tpam_group group)
{
	const struct trace_record *best = NULL;

	for (size_t i = 0; i < trace->count; i++) {
		const struct trace_record *record = &trace->records[i];
		int weight = outcome_weight(record->entry.outcome);
		if (record->group != group || record->utility || weight == 0)
			continue;
		if (!best || weight > outcome_weight(best->entry.outcome))
			best = record;
	}
	return best;
}

/* A failure that says "not mine" or nothing explains less than what another rule found out. */
static bool explains(const struct trace_record *record)
{
	return record && !record->utility &&
	       outcome_weight(record->entry.outcome) > outcome_weight(TPAM_FOREIGN);
}

void decision_blame(struct decision *decision, enum tpam_group group, int32_t status)
{
	struct tpam_result *result = decision->result;
	const struct trace_record *recorded =
		decision->failed == SIZE_MAX ? NULL : &result->trace.records[decision->failed];
	const struct trace_record *record =
		explains(recorded) ? recorded : heaviest(&result->trace, group);

	if (!record)
		record = recorded;
	result->decisive = record;
	if (!record) {
		result->outcome = TPAM_DENIED;
		result->reason = outcome_accepts(status) ? TPAM_REASON_NO_IDENTITY
							 : TPAM_REASON_NOBODY_ACCEPTED;
	} else if (outcome_accepts(record->entry.outcome)) { /* success=bad */
		result->outcome = TPAM_DENIED;
		result->reason = TPAM_REASON_DENIED_BY_RULE;
	} else if (record->entry.outcome == TPAM_IGNORE) {
		result->outcome = TPAM_DENIED;
		result->reason = TPAM_REASON_NOBODY_ACCEPTED;
	} else {
		result->outcome = record->entry.outcome;
		result->reason = record->entry.reason;
	}
}
