/*
 * http_hooks.h - what tests put in place of the world. Set before the first fetch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_HTTP_HOOKS_H
#define KIT_HTTP_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

struct http_hooks {
	int64_t (*clock)(void);     /* monotonic nanoseconds; NULL: the system's */
	struct curl_slist *resolve; /* as CURLOPT_RESOLVE */
	bool loopback_is_public;
};

extern struct http_hooks http_hooks;

/* Monotonic, in nanoseconds. */
int64_t http_clock(void);

/* After the clock was moved: the thread looks at it. */
void http_poke(void);

/* Ends the thread and all that is under way, and frees it: for those who look for leaks. */
void http_stop(void);

#endif
