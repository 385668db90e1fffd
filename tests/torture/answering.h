/*
 * answering.h - upstreams without a network: the kit's functions that would ask them.
 *
 * For programs that export their functions, which then stand before the kit's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_TORTURE_ANSWERING_H
#define TESTS_TORTURE_ANSWERING_H

#include <stddef.h>
#include <stdint.h>

#define VISIBLE __attribute__((visibility("default")))

/* What is answered at an address, or in a step of that name; NULL: to everything. */
struct answer {
	const char *to;
	int32_t status;
	const char *body;
	const char *link, *scopes; /* Link and X-OAuth-Scopes; NULL: without */
	int64_t retry_after;       /* seconds; 0: without */
};

/* Has to stay as long as it is in use. What is asked for and not there ends the program. */
void answering_with(const struct answer *answers, size_t count);

/* How often something was asked. */
unsigned answering_count(void);

#endif
