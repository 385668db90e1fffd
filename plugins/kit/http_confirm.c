/*
 * http_confirm.c - a transfer that asks whether a known answer still holds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "http_failure.h"
#include "http_kept.h"
#include "http_transfer.h"
#include "memory.h"

#define NOT_MODIFIED 304

void transfer_know(struct transfer *transfer, struct tpam_http_answer *known)
{
	tpam_http_answer_unref(transfer->known);
	free(transfer->condition.data);
	transfer->known = known;
	transfer->condition = (struct curl_slist){0};
}

struct curl_slist *transfer_headers(struct transfer *transfer)
{
	if (!transfer->known)
		return transfer->request->headers;
	free(transfer->condition.data);
	transfer->condition.data = text_format("If-None-Match: %s", kept_tag(transfer->known));
	transfer->condition.next = transfer->request->headers;
	return transfer->condition.data ? &transfer->condition : NULL;
}

static bool is_confirmed(const struct transfer *transfer)
{
	return transfer->known && transfer->answer && transfer->answer->status == NOT_MODIFIED;
}

bool transfer_must_ask_again(const struct transfer *transfer)
{
	return is_confirmed(transfer) &&
	       kept_lacks(transfer->request, transfer->known, transfer->answer);
}

/* Puts what was known in the place of what confirms it; it was judged when it came. */
static bool confirm(struct transfer *transfer, struct tpam_http_failure *failure)
{
	struct tpam_http_answer *answer = kept_confirm(transfer->known, transfer->answer);

	if (!answer)
		return (void)failure_no_memory(failure), false;
	tpam_http_answer_unref(transfer->answer);
	transfer->answer = answer;
	return true;
}

bool transfer_judge(struct transfer *transfer, struct tpam_http_failure *failure)
{
	if (transfer_must_ask_again(transfer)) {
		(void)failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED,
			"HTTP 200", "HTTP 304");
		return false;
	}
	if (is_confirmed(transfer))
		return confirm(transfer, failure);
	return answer_judge(transfer->answer, transfer->request, failure);
}
