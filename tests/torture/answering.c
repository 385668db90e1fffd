/*
 * answering.c - upstreams without a network: the kit's functions that would ask them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <tokenpam/http.h>
#include <tokenpam/provider.h>

#include "answering.h"

static const struct answer *answers;
static size_t answer_count;
static unsigned asked;

void answering_with(const struct answer *table, size_t count)
{
	answers = table;
	answer_count = count;
}

unsigned answering_count(void)
{
	return asked;
}

/* The pointer to an answer of the kit's is one to ours. */
static const struct tpam_http_answer *answer_to(
	const char *step, const struct tpam_http_request *request)
{
	asked++;
	for (size_t i = 0; i < answer_count; i++) {
		const char *to = answers[i].to;
		if (!to || strcmp(to, step) == 0 || strcmp(to, request->url) == 0)
			return (const struct tpam_http_answer *)(const void *)&answers[i];
	}
	fprintf(stderr, "nothing is said at %s\n", request->url);
	abort();
}

static const struct answer *ours(const struct tpam_http_answer *answer)
{
	return (const struct answer *)(const void *)answer;
}

VISIBLE int tpam_http_fetch(struct tpam_http *http, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *step,
	const struct tpam_http_request *request, const struct tpam_http_answer **ret,
	struct tpam_http_failure *failure)
{
	(void)http;
	(void)host;
	(void)instance;
	(void)call;
	(void)failure;
	*ret = answer_to(step, request);
	return TPAM_OK;
}

VISIBLE int tpam_http_fetch_all(struct tpam_http *http, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *step,
	const struct tpam_http_request *requests, size_t count, struct tpam_http_result *ret)
{
	(void)http;
	(void)host;
	(void)instance;
	(void)call;
	for (size_t i = 0; i < count; i++)
		ret[i] = (struct tpam_http_result){answer_to(step, &requests[i]), NULL};
	return TPAM_OK;
}

VISIBLE int32_t tpam_http_status(const struct tpam_http_answer *answer)
{
	return ours(answer)->status;
}

VISIBLE int64_t tpam_http_retry_after(const struct tpam_http_answer *answer)
{
	return ours(answer)->retry_after > 0 ? ours(answer)->retry_after : -1;
}

VISIBLE const char *tpam_http_header(
	const struct tpam_http_answer *answer, const char *name, uint32_t index)
{
	if (index > 0)
		return NULL;
	if (strcasecmp(name, "Link") == 0)
		return ours(answer)->link;
	return strcasecmp(name, "X-OAuth-Scopes") == 0 ? ours(answer)->scopes : NULL;
}

VISIBLE const char *tpam_http_body(const struct tpam_http_answer *answer, uint64_t *ret_length)
{
	*ret_length = strlen(ours(answer)->body);
	return ours(answer)->body;
}
