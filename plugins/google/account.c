/*
 * account.c - whose a token is: a person's, in a domain or none, or a service account's.
 *
 * Anybody can make service accounts, and have ID tokens issued to them for any audience, ours too; what such
 * a token is never issued to is one of our clients.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <strings.h>

#include "account.h"
#include "scopes.h"

/* ---- Service accounts ---- */

/* NAME@PROJECT.iam., PROJECT@appspot., NUMBER-compute@developer., chat@system. */
bool account_is_address(const char *text)
{
	static const char end[] = ".gserviceaccount.com";
	size_t length = text ? strlen(text) : 0;

	return length > sizeof(end) && strcasecmp(text + length - (sizeof(end) - 1), end) == 0 &&
	       strchr(text, '@');
}

/* A client of people has letters in its id. */
bool account_is_number(const char *text)
{
	return text && *text && text[strspn(text, "0123456789")] == '\0';
}

bool account_in(const char *const *words, const char *text)
{
	for (size_t i = 0; text && words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return true;
	return false;
}

/* Whom a token was issued to. */
static const char *party(const struct tpam_claims *claims)
{
	const char *azp = tpam_claims_text(claims, "azp");

	return azp ? azp : tpam_claims_text(claims, "aud");
}

bool account_is_service(const struct tpam_claims *claims)
{
	return account_is_address(tpam_claims_text(claims, "email")) ||
	       account_is_address(party(claims)) || account_is_number(party(claims));
}

/*
 * By domain-wide delegation a service account gets tokens in which it is somebody else: what its holder may
 * do there is for that somebody's administrator to say, and nobody signed in.
 */
static bool is_own(const struct tpam_claims *claims)
{
	const char *email = tpam_claims_text(claims, "email");
	const char *sub = tpam_claims_text(claims, "sub"), *azp = party(claims);

	if (email && !account_is_address(email))
		return false;
	return !sub || !account_is_number(azp) || strcmp(sub, azp) == 0;
}

static bool is_listed(const struct google *google, const struct tpam_claims *claims)
{
	const char *const *services = (const char *const *)google->services;

	return (account_verified(claims) &&
		       account_in(services, tpam_claims_text(claims, "email"))) ||
	       account_in(services, party(claims)) ||
	       account_in(services, tpam_claims_text(claims, "sub"));
}

int32_t account_check_service(
	const struct google *google, struct tpam_call *call, const struct tpam_claims *claims)
{
	const char *email = tpam_claims_text(claims, "email");

	if (!is_own(claims))
		return tpam_call_end(google->host, call, TPAM_INVALID, TPAM_REASON_WRONG_TYPE,
			"a token of somebody's own",
			"one by which a service account stands for another");
	/* Without both nobody can tell for whom it stands. */
	if (google->services[0] && !email && !tpam_claims_has(claims, "sub"))
		return tpam_call_end(google->host, call, TPAM_DENIED,
			TPAM_REASON_MISSING_UPSTREAM_SCOPE, SCOPE_EMAIL, "a token without it");
	if (is_listed(google, claims))
		return 0;
	return tpam_call_end(google->host, call, TPAM_DENIED, TPAM_REASON_DENIED_SUBJECT,
		google->services[0] ? "a person, or one of service_accounts" : "a person",
		email ? email : "a service account");
}

/* ---- People ---- */

bool account_verified(const struct tpam_claims *claims)
{
	const char *text = tpam_claims_text(claims, "email_verified");

	return tpam_claims_true(claims, "email_verified") || (text && strcmp(text, "true") == 0);
}

int32_t account_check_email(
	const struct google *google, struct tpam_call *call, const struct tpam_claims *claims)
{
	if (google->email == EMAIL_ANY || !tpam_claims_has(claims, "email") ||
		account_verified(claims))
		return 0;
	return tpam_call_end(google->host, call, TPAM_DENIED, TPAM_REASON_UNVERIFIED_EMAIL,
		"email_verified = true", "an address that is not");
}

int32_t account_check_domain(
	const struct google *google, struct tpam_call *call, const struct tpam_claims *claims)
{
	const char *hd = tpam_claims_text(claims, "hd");

	if (!google->domains[0] || account_in((const char *const *)google->domains, hd))
		return 0;
	return tpam_call_end(google->host, call, TPAM_DENIED, TPAM_REASON_WRONG_ORGANIZATION,
		google->domains[0], hd ? hd : "no hd");
}
