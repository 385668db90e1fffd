/*
 * suite_value.c - the value of one line of a recipe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "expiry.h"
#include "suite.h"

/* ---- Forms ---- */

typedef bool read_fn(struct suite *suite, struct entry *entry, const char *raw);

static bool refuse(struct suite *suite, const struct entry *entry, const char *expected)
{
	char buffer[QUOTE_SIZE];

	suite_complain(suite, entry->at, "got %s for %s, expected %s",
		quote_operand(buffer, entry->words.list[0].text), entry->key->name, expected);
	return false;
}

static bool read_word(struct suite *suite, struct entry *entry, const char *raw)
{
	(void)raw;
	if (entry->words.count == 1)
		return true;
	suite_complain(suite, entry->words.list[1].at,
		"got %zu words for %s, expected one (quote it)", entry->words.count,
		entry->key->name);
	return false;
}

static bool read_words(struct suite *suite, struct entry *entry, const char *raw)
{
	(void)suite;
	(void)entry;
	(void)raw;
	return true;
}

static bool read_switch(struct suite *suite, struct entry *entry, const char *raw)
{
	static const char *const words[] = {"off", "no", "false", "on", "yes", "true"};

	if (!read_word(suite, entry, raw))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], entry->words.list[0].text) == 0) {
			entry->number = i >= 3;
			return true;
		}
	return refuse(suite, entry, "on or off");
}

static bool read_duration(struct suite *suite, struct entry *entry, const char *raw)
{
	if (!read_word(suite, entry, raw))
		return false;
	return duration_parse(entry->words.list[0].text, &entry->number) ||
	       refuse(suite, entry, "a duration such as 90s, 15m, 12h or 30d");
}

static bool read_outcome(struct suite *suite, struct entry *entry, const char *raw)
{
	if (!read_word(suite, entry, raw))
		return false;
	entry->number = tpam_outcome_by_name(entry->words.list[0].text);
	return entry->number != 0 ||
	       refuse(suite, entry, "an outcome that 'tokenpam explain' lists");
}

/* `NAME: VALUE`; the colon is one with a blank behind it, since names may be URLs. */
static bool read_claim(struct suite *suite, struct entry *entry, const char *raw)
{
	const char *colon = strstr(raw, ": ");
	size_t length = colon ? (size_t)(colon - raw) : 0;
	const char *value = colon ? colon + 2 + strspn(colon + 2, " \t") : "";

	if (length > 0 && *value && !memchr(raw, '=', length)) {
		entry->claim = suite_text(suite, raw, length);
		entry->value = suite_text(suite, value, strlen(value));
		return true;
	}
	suite_complain(
		suite, entry->at, "got a claim of another form, expected claim = NAME: VALUE");
	return false;
}

static read_fn *const forms[] = {
	[FORM_WORD] = read_word,
	[FORM_WORDS] = read_words,
	[FORM_SWITCH] = read_switch,
	[FORM_DURATION] = read_duration,
	[FORM_CLAIM] = read_claim,
	[FORM_OUTCOME] = read_outcome,
};

bool suite_read_value(struct suite *suite, struct entry *entry, const char *raw)
{
	if (entry->words.count == 0) {
		suite_complain(
			suite, entry->at, "got no value for %s, expected one", entry->key->name);
		return false;
	}
	return forms[entry->key->form](suite, entry, raw);
}
