/*
 * token.c - a token that a user made: whoever may use it is that user, and its scopes are in a header.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "person.h"
#include "scopes.h"

#define MOMENT_MAX 40

/* Only classic tokens have scopes; without the header nobody knows them, and none are made up. */
static int32_t scopes_of_header(
	const struct look *look, struct person *person, const struct tpam_http_answer *answer)
{
	const char *value;
	bool fine = true;

	for (uint32_t i = 0; (value = tpam_http_header(answer, "X-OAuth-Scopes", i)); i++) {
		if (!scopes_read(&person->scopes, value, &fine))
			return look_no_memory(look);
		if (!fine)
			return look_malformed(look, "scopes in X-OAuth-Scopes");
		person->scopes_known = true;
	}
	return scopes_expand(&person->scopes) ? 0 : look_no_memory(look);
}

/* "2026-11-25 10:00:00 UTC". Whatever else it may be is no reason to refuse: GitHub looks at it, too. */
static void expiry_of_header(struct person *person, const struct tpam_http_answer *answer)
{
	const char *value = tpam_http_header(answer, "GitHub-Authentication-Token-Expiration", 0);
	const char *utc = value ? strstr(value, " UTC") : NULL;
	char moment[MOMENT_MAX];

	if (!utc || utc[4] != '\0')
		return;
	int length = snprintf(moment, sizeof(moment), "%.*sZ", (int)(utc - value), value);
	if (length < (int)sizeof(moment) && !tpam_moment_read(moment, &person->expires_at))
		person->expires_at = -1;
}

int32_t person_of_token(const struct look *look, struct person *person)
{
	const struct github *github = look->github;
	const struct tpam_http_answer *answer = NULL;
	struct tpam_http_failure failure;
	char *url = address_format("%s/user", github->api);

	if (!url)
		return look_no_memory(look);
	const struct tpam_http_request request = look_request(look, url);
	int code = tpam_http_fetch(github->http, github->host, github->instance, look->call, "user",
		&request, &answer, &failure);
	free(url);
	if (code == TPAM_PENDING)
		return TPAM_PENDING;
	if (code != TPAM_OK)
		return look_failed(look, &failure);
	int32_t outcome = look_status(look, answer, NULL);
	if (outcome == 0)
		outcome = person_read_profile(look, person, answer);
	if (outcome == 0)
		outcome = scopes_of_header(look, person, answer);
	if (outcome == 0)
		expiry_of_header(person, answer);
	return outcome;
}
