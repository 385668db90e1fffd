/*
 * carry.c - whether a user is let in, and what is told of one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "person.h"

#define ID_SIZE    24
#define GROUP_SIZE 600

/* ---- Who is let in ---- */

static bool any_team(const struct person *person, const struct names *allowed)
{
	for (size_t i = 0; i < allowed->count; i++)
		if (names_has(&person->teams, allowed->items[i]) &&
			person_team_counts(person, allowed->items[i]))
			return true;
	return false;
}

static bool any_org(const struct person *person, const struct names *allowed)
{
	for (size_t i = 0; i < allowed->count; i++)
		if (names_has(&person->orgs, allowed->items[i]))
			return true;
	return false;
}

int32_t person_is_allowed(const struct look *look, const struct person *person)
{
	const struct github *github = look->github;

	if (!github_is_closed(github) || any_org(person, &github->allow_orgs) ||
		any_team(person, &github->allow_teams))
		return 0;
	return look_end(look, TPAM_DENIED, TPAM_REASON_WRONG_ORGANIZATION,
		"a member of one of allow_orgs and allow_teams",
		person->hidden ? "none of them, but for organizations of which the token is not "
				 "told without single sign-on"
			       : "a member of none of them");
}

/* ---- What is told ---- */

/* What a setter refuses the loader tells; only memory is ours to tell. */
struct carrying {
	const struct look *look;
	bool no_memory;
};

static void learn(struct carrying *carrying, int32_t code)
{
	if (code == TPAM_E_MEMORY)
		carrying->no_memory = true;
}

static void set(struct carrying *carrying, int32_t field, const char *text)
{
	const struct look *look = carrying->look;

	if (text && *text && person_text_is_clean(text))
		learn(carrying, look->host->set_text(look->call, field, text, strlen(text)));
}

static void set_number(struct carrying *carrying, int32_t field, int64_t number)
{
	learn(carrying, carrying->look->host->set_number(carrying->look->call, field, number));
}

static void add(struct carrying *carrying, int32_t field, const char *text)
{
	const struct look *look = carrying->look;

	learn(carrying, look->host->add_text(look->call, field, text, strlen(text)));
}

static void add_role(struct carrying *carrying, const char *name, const char *role)
{
	char group[GROUP_SIZE];

	(void)snprintf(group, sizeof(group), "%s:%s", name, role);
	add(carrying, TPAM_FIELD_GROUPS, group);
}

static void set_user(struct carrying *carrying, const struct person *person)
{
	const struct tpam_json *json = person->document;
	char id[ID_SIZE];

	(void)snprintf(id, sizeof(id), "%" PRId64, person->id);
	set(carrying, TPAM_FIELD_ISSUER, carrying->look->github->issuer);
	set(carrying, TPAM_FIELD_SUBJECT, id);
	set(carrying, TPAM_FIELD_USERNAME, person->login);
	set(carrying, TPAM_FIELD_NAME,
		tpam_json_text(tpam_json_member(json, person->user, "name")));
	if (KIND_BIT(carrying->look->kind) & KINDS_OF_APPS)
		set(carrying, TPAM_FIELD_CLIENT_ID, carrying->look->github->client_id);
	if (person->expires_at >= 0)
		set_number(carrying, TPAM_FIELD_EXPIRES_AT, person->expires_at);
}

/* What is in the profile is what the user likes others to see; nobody says that it was verified. */
static void set_email(struct carrying *carrying, const struct person *person)
{
	const struct tpam_json *json = person->document;

	if (person->email) {
		set(carrying, TPAM_FIELD_EMAIL, person->email);
		set_number(carrying, TPAM_FIELD_EMAIL_VERIFIED, person->email_verified);
	} else {
		set(carrying, TPAM_FIELD_EMAIL,
			tpam_json_text(tpam_json_member(json, person->user, "email")));
	}
}

static void set_groups(struct carrying *carrying, const struct person *person)
{
	for (size_t i = 0; i < person->orgs.count; i++)
		add(carrying, TPAM_FIELD_GROUPS, person->orgs.items[i]);
	for (size_t i = 0; i < person->owned.count; i++)
		add_role(carrying, person->owned.items[i], "owner");
	for (size_t i = 0; i < person->teams.count; i++)
		if (person_team_counts(person, person->teams.items[i]))
			add(carrying, TPAM_FIELD_GROUPS, person->teams.items[i]);
	for (size_t i = 0; i < person->maintained.count; i++)
		add_role(carrying, person->maintained.items[i], "maintainer");
}

/* The user and nothing else: beside it is the token, and what was made of it. */
static void set_claims(struct carrying *carrying, const struct person *person)
{
	char *claims = tpam_json_write(person->document, person->user);

	if (claims)
		set(carrying, TPAM_FIELD_CLAIMS, claims);
	else
		carrying->no_memory = true;
	tpam_kit_free(claims);
}

int32_t person_carry(const struct look *look, const struct person *person)
{
	struct carrying carrying = {.look = look};

	set_user(&carrying, person);
	set_email(&carrying, person);
	set_groups(&carrying, person);
	for (size_t i = 0; i < person->scopes.count; i++)
		add(&carrying, TPAM_FIELD_SCOPES, person->scopes.items[i]);
	set_claims(&carrying, person);
	return carrying.no_memory ? look_no_memory(look) : TPAM_SUCCESS;
}
