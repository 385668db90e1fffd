/*
 * sample.h - a name that a pattern means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_SAMPLE_H
#define CLI_SAMPLE_H

#include <stdbool.h>

#include <jansson.h>

/* Patterns as in a configuration: `*` is any run of bytes, `?` one byte. */
bool sample_matches(const char *pattern, const char *text);

/*
 * A name that the pattern matches, and of all patterns among the keys of `others` if possible only those that mean more
 * than it. To be freed. Without memory the program ends.
 */
char *sample_of(const char *pattern, json_t *others);

#endif
