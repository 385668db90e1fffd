/*
 * upstream.h - what test programs ask of server.py.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_HTTP_UPSTREAM_H
#define TESTS_HTTP_UPSTREAM_H

#include <stdio.h>

#include <jansson.h>

#include "check.h"
#include "fakehost.h"
#include "http_hooks.h"

static const char *upstream_port;

static inline const char *url_of(char *ret, const char *path)
{
	snprintf(ret, 100, "http://127.0.0.1:%s%s", upstream_port, path);
	return ret;
}

/* One fetch in a call of its own. The code, and the failure if it is one. */
static inline int ask(
	struct tpam_http *http, const char *path, struct tpam_http_failure *failure, json_t **ret)
{
	char url[100];
	const struct tpam_http_answer *answer;
	struct tpam_call call = {.async = true};
	const struct tpam_http_request request = {
		.url = url_of(url, path), .configured = url, .flags = TPAM_HTTP_JSON};

	int code = fake_fetch(&call, http, "step", &request, &answer, failure);
	if (code == TPAM_OK && ret) {
		uint64_t length;
		const char *body = tpam_http_body(answer, &length);
		*ret = json_loadb(body, (size_t)length, 0, NULL);
	}
	fake_end(&call);
	return code;
}

static inline struct tpam_http *client(int64_t timeout)
{
	struct tpam_http *http = NULL;
	struct tpam_fault fault;
	const struct tpam_http_options options = {.timeout = timeout};

	CHECK(tpam_http_create(&http, &options, &fault) == TPAM_OK);
	return http;
}

/* How many requests for a path have come, and how many stand at its gate ("waiting"). */
static inline long long upstream_count(struct tpam_http *http, const char *path)
{
	struct tpam_http_failure failure;
	json_t *seen = NULL;

	CHECK(ask(http, "/counts", &failure, &seen) == TPAM_OK);
	json_t *of = path ? json_object_get(json_object_get(seen, "counts"), path)
			  : json_object_get(seen, "waiting");
	long long count = json_integer_value(of);
	json_decref(seen);
	return count;
}

static inline void wait_at_gate(struct tpam_http *http, long long count)
{
	while (upstream_count(http, NULL) != count)
		;
}

static inline void open_gate(struct tpam_http *http)
{
	struct tpam_http_failure failure;

	CHECK(ask(http, "/open", &failure, NULL) == TPAM_OK);
}

#endif
