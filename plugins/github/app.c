/*
 * app.c - a token of our app, of which GitHub is asked.
 *
 * https://docs.github.com/en/rest/apps/oauth-applications#check-a-token
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "scopes.h"

#define BODY_MAX      (TOKEN_MAX + 64)
#define PATIENCE_MOST 60 /* seconds */

/* ---- What is said of it ---- */

static int32_t scopes_of_list(const struct look *look, struct person *person)
{
	const struct tpam_json *json = person->token;
	const struct tpam_json_value *list = tpam_json_member(json, tpam_json_root(json), "scopes");
	bool fine = true;

	if (!list || tpam_json_is(list, TPAM_JSON_NULL))
		return 0;
	if (!tpam_json_is(list, TPAM_JSON_LIST))
		return look_malformed(look, "scopes as a list");
	for (const struct tpam_json_value *at = tpam_json_first(json, list); at;
		at = tpam_json_next(json, list, at)) {
		const char *scope = tpam_json_text(at);
		if (scope && !scopes_add(&person->scopes, scope, &fine))
			return look_no_memory(look);
		if (!scope || !fine)
			return look_malformed(look, "scopes as a list of words");
	}
	/* Tokens of GitHub Apps have permissions, and an empty list says nothing of those. */
	person->scopes_known = look->kind == KIND_GHO;
	return scopes_expand(&person->scopes) ? 0 : look_no_memory(look);
}

static int32_t expiry_read(const struct look *look, struct person *person)
{
	const struct tpam_json *json = person->token;
	const struct tpam_json_value *expires =
		tpam_json_member(json, tpam_json_root(json), "expires_at");

	if (!expires || tpam_json_is(expires, TPAM_JSON_NULL))
		return 0;
	const char *text = tpam_json_text(expires);
	if (!text || !tpam_moment_read(text, &person->expires_at))
		return look_malformed(look, "expires_at as a time");
	return 0;
}

static int32_t app_compare(const struct look *look, const struct person *person)
{
	const struct tpam_json *json = person->token;
	const struct tpam_json_value *app = tpam_json_member(json, tpam_json_root(json), "app");
	const char *id = tpam_json_text(tpam_json_member(json, app, "client_id"));

	if (!id)
		return look_malformed(look, "an app with client_id");
	if (strcmp(id, look->github->client_id) != 0)
		return look_end(look, TPAM_INVALID, TPAM_REASON_WRONG_CLIENT,
			look->github->client_id, "another client id");
	return 0;
}

static int32_t app_user_read(const struct look *look, struct person *person)
{
	const struct tpam_json *json = person->token;

	return person_read_user(
		look, person, json, tpam_json_member(json, tpam_json_root(json), "user"));
}

static int32_t token_read(
	const struct look *look, struct person *person, const struct tpam_http_answer *answer)
{
	int32_t outcome = look_read(look, answer, &person->token);

	if (outcome == 0)
		outcome = app_compare(look, person);
	if (outcome == 0)
		outcome = app_user_read(look, person);
	if (outcome == 0)
		outcome = scopes_of_list(look, person);
	return outcome == 0 ? expiry_read(look, person) : outcome;
}

/* ---- Asking ---- */

static void nothing(void *memory)
{
	(void)memory;
}

/*
 * "If you continue to make requests while you are rate limited, your integration may be banned": what the
 * limit of our app is, all who have a token of it would find out, one after the other.
 */
static int32_t app_is_patient(const struct look *look)
{
	struct github *github = look->github;
	void **asked = look->host->slot(look->call, github, "asked", nothing);
	int64_t left = atomic_load(&github->patient_until) -
		       github->host->clock_monotonic(github->instance);

	if (!asked)
		return look_no_memory(look);
	if (*asked || left <= 0) {
		*asked = github; /* anything but NULL: it goes on as it began */
		return 0;
	}
	look->host->retry_after(look->call, left / 1000000000 + 1);
	return look_end(look, TPAM_RATE_LIMITED, TPAM_REASON_UPSTREAM_RATE_LIMIT,
		"a request that is left of the limit", "none to an earlier request");
}

static void learn_patience(const struct look *look, int64_t seconds)
{
	struct github *github = look->github;
	int64_t pause = seconds < PATIENCE_MOST ? seconds : PATIENCE_MOST;

	atomic_store(&github->patient_until,
		github->host->clock_monotonic(github->instance) + pause * 1000000000);
}

int32_t app_ask(const struct look *look, const char *token, const struct tpam_http_answer **ret)
{
	static const int32_t statuses[] = {403, 404, 422, 429, 0};
	static const char *const types[] = {"application/json", NULL};
	const struct github *github = look->github;
	const struct tpam_http_header headers[] = {{"Authorization", github->basic},
		{"Accept", "application/vnd.github+json"}, {"Content-Type", "application/json"},
		{"X-GitHub-Api-Version", "2022-11-28"}, {NULL, NULL}};
	struct tpam_http_failure failure;
	char body[BODY_MAX];

	/* Nothing that a token is made of has to be escaped. */
	int length = snprintf(body, sizeof(body), "{\"access_token\":\"%s\"}", token);
	const struct tpam_http_request request = {.method = "POST",
		.url = github->check_url,
		.configured = github->api,
		.headers = headers,
		.body = body,
		.body_length = (uint64_t)length,
		.types = types,
		.statuses = statuses,
		.share = token,
		.flags = TPAM_HTTP_OURS | TPAM_HTTP_IDEMPOTENT};
	int code = tpam_http_fetch(github->http, github->host, github->instance, look->call,
		"check", &request, ret, &failure);
	explicit_bzero(body, sizeof(body));
	if (code == TPAM_OK || code == TPAM_PENDING)
		return code;
	return look_failed(look, &failure);
}

/* "Invalid tokens will return 404 NOT FOUND"; 422 is for what could not be one. */
bool app_is_unknown(const struct tpam_http_answer *answer)
{
	return tpam_http_status(answer) == 404 || tpam_http_status(answer) == 422;
}

int32_t app_status(const struct look *look, const struct tpam_http_answer *answer)
{
	int64_t seconds = 0;

	if (tpam_http_status(answer) == 200)
		return 0;
	int32_t outcome = look_limited(look, answer, &seconds);
	if (outcome == TPAM_RATE_LIMITED)
		learn_patience(look, seconds);
	else if (outcome == 0)
		outcome = look_is_githubs(look, answer);
	if (outcome != 0)
		return outcome;
	if (!app_is_unknown(answer))
		return look_loud(look, TPAM_REASON_UPSTREAM_REFUSED,
			"client_id and client_secret that GitHub answers", "HTTP 403");
	return look_end(look, TPAM_INVALID, TPAM_REASON_INACTIVE, "a token of our app",
		"one that was not issued to our app, or was revoked");
}

int32_t person_of_app(const struct look *look, struct person *person)
{
	const struct tpam_http_answer *answer = NULL;

	int32_t outcome = app_is_patient(look);
	if (outcome == 0)
		outcome = app_ask(look, look->token, &answer);
	if (outcome == 0)
		outcome = app_status(look, answer);
	return outcome == 0 ? token_read(look, person, answer) : outcome;
}
