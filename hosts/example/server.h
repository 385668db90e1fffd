/*
 * server.h - the server, and what it does with a request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef EXAMPLE_SERVER_H
#define EXAMPLE_SERVER_H

#include <microhttpd.h>

#include <tokenpam/tokenpam.h>

struct server {
	struct tpam_engine *engine;
	char base[64]; /* the URL that clients see, without a path */
};

/* What libmicrohttpd calls, in any of its threads, when the headers of a request are there and when all of it is; `data` is the server. */
enum MHD_Result handle(void *data, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *upload, size_t *upload_size,
	void **state);

#endif
