/*
 * person.c - whose a token is, as GitHub answers it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "person.h"

#define ID_MOST INT64_C(9007199254740991) /* what JSON carries for sure */

void person_init(struct person *ret)
{
	*ret = (struct person){.expires_at = -1, .email_verified = -1};
}

void person_finish(struct person *person)
{
	tpam_json_destroy(person->token);
	tpam_json_destroy(person->profile);
	names_finish(&person->scopes);
	names_finish(&person->orgs);
	names_finish(&person->owned);
	names_finish(&person->teams);
	names_finish(&person->maintained);
	free(person->email);
	person_init(person);
}

bool person_text_is_clean(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at < ' ' || *at == 0x7f || (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f))
			return false;
	return true;
}

/* ---- The user ---- */

static bool is_login(const char *login)
{
	return login && *login && strlen(login) <= 256 && person_text_is_clean(login) &&
	       !strpbrk(login, "/:");
}

/* The number stays for ever; the login is another when they like it, and then anybody may take it. */
int32_t person_read_user(const struct look *look, struct person *person,
	const struct tpam_json *document, const struct tpam_json_value *user)
{
	int64_t id = 0;
	const char *login = tpam_json_text(tpam_json_member(document, user, "login"));

	if (!tpam_json_integer(tpam_json_member(document, user, "id"), &id) || id < 1 ||
		id > ID_MOST || !is_login(login))
		return look_malformed(look, "a user with id and login");
	if (person->user && person->id != id)
		return look_malformed(look, "the user of the token");
	if (tpam_json_text(tpam_json_member(document, user, "suspended_at")))
		return look_end(look, TPAM_DENIED, TPAM_REASON_REVOKED,
			"a user who is not suspended", "one who is");
	person->document = document;
	person->user = user;
	person->id = id;
	person->login = login;
	return 0;
}

int32_t person_read_profile(
	const struct look *look, struct person *person, const struct tpam_http_answer *answer)
{
	int32_t outcome = look_read(look, answer, &person->profile);

	if (outcome != 0)
		return outcome;
	return person_read_user(look, person, person->profile, tpam_json_root(person->profile));
}
