/*
 * check.h - what a unit test needs: CHECK(condition) and a closing line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned check_passed, check_failed;

static inline void check_count(int ok, const char *file, int line, const char *what)
{
	if (ok) {
		check_passed++;
		return;
	}
	check_failed++;
	fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
}

static inline void check_same(const char *got, const char *expected, const char *file, int line)
{
	if (got && expected ? strcmp(got, expected) == 0 : got == expected) {
		check_passed++;
		return;
	}
	check_failed++;
	fprintf(stderr, "%s:%d: got \"%s\", expected \"%s\"\n", file, line, got ? got : "(null)",
		expected ? expected : "(null)");
}

#define CHECK(condition)          check_count(!!(condition), __FILE__, __LINE__, #condition)
#define CHECK_TEXT(got, expected) check_same((got), (expected), __FILE__, __LINE__)

/* The last statement of main(). */
static inline int check_end(void)
{
	printf("%u passed, %u failed\n", check_passed, check_failed);
	return check_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
