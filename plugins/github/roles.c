/*
 * roles.c - which of their teams users are maintainers of.
 *
 * https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "person.h"

#define ROLES_MAX 100 /* teams of which somebody wants to know */

static const struct need need = {"read:org", "the permission Members"};

/* Teams of which it makes a difference; the names are those of the person. */
struct asked {
	const char *teams[ROLES_MAX];
	char *urls[ROLES_MAX];
	size_t count;
};

static void asked_finish(struct asked *asked)
{
	for (size_t i = 0; i < asked->count; i++)
		free(asked->urls[i]);
	asked->count = 0;
}

bool person_team_counts(const struct person *person, const char *team)
{
	size_t length = strcspn(team, "/");

	for (size_t i = 0; i < person->orgs.count; i++)
		if (strncmp(person->orgs.items[i], team, length) == 0 &&
			person->orgs.items[i][length] == '\0')
			return true;
	return false;
}

/* NULL without memory. */
static char *url_of(const struct look *look, const struct person *person, const char *team)
{
	const char *slash = strchr(team, '/');
	char *name = strndup(team, (size_t)(slash - team));
	char *org = name ? address_segment(name) : NULL;
	char *slug = address_segment(slash + 1);
	char *login = address_segment(person->login);
	char *url = org && slug && login ? address_format("%s/orgs/%s/teams/%s/memberships/%s",
						   look->github->api, org, slug, login)
					 : NULL;

	free(name);
	free(org);
	free(slug);
	free(login);
	return url;
}

static bool is_wanted(const struct look *look, const char *team)
{
	char role[600];

	(void)snprintf(role, sizeof(role), "%s:maintainer", team);
	return look->host->wanted_beside(look->github->instance, TPAM_FIELD_GROUPS, role, team) ==
	       1;
}

static int32_t gather(const struct look *look, const struct person *person, struct asked *asked)
{
	for (size_t i = 0; i < person->teams.count; i++) {
		const char *team = person->teams.items[i];
		if (!person_team_counts(person, team) || !is_wanted(look, team))
			continue;
		if (asked->count == ROLES_MAX)
			return look_loud(look, TPAM_REASON_MISCONFIGURED,
				"at most 100 teams of a user of which it matters who maintains "
				"them",
				"more");
		asked->urls[asked->count] = url_of(look, person, team);
		if (!asked->urls[asked->count])
			return look_no_memory(look);
		asked->teams[asked->count++] = team;
	}
	return 0;
}

/* Whether they maintain it. 0, or the outcome. */
static int32_t role_read(const struct look *look, const struct tpam_http_answer *answer, bool *ret)
{
	struct tpam_json *json = NULL;

	int32_t outcome = look_read(look, answer, &json);
	if (outcome != 0)
		return outcome;
	const struct tpam_json_value *membership = tpam_json_root(json);
	const char *state = tpam_json_text(tpam_json_member(json, membership, "state"));
	const char *role = tpam_json_text(tpam_json_member(json, membership, "role"));
	if (!state || !role)
		outcome = look_malformed(look, "a membership with state and role");
	else
		*ret = strcmp(state, "active") == 0 && strcmp(role, "maintainer") == 0;
	tpam_json_destroy(json);
	return outcome;
}

/* Whoever has just left a team is not found in it. */
static int32_t role_judge(const struct look *look, struct person *person,
	const struct tpam_http_result *result, const char *team)
{
	bool maintains = false;
	int32_t outcome;

	if (result->failure)
		return look_failed(look, result->failure);
	if (tpam_http_status(result->answer) == 404)
		return look_is_githubs(look, result->answer);
	outcome = look_status(look, result->answer, &need);
	if (outcome == 0)
		outcome = role_read(look, result->answer, &maintains);
	if (outcome != 0 || !maintains)
		return outcome;
	return names_add_small(&person->maintained, team) ? 0 : look_no_memory(look);
}

static int32_t ask(const struct look *look, struct person *person, const struct asked *asked)
{
	const struct github *github = look->github;
	struct tpam_http_request requests[ROLES_MAX];
	struct tpam_http_result results[ROLES_MAX];
	int32_t outcome = 0;

	for (size_t i = 0; i < asked->count; i++)
		requests[i] = look_request(look, asked->urls[i]);
	int code = tpam_http_fetch_all(github->http, github->host, github->instance, look->call,
		"roles", requests, asked->count, results);
	if (code == TPAM_PENDING)
		return TPAM_PENDING;
	if (code != TPAM_OK)
		return look_no_memory(look);
	for (size_t i = 0; i < asked->count && outcome == 0; i++)
		outcome = role_judge(look, person, &results[i], asked->teams[i]);
	return outcome;
}

int32_t person_look_up_roles(const struct look *look, struct person *person)
{
	struct asked asked = {.count = 0};

	int32_t outcome = gather(look, person, &asked);
	if (outcome == 0 && asked.count > 0)
		outcome = ask(look, person, &asked);
	asked_finish(&asked);
	return outcome;
}
