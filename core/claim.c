/*
 * claim.c - values of claims, as configurations compare them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "claim.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was set was read once already, and is no deeper than the limit. */
const struct json_value *claim_get(struct claims *claims, const char *path)
{
	const char *text = identity_text(claims->identity, TPAM_FIELD_CLAIMS);

	if (!text)
		return NULL;
	if (!claims->read &&
		document_read(&claims->document, text, strlen(text), UINT_MAX) != DOCUMENT_FINE)
		claims->failed = true;
	claims->read = true;
	return claims->failed ? NULL
			      : document_path(&claims->document, claims->document.values, path);
}

void claims_finish(struct claims *claims)
{
	document_finish(&claims->document);
}

/* The shortest text that means the number, as JSON writes it whatever the locale of the host. */
static const char *real_text(char text[CLAIM_NUMBER_SIZE], double value)
{
	char *to = text;

	for (int precision = 15; precision <= 17; precision++) {
		(void)snprintf(text, CLAIM_NUMBER_SIZE - 2, "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	for (const char *from = text; *from; from++) {
		if (strchr("0123456789+-e", *from))
			*to++ = *from;
		else if (to == text || to[-1] != '.')
			*to++ = '.';
	}
	*to = '\0';
	return strpbrk(text, ".e") ? text : strcat(text, ".0");
}

const char *claim_text(char number[CLAIM_NUMBER_SIZE], const struct json_value *value)
{
	switch ((enum value_kind)value->kind) {
	case VALUE_FALSE:
		return "false";
	case VALUE_TRUE:
		return "true";
	case VALUE_INTEGER:
		(void)snprintf(number, CLAIM_NUMBER_SIZE, "%lld", (long long)value->integer);
		return number;
	case VALUE_REAL:
		return real_text(number, value->real);
	case VALUE_TEXT:
		return value->text;
	case VALUE_NULL:
	case VALUE_LIST:
	case VALUE_OBJECT:
		break;
	}
	return NULL;
}

static bool one(const struct json_value *value, claim_match_fn *matches, const void *data)
{
	char number[CLAIM_NUMBER_SIZE];
	const char *text = claim_text(number, value);

	return text && matches(text, data);
}

bool claim_any(const struct claims *claims, const struct json_value *value, claim_match_fn *matches,
	const void *data)
{
	const struct document *document = &claims->document;

	if (!value_is(value, VALUE_LIST))
		return value && one(value, matches, data);
	for (const struct json_value *element = document_first(document, value); element;
		element = document_next(document, value, element))
		if (one(element, matches, data))
			return true;
	return false;
}
