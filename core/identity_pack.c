/*
 * identity_pack.c - an identity as one piece of memory, and back.
 *
 * Field by field: its number, a count, then a number of eight bytes, or as many texts, each with its length and a NUL.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "identity_pack.h"

#include <string.h>

struct head {
	uint16_t field;
	uint16_t count;
};

static void pack_text(struct buffer *buffer, const char *text)
{
	uint32_t length = (uint32_t)strlen(text);

	buffer_append(buffer, (const char *)&length, sizeof(length));
	buffer_append(buffer, text, length + 1);
}

static void pack_field(struct buffer *buffer, const union field *field, int32_t number)
{
	enum field_kind kind = field_kind(number);
	struct head head = {(uint16_t)number, 1};

	if (kind == FIELD_LIST)
		head.count = (uint16_t)field->list.count;
	buffer_append(buffer, (const char *)&head, sizeof(head));
	if (kind == FIELD_NUMBER)
		buffer_append(buffer, (const char *)&field->number, sizeof(field->number));
	else if (kind != FIELD_LIST)
		pack_text(buffer, field->text);
	for (size_t i = 0; kind == FIELD_LIST && i < field->list.count; i++)
		pack_text(buffer, field->list.items[i]);
}

void identity_pack(struct buffer *buffer, const struct identity *identity)
{
	for (int32_t i = 1; i < FIELD_LIMIT; i++)
		if (identity_has(identity, i))
			pack_field(buffer, &identity->fields[i], i);
}

static const char *unpack_text(const char **at)
{
	const char *text = *at + sizeof(uint32_t);
	uint32_t length;

	memcpy(&length, *at, sizeof(length));
	*at = text + length + 1;
	return text;
}

static bool unpack_list(struct list *list, struct arena *arena, const char **at, size_t count)
{
	/* As many as a list that grew has, so that it can go on growing. */
	size_t capacity = 4;

	while (capacity < count + 1)
		capacity *= 2;
	char **items = arena_take(arena, capacity * sizeof(*items));
	if (!items)
		return false;
	for (size_t i = 0; i < count; i++)
		items[i] = (char *)(uintptr_t)unpack_text(at);
	items[count] = NULL;
	*list = (struct list){items, count};
	return true;
}

bool identity_unpack(struct identity *identity, const char *packed, size_t size)
{
	for (const char *at = packed; at < packed + size;) {
		struct head head;
		memcpy(&head, at, sizeof(head));
		at += sizeof(head);
		union field *field = &identity->fields[head.field];
		enum field_kind kind = field_kind(head.field);
		if (kind == FIELD_NUMBER) {
			memcpy(&field->number, at, sizeof(field->number));
			at += sizeof(field->number);
		} else if (kind == FIELD_LIST) {
			if (!unpack_list(&field->list, identity->arena, &at, head.count))
				return false;
		} else {
			field->text = unpack_text(&at);
		}
		identity->set |= UINT32_C(1) << head.field;
	}
	return true;
}
