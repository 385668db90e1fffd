/*
 * probe.c - whether Google answers, for operators who ask: with keys, and about a token that nobody issued.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "ask.h"
#include "config.h"
#include "probe.h"

static int32_t probe_tokeninfo(const struct google *google, struct tpam_call *call)
{
	struct tpam_claims *claims = NULL;
	int32_t outcome = ask_tokeninfo(google, call, "Bearer ya29.tokenpam-probe-nobody", &claims);

	tpam_claims_destroy(claims);
	if (outcome == TPAM_INVALID)
		return 0;
	if (outcome != 0)
		return outcome;
	return tpam_call_end(google->host, call, TPAM_ERROR, TPAM_REASON_MISCONFIGURED,
		"that tokeninfo_url knows no token that nobody issued", "one that it knows");
}

int32_t google_probe(void *state, struct tpam_call *call)
{
	const struct google *google = state;
	int32_t outcome = google->tokens == TOKENS_ACCESS ? 0 : tpam_jwks_probe(google->jwks, call);

	if (outcome == 0 && google->tokens != TOKENS_ID)
		outcome = probe_tokeninfo(google, call);
	return outcome == 0 ? TPAM_SUCCESS : outcome;
}
