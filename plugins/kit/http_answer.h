/*
 * http_answer.h - what an upstream said.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_ANSWER_H
#define KIT_HTTP_ANSWER_H

#include <stdatomic.h>

#include <tokenpam/http.h>

#include "memory.h"

#define HTTP_HEADERS_MAX 65536

struct tpam_http_answer {
	atomic_uint refs;
	int32_t status;
	int64_t retry_after;
	struct buffer body;
	struct buffer headers; /* name, NUL, value, NUL, and so on */
};

struct tpam_http_answer *answer_create(uint64_t body_max);

/*
 * A line of the header block. One that is no header, or holds bytes that no text has, is left out.
 * False without memory or beyond the limit.
 */
bool answer_add_header(struct tpam_http_answer *answer, const char *line, size_t length);

/* Forgets all: another status line came. */
void answer_clear(struct tpam_http_answer *answer);

/*
 * Seconds that a Retry-After asks for (RFC 9110, section 10.2.3), at most an hour; -1 if it cannot
 * be read.
 */
int64_t retry_after_read(const char *value, int64_t wall);

#endif
