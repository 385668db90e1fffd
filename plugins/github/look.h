/*
 * look.h - one look at a token: what GitHub is asked with it, and what an answer means that is not 200.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_LOOK_H
#define GITHUB_LOOK_H

#include "config.h"

#define LOOK_HEADERS 4

struct look {
	struct github *github;
	const struct tpam_host *host;
	struct tpam_call *call;
	enum kind kind;
	const char *token; /* of nothing but what kind_is_whole() lets through */
	char *bearer;
	struct tpam_http_header headers[LOOK_HEADERS];
};

/* What a token needs to be answered. */
struct need {
	const char *scope;      /* of a classic token */
	const char *permission; /* of the others */
};

/* 0, or the outcome. To be finished in any case. */
int32_t look_begin(struct look *ret, struct github *github, struct tpam_call *call, enum kind kind,
	const char *token);
void look_finish(struct look *look);

/* A GET with the token. It points into the look. */
struct tpam_http_request look_request(const struct look *look, const char *url);

/* How looks end. What is our own fault, or GitHub's way of being asked, is logged. */
int32_t look_end(const struct look *look, int32_t outcome, int32_t reason, const char *expected,
	const char *got);
int32_t look_loud(const struct look *look, int32_t reason, const char *expected, const char *got);
int32_t look_malformed(const struct look *look, const char *expected);
int32_t look_failed(const struct look *look, const struct tpam_http_failure *failure);
int32_t look_no_memory(const struct look *look);
int32_t look_lacks(const struct look *look, const struct need *need, const char *got);

/*
 * What the status of an answer says of the token that it was asked with: 0 for 200, else the outcome. need:
 * NULL where every token is answered.
 */
int32_t look_status(
	const struct look *look, const struct tpam_http_answer *answer, const struct need *need);

/* The answer says to wait: the outcome, and how long; else 0. */
int32_t look_limited(
	const struct look *look, const struct tpam_http_answer *answer, int64_t *ret_seconds);

/* The answer is an error of GitHub's, and not of whoever stands in between. 0, or the outcome. */
int32_t look_is_githubs(const struct look *look, const struct tpam_http_answer *answer);

/* The body of an answer. 0, or the outcome. */
int32_t look_read(
	const struct look *look, const struct tpam_http_answer *answer, struct tpam_json **ret);

#endif
