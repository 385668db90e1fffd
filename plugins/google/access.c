/*
 * access.c - access tokens: tokeninfo says what they are, userinfo whose, where somebody wants to know.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "account.h"
#include "ask.h"
#include "identity.h"
#include "scopes.h"

#define SECOND      INT64_C(1000000000)
#define SUBJECT_MAX 255 /* OpenID Connect Core 1.0, section 2 */

/* A token on its way. */
struct access {
	const struct google *google;
	const struct tpam_host *host;
	struct tpam_call *call;
	const char *authorization;
	const struct tpam_claims *info; /* what tokeninfo says */
	struct tpam_claims *more;       /* what userinfo says; NULL */
	struct tpam_claims *both;       /* NULL without `more` */
	struct facts facts;
	bool service;
};

static int32_t end(const struct access *access, int32_t outcome, int32_t reason,
	const char *expected, const char *got)
{
	return tpam_call_end(access->host, access->call, outcome, reason, expected, got);
}

static int32_t malformed(const struct access *access, const char *expected)
{
	return end(access, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED, expected,
		"another answer");
}

/* ---- What tokeninfo says ---- */

/* Numbers are texts in it. */
static bool number(const struct tpam_claims *claims, const char *name, int64_t *ret)
{
	const char *text = tpam_claims_text(claims, name);

	if (!text)
		return tpam_claims_number(claims, name, ret);
	if (!account_is_number(text) || strlen(text) > 12)
		return false;
	*ret = strtoll(text, NULL, 10);
	return true;
}

static int32_t check_times(struct access *access)
{
	int64_t now = access->host->clock_wall(access->google->instance) / SECOND, left = 0;

	if (!number(access->info, "exp", &access->facts.expires)) {
		if (tpam_claims_has(access->info, "exp") ||
			!number(access->info, "expires_in", &left))
			return malformed(access, "exp as a number in the answer of tokeninfo");
		access->facts.expires = now + left;
	}
	if (access->facts.expires > now - access->host->leeway(access->google->instance))
		return 0;
	return end(access, TPAM_EXPIRED, TPAM_REASON_EXPIRED, "exp in the future",
		"one that has passed");
}

static int32_t check_service(struct access *access)
{
	access->service = account_is_service(access->info);
	return access->service ? account_check_service(access->google, access->call, access->info)
			       : 0;
}

/* Another app's token is good for that app, and says nothing about who holds it. */
static int32_t check_client(struct access *access)
{
	static const char *const names[] = {"aud", "azp"};
	const char *const *clients = (const char *const *)access->google->clients;

	if (!tpam_claims_text(access->info, "aud"))
		return malformed(access, "aud as text in the answer of tokeninfo");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *client = tpam_claims_text(access->info, names[i]);
		if (tpam_claims_has(access->info, names[i]) && !account_in(clients, client))
			return end(access, TPAM_INVALID, TPAM_REASON_WRONG_CLIENT, clients[0],
				client ? client : "azp that is no text");
	}
	return 0;
}

static bool is_subject(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return length > 0 && length <= SUBJECT_MAX;
}

/* It is there with some scopes only; of a service account's own token it is known all the same. */
static int32_t find_subject(struct access *access)
{
	const char *sub = tpam_claims_text(access->info, "sub");
	const char *azp = tpam_claims_text(access->info, "azp");
	bool there = tpam_claims_has(access->info, "sub");

	if (there && (!sub || !is_subject(sub)))
		return malformed(access, "sub as text in the answer of tokeninfo");
	access->facts.subject = !there && access->service && account_is_number(azp) ? azp : sub;
	return 0;
}

/* ---- What userinfo is asked for ---- */

/* A claim that may be missing, and who looks at it. */
struct need {
	const char *claim; /* NULL: any */
	int32_t field;
	const char *scope;   /* without which it is not told; NULL: one of those that let ask */
	enum userinfo least; /* from which on it is asked for if nobody looks */
};

static const struct need needs[] = {
	{"email", TPAM_FIELD_EMAIL, "email", USERINFO_MISSING},
	{"name", TPAM_FIELD_NAME, "profile", USERINFO_MISSING},
	{"hd", TPAM_FIELD_TENANT, NULL, USERINFO_ALWAYS},
	{NULL, TPAM_FIELD_CLAIMS, NULL, USERINFO_ALWAYS},
};

static bool is_looked_at(const struct access *access, const struct need *need)
{
	const struct tpam_host *host = access->host;

	if (need->field == TPAM_FIELD_TENANT && access->google->domains[0])
		return true;
	return TPAM_HAS(host, wanted) &&
	       host->wanted(access->google->instance, need->field, NULL) == 1;
}

static int32_t refuse_scope(const struct access *access, const char *scope)
{
	return end(access, TPAM_DENIED, TPAM_REASON_MISSING_UPSTREAM_SCOPE,
		scope ? scope : "openid, email or profile", "a token without it");
}

/* Whether to ask; or that it would have to be asked what this token may not know. */
static int32_t find_needs(const struct access *access, bool *ret)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		const struct need *need = &needs[i];
		if (need->claim && tpam_claims_has(access->info, need->claim))
			continue;
		bool may = need->scope ? scopes_have(access->info, need->scope)
				       : scopes_may_ask(access->info);
		bool must = is_looked_at(access, need);
		if (must && !may)
			return refuse_scope(access, need->scope);
		*ret = *ret || must || (may && access->google->userinfo >= need->least);
	}
	return 0;
}

/* Nobody is accepted without a subject. A service account has no more to tell than its address. */
static int32_t choose(const struct access *access, bool *ret)
{
	bool never = access->google->userinfo == USERINFO_NEVER;

	*ret = !access->facts.subject;
	if (*ret && (never || access->service || !scopes_may_ask(access->info)))
		return refuse_scope(access, never ? "openid" : NULL);
	return never || access->service ? 0 : find_needs(access, ret);
}

/* OpenID Connect Core 1.0, section 5.3.4: an answer about somebody else is none, whoever mixed it up. */
static int32_t join(struct access *access)
{
	const char *sub = tpam_claims_text(access->more, "sub");

	if (!sub || !is_subject(sub))
		return malformed(access, "sub in the answer of userinfo");
	if (access->facts.subject && strcmp(access->facts.subject, sub) != 0)
		return end(access, TPAM_INVALID, TPAM_REASON_CLAIM_MISMATCH,
			"the sub of tokeninfo in the answer of userinfo", "another");
	access->facts.subject = sub;
	return tpam_claims_fill(&access->both, access->info, access->more, NULL) == TPAM_OK
		       ? 0
		       : tpam_call_no_memory(access->host, access->call);
}

static int32_t fill(struct access *access)
{
	bool wanted = false;
	int32_t outcome = choose(access, &wanted);

	if (outcome != 0 || !wanted)
		return outcome;
	outcome = ask_userinfo(access->google, access->call, access->authorization, &access->more);
	return outcome == 0 ? join(access) : outcome;
}

static int32_t conclude(struct access *access)
{
	const struct tpam_claims *claims = access->both ? access->both : access->info;
	int32_t outcome = account_check_email(access->google, access->call, claims);

	if (outcome == 0 && !access->service)
		outcome = account_check_domain(access->google, access->call, claims);
	if (outcome == 0)
		outcome = identity_carry(access->google, access->call, claims, &access->facts);
	return outcome;
}

/* ---- All of it ---- */

static int32_t judge(struct access *access)
{
	static int32_t (*const checks[])(struct access * access) = {
		check_times, check_service, check_client, find_subject, fill, conclude};
	int32_t outcome = 0;

	/* What refuses may be kept, too: that is not for as long, and up to the loader. */
	access->host->cache(access->call, access->google->cache);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && outcome == 0; i++)
		outcome = checks[i](access);
	tpam_claims_destroy(access->more);
	tpam_claims_destroy(access->both);
	return outcome == 0 ? TPAM_SUCCESS : outcome;
}

int32_t access_judge(const struct google *google, struct tpam_call *call)
{
	struct tpam_claims *info = NULL;
	char *authorization = NULL;

	if (google->tokens == TOKENS_ID)
		return tpam_call_end(google->host, call, TPAM_INVALID, TPAM_REASON_WRONG_TYPE,
			"an ID token", "an access token");
	int32_t outcome = tpam_http_bearer(google->host, call, &authorization);
	if (outcome == 0)
		outcome = ask_tokeninfo(google, call, authorization, &info);
	if (outcome == 0) {
		struct access access = {.google = google,
			.host = google->host,
			.call = call,
			.authorization = authorization,
			.info = info};
		outcome = judge(&access);
	}
	tpam_claims_destroy(info);
	tpam_kit_free(authorization);
	return outcome;
}
