/*
 * person.h - whose a token is, and what GitHub says of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_PERSON_H
#define GITHUB_PERSON_H

#include "look.h"
#include "names.h"

struct person {
	struct tpam_json *token; /* what GitHub says of a token of our app; NULL: it is none */
	struct tpam_json
		*profile; /* the user with all that is told of one; NULL: was not asked for */

	/* In one of both. */
	const struct tpam_json *document;
	const struct tpam_json_value *user;
	int64_t id;
	const char *login;

	struct names scopes; /* with all that is part of them */
	bool scopes_known;   /* nobody said, so the token may have more */
	int64_t expires_at;  /* -1: nobody said */

	char *email;
	int32_t email_verified; /* -1: nobody asked */

	/* In small letters. Owners are members, too. */
	struct names orgs, owned, teams, maintained;
	bool hidden; /* there are organizations of which this token is not told */
};

void person_init(struct person *ret);
void person_finish(struct person *person);

/* What GitHub says of a token of our app, and what a personal one is answered. 0, TPAM_PENDING, or the outcome. */
int32_t person_of_app(const struct look *look, struct person *person);
int32_t person_of_token(const struct look *look, struct person *person);

/* A user in a document that the person has; where there was one before it must be the same. 0, or the outcome. */
int32_t person_read_user(const struct look *look, struct person *person,
	const struct tpam_json *document, const struct tpam_json_value *user);

/* The answer to GET /user. It is destroyed with the person. 0, or the outcome. */
int32_t person_read_profile(
	const struct look *look, struct person *person, const struct tpam_http_answer *answer);

/* Text that may be shown: no control characters. */
bool person_text_is_clean(const char *text);

/* E-mail, organizations and teams, as far as somebody wants to know: 0, TPAM_PENDING, or the outcome. */
int32_t person_look_up(const struct look *look, struct person *person);

/* Of which teams they are maintainers, likewise. */
int32_t person_look_up_roles(const struct look *look, struct person *person);

/* A team counts where its organization has the user as a member. */
bool person_team_counts(const struct person *person, const char *team);

/* Whether they are let in: 0, or the outcome. */
int32_t person_is_allowed(const struct look *look, const struct person *person);

/* Carries all of it into the identity of the call. An outcome. */
int32_t person_carry(const struct look *look, const struct person *person);

#endif
