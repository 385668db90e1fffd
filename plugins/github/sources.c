/*
 * sources.c - what may be looked up of a user, who wants it, and what is taken of it.
 *
 * https://docs.github.com/en/rest/orgs/members#list-organization-memberships-for-the-authenticated-user
 * https://docs.github.com/en/rest/teams/teams#list-teams-for-the-authenticated-user
 * https://docs.github.com/en/rest/users/emails#list-email-addresses-for-the-authenticated-user
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "sources.h"

/* ---- Who wants to know ---- */

static bool anybody_wants(const struct look *look, int32_t field, const char *like)
{
	return look->host->wanted(look->github->instance, field, like) == 1;
}

/* A personal token was asked for it already. */
static bool wants_profile(const struct look *look)
{
	return (KIND_BIT(look->kind) & KINDS_OF_APPS) &&
	       anybody_wants(look, TPAM_FIELD_CLAIMS, NULL);
}

static bool wants_emails(const struct look *look)
{
	return anybody_wants(look, TPAM_FIELD_EMAIL, NULL) ||
	       anybody_wants(look, TPAM_FIELD_EMAIL_VERIFIED, NULL);
}

static bool wants_orgs(const struct look *look)
{
	return github_is_closed(look->github) || anybody_wants(look, TPAM_FIELD_GROUPS, NULL);
}

static bool wants_teams(const struct look *look)
{
	return look->github->allow_teams.count > 0 || anybody_wants(look, TPAM_FIELD_GROUPS, "*/*");
}

/* ---- What is taken ---- */

/* The primary one: the others may be anybody's whom the user lets in. */
static int32_t take_email(const struct look *look, struct person *person,
	const struct tpam_json *json, const struct tpam_json_value *value)
{
	const char *email = tpam_json_text(tpam_json_member(json, value, "email"));
	const struct tpam_json_value *primary = tpam_json_member(json, value, "primary");
	const struct tpam_json_value *verified = tpam_json_member(json, value, "verified");

	if (!email)
		return look_malformed(look, "an e-mail address");
	if (!tpam_json_is(primary, TPAM_JSON_TRUE) || !person_text_is_clean(email) || !*email)
		return 0;
	free(person->email);
	person->email = strdup(email);
	person->email_verified = tpam_json_is(verified, TPAM_JSON_TRUE);
	return person->email ? 0 : look_no_memory(look);
}

/* A name of a group is made of it, so it must not look like one. */
static bool is_name(const char *name)
{
	return name && *name && strlen(name) <= 256 && person_text_is_clean(name) &&
	       !strpbrk(name, "/:*?");
}

static const char *login_of(const struct tpam_json *json, const struct tpam_json_value *value)
{
	const struct tpam_json_value *org = tpam_json_member(json, value, "organization");
	const char *login = tpam_json_text(tpam_json_member(json, org, "login"));

	return is_name(login) ? login : NULL;
}

/* Whoever was invited is no member, and neither is who pays the bills. */
static int32_t take_org(const struct look *look, struct person *person,
	const struct tpam_json *json, const struct tpam_json_value *value)
{
	const char *state = tpam_json_text(tpam_json_member(json, value, "state"));
	const char *role = tpam_json_text(tpam_json_member(json, value, "role"));
	const char *login = login_of(json, value);

	if (!login || !state || !role)
		return look_malformed(look, "a membership with organization, state and role");
	bool owns = strcmp(role, "admin") == 0;
	if (strcmp(state, "active") != 0 || (!owns && strcmp(role, "member") != 0))
		return 0;
	if (!names_add_small(&person->orgs, login) ||
		(owns && !names_add_small(&person->owned, login)))
		return look_no_memory(look);
	return 0;
}

static int32_t take_team(const struct look *look, struct person *person,
	const struct tpam_json *json, const struct tpam_json_value *value)
{
	const char *slug = tpam_json_text(tpam_json_member(json, value, "slug"));
	const char *login = login_of(json, value);

	if (!login || !is_name(slug))
		return look_malformed(look, "a team with organization and slug");
	char *name = address_format("%s/%s", login, slug);
	bool added = name && names_add_small(&person->teams, name);
	free(name);
	return added ? 0 : look_no_memory(look);
}

const struct source sources[SOURCES] = {
	[PROFILE] = {"profiles", "/user", {"read:user", "profile"}, wants_profile, NULL},
	[EMAILS] = {"e-mail addresses", "/user/emails?per_page=100",
		{"user:email", "the permission Email addresses"}, wants_emails, take_email},
	[ORGS] = {"organizations", "/user/memberships/orgs?state=active&per_page=100",
		{"read:org", "the permission Members"}, wants_orgs, take_org},
	[TEAMS] = {"teams", "/user/teams?per_page=100", {"read:org", "the permission Members"},
		wants_teams, take_team},
};
