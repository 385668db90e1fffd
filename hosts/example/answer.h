/*
 * answer.h - a request on its way, and how it is answered.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EXAMPLE_ANSWER_H
#define EXAMPLE_ANSWER_H

#include <jansson.h>

#include "server.h"

#define ID_SIZE 33

struct exchange {
	const struct server *server;
	struct MHD_Connection *connection;
	const char *tool;
	char id[ID_SIZE];
	struct tpam_request *request;
	int code; /* the first failure of filling the request */
};

/*
 * Answers with `body`, which it takes over, and with what the result has for the client: challenges, and when to come back.
 * An answer that cannot be made whole is none: the connection is closed. `result` may be NULL.
 */
enum MHD_Result answer(const struct exchange *exchange, int status, json_t *body,
	const struct tpam_result *result);

/* Answers with a sentence, and the id under which the log has what the client is not told. */
enum MHD_Result refuse(const struct exchange *exchange, int status, const char *message,
	const struct tpam_result *result);

#endif
