/*
 * http_client.h - how an upstream is talked to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_CLIENT_H
#define KIT_HTTP_CLIENT_H

#include <stdatomic.h>

#include <tokenpam/http.h>

#define HTTP_DIGEST 32 /* SHA-256 */

#define MILLISECOND INT64_C(1000000)
#define SECOND      INT64_C(1000000000)

struct tpam_http {
	atomic_uint refs;
	unsigned char digest[HTTP_DIGEST]; /* of what tells connections apart */
	char *ca;
	char *certificate;
	char *key;
	char *proxy;
	char *proxy_credentials;
	int64_t connect_timeout; /* milliseconds */
	int64_t timeout;
	uint64_t body_max;
	uint32_t transfers;
	uint32_t flags;
};

struct http_part {
	const void *bytes;
	uint64_t length;
};

/* The digest of all parts, each with its length, NULL apart from "". False without memory. */
bool http_digest(unsigned char ret[HTTP_DIGEST], const struct http_part *parts, size_t count);

#endif
