/*
 * token_field.c - the fields of a token's line: what they may hold and what of the identity they are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tokens.h"

#define SCOPE_MAX 256

static bool text_is_fine(const char *text);
static bool list_is_fine(const char *text);
static bool scopes_are_fine(const char *text);
static bool time_is_fine(const char *text);

struct field {
	const char *name;
	int32_t field; /* of the identity */
	bool list;
	bool (*check)(const char *text);
	const char *expected;
};

static const struct field fields[TOKEN_FIELDS] = {
	[TOKEN_SUBJECT] = {"subject", TPAM_FIELD_SUBJECT, false, text_is_fine, "UTF-8 text"},
	[TOKEN_SCOPES] = {"scopes", TPAM_FIELD_SCOPES, true, scopes_are_fine,
		"scopes with ',' between"},
	[TOKEN_EXPIRES] = {"expires", TPAM_FIELD_EXPIRES_AT, false, time_is_fine,
		"a time such as 2030-01-31T00:00:00Z"},
	[TOKEN_NAME] = {"name", TPAM_FIELD_NAME, false, text_is_fine, "UTF-8 text"},
	[TOKEN_USERNAME] = {"username", TPAM_FIELD_USERNAME, false, text_is_fine, "UTF-8 text"},
	[TOKEN_EMAIL] = {"email", TPAM_FIELD_EMAIL, false, text_is_fine, "UTF-8 text"},
	[TOKEN_TENANT] = {"tenant", TPAM_FIELD_TENANT, false, text_is_fine, "UTF-8 text"},
	[TOKEN_ROLES] = {"roles", TPAM_FIELD_ROLES, true, list_is_fine, "words with ',' between"},
	[TOKEN_GROUPS] = {"groups", TPAM_FIELD_GROUPS, true, list_is_fine,
		"words with ',' between"},
	[TOKEN_CLIENT_ID] = {"client_id", TPAM_FIELD_CLIENT_ID, false, text_is_fine, "UTF-8 text"},
};

/* Length of the character at `text` by UTF-8 (RFC 3629); 0 if it is none or a control character. */
static size_t character(const unsigned char *text)
{
	static const unsigned char least[] = {0, 0, 0x80, 0xA0, 0x90};
	unsigned char first = text[0];
	size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	if (length == 1)
		return first < 0x20 || first == 0x7F ? 0 : 1;
	if (first < 0xC2 || first > 0xF4)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xC0) != 0x80)
			return 0;
	if ((first == 0xE0 || first == 0xF0) && text[1] < least[length])
		return 0; /* a shorter form exists */
	if ((first == 0xED && text[1] > 0x9F) || (first == 0xF4 && text[1] > 0x8F))
		return 0; /* a surrogate, or beyond Unicode */
	if (first == 0xC2 && text[1] < 0xA0)
		return 0; /* C1 */
	return length;
}

static bool text_is_fine(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length = 1;
	if (!*at)
		return false;
	while (*at && (length = character(at)) > 0)
		at += length;
	return length > 0;
}

const char *token_element(const char **at, size_t *ret_length)
{
	const char *element = *at;
	if (!element)
		return NULL;
	*ret_length = strcspn(element, ",");
	*at = element[*ret_length] ? element + *ret_length + 1 : NULL;
	return element;
}

static bool list_is_fine(const char *text)
{
	const char *rest = text;
	size_t length = 0;
	if (!text_is_fine(text))
		return false;
	while (token_element(&rest, &length))
		if (length == 0)
			return false;
	return true;
}

static bool is_scope_byte(char byte)
{
	return byte > ' ' && byte < 0x7F && byte != '"' && byte != '\\';
}

static bool scopes_are_fine(const char *text)
{
	const char *rest = text;
	size_t length = 0;
	for (const char *at = text; *at; at++)
		if (!is_scope_byte(*at))
			return false;
	while (token_element(&rest, &length))
		if (length == 0 || length > SCOPE_MAX)
			return false;
	return true;
}

/* YYYY-MM-DDTHH:MM:SSZ and nothing else, of a day that exists. */
static bool time_read(const char *text, int64_t *ret)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	struct tm wanted = {.tm_isdst = 0}, made;
	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	wanted.tm_year = atoi(text) - 1900;
	wanted.tm_mon = atoi(text + 5) - 1;
	wanted.tm_mday = atoi(text + 8);
	wanted.tm_hour = atoi(text + 11);
	wanted.tm_min = atoi(text + 14);
	wanted.tm_sec = atoi(text + 17);
	made = wanted;
	*ret = timegm(&made);
	return made.tm_year == wanted.tm_year && made.tm_mon == wanted.tm_mon &&
	       made.tm_mday == wanted.tm_mday && made.tm_hour == wanted.tm_hour &&
	       made.tm_min == wanted.tm_min && made.tm_sec == wanted.tm_sec;
}

static bool time_is_fine(const char *text)
{
	int64_t ignored;
	return time_read(text, &ignored);
}

enum token_field token_field_find(const char *name, size_t length)
{
	unsigned field = 0;
	while (field < TOKEN_FIELDS && (strlen(fields[field].name) != length ||
					       memcmp(fields[field].name, name, length) != 0))
		field++;
	return (enum token_field)field;
}

const char *token_field_read(
	struct token *token, enum token_field field, const char *text, bool *no_memory)
{
	if (!fields[field].check(text))
		return fields[field].expected;
	if (field == TOKEN_EXPIRES)
		(void)time_read(text, &token->expires);
	token->values[field] = strdup(text);
	*no_memory = !token->values[field];
	return NULL;
}

void token_identify(const struct token *token, const struct tpam_host *host, struct tpam_call *call)
{
	for (size_t i = 0; i < TOKEN_FIELDS; i++) {
		const char *rest = token->values[i], *element;
		size_t length = 0;
		if (!rest)
			continue;
		if (i == TOKEN_EXPIRES)
			host->set_number(call, TPAM_FIELD_EXPIRES_AT, token->expires);
		else if (!fields[i].list)
			host->set_text(call, fields[i].field, rest, strlen(rest));
		else
			while ((element = token_element(&rest, &length)))
				host->add_text(call, fields[i].field, element, length);
	}
}
