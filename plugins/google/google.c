/*
 * google.c - access tokens and ID tokens of Google.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <string.h>

#include "access.h"
#include "account.h"
#include "config.h"
#include "id_token.h"
#include "probe.h"

#define TOKEN_MAX (1024 * 1024) /* the loader's max_token is the limit that counts */

/* ---- Whose token it is, by its looks ---- */

/* What begins so is Google's; NULL: an access token, as nothing else of Google's is taken. */
struct mark {
	const char *prefix;
	const char *other;
};

static const struct mark marks[] = {
	{"ya29.", NULL},
	{"1//0", "a refresh token"},
	{"GOCSPX-", "a client secret"},
};

static const struct mark *mark_of(const char *token, size_t length)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t size = strlen(marks[i].prefix);
		if (length >= size && memcmp(token, marks[i].prefix, size) == 0)
			return &marks[i];
	}
	return NULL;
}

/* What is Google's is nobody else's, even where it is refused here. */
static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		int32_t code = host->own_prefix(instance, marks[i].prefix);
		if (code != TPAM_OK)
			return code;
	}
	return google_open(host, instance, ret_state);
}

static int32_t foreign(const struct google *google, struct tpam_call *call, const char *got)
{
	return tpam_call_end(
		google->host, call, TPAM_FOREIGN, TPAM_REASON_OTHER_KIND, "a token of Google", got);
}

/* By its unverified issuer and nothing else; 0 if it is Google's. */
static int32_t route(const struct google *google, struct tpam_call *call, struct tpam_jws *jws)
{
	bool object = false;
	const char *issuer = tpam_jws_unverified_issuer(jws, &object);

	/* Not knowing is no reason to let the next provider have a go at it. */
	if (!issuer && errno == ENOMEM)
		return tpam_call_no_memory(google->host, call);
	if (account_in(google_issuers, issuer))
		return 0;
	return tpam_call_end(google->host, call, TPAM_FOREIGN, TPAM_REASON_WRONG_ISSUER,
		GOOGLE_ISSUER, issuer ? "another issuer" : "no issuer");
}

static int32_t judge_jwt(const struct google *google, struct tpam_call *call)
{
	struct tpam_jws *jws = NULL;
	struct tpam_fault fault;
	int code = tpam_jws_of_call(&jws, google->host, call, TOKEN_MAX, &fault);

	if (code == TPAM_E_MEMORY)
		return tpam_call_no_memory(google->host, call);
	if (code != TPAM_OK)
		return foreign(google, call,
			code == TPAM_E_CONFIG ? "a broken JSON Web Token" : "another token");
	int32_t outcome = route(google, call, jws);
	return outcome == 0 ? id_token_judge(google, call, jws) : outcome;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	const struct google *google = state;
	uint64_t length = 0;
	const char *token = google->host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);
	const struct mark *mark = mark_of(token, (size_t)length);

	if (!mark)
		return judge_jwt(google, call);
	if (mark->other)
		return tpam_call_end(google->host, call, TPAM_INVALID, TPAM_REASON_WRONG_TYPE,
			"an access token or an ID token", mark->other);
	return access_judge(google, call);
}

/* ---- The plugin ---- */

static const char *const credentials[] = {"bearer", NULL};

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "google",
	.version = "1",
	.summary = "Access tokens and ID tokens of Google",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_CLIENT,
	.flags = TPAM_CONCURRENT | TPAM_TOKEN_SCOPES_DROP,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(FOREIGN) | TPAM_MAY(INVALID) | TPAM_MAY(EXPIRED) |
		    TPAM_MAY(DENIED) | TPAM_MAY(RATE_LIMITED) | TPAM_MAY(UNAVAILABLE) |
		    TPAM_MAY(ERROR),
	.inputs = TPAM_INPUT(CREDENTIAL) | TPAM_INPUT(AUDIENCE),
	.inputs_needed = TPAM_INPUT(CREDENTIAL),
	.credentials = credentials,
	.options = google_options,
	.open = open_instance,
	.close = google_close,
	.authenticate = authenticate,
	.probe = google_probe,
};

TPAM_PROVIDER(provider)
