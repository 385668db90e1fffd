/*
 * lists.c - what is looked up of a user: profile, e-mail addresses, organizations, teams, page by page.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "sources.h"

#define PAGE_SIZE 100
#define PAGES_MAX 10 /* of a list, so that it has 1,000 elements at most */
#define STEP_MAX  32

/* All lists at once: where each goes on. */
struct reading {
	char *next[SOURCES]; /* NULL: nothing is left */
	unsigned page;       /* the same of all */
};

static void reading_finish(struct reading *reading)
{
	for (size_t i = 0; i < SOURCES; i++)
		free(reading->next[i]);
	*reading = (struct reading){0};
}

static int32_t too_many(const struct look *look, const struct source *source)
{
	char expected[64];

	(void)snprintf(expected, sizeof(expected), "at most %d %s of a user", PAGE_SIZE * PAGES_MAX,
		source->what);
	return look_loud(look, TPAM_REASON_MISCONFIGURED, expected, "more");
}

/*
 * Where the next page is. Links lead where GitHub says, but the token goes nowhere but to the API. A full page
 * may have another behind it even without a link: one that is confirmed by 304 has the link that it had.
 */
static int32_t find_next(const struct look *look, const struct source *source,
	const struct tpam_http_answer *answer, size_t count, unsigned page, char **ret)
{
	const char *api = look->github->api;
	size_t length = 0;
	const char *next = address_of_next(tpam_http_header(answer, "Link", 0), &length);

	if (!next && (count < PAGE_SIZE || page >= PAGES_MAX))
		return 0;
	if (page >= PAGES_MAX)
		return too_many(look, source);
	if (next && !address_is_below(api, next, length))
		return look_malformed(look, "a next page at the same API");
	*ret = next ? strndup(next, length)
		    : address_format("%s%s&page=%u", api, source->path, page + 1);
	return *ret ? 0 : look_no_memory(look);
}

static int32_t take_page(const struct look *look, struct person *person,
	const struct source *source, const struct tpam_json *json, size_t *ret_count)
{
	const struct tpam_json_value *list = tpam_json_root(json);
	int32_t outcome = 0;

	if (!tpam_json_is(list, TPAM_JSON_LIST))
		return look_malformed(look, "a list");
	for (const struct tpam_json_value *at = tpam_json_first(json, list); at && outcome == 0;
		at = tpam_json_next(json, list, at), (*ret_count)++)
		outcome = source->take(look, person, json, at);
	return outcome;
}

static int32_t read_page(const struct look *look, struct person *person,
	const struct source *source, const struct tpam_http_answer *answer, unsigned page,
	char **ret_next)
{
	struct tpam_json *json = NULL;
	size_t count = 0;

	int32_t outcome = look_status(look, answer, source->take ? &source->need : NULL);
	if (outcome != 0)
		return outcome;
	if (!source->take)
		return person_read_profile(look, person, answer);
	outcome = look_read(look, answer, &json);
	if (outcome == 0)
		outcome = take_page(look, person, source, json, &count);
	if (outcome == 0)
		outcome = find_next(look, source, answer, count, page, ret_next);
	tpam_json_destroy(json);
	if (tpam_http_header(answer, "X-GitHub-SSO", 0))
		person->hidden = true;
	return outcome;
}

/* What came of one page of each list; `next` takes the place of where they were. */
static int32_t read_pages(const struct look *look, struct person *person, struct reading *reading,
	const struct tpam_http_result *results)
{
	struct reading next = {.page = reading->page + 1};
	int32_t outcome = 0;
	size_t at = 0;

	for (size_t i = 0; i < SOURCES && outcome == 0; i++) {
		if (!reading->next[i])
			continue;
		const struct tpam_http_result *result = &results[at++];
		outcome = result->failure ? look_failed(look, result->failure)
					  : read_page(look, person, &sources[i], result->answer,
						    next.page, &next.next[i]);
	}
	reading_finish(reading);
	*reading = next;
	return outcome;
}

/* One page of each list that goes on. */
static int32_t fetch_pages(
	const struct look *look, struct person *person, struct reading *reading, size_t count)
{
	const struct github *github = look->github;
	struct tpam_http_request requests[SOURCES];
	struct tpam_http_result results[SOURCES];
	char step[STEP_MAX];
	size_t at = 0;

	for (size_t i = 0; i < SOURCES; i++)
		if (reading->next[i])
			requests[at++] = look_request(look, reading->next[i]);
	(void)snprintf(step, sizeof(step), "page %u", reading->page);
	int code = tpam_http_fetch_all(github->http, github->host, github->instance, look->call,
		step, requests, count, results);
	if (code == TPAM_PENDING)
		return TPAM_PENDING;
	return code == TPAM_OK ? read_pages(look, person, reading, results) : look_no_memory(look);
}

/* What is wanted, and the token is known not to be answered, need not be asked for. */
static int32_t begin(const struct look *look, const struct person *person, struct reading *reading)
{
	for (size_t i = 0; i < SOURCES; i++) {
		const struct source *source = &sources[i];
		if (!source->wanted(look))
			continue;
		if (source->take && person->scopes_known &&
			!names_has(&person->scopes, source->need.scope))
			return look_lacks(look, &source->need, "a token without it");
		reading->next[i] = address_format("%s%s", look->github->api, source->path);
		if (!reading->next[i])
			return look_no_memory(look);
	}
	return 0;
}

static size_t count_next(const struct reading *reading)
{
	size_t count = 0;

	for (size_t i = 0; i < SOURCES; i++)
		count += reading->next[i] != NULL;
	return count;
}

int32_t person_look_up(const struct look *look, struct person *person)
{
	struct reading reading = {0};
	size_t count;

	int32_t outcome = begin(look, person, &reading);
	while (outcome == 0 && (count = count_next(&reading)) > 0)
		outcome = fetch_pages(look, person, &reading, count);
	reading_finish(&reading);
	if (outcome == 0 && person->hidden)
		look->host->trace(look->call,
			"GitHub left out organizations for which the token is not authorized by "
			"single sign-on");
	return outcome;
}
