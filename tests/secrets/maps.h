/*
 * maps.h - what of this process a core dump would have, and whether something stands there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_SECRETS_MAPS_H
#define TESTS_SECRETS_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Memory of the test's own, zeroed, in which no search looks and which no dump has; for good. */
void *maps_hidden(size_t size);

/* What is looked for, in hidden memory, and whether a part of it was found: where dumps reach, and anywhere at all. */
struct sought {
	const char *name;
	const char *bytes;
	size_t length;
	bool dumped;
	bool present;
};

/* Looks at all memory of the process. Ends the test where it cannot. */
void maps_search(struct sought *list, size_t count);

/* Of the mapping around an address, by the kernel's flags; false for all where there is none. */
struct maps_flags {
	bool kept_out; /* of dumps */
	bool locked;
};
struct maps_flags maps_flags(const void *address);

#endif
