/*
 * http_failure.c - what a fetch that failed means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "fault.h"
#include "http_failure.h"

int failure_set(struct tpam_http_failure *failure, int32_t outcome, int32_t reason,
	const char *expected, const char *got)
{
	*failure = (struct tpam_http_failure){.outcome = outcome, .retry_after = -1};
	(void)fault_set(&failure->fault, reason, expected, got);
	return TPAM_E_SYSTEM;
}

int failure_no_memory(struct tpam_http_failure *failure)
{
	(void)failure_set(failure, TPAM_ERROR, TPAM_REASON_NO_MEMORY, NULL, NULL);
	return TPAM_E_MEMORY;
}

int failure_deadline(struct tpam_http_failure *failure)
{
	return failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_DEADLINE,
		"an answer before the deadline", "none");
}

int failure_busy(struct tpam_http_failure *failure)
{
	return failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_BUSY, "room for a fetch", "none");
}

bool failure_blames(const struct tpam_http_failure *failure)
{
	switch (failure->fault.reason) {
	case TPAM_REASON_UPSTREAM_UNREACHABLE:
	case TPAM_REASON_UPSTREAM_TIMEOUT:
	case TPAM_REASON_UPSTREAM_TLS:
		return failure->outcome == TPAM_UNAVAILABLE;
	case TPAM_REASON_UPSTREAM_ERROR:
		return failure->status == 0 || failure->status >= 500;
	default:
		return false;
	}
}

int32_t tpam_http_refuse(const struct tpam_host *host, struct tpam_call *call,
	const struct tpam_http_failure *failure)
{
	const struct tpam_fault *fault = &failure->fault;

	host->reason(call, fault->reason, fault->expected[0] ? fault->expected : NULL,
		fault->got[0] ? fault->got : NULL);
	if (failure->retry_after >= 0)
		host->retry_after(call, failure->retry_after);
	return failure->outcome;
}
