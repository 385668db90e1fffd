/*
 * control.c - control words and [outcome=action ...] as a table of actions.
 *
 * Stricter than libpam, where a mistake makes a line deny: here it is an error, names match whole, and
 * nothing may be said twice.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tokenpam/tokenpam.h>

#include "program.h"
#include "text.h"

#define EXPECTED_CONTROL                                                                           \
	"expected required, requisite, sufficient, optional, binding, decisive, include, "         \
	"substack or [outcome=action ...]"

struct keyword {
	const char *name;
	enum control_kind kind;
	bool decisive;
	int32_t fallback; /* for every outcome that has no entry in `given` */
	struct {
		int32_t outcome, action;
	} given[6]; /* ends with outcome 0 */
};

static const struct keyword keywords[] = {
	{"required", CONTROL_ACTIONS, false, ACTION_BAD,
		{{TPAM_SUCCESS, ACTION_OK}, {TPAM_EXPIRING, ACTION_OK},
			{TPAM_IGNORE, ACTION_IGNORE}}},
	{"requisite", CONTROL_ACTIONS, false, ACTION_DIE,
		{{TPAM_SUCCESS, ACTION_OK}, {TPAM_EXPIRING, ACTION_OK},
			{TPAM_IGNORE, ACTION_IGNORE}}},
	{"sufficient", CONTROL_ACTIONS, false, ACTION_IGNORE,
		{{TPAM_SUCCESS, ACTION_DONE}, {TPAM_EXPIRING, ACTION_DONE}}},
	{"optional", CONTROL_ACTIONS, false, ACTION_IGNORE,
		{{TPAM_SUCCESS, ACTION_OK}, {TPAM_EXPIRING, ACTION_OK}}},
	{"binding", CONTROL_ACTIONS, false, ACTION_BAD,
		{{TPAM_SUCCESS, ACTION_DONE}, {TPAM_EXPIRING, ACTION_DONE},
			{TPAM_IGNORE, ACTION_IGNORE}}},
	{"decisive", CONTROL_ACTIONS, true, ACTION_DIE,
		{{TPAM_SUCCESS, ACTION_DONE}, {TPAM_EXPIRING, ACTION_DONE},
			{TPAM_FOREIGN, ACTION_IGNORE}, {TPAM_NO_CREDENTIAL, ACTION_IGNORE},
			{TPAM_IGNORE, ACTION_IGNORE}}},
	{"include", CONTROL_INCLUDE, false, ACTION_BAD, {{0, 0}}},
	{"substack", CONTROL_SUBSTACK, false, ACTION_BAD, {{0, 0}}},
};

#define KEYWORD_COUNT (sizeof(keywords) / sizeof(keywords[0]))

static const struct {
	const char *name;
	int32_t action;
} action_words[] = {
	{"ignore", ACTION_IGNORE},
	{"ok", ACTION_OK},
	{"done", ACTION_DONE},
	{"bad", ACTION_BAD},
	{"die", ACTION_DIE},
	{"reset", ACTION_RESET},
};

#define ACTION_COUNT (sizeof(action_words) / sizeof(action_words[0]))

/* The words that may stand before a `=` inside [...], for suggestions. */
static const char *const outcome_words[] = {
#define X(number, NAME, name, status, weight, meaning) #name,
#include <tokenpam/outcomes.def>
#undef X
	"default", NULL};

static void control_fill(struct control *control, int32_t action)
{
	for (size_t i = 0; i < TPAM_OUTCOME_LIMIT; i++)
		control->actions[i] = action;
}

static void keyword_apply(struct control *control, const struct keyword *keyword)
{
	control_fill(control, keyword->fallback);
	control->decisive = keyword->decisive;
	for (size_t i = 0; keyword->given[i].outcome; i++)
		control->actions[keyword->given[i].outcome] = keyword->given[i].action;
}

static const struct keyword *keyword_find(const char *name)
{
	for (size_t i = 0; i < KEYWORD_COUNT; i++) {
		if (strcmp(keywords[i].name, name) == 0)
			return &keywords[i];
	}
	return NULL;
}

static void report_keyword(const struct word *word, struct tpam_report *report)
{
	const char *names[KEYWORD_COUNT + 1] = {NULL};
	for (size_t i = 0; i < KEYWORD_COUNT; i++)
		names[i] = keywords[i].name;
	char quote[REPORT_QUOTE_SIZE];
	report_quote(quote, word->text, strlen(word->text));
	const char *near = text_nearest(word->text, names);
	if (near)
		report_error(report, word->at,
			"got control %s, " EXPECTED_CONTROL "; did you mean \"%s\"?", quote, near);
	else
		report_error(report, word->at, "got control %s, " EXPECTED_CONTROL, quote);
}

/* What is being read inside of [...]. `given[0]` stands for `default`. */
struct bracket {
	struct control *control;
	const struct word *word;
	struct tpam_report *report;
	bool given[TPAM_OUTCOME_LIMIT];
	int32_t fallback;
	bool wrong;
};

/* The place of a part of the word. */
static struct place bracket_place(const struct bracket *bracket, const char *part)
{
	struct place at = bracket->word->at;
	at.column += (uint32_t)(part - bracket->word->text);
	return at;
}

/* 1 to PROGRAM_RULES_MAX, without sign and leading zero; 0 if it is not. */
static int32_t jump_parse(const char *text, size_t length)
{
	int32_t jump = 0;
	if (length == 0 || length > 4 || text[0] == '0')
		return 0;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		jump = jump * 10 + (text[i] - '0');
	}
	return jump <= PROGRAM_RULES_MAX ? jump : 0;
}

static bool action_parse(int32_t *ret, const char *text, size_t length)
{
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		if (strlen(action_words[i].name) == length &&
			memcmp(action_words[i].name, text, length) == 0) {
			*ret = action_words[i].action;
			return true;
		}
	}
	*ret = jump_parse(text, length);
	return *ret > 0;
}

/* An outcome, 0 for `default`, -1 if it is neither; then it was reported. */
static int32_t outcome_parse(struct bracket *bracket, const char *text, size_t length)
{
	char name[32] = "";
	if (length < sizeof(name))
		memcpy(name, text, length);
	int32_t outcome = strcmp(name, "default") == 0 ? 0 : tpam_outcome_by_name(name);
	if (outcome > 0 || strcmp(name, "default") == 0)
		return outcome;
	char quote[REPORT_QUOTE_SIZE];
	report_quote(quote, text, length);
	const char *near = text_nearest(name, outcome_words);
	if (near)
		report_error(bracket->report, bracket_place(bracket, text),
			"got outcome %s, expected an outcome or \"default\"; did you mean \"%s\"?",
			quote, near);
	else
		report_error(bracket->report, bracket_place(bracket, text),
			"got outcome %s, expected an outcome or \"default\"", quote);
	bracket->wrong = true;
	return -1;
}

static void action_read(struct bracket *bracket, int32_t outcome, const char *text, size_t length)
{
	int32_t action;
	char quote[REPORT_QUOTE_SIZE];
	if (!action_parse(&action, text, length)) {
		report_error(bracket->report, bracket_place(bracket, text),
			"got action %s, expected ok, done, bad, die, ignore, reset or a jump of 1 "
			"to %d",
			report_quote(quote, text, length), PROGRAM_RULES_MAX);
		bracket->wrong = true;
		return;
	}
	if (outcome == 0)
		bracket->fallback = action;
	else
		bracket->control->actions[outcome] = action;
}

static void pair_read(struct bracket *bracket, const char *text, size_t length)
{
	char quote[REPORT_QUOTE_SIZE];
	const char *equals = memchr(text, '=', length);
	if (!equals) {
		report_error(bracket->report, bracket_place(bracket, text),
			"got %s, expected outcome=action, as in success=ok",
			report_quote(quote, text, length));
		bracket->wrong = true;
		return;
	}
	size_t before = (size_t)(equals - text);
	int32_t outcome = outcome_parse(bracket, text, before);
	if (outcome >= 0 && bracket->given[outcome]) {
		report_error(bracket->report, bracket_place(bracket, text),
			"got %s twice, expected each outcome once",
			report_quote(quote, text, before));
		bracket->wrong = true;
	} else if (outcome >= 0) {
		bracket->given[outcome] = true;
	}
	action_read(bracket, outcome > 0 ? outcome : 0, equals + 1, length - before - 1);
}

/* What was not named follows `default`, and without one denies, even `ignore`. */
static void bracket_complete(struct bracket *bracket)
{
	int32_t fallback = bracket->given[0] ? bracket->fallback : ACTION_BAD;
	for (int32_t i = 1; i < TPAM_OUTCOME_LIMIT; i++) {
		if (!bracket->given[i])
			bracket->control->actions[i] = fallback;
	}
}

static int bracket_parse(
	struct control *control, const struct word *word, struct tpam_report *report)
{
	struct bracket bracket = {.control = control, .word = word, .report = report};
	const char *end = word->text + strlen(word->text) - 1;
	size_t pairs = 0;
	control_fill(control, ACTION_BAD);
	for (const char *at = word->text + 1; *at && at < end; pairs++) {
		at += strspn(at, " \t");
		size_t length = strcspn(at, " \t");
		if (at + length > end)
			length = (size_t)(end - at);
		if (length == 0)
			break;
		pair_read(&bracket, at, length);
		at += length;
	}
	if (pairs == 0) {
		report_error(
			report, word->at, "got [] without a word, expected [outcome=action ...]");
		return TPAM_E_CONFIG;
	}
	bracket_complete(&bracket);
	return bracket.wrong ? TPAM_E_CONFIG : TPAM_OK;
}

static bool is_bracket(const char *text)
{
	size_t length = strlen(text);
	return length >= 2 && text[0] == '[' && text[length - 1] == ']';
}

static int word_parse(enum control_kind *kind, struct control *control, const struct word *word,
	struct tpam_report *report)
{
	if (word->quoted) {
		char quote[REPORT_QUOTE_SIZE];
		report_error(report, word->at, "got control %s in quotes, expected it without",
			report_quote(quote, word->text, strlen(word->text)));
		return TPAM_E_CONFIG;
	}
	if (is_bracket(word->text)) {
		*kind = CONTROL_ACTIONS;
		return bracket_parse(control, word, report);
	}
	const struct keyword *keyword = keyword_find(word->text);
	if (!keyword) {
		report_keyword(word, report);
		return TPAM_E_CONFIG;
	}
	*kind = keyword->kind;
	keyword_apply(control, keyword);
	return TPAM_OK;
}

int control_parse(enum control_kind *ret_kind, struct control *ret, const struct word *word,
	struct tpam_report *report)
{
	enum control_kind kind = CONTROL_ACTIONS;
	struct control control = {.decisive = false};
	int code = word_parse(&kind, &control, word, report);
	if (report_failed(report))
		return TPAM_E_MEMORY;
	if (code != TPAM_OK)
		return code;
	*ret_kind = kind;
	*ret = control;
	return TPAM_OK;
}

const char *action_text(char buffer[ACTION_TEXT_SIZE], int32_t action)
{
	if (action > 0) {
		snprintf(buffer, ACTION_TEXT_SIZE, "jump %" PRId32, action);
		return buffer;
	}
	const char *name = "bad";
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		if (action_words[i].action == action)
			name = action_words[i].name;
	}
	return name;
}
