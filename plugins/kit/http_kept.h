/*
 * http_kept.h - answers that an upstream may be asked to confirm instead of giving them again.
 *
 * RFC 9110, sections 8.8.3, 13.1.2 and 15.4.5; RFC 9111, sections 3.2 and 4.3. The engine's thread alone looks here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_KEPT_H
#define KIT_HTTP_KEPT_H

#include <sys/queue.h>

#include "http_answer.h"
#include "http_request.h"

#define KEPT_BUCKETS 256

struct kept {
	TAILQ_ENTRY(kept) bucket;
	TAILQ_ENTRY(kept) age;
	unsigned char digest[HTTP_DIGEST]; /* of the request */
	struct tpam_http_answer *answer;
	size_t bytes;
	int64_t used;
};

TAILQ_HEAD(kept_list, kept);

struct kept_table {
	struct kept_list buckets[KEPT_BUCKETS];
	struct kept_list ages; /* who was used last comes first */
	size_t count;
	size_t bytes;
};

void kept_init(struct kept_table *table);
void kept_finish(struct kept_table *table);

/* The answer to such a request, another owner of it; NULL if none is kept. */
struct tpam_http_answer *kept_find(
	struct kept_table *table, const struct request *request, int64_t now);

/*
 * A whole answer that the caller is to see: one of status 200 replaces what is kept, or, where it may not be
 * kept, ends it, and so does one that says that there is nothing any more.
 */
void kept_learn(struct kept_table *table, const struct request *request,
	struct tpam_http_answer *answer, int64_t now);

/* What asks for confirmation; NULL where the answer has nothing that could be confirmed. */
const char *kept_tag(const struct tpam_http_answer *answer);

/*
 * The kept answer as it is confirmed by a 304: what that brings replaces headers of the same name. NULL
 * without memory.
 */
struct tpam_http_answer *kept_confirm(
	const struct tpam_http_answer *kept, const struct tpam_http_answer *said);

/* The kept answer has a header that the request wants anew, and the 304 does not bring it. */
bool kept_lacks(const struct request *request, const struct tpam_http_answer *kept,
	const struct tpam_http_answer *said);

#endif
