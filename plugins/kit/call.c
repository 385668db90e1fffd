/*
 * call.c - how a provider's function ends: an outcome, and why.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

int32_t tpam_call_end(const struct tpam_host *host, struct tpam_call *call, int32_t outcome,
	int32_t reason, const char *expected, const char *got)
{
	host->reason(call, reason, expected, got);
	return outcome;
}

int32_t tpam_call_refuse(const struct tpam_host *host, struct tpam_call *call, int32_t outcome,
	const struct tpam_fault *fault)
{
	return tpam_call_end(host, call, outcome, fault->reason,
		fault->expected[0] ? fault->expected : NULL, fault->got[0] ? fault->got : NULL);
}

int32_t tpam_call_no_memory(const struct tpam_host *host, struct tpam_call *call)
{
	return tpam_call_end(host, call, TPAM_ERROR, TPAM_REASON_NO_MEMORY, NULL, NULL);
}
