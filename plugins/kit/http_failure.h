/*
 * http_failure.h - what a fetch that failed means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_FAILURE_H
#define KIT_HTTP_FAILURE_H

#include <tokenpam/http.h>

#include "http_answer.h"
#include "http_request.h"

/* All set, retry_after unknown. Returns TPAM_E_SYSTEM. */
int failure_set(struct tpam_http_failure *failure, int32_t outcome, int32_t reason,
	const char *expected, const char *got);

int failure_no_memory(struct tpam_http_failure *failure);
int failure_deadline(struct tpam_http_failure *failure);
int failure_busy(struct tpam_http_failure *failure);

/* Judges a whole answer: status, type, JSON. True if the caller is to see it; else `failure`. */
bool answer_judge(const struct tpam_http_answer *answer, const struct request *request,
	struct tpam_http_failure *failure);

/* The failure says that the upstream is in trouble. */
bool failure_blames(const struct tpam_http_failure *failure);

#endif
