/*
 * account.h - whose a token is: a person's, in a domain or none, or a service account's.
 *
 * All functions take what Google says, by a signature or in an answer. Those that check return 0 if there is
 * nothing against it, or the outcome, whose reason was given.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GOOGLE_ACCOUNT_H
#define GOOGLE_ACCOUNT_H

#include "config.h"

/* Whether a text is the address, or looks like the unique id, of a service account. NULL is neither. */
bool account_is_address(const char *text);
bool account_is_number(const char *text);

/* Whether one of the NULL-terminated words is the text. */
bool account_in(const char *const *words, const char *text);

bool account_is_service(const struct tpam_claims *claims);

/* Whether an e-mail address that is there was verified: tokeninfo says it by a text. */
bool account_verified(const struct tpam_claims *claims);

/* A service account's own token, and one that service_accounts lists. */
int32_t account_check_service(
	const struct google *google, struct tpam_call *call, const struct tpam_claims *claims);

int32_t account_check_email(
	const struct google *google, struct tpam_call *call, const struct tpam_claims *claims);

/* A person's: service accounts have no domain. */
int32_t account_check_domain(
	const struct google *google, struct tpam_call *call, const struct tpam_claims *claims);

#endif
