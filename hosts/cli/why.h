/*
 * why.h - what 'tokenpam why' prints.
 *
 * Decisions are an array of objects with "file", "line", and the "record" of the audit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_WHY_H
#define CLI_WHY_H

#include <jansson.h>

/* Puts them in the order of their times. */
void why_sort(json_t *decisions);

void why_print(const json_t *decisions);

/* EXIT_ACCEPTED or EXIT_MISUSED. */
int why_print_json(const char *id, json_t *decisions);

#endif
