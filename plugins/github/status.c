/*
 * status.c - what an answer of GitHub's means that is not 200.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "look.h"

#define WAIT_USUAL 60 /* where nothing says how long, as the documentation has it */
#define WAIT_MOST  3600
#define GOT_MAX    24

static const char *got_status(char ret[GOT_MAX], const struct tpam_http_answer *answer)
{
	(void)snprintf(ret, GOT_MAX, "HTTP %d", (int)tpam_http_status(answer));
	return ret;
}

/* ---- Limits ---- */

static bool header_number(const struct tpam_http_answer *answer, const char *name, int64_t *ret)
{
	const char *text = tpam_http_header(answer, name, 0);

	if (!text || !*text || strlen(text) > 12 || text[strspn(text, "0123456789")] != '\0')
		return false;
	*ret = strtoll(text, NULL, 10);
	return true;
}

static bool body_says(const struct tpam_http_answer *answer, const char *words)
{
	uint64_t length = 0;

	return strcasestr(tpam_http_body(answer, &length), words) != NULL;
}

static bool is_limited(const struct tpam_http_answer *answer)
{
	int32_t status = tpam_http_status(answer);
	int64_t remaining = 1;

	if (status != 403)
		return status == 429;
	if (tpam_http_header(answer, "Retry-After", 0))
		return true;
	if (header_number(answer, "X-RateLimit-Remaining", &remaining) && remaining == 0)
		return true;
	return body_says(answer, "secondary rate limit");
}

/* Retry-After is for this very answer; the time of the reset is for who has nothing left. */
static int64_t seconds_to_wait(const struct look *look, const struct tpam_http_answer *answer)
{
	int64_t seconds = tpam_http_retry_after(answer), remaining = 1, reset = 0;
	int64_t now = look->host->clock_wall(look->github->instance) / 1000000000;

	if (seconds >= 0)
		return seconds;
	if (!header_number(answer, "X-RateLimit-Remaining", &remaining) || remaining > 0 ||
		!header_number(answer, "X-RateLimit-Reset", &reset))
		return WAIT_USUAL;
	seconds = reset - now;
	return seconds < 1 ? 1 : seconds > WAIT_MOST ? WAIT_MOST : seconds;
}

int32_t look_limited(
	const struct look *look, const struct tpam_http_answer *answer, int64_t *ret_seconds)
{
	char got[GOT_MAX];

	if (!is_limited(answer))
		return 0;
	*ret_seconds = seconds_to_wait(look, answer);
	look->host->retry_after(look->call, *ret_seconds);
	return look_end(look, TPAM_RATE_LIMITED, TPAM_REASON_UPSTREAM_RATE_LIMIT,
		"a request that is left of the limit", got_status(got, answer));
}

/* ---- Refusals ---- */

int32_t look_is_githubs(const struct look *look, const struct tpam_http_answer *answer)
{
	struct tpam_json *json = NULL;

	int32_t outcome = look_read(look, answer, &json);
	if (outcome != 0)
		return outcome;
	bool says = tpam_json_text(tpam_json_member(json, tpam_json_root(json), "message"));
	tpam_json_destroy(json);
	return says ? 0 : look_malformed(look, "an error with a message");
}

static int32_t refuse_forbidden(
	const struct look *look, const struct tpam_http_answer *answer, const struct need *need)
{
	char got[GOT_MAX];

	if (body_says(answer, "suspended"))
		return look_end(look, TPAM_DENIED, TPAM_REASON_REVOKED,
			"a user who is not suspended", "one who is");
	if (tpam_http_header(answer, "X-GitHub-SSO", 0))
		return look_end(look, TPAM_DENIED, TPAM_REASON_MISSING_UPSTREAM_SCOPE,
			"a token that is authorized for single sign-on", "another");
	if (need)
		return look_lacks(look, need, got_status(got, answer));
	return look_end(look, TPAM_DENIED, TPAM_REASON_REJECTED, "a token that GitHub answers",
		got_status(got, answer));
}

int32_t look_status(
	const struct look *look, const struct tpam_http_answer *answer, const struct need *need)
{
	int32_t status = tpam_http_status(answer);
	int64_t seconds;
	char got[GOT_MAX];

	if (status == 200)
		return 0;
	int32_t outcome = look_limited(look, answer, &seconds);
	if (outcome == 0)
		outcome = look_is_githubs(look, answer);
	if (outcome != 0)
		return outcome;
	if (status == 401)
		return look_end(look, TPAM_INVALID, TPAM_REASON_INACTIVE,
			"a token that GitHub knows", got_status(got, answer));
	if (status == 403 || (status == 404 && need))
		return refuse_forbidden(look, answer, need);
	return look_loud(look, TPAM_REASON_MISCONFIGURED, "GitHub's API at api_url",
		got_status(got, answer));
}
