/*
 * lacking.h - a configuration that is opened, and a token that is decided about, while the n-th allocation fails: nothing
 * lost, nobody let in.
 *
 * For programs with allocations.c, between sandbox_begin() and sandbox_end().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_TORTURE_LACKING_H
#define TESTS_TORTURE_LACKING_H

#include <stdint.h>

/* Loads and wires up all that a library makes once and keeps, then counts: before all else. */
void lacking_begin(const char *ini);

void lacking_opens(const char *ini);

/* About a value of Authorization for the service "notes": `outcome` once there is memory enough, a refusal before. */
void lacking_decides(const char *ini, const char *authorization, int32_t outcome);

/* The last statement of main(): what was found, and whether what else the program looked at was `fine`. */
int lacking_end(int fine);

#endif
