/*
 * sequence.c - compares two sequences by a longest common subsequence.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "sequence.h"

/* Cells of the table, 16 MiB of them. */
#define CELLS ((size_t)4 << 20)

/* The middle of both sequences, between what they begin and end with alike. */
struct middle {
	const void *const *left;
	const void *const *right;
	size_t left_count;
	size_t right_count;
};

static struct middle trim(
	const struct sequence *left, const struct sequence *right, equal_fn *equal)
{
	struct middle middle = {left->elements, right->elements, left->count, right->count};

	while (middle.left_count && middle.right_count && equal(middle.left[0], middle.right[0])) {
		middle.left++;
		middle.right++;
		middle.left_count--;
		middle.right_count--;
	}
	while (middle.left_count && middle.right_count &&
		equal(middle.left[middle.left_count - 1], middle.right[middle.right_count - 1])) {
		middle.left_count--;
		middle.right_count--;
	}
	return middle;
}

/* lengths[i * width + j]: of the longest common subsequence of left[i...] and right[j...]. */
static uint32_t *measure(const struct middle *middle, equal_fn *equal)
{
	size_t width = middle->right_count + 1;

	if (middle->left_count >= CELLS / width)
		return NULL;
	uint32_t *lengths = calloc((middle->left_count + 1) * width, sizeof(*lengths));
	if (!lengths)
		return NULL;
	for (size_t i = middle->left_count; i-- > 0;)
		for (size_t j = middle->right_count; j-- > 0;) {
			uint32_t *cell = &lengths[i * width + j];
			if (equal(middle->left[i], middle->right[j]))
				*cell = cell[width + 1] + 1;
			else
				*cell = cell[1] > cell[width] ? cell[1] : cell[width];
		}
	return lengths;
}

void sequence_compare(const struct sequence *left, const struct sequence *right, equal_fn *equal,
	change_fn *change, void *data)
{
	struct middle middle = trim(left, right, equal);
	size_t width = middle.right_count + 1, i = 0, j = 0;

	uint32_t *lengths = measure(&middle, equal);
	while (i < middle.left_count && j < middle.right_count && lengths) {
		if (equal(middle.left[i], middle.right[j])) {
			i++;
			j++;
		} else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
			change(data, SIDE_LEFT, middle.left[i++]);
		} else {
			change(data, SIDE_RIGHT, middle.right[j++]);
		}
	}
	while (i < middle.left_count)
		change(data, SIDE_LEFT, middle.left[i++]);
	while (j < middle.right_count)
		change(data, SIDE_RIGHT, middle.right[j++]);
	free(lengths);
}
