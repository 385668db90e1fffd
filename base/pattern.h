/*
 * pattern.h - whether one pattern of text_glob() covers another; text_globs_meet() tells whether they meet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* Of longer patterns nothing is found out. */
#define PATTERN_MAX 1024

/* True only if `broad` matches every text that `narrow` matches; false also where that is not easily seen. */
bool pattern_covers(const char *broad, const char *narrow);

#endif
