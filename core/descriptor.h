/*
 * descriptor.h - what the two halves of the descriptor's check share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_DESCRIPTOR_H
#define CORE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/provider.h>

#include "report.h"

#define DESCRIPTOR_SIZE_MAX  4096
#define DESCRIPTOR_WORDS_MAX 64 /* of a list of words */

struct check {
	const struct tpam_provider *provider;
	const char *path;
	struct place at;
	struct tpam_report *report;
	bool failed;    /* something was reported */
	bool no_memory; /* something could not be checked */
};

/* Reports what breaks the contract, with the plugin's path in front. */
void check_fault(struct check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* At least as large as in the first version, and without a tail that padding could hide in. */
bool check_size(uint32_t size, uint32_t first);

/* Unknown bits are a mistake, unless the plugin was made for a newer loader. */
bool check_bits(const struct check *check, uint64_t bits, uint64_t known);

/* One line of UTF-8, not empty and of a sensible length; NULL is none. */
bool check_line(const char *text);

/* Length of a NULL-terminated list, counted to one beyond `maximum`; NULL has 0. */
size_t check_count(const char *const *words, size_t maximum);

/* descriptor_options.c: every option of the table. */
void check_options(struct check *check);

#endif
