/*
 * introspection_probe.c - whether the endpoint knows us, for operators who ask.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "introspection.h"
#include "stranger.h"

/* The endpoint knows us, and says of such a token what it should. */
static int32_t probe_judge(
	const struct tpam_host *host, struct tpam_call *call, const struct tpam_http_answer *answer)
{
	struct tpam_claims *claims = NULL;
	struct tpam_fault fault;
	uint64_t length = 0;
	const char *body = tpam_http_body(answer, &length);
	bool active = true;

	int code = tpam_claims_from_json(&claims, body, (size_t)length, &fault);
	bool told = code == TPAM_OK && tpam_claims_bool(claims, "active", &active);
	tpam_claims_destroy(claims);
	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(host, call);
	if (!told)
		return tpam_call_end(host, call, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED,
			"active as true or false", "another answer");
	if (active)
		return tpam_call_end(host, call, TPAM_ERROR, TPAM_REASON_MISCONFIGURED,
			"active = false for a token that nobody issued", "active = true");
	return 0;
}

int32_t tpam_introspection_probe(const struct tpam_introspection *introspection,
	const struct tpam_endpoint *endpoint, struct tpam_call *call)
{
	const struct tpam_http_answer *answer = NULL;
	char token[STRANGER_SIZE];

	if (!stranger_make(token))
		return tpam_call_no_memory(introspection->host, call);
	int32_t outcome =
		introspection_put(introspection, endpoint, call, token, strlen(token), &answer);
	return outcome == 0 ? probe_judge(introspection->host, call, answer) : outcome;
}
