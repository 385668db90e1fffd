/*
 * requirement_claim.c - require_claim = NAME OP VALUE.
 *
 * Written as it is said: "department is engineering", "level at least 3", "region in eu-west eu-north". A claim that
 * is not there meets nothing, "is not" neither: what nobody said of somebody proves nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "expand.h"
#include "memory.h"
#include "requirement.h"
#include "words.h"

#define DIGITS_MAX 15 /* what a double holds exactly */

#define FORM                                                                                       \
	"NAME is VALUE, NAME is not VALUE, NAME in VALUE..., NAME not in VALUE..., NAME exists, "  \
	"NAME at least NUMBER or NAME at most NUMBER"

struct operation {
	const char *words[2]; /* the second NULL where there is one */
	enum claim_test test;
	size_t least, most; /* values behind it; most 0: any number */
	bool number;
};

/* The longer first. */
static const struct operation operations[] = {
	{{"is", "not"}, CLAIM_IS_NOT, 1, 1, false},
	{{"is", NULL}, CLAIM_IS, 1, 1, false},
	{{"not", "in"}, CLAIM_NOT_IN, 1, 0, false},
	{{"in", NULL}, CLAIM_IN, 1, 0, false},
	{{"at", "least"}, CLAIM_AT_LEAST, 1, 1, true},
	{{"at", "most"}, CLAIM_AT_MOST, 1, 1, true},
	{{"exists", NULL}, CLAIM_EXISTS, 0, 0, false},
};

#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

/* ---- Reading ---- */

static bool word_is(const struct words *words, size_t index, const char *text)
{
	return index < words->count && !words->list[index].quoted &&
	       strcmp(words->list[index].text, text) == 0;
}

static const struct operation *operation_find(const struct words *words, size_t *ret_values)
{
	for (size_t i = 0; i < OPERATIONS; i++) {
		const char *const *want = operations[i].words;
		size_t values = want[1] ? 3 : 2;
		if (!word_is(words, 1, want[0]) || (want[1] && !word_is(words, 2, want[1])))
			continue;
		/* "is not" at the end is a value that is called so. */
		if (words->count <= values && operations[i].test == CLAIM_IS_NOT)
			continue;
		*ret_values = values;
		return &operations[i];
	}
	return NULL;
}

/* [-]DIGITS[.DIGITS], rounded as JSON's are, whatever the locale of the host. False for anything else. */
static bool number_read(long double *ret, const char *text)
{
	bool negative = *text == '-';
	size_t whole, part = 0;
	int64_t digits = 0, scale = 1;

	text += negative;
	whole = strspn(text, "0123456789");
	if (text[whole] == '.')
		part = strspn(text + whole + 1, "0123456789");
	size_t length = whole + (text[whole] == '.' ? 1 + part : 0);
	if (whole == 0 || (text[whole] == '.' && part == 0) || text[length] != '\0' ||
		whole + part > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.')
			continue;
		digits = 10 * digits + (text[i] - '0');
		scale *= i > whole ? 10 : 1;
	}
	/* Both are exact as doubles, so that the quotient is the nearest to what is written. */
	*ret = (long double)((double)(negative ? -digits : digits) / (double)scale);
	return true;
}

static int take_number(struct requirement *requirement, const char *text, struct place at,
	struct tpam_report *report)
{
	char quoted[REPORT_QUOTE_SIZE];

	if (number_read(&requirement->bound, text))
		return TPAM_OK;
	report_error(report, at, "got %s, expected a number such as 3 or 0.5, of at most %d digits",
		report_quote(quoted, text, strlen(text)), DIGITS_MAX);
	return TPAM_E_CONFIG;
}

static int take_value(struct requirement *requirement, const struct operation *operation,
	const struct word *word, const struct requirement_context *context)
{
	char *text = NULL;
	int code = expand_text(
		&text, word->text, word->at, false, context->development, context->report);

	if (code != TPAM_OK)
		return code;
	if (operation->number)
		code = take_number(requirement, text, word->at, context->report);
	if (code == TPAM_OK)
		code = requirement_add_word(requirement, text, word->at);
	secret_free(text, strlen(text));
	return code;
}

static int take(struct requirement *requirement, const struct words *words,
	const struct value *value, const struct requirement_context *context)
{
	size_t values = 0;
	const struct operation *operation = operation_find(words, &values);
	size_t count = operation ? words->count - values : 0;
	char quoted[REPORT_QUOTE_SIZE];
	int code = TPAM_OK;

	if (!operation || count < operation->least ||
		(operation->most ? count > operation->most : operation->least == 0 && count > 0)) {
		report_error(context->report, value->at, "got %s, expected " FORM,
			report_quote(quoted, value->text, strlen(value->text)));
		return TPAM_E_CONFIG;
	}
	requirement->test = operation->test;
	requirement->claim = text_copy(words->list[0].text, strlen(words->list[0].text));
	if (!requirement->claim)
		return TPAM_E_MEMORY;
	for (size_t i = values; i < words->count && code == TPAM_OK; i++)
		code = take_value(requirement, operation, &words->list[i], context);
	return code;
}

int requirement_read_claim(struct requirement *requirement, const struct value *value,
	const struct requirement_context *context)
{
	struct words words;
	int code = words_split(&words, value, false, context->report);

	if (code != TPAM_OK)
		return code;
	code = take(requirement, &words, value, context);
	words_finish(&words);
	return code;
}

/* ---- Asking ---- */

static bool is_one_of(const char *text, const void *words)
{
	return list_has(words, text);
}

static bool number_of(const struct json_value *value, long double *ret)
{
	if (value_is(value, VALUE_INTEGER))
		*ret = (long double)value->integer;
	else if (value_is(value, VALUE_REAL))
		*ret = (long double)value->real;
	else
		return false;
	return true;
}

static bool comparable(const struct json_value *value)
{
	char number[CLAIM_NUMBER_SIZE];

	return claim_text(number, value) != NULL;
}

/* What cannot be compared is not known to be different. */
static bool all_comparable(const struct claims *claims, const struct json_value *value)
{
	if (!value_is(value, VALUE_LIST))
		return comparable(value);
	for (const struct json_value *element = document_first(&claims->document, value); element;
		element = document_next(&claims->document, value, element))
		if (!comparable(element))
			return false;
	return true;
}

bool requirement_claim_met(const struct requirement *requirement, struct subject *subject)
{
	const struct json_value *value = claim_get(&subject->claims, requirement->claim);
	long double number = 0;

	if (!value || value_is(value, VALUE_NULL))
		return false;
	switch (requirement->test) {
	case CLAIM_EXISTS:
		return true;
	case CLAIM_IS:
	case CLAIM_IN:
		return claim_any(&subject->claims, value, is_one_of, &requirement->words);
	case CLAIM_IS_NOT:
	case CLAIM_NOT_IN:
		return all_comparable(&subject->claims, value) &&
		       !claim_any(&subject->claims, value, is_one_of, &requirement->words);
	case CLAIM_AT_LEAST:
		return number_of(value, &number) && number >= requirement->bound;
	case CLAIM_AT_MOST:
		return number_of(value, &number) && number <= requirement->bound;
	}
	return false;
}
