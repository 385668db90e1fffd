/*
 * moment.h - a time that is written as text (RFC 3339).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds since 1970, which a time with an offset to UTC may be before; fractions are cut. False where it is none. */
bool moment_read(const char *text, int64_t *ret);

/* YYYY-MM-DD: when that day begins in UTC. */
bool moment_read_day(const char *text, int64_t *ret);

/* The time in UTC, "2026-12-01T00:00:00Z"; returns the buffer. */
#define MOMENT_TEXT_SIZE 80
const char *moment_text(char buffer[MOMENT_TEXT_SIZE], int64_t seconds);

#endif
