/*
 * moment.h - times in words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H

#include <stdint.h>

/* "59 min", "3 days": a duration, cut to its unit. */
#define SPAN_SIZE 40
const char *span_text(char buffer[SPAN_SIZE], int64_t seconds);

/* "expired 3 days ago", "valid for 59 min": what a claim that is a time comes to at `now`; NULL for other claims. */
#define MOMENT_SIZE (SPAN_SIZE + 32)
const char *moment_text(char buffer[MOMENT_SIZE], const char *claim, int64_t time, int64_t now);

#endif
