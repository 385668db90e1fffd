/*
 * address.h - where an API of GitHub's is, and what lies there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_ADDRESS_H
#define GITHUB_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

/* To be freed; NULL without memory. */
char *address_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The address as GitHub writes it in links: scheme and host in small letters, no port that goes without
 * saying, no slash at the end. To be freed; NULL without memory.
 */
char *address_of_api(const char *url);

/*
 * The GitHub that an API is of: https://github.com, https://HOST, https://SUBDOMAIN.ghe.com. To be freed;
 * NULL without memory, or where that cannot be told: *ret_known is false then.
 */
char *address_of_issuer(const char *api, bool *ret_known);

/* The link to the next page in a header Link (RFC 8288), and its length; NULL if there is none. */
const char *address_of_next(const char *link, size_t *ret_length);

/* A link leads to somewhere below an API. */
bool address_is_below(const char *api, const char *url, size_t length);

/* A segment of a path, escaped. To be freed; NULL without memory. */
char *address_segment(const char *text);

#endif
