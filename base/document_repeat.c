/*
 * document_repeat.c - whether an object has a member twice.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "document_text.h"

#define FEW_MEMBERS 32 /* more are sorted */
#define MARKS       256

static bool same_name(const struct json_value *a, const struct json_value *b)
{
	return a->name_length == b->name_length && memcmp(a->name, b->name, a->name_length) == 0;
}

static int by_name(const void *left, const void *right)
{
	const struct json_value *a = *(const struct json_value *const *)left;
	const struct json_value *b = *(const struct json_value *const *)right;

	if (a->name_length != b->name_length)
		return a->name_length < b->name_length ? -1 : 1;
	return memcmp(a->name, b->name, a->name_length);
}

/* Is there one of the same name before it? */
static bool stands_before(const struct document *document, const struct json_value *object,
	const struct json_value *member)
{
	const struct json_value *other = document_first(document, object);

	for (; other != member; other = document_next(document, object, other))
		if (same_name(other, member))
			return true;
	return false;
}

/* Only where another had the same mark are names compared. */
static bool few_repeat(const struct document *document, const struct json_value *object)
{
	const struct json_value *member = document_first(document, object);
	uint64_t seen[MARKS / 64] = {0};

	for (; member; member = document_next(document, object, member)) {
		unsigned mark = member->name_length * 41 + (unsigned char)member->name[0] * 7;
		if (member->name_length > 0)
			mark += (unsigned char)member->name[member->name_length - 1] * 13;
		uint64_t bit = UINT64_C(1) << mark % 64;
		if ((seen[mark % MARKS / 64] & bit) && stands_before(document, object, member))
			return true;
		seen[mark % MARKS / 64] |= bit;
	}
	return false;
}

static enum document_code many_repeat(
	const struct document *document, const struct json_value *object)
{
	const struct json_value **list = malloc(object->length * sizeof(*list));
	const struct json_value *member = document_first(document, object);
	bool repeated = false;

	if (!list)
		return DOCUMENT_NO_MEMORY;
	for (size_t i = 0; member; i++) {
		list[i] = member;
		member = document_next(document, object, member);
	}
	qsort(list, object->length, sizeof(*list), by_name);
	for (size_t i = 1; i < object->length && !repeated; i++)
		repeated = same_name(list[i - 1], list[i]);
	free(list);
	return repeated ? DOCUMENT_BAD : DOCUMENT_FINE;
}

enum document_code document_repeats(
	const struct document *document, const struct json_value *object)
{
	if (object->length > FEW_MEMBERS)
		return many_repeat(document, object);
	return few_repeat(document, object) ? DOCUMENT_BAD : DOCUMENT_FINE;
}
