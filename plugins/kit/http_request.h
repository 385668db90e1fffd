/*
 * http_request.h - what is asked, copied and checked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_REQUEST_H
#define KIT_HTTP_REQUEST_H

#include <curl/curl.h>

#include <tokenpam/http.h>

#include "http_client.h"
#include "http_target.h"
#include "list.h"

#define HTTP_STATUSES_MAX 16

struct request {
	struct http_target target;
	char *method;
	char *url;
	struct curl_slist *headers;
	char *body; /* NULL: none */
	size_t body_length;
	struct list types;
	struct list anew;
	int32_t statuses[HTTP_STATUSES_MAX + 1];
	uint64_t body_max;
	uint32_t flags;
	bool shared;
	unsigned char digest[HTTP_DIGEST]; /* of a shared one */
	unsigned char upstream[HTTP_DIGEST];
};

/* NULL with `failure`; *ret_code then says which code a fetch returns. */
struct request *request_create(const struct tpam_http *http, const struct tpam_http_request *from,
	struct tpam_http_failure *failure, int *ret_code);
void request_destroy(struct request *request);

/* The caller listed the status. */
bool request_wants(const struct request *request, int32_t status);

#endif
