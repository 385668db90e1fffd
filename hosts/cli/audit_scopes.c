/*
 * audit_scopes.c - which scopes an audit says were granted, and whether they were needed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "audit_scopes.h"

bool scopes_begin(struct scopes *scopes, const json_t *implies)
{
	*scopes = (struct scopes){.index = json_object(), .implies = implies};
	return scopes->index != NULL;
}

void scopes_finish(struct scopes *scopes)
{
	for (size_t i = 0; i < scopes->count; i++) {
		free(scopes->list[i].who);
		free(scopes->list[i].provider);
		free(scopes->list[i].scope);
	}
	free(scopes->list);
	json_decref(scopes->index);
	*scopes = (struct scopes){0};
}

/* Times of an audit are compared as text. */
static void widen(char first[SCOPES_TIME_SIZE], char last[SCOPES_TIME_SIZE], const char *time)
{
	if (!first[0] || strcmp(time, first) < 0)
		(void)snprintf(first, SCOPES_TIME_SIZE, "%s", time);
	if (strcmp(time, last) > 0)
		(void)snprintf(last, SCOPES_TIME_SIZE, "%s", time);
}

/* ---- Who has what ---- */

static bool grow(struct scopes *scopes)
{
	if (scopes->count < scopes->room)
		return true;
	size_t room = scopes->room ? 2 * scopes->room : 64;
	struct granted *list =
		scopes->count < SCOPES_MAX ? reallocarray(scopes->list, room, sizeof(*list)) : NULL;
	if (!list)
		return false;
	scopes->list = list;
	scopes->room = room;
	return true;
}

/* NULL without memory or room. */
static struct granted *add(struct scopes *scopes, const char *key,
	const struct audit_record *record, const char *who, const char *scope)
{
	struct granted granted = {.who = strdup(who),
		.provider = record->provider ? strdup(record->provider) : NULL,
		.scope = strdup(scope)};

	if (!granted.who || !granted.scope || (record->provider && !granted.provider) ||
		!grow(scopes) ||
		json_object_set_new(scopes->index, key, json_integer((json_int_t)scopes->count)) !=
			0) {
		free(granted.who);
		free(granted.provider);
		free(granted.scope);
		return NULL;
	}
	scopes->list[scopes->count] = granted;
	return &scopes->list[scopes->count++];
}

static const char *who_of(const struct audit_record *record)
{
	if (record->id)
		return record->id;
	return record->provider ? record->provider : "(nobody that the audit names)";
}

/* A line feed stands in no scope. */
static struct granted *find(
	struct scopes *scopes, const struct audit_record *record, const char *scope)
{
	const char *who = who_of(record);
	struct granted *granted;
	char *key = NULL;

	if (asprintf(&key, "%s\n%s", scope, who) < 0) {
		scopes->failed = true;
		return NULL;
	}
	const json_t *index = json_object_get(scopes->index, key);
	granted = index ? &scopes->list[json_integer_value(index)]
			: add(scopes, key, record, who, scope);
	scopes->failed |= !granted;
	free(key);
	return granted;
}

/* ---- What was needed ---- */

static bool is_implied(const json_t *implies, const char *broad, const char *narrow)
{
	json_t *pair;
	size_t i;

	json_array_foreach(implies, i, pair)
	{
		if (strcmp(json_string_value(json_array_get(pair, 0)), broad) == 0 &&
			strcmp(json_string_value(json_array_get(pair, 1)), narrow) == 0)
			return true;
	}
	return false;
}

static void need(struct scopes *scopes, const struct audit_record *record, const char *scope)
{
	struct granted *granted = find(scopes, record, scope);

	if (granted)
		granted->needed++;
}

/* One scope that the operation requires: met by itself, else by what implies it. */
static void want(struct scopes *scopes, const struct audit_record *record, const char *wanted)
{
	bool met = false;
	json_t *element;
	size_t i;

	if (audit_list_has(record->granted, wanted)) {
		need(scopes, record, wanted);
		return;
	}
	json_array_foreach(record->granted, i, element)
	{
		if (!is_implied(scopes->implies, json_string_value(element), wanted))
			continue;
		need(scopes, record, json_string_value(element));
		met = true;
	}
	if (!met && !audit_list_has(record->missing, wanted))
		scopes->unclear++;
}

void scopes_add(struct scopes *scopes, const struct audit_record *record)
{
	json_t *element;
	size_t i;

	if (!record->granted)
		return;
	scopes->records++;
	scopes->wants += record->needed != NULL;
	widen(scopes->first, scopes->last, record->time);
	json_array_foreach(record->granted, i, element)
	{
		struct granted *granted = find(scopes, record, json_string_value(element));
		if (!granted)
			return;
		granted->times++;
		widen(granted->first, granted->last, record->time);
	}
	json_array_foreach(record->needed, i, element)
	{
		want(scopes, record, json_string_value(element));
	}
}

static int compare(const void *left, const void *right)
{
	const struct granted *one = left, *other = right;
	int order = strcmp(one->who, other->who);

	return order ? order : strcmp(one->scope, other->scope);
}

void scopes_sort(struct scopes *scopes)
{
	json_object_clear(scopes->index);
	if (scopes->count > 0)
		qsort(scopes->list, scopes->count, sizeof(*scopes->list), compare);
}
