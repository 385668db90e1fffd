/*
 * http_target.h - may a URL be fetched, and which addresses may answer for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_TARGET_H
#define KIT_HTTP_TARGET_H

#include <stdbool.h>

#include <tokenpam/http.h>

#include "url.h"

enum http_addresses {
	HTTP_PUBLIC,   /* learnt from the network */
	HTTP_LOOPBACK, /* http: the name must not lead elsewhere */
	HTTP_ANY       /* named by the configuration */
};

#define HTTP_ORIGIN 300 /* scheme, name of 253, port */

struct http_target {
	char origin[HTTP_ORIGIN]; /* https://host:443, in lower case */
	enum http_addresses addresses;
	bool plain;
	bool proxied;
};

/* TPAM_OK, TPAM_E_MEMORY, or TPAM_E_CONFIG with `fault`. */
int http_target_judge(struct http_target *ret, const struct tpam_http *http, const char *url,
	const char *configured, struct tpam_fault *fault);

/* The host of a URL that came in, for messages; "somewhere" if it has none. */
void http_target_host(char *ret, size_t size, const char *url);

#endif
