/*
 * introspect.c - tokens that their issuer is asked about (RFC 7662).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <string.h>

#include "answer.h"
#include "ask.h"
#include "config.h"

#define TOKEN_MAX (256 * 1024) /* the loader's max_token is the limit that counts */

/* ---- Whose token it is ---- */

static bool accepts(const struct introspect *introspect, enum kind kind)
{
	const char *accept, *prefix;

	for (uint32_t i = 0;
		(accept = introspect->host->option_text(introspect->instance, "accept", i)); i++)
		if (accept_kind(accept, &prefix) == kind)
			return true;
	return false;
}

static bool has_prefix(const struct introspect *introspect, const char *token, size_t length)
{
	const char *accept, *prefix;

	for (uint32_t i = 0;
		(accept = introspect->host->option_text(introspect->instance, "accept", i)); i++)
		if (accept_kind(accept, &prefix) == KIND_PREFIX && length >= strlen(prefix) &&
			memcmp(token, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

/* A JSON Web Token, by its unverified issuer and nothing else; 0 if it is ours. */
static int32_t recognise_jwt(
	const struct introspect *introspect, struct tpam_call *call, struct tpam_jws *jws)
{
	bool object = false;

	if (!accepts(introspect, KIND_JWT))
		return tpam_call_end(introspect->host, call, TPAM_FOREIGN, TPAM_REASON_OTHER_KIND,
			"a token as accept says", "a JSON Web Token");
	const char *issuer = tpam_jws_unverified_issuer(jws, &object);
	if (!issuer && errno == ENOMEM)
		return tpam_call_no_memory(introspect->host, call);
	if (issuer && strcmp(issuer, introspect->issuer) == 0)
		return 0;
	return tpam_call_end(introspect->host, call, TPAM_FOREIGN, TPAM_REASON_WRONG_ISSUER,
		introspect->issuer, issuer ? "another issuer" : "no issuer");
}

static int32_t recognise_other(const struct introspect *introspect, struct tpam_call *call)
{
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	int code = tpam_jws_of_call(&jws, introspect->host, call, TOKEN_MAX, &fault);

	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(introspect->host, call);
	if (code == TPAM_OK)
		return recognise_jwt(introspect, call, jws);
	/* Where a part cannot be read it is nobody's JSON Web Token, and nothing that is opaque. */
	if (code == TPAM_E_ARGUMENT && accepts(introspect, KIND_OPAQUE))
		return 0;
	return tpam_call_end(introspect->host, call, TPAM_FOREIGN, TPAM_REASON_OTHER_KIND,
		"a token as accept says",
		code == TPAM_E_ARGUMENT ? "another" : "a broken JSON Web Token");
}

/* 0 if the token is ours. Nobody else's goes over the network. */
static int32_t recognise(const struct introspect *introspect, struct tpam_call *call,
	const char *token, size_t length)
{
	if (length > TOKEN_MAX)
		return tpam_call_end(introspect->host, call, TPAM_INVALID, TPAM_REASON_TOO_LARGE,
			"a token of at most 256 KiB", "a larger one");
	if (has_prefix(introspect, token, length))
		return 0;
	return recognise_other(introspect, call);
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct introspect *introspect = state;
	const struct tpam_http_answer *answer = NULL;
	uint64_t length = 0;
	const char *token = introspect->host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);

	int32_t outcome = recognise(introspect, call, token, (size_t)length);
	if (outcome == 0)
		outcome = ask(introspect, call, token, (size_t)length, &answer);
	if (outcome == 0)
		outcome = answer_judge(introspect, call, answer);
	return outcome;
}

static const char *const credentials[] = {"bearer", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "introspect",
	.version = "1",
	.summary = "Asks the issuer about a token (RFC 7662).",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_AUDIENCE,
	.flags = TPAM_CONCURRENT,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(FOREIGN) | TPAM_MAY(INVALID) | TPAM_MAY(EXPIRED) |
		    TPAM_MAY(RATE_LIMITED) | TPAM_MAY(UNAVAILABLE) | TPAM_MAY(ERROR),
	.inputs = TPAM_INPUT(CREDENTIAL) | TPAM_INPUT(AUDIENCE),
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = introspect_options,
	.open = introspect_open,
	.close = introspect_close,
	.authenticate = authenticate,
	.probe = introspect_probe,
};

TPAM_PROVIDER(provider)
