/*
 * kind.c - which kind of token of the provider this is.
 *
 * An ID token tells a client who signed in, and is no key to anything: whoever takes it for an access token
 * lets every client's log file in. All are signed with the same keys, so they are told apart by what they say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <strings.h>

#include "kind.h"

/* A claim, or one with a certain value, that only this kind has. The first that fits decides. */
struct mark {
	const char *claim;
	const char *value; /* NULL: any */
	enum kind kind;
};

static const struct mark marks[] = {
	/* Security events: logout tokens look like ID tokens in all else. */
	{"events", NULL, KIND_OTHER},
	/* Keycloak, Amazon Cognito. */
	{"typ", "Refresh", KIND_OTHER},
	{"typ", "Offline", KIND_OTHER},
	{"typ", "Logout", KIND_OTHER},
	{"token_use", "refresh", KIND_OTHER},
	{"typ", "ID", KIND_ID},
	{"token_use", "id", KIND_ID},
	{"nonce", NULL, KIND_ID},
	{"at_hash", NULL, KIND_ID},
	{"c_hash", NULL, KIND_ID},
	{"s_hash", NULL, KIND_ID},
};

static bool bears(const struct tpam_claims *claims, const struct mark *mark)
{
	const char *text = tpam_claims_text(claims, mark->claim);

	if (!mark->value)
		return tpam_claims_has(claims, mark->claim);
	return text && strcasecmp(text, mark->value) == 0;
}

static bool is_at_jwt(const struct tpam_jws *jws)
{
	const char *typ = tpam_jws_typ(jws);

	return typ &&
	       (strcasecmp(typ, "at+jwt") == 0 || strcasecmp(typ, "application/at+jwt") == 0);
}

static bool is_ours(const struct oidc *oidc, const char *client, size_t length)
{
	for (size_t i = 0; oidc->clients[i]; i++)
		if (strlen(oidc->clients[i]) == length &&
			memcmp(oidc->clients[i], client, length) == 0)
			return true;
	return false;
}

/* A text is one audience, blanks and all. */
static const char *audience(const struct tpam_claims *claims, size_t index, size_t *ret_length)
{
	const char *one = tpam_claims_text(claims, "aud");

	if (!one)
		return tpam_claims_element(claims, "aud", index, ret_length);
	*ret_length = strlen(one);
	return index == 0 ? one : NULL;
}

static bool for_us(const struct oidc *oidc, const struct tpam_claims *claims)
{
	const char *client;
	size_t length = 0;

	for (size_t i = 0; (client = audience(claims, i, &length)); i++)
		if (is_ours(oidc, client, length))
			return true;
	return false;
}

enum kind kind_of(
	const struct oidc *oidc, const struct tpam_jws *jws, const struct tpam_claims *claims)
{
	if (is_at_jwt(jws))
		return KIND_ACCESS;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (bears(claims, &marks[i]))
			return marks[i].kind;
	return for_us(oidc, claims) ? KIND_ID : KIND_ACCESS;
}

/* Whoever it was issued to is one of us, and must be named where it is for others, too. */
static int32_t check_party(
	const struct oidc *oidc, struct tpam_call *call, const struct tpam_claims *claims)
{
	const char *azp = tpam_claims_text(claims, "azp");
	size_t length = 0;

	if (!tpam_claims_has(claims, "iat"))
		return tpam_call_end(
			oidc->host, call, TPAM_INVALID, TPAM_REASON_MISSING_CLAIM, "iat", "none");
	if (!tpam_claims_has(claims, "azp"))
		return audience(claims, 1, &length)
			       ? tpam_call_end(oidc->host, call, TPAM_INVALID,
					 TPAM_REASON_MISSING_CLAIM,
					 "azp in an ID token for several audiences", "none")
			       : 0;
	if (azp && is_ours(oidc, azp, strlen(azp)))
		return 0;
	return tpam_call_end(oidc->host, call, TPAM_INVALID, TPAM_REASON_WRONG_CLIENT,
		oidc->clients[0], azp ? azp : "azp that is no text");
}

/* Where no audience binds an access token to us, our clients do: nobody else's are what was meant. */
static int32_t check_client(
	const struct oidc *oidc, struct tpam_call *call, const struct tpam_claims *claims)
{
	const struct tpam_host *host = oidc->host;
	const char *name, *client = NULL;

	if (!oidc->clients[0] || host->item_list(call, TPAM_ITEM_AUDIENCE, 0))
		return 0;
	for (uint32_t i = 0;
		!client && (name = host->option_text(oidc->instance, "client_claim", i)); i++)
		client = tpam_claims_text(claims, name);
	if (client && is_ours(oidc, client, strlen(client)))
		return 0;
	return tpam_call_end(oidc->host, call, TPAM_INVALID, TPAM_REASON_WRONG_CLIENT,
		oidc->clients[0], client ? client : "none");
}

int32_t kind_check(const struct oidc *oidc, struct tpam_call *call, enum kind kind,
	const struct tpam_claims *claims)
{
	static const char *const names[] = {[KIND_ACCESS] = "an access token",
		[KIND_ID] = "an ID token",
		[KIND_OTHER] = "another"};
	static const char *const wanted[] = {[TOKENS_ACCESS] = "an access token",
		[TOKENS_ID] = "an ID token",
		[TOKENS_BOTH] = "an access token or an ID token"};
	enum tokens refused = kind == KIND_ID ? TOKENS_ACCESS : TOKENS_ID;

	if (kind == KIND_OTHER || oidc->tokens == refused)
		return tpam_call_end(oidc->host, call, TPAM_INVALID, TPAM_REASON_WRONG_TYPE,
			wanted[oidc->tokens], names[kind]);
	return kind == KIND_ID ? check_party(oidc, call, claims) : check_client(oidc, call, claims);
}
