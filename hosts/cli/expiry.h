/*
 * expiry.h - times as people give them to --expires and --lifetime.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_EXPIRY_H
#define CLI_EXPIRY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * "2027-01-01T00:00:00Z", or a duration from `now` with unit s, m, h or d: "30d". Seconds since 1970, before the year
 * 10000. False if the text is neither.
 */
bool expiry_parse(const char *text, int64_t now, int64_t *ret_seconds);

/* The duration alone, in seconds. */
bool duration_parse(const char *text, int64_t *ret_seconds);

#endif
