/*
 * enforce.c - what becomes of a refusal by a service that for a while refuses nobody: it is passed on as decided, and as
 * not enforced.
 *
 * Who was recognised stays who they are. Whose credential did not do is nobody, whatever it says: a rehearsal must not
 * make anybody somebody else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codes.h"
#include "decision.h"

#define SECOND 1000000000

/* The last line of the trace; the record that decided may move for it. */
static bool tell(struct decision *decision)
{
	const struct audit_only *audit_only = &decision->service->audit_only;
	struct tpam_result *result = decision->result;
	struct trace *trace = &result->trace;
	size_t decisive = result->decisive ? (size_t)(result->decisive - trace->records) : 0;
	struct trace_record *record = trace_add(trace);

	if (!record)
		return false;
	if (result->decisive)
		result->decisive = &trace->records[decisive];
	record->entry.group = "enforce";
	record->entry.rule = audit_only->written;
	record->entry.at = audit_only->at_text;
	record->entry.outcome = TPAM_SUCCESS;
	record->action = ACTION_OK;
	return trace_note(record, "what was decided before is recorded, and not enforced");
}

bool decision_enforce(struct decision *decision)
{
	struct tpam_result *result = decision->result;

	if (outcome_accepts(result->outcome))
		return true;
	/* What came too late may not have been asked for its service yet. */
	if (!decision->service)
		decision->service = generation_service(
			decision->generation, request_text(decision->request, TPAM_ITEM_SERVICE));
	if (!decision->service || !audit_only_holds(&decision->service->audit_only,
					  hooks_wall(&decision->generation->hooks) / SECOND))
		return true;
	result->service = decision->service;
	result->unenforced = true;
	result->nobody = !result->identified;
	return tell(decision) && (!result->nobody || decision_become_anonymous(decision));
}
