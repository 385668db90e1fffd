/*
 * sequence.h - what two sequences have that the other has not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_SEQUENCE_H
#define CLI_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>

enum side { SIDE_LEFT, SIDE_RIGHT };

struct sequence {
	const void **elements;
	size_t count;
};

typedef bool equal_fn(const void *left, const void *right);
typedef void change_fn(void *data, enum side side, const void *element);

/*
 * Calls `change` for each element outside a longest common subsequence, in order. Where that would take too much memory
 * the differing middle is reported whole.
 */
void sequence_compare(const struct sequence *left, const struct sequence *right, equal_fn *equal,
	change_fn *change, void *data);

#endif
