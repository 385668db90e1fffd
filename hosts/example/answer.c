/*
 * answer.c - turns a result into an HTTP answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
	return MHD_add_response_header(response, name, value) == MHD_YES;
}

/* What the client needs in order to come back with something better: challenges, and when. */
static bool add_remedies(struct MHD_Response *response, const struct tpam_result *result)
{
	const char *challenge;
	char seconds[24];

	for (size_t i = 0; (challenge = tpam_result_challenge(result, i)); i++)
		if (!add(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, challenge))
			return false;
	if (tpam_result_retry_after(result) <= 0)
		return true;
	(void)snprintf(
		seconds, sizeof(seconds), "%lld", (long long)tpam_result_retry_after(result));
	return add(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
}

enum MHD_Result answer(
	const struct exchange *exchange, int status, json_t *body, const struct tpam_result *result)
{
	char *text = body ? json_dumps(body, JSON_INDENT(2)) : NULL;
	struct MHD_Response *response = NULL;
	enum MHD_Result sent = MHD_NO;

	json_decref(body);
	if (text)
		response =
			MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
	if (text && !response)
		free(text);
	if (response && add(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json") &&
		add(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store") &&
		add(response, "X-Request-Id", exchange->id) &&
		(status != MHD_HTTP_METHOD_NOT_ALLOWED ||
			add(response, MHD_HTTP_HEADER_ALLOW, "GET")) &&
		(!result || add_remedies(response, result)))
		sent = MHD_queue_response(exchange->connection, (unsigned int)status, response);
	if (response)
		MHD_destroy_response(response);
	return sent;
}

enum MHD_Result refuse(const struct exchange *exchange, int status, const char *message,
	const struct tpam_result *result)
{
	return answer(exchange, status,
		json_pack("{s:s, s:s}", "message", message, "request_id", exchange->id), result);
}
