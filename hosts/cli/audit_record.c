/*
 * audit_record.c - what a record of an audit may have, and must.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>
#include <string.h>

#include "audit_read.h"
#include "cli.h"

#define TIME_FORM "dddd-dd-ddTdd:dd:dd.ddddddZ"

/* ---- What it may have ---- */

enum kind { TEXT, NUMBER, BOOLEAN, TEXTS, OBJECT };

static const char *const kind_names[] = {
	[TEXT] = "text",
	[NUMBER] = "an integer",
	[BOOLEAN] = "true or false",
	[TEXTS] = "a list of texts",
	[OBJECT] = "an object",
};

struct member {
	const char *name;
	enum kind kind;
	size_t offset;
};

#define MEMBER(name, kind)                                                                         \
	{                                                                                          \
#name, kind, offsetof(struct audit_record, name)                                   \
	}
#define MEMBER_AS(name, kind, field)                                                               \
	{                                                                                          \
		name, kind, offsetof(struct audit_record, field)                                   \
	}

static const struct member members[] = {
	MEMBER(time, TEXT),
	MEMBER(event, TEXT),
	MEMBER(outcome, TEXT),
	MEMBER(request_id, TEXT),
	MEMBER(service, TEXT),
	MEMBER(tool, TEXT),
	MEMBER(requested_tenant, TEXT),
	MEMBER(address, TEXT),
	MEMBER(reason, TEXT),
	MEMBER(provider, TEXT),
	MEMBER(rule, TEXT),
	MEMBER(expected, TEXT),
	MEMBER(got, TEXT),
	MEMBER(id, TEXT),
	MEMBER(issuer, TEXT),
	MEMBER(subject, TEXT),
	MEMBER(username, TEXT),
	MEMBER(email, TEXT),
	MEMBER(client, TEXT),
	MEMBER(tenant, TEXT),
	MEMBER(cached, TEXT),
	MEMBER(credential, TEXT),
	MEMBER_AS("text", TEXT, what),
	MEMBER(sink, TEXT),
	MEMBER(writer, TEXT),
	MEMBER(tags, TEXTS),
	MEMBER(roles, TEXTS),
	MEMBER(groups, TEXTS),
	MEMBER(token_scopes, TEXTS),
	MEMBER(granted, TEXTS),
	MEMBER(needed, TEXTS),
	MEMBER(missing, TEXTS),
	MEMBER(cut, TEXTS),
	MEMBER(claims, OBJECT),
	MEMBER(email_verified, BOOLEAN),
	MEMBER(status, NUMBER),
	MEMBER(auth_time, NUMBER),
	MEMBER(identities, NUMBER),
	MEMBER(latency_us, NUMBER),
	MEMBER(count, NUMBER),
	MEMBER(seq, NUMBER),
};

#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

static bool is_list_of_texts(const json_t *value)
{
	json_t *element;
	size_t i;

	json_array_foreach(value, i, element)
	{
		if (!json_is_string(element))
			return false;
	}
	return json_is_array(value);
}

static bool is_of_kind(const json_t *value, enum kind kind)
{
	switch (kind) {
	case TEXT:
		return json_is_string(value);
	case NUMBER:
		return json_is_integer(value);
	case BOOLEAN:
		return json_is_boolean(value);
	case TEXTS:
		return is_list_of_texts(value);
	case OBJECT:
		break;
	}
	return json_is_object(value);
}

static void store(struct audit_record *record, const struct member *member, const json_t *value)
{
	void *at = (char *)record + member->offset;

	if (member->kind == NUMBER)
		*(int64_t *)at = value ? (int64_t)json_integer_value(value) : AUDIT_NUMBER_NO;
	else if (member->kind == TEXT)
		*(const char **)at = json_string_value(value);
	else
		*(const json_t **)at = value;
}

void audit_record_forget(struct audit_record *record)
{
	record->object = NULL;
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		store(record, &members[i], NULL);
}

/* ---- What it must have ---- */

static bool is_time(const char *text)
{
	const char *form = TIME_FORM;

	for (; *form && *text; form++, text++)
		if (*form == 'd' ? *text < '0' || *text > '9' : *text != *form)
			return false;
	return *form == *text;
}

bool audit_is_decision(const struct audit_record *record)
{
	return strcmp(record->event, "decision") == 0 ||
	       strcmp(record->event, "authorization") == 0;
}

/* What is missing, NULL: nothing. */
static const char *lacks(const struct audit_record *record)
{
	if (!record->time || !is_time(record->time))
		return "got no time, expected a record with one";
	if (!record->event)
		return "got no event, expected a record with one";
	/* It would be taken for one that was refused, or for none. */
	if (!record->outcome && audit_is_decision(record))
		return "got no outcome, expected a decision with one";
	return NULL;
}

bool audit_record_take(
	struct audit_record *record, const json_t *object, char problem[AUDIT_PROBLEM_SIZE])
{
	record->object = object;
	for (size_t i = 0; i < MEMBER_COUNT; i++) {
		const json_t *value = json_object_get(object, members[i].name);
		if (value && !is_of_kind(value, members[i].kind)) {
			(void)snprintf(problem, AUDIT_PROBLEM_SIZE,
				"got something else for \"%s\", expected %s", members[i].name,
				kind_names[members[i].kind]);
			return false;
		}
		store(record, &members[i], value);
	}
	const char *lacking = lacks(record);
	if (lacking)
		(void)snprintf(problem, AUDIT_PROBLEM_SIZE, "%s", lacking);
	return !lacking;
}
