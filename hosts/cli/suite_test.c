/*
 * suite_test.c - one test: WHO SERVICE[/TOOL] [CONDITION...] -> OUTCOME [REASON] [SCOPE...]
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "expiry.h"
#include "suite.h"

#define CODE_LIMIT     256
#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyz_"

/* ---- Who ---- */

/* NAME+NAME: several providers speak of somebody, or of several. */
static void read_names(struct suite *suite, struct attempt *attempt, const struct word *word)
{
	for (const char *at = word->text;; at++) {
		size_t length = strcspn(at, "+");
		struct words *who = &attempt->who;
		who->list = suite_grow(suite, who->list, who->count, sizeof(*who->list));
		who->list[who->count++] = (struct word){.text = suite_text(suite, at, length),
			.at = {word->at.line, word->at.column + (unsigned)(at - word->text)}};
		at += length;
		if (!*at)
			return;
	}
}

static void read_who(struct suite *suite, struct attempt *attempt, const struct word *word)
{
	if (!word->quoted && strcmp(word->text, "nobody") == 0)
		return;
	if (strcmp(word->text, "@") == 0 || strcmp(word->text, "@-") == 0)
		suite_complain(suite, word->at,
			"got no file behind \"@\", expected one that holds a token");
	else if (word->text[0] == '@')
		attempt->token = suite_path(suite, word->text + 1);
	else
		read_names(suite, attempt, word);
}

/* ---- Where ---- */

/* SERVICE or SERVICE/TOOL; a tool's name may have more of '/'. */
static void read_target(struct suite *suite, struct attempt *attempt, const struct word *word)
{
	size_t length = strcspn(word->text, "/");
	char buffer[QUOTE_SIZE];

	if (attempt->service) {
		suite_complain(suite, word->at,
			"got a second target %s, expected one, and conditions as KEY=VALUE",
			quote_operand(buffer, word->text));
		return;
	}
	attempt->target_at = word->at;
	attempt->service = suite_text(suite, word->text, length);
	if (word->text[length] && word->text[length + 1])
		attempt->tool = word->text + length + 1;
	else if (word->text[length] || length == 0)
		suite_complain(suite, word->at, "got target %s, expected SERVICE or SERVICE/TOOL",
			quote_operand(buffer, word->text));
}

/* ---- Under which conditions ---- */

struct condition {
	const char *name;
	enum tpam_item item; /* 0: another one */
};

static const struct condition conditions[] = {
	{"tenant", TPAM_ITEM_TENANT},
	{"user", TPAM_ITEM_USERNAME},
	{"method", TPAM_ITEM_METHOD},
	{"url", TPAM_ITEM_URL},
	{"resource", TPAM_ITEM_RESOURCE},
	{"peer", TPAM_ITEM_PEER_ADDRESS},
	{"tag", 0},
	{"auth_age", 0},
};

#define CONDITION_COUNT (sizeof(conditions) / sizeof(conditions[0]))

/* Length of the key of KEY=VALUE; 0: it is none. */
static size_t key_length(const struct word *word)
{
	size_t length = strspn(word->text, KEY_CHARACTERS);

	return word->text[length] == '=' ? length : 0;
}

static void refuse_condition(struct suite *suite, const struct word *word, size_t length)
{
	const char *names[CONDITION_COUNT + 1] = {NULL};
	char *own = suite_text(suite, word->text, length), buffer[QUOTE_SIZE];

	for (size_t i = 0; i < CONDITION_COUNT; i++)
		names[i] = conditions[i].name;
	const char *meant = nearest(own, names);
	suite_complain(suite, word->at,
		"got condition %s, expected tenant, user, tag, auth_age, method, url, resource or "
		"peer%s%s%s",
		quote_operand(buffer, own), meant ? "; did you mean \"" : "", meant ? meant : "",
		meant ? "\"?" : "");
}

static void take_item(struct suite *suite, struct attempt *attempt, const struct word *word,
	const struct condition *condition, const char *value)
{
	if (attempt->items[condition->item]) {
		suite_complain(suite, word->at, "got a second %s, expected one", condition->name);
		return;
	}
	attempt->items[condition->item] = value;
	attempt->items_at[condition->item] = word->at;
}

static void take_age(
	struct suite *suite, struct attempt *attempt, const struct word *word, const char *value)
{
	char buffer[QUOTE_SIZE];

	if (attempt->auth_age >= 0)
		suite_complain(suite, word->at, "got a second auth_age, expected one");
	else if (!duration_parse(value, &attempt->auth_age))
		suite_complain(suite, word->at,
			"got %s for auth_age, expected a duration such as 90s, 15m, 12h or 30d",
			quote_operand(buffer, value));
}

static void take_tag(
	struct suite *suite, struct attempt *attempt, const struct word *word, char *value)
{
	struct words *tags = &attempt->tags;

	tags->list = suite_grow(suite, tags->list, tags->count, sizeof(*tags->list));
	tags->list[tags->count++] = (struct word){.text = value, .at = word->at};
}

static void read_condition(
	struct suite *suite, struct attempt *attempt, const struct word *word, size_t length)
{
	char *value = word->text + length + 1;

	for (size_t i = 0; i < CONDITION_COUNT; i++) {
		const struct condition *condition = &conditions[i];
		if (strlen(condition->name) != length ||
			strncmp(condition->name, word->text, length) != 0)
			continue;
		if (!*value)
			suite_complain(suite, word->at, "got no value for %s, expected one",
				condition->name);
		else if (condition->item)
			take_item(suite, attempt, word, condition, value);
		else if (strcmp(condition->name, "tag") == 0)
			take_tag(suite, attempt, word, value);
		else
			take_age(suite, attempt, word, value);
		return;
	}
	refuse_condition(suite, word, length);
}

/* ---- What is expected ---- */

typedef const char *name_fn(int32_t code);

static void refuse_code(
	struct suite *suite, const struct word *word, const char *what, name_fn *name)
{
	const char *names[CODE_LIMIT + 1] = {NULL};
	char buffer[QUOTE_SIZE];
	size_t count = 0;

	for (int32_t i = 1; i < CODE_LIMIT; i++)
		if (name(i))
			names[count++] = name(i);
	const char *meant = nearest(word->text, names);
	suite_complain(suite, word->at, "got %s, expected %s that 'tokenpam explain' lists%s%s%s",
		quote_operand(buffer, word->text), what, meant ? "; did you mean \"" : "",
		meant ? meant : "", meant ? "\"?" : "");
}

/* Behind an outcome that accepts stand the scopes that are granted, else a reason and the scopes that are missing. */
static void read_expected(
	struct suite *suite, struct attempt *attempt, const struct word *list, size_t count)
{
	size_t next = 1;

	attempt->outcome = tpam_outcome_by_name(list[0].text);
	if (attempt->outcome == 0) {
		refuse_code(suite, &list[0], "an outcome", tpam_outcome_name);
		return;
	}
	bool accepts = attempt->outcome == TPAM_SUCCESS || attempt->outcome == TPAM_EXPIRING;
	if (!accepts && count > 1) {
		attempt->reason = tpam_reason_by_name(list[1].text);
		if (attempt->reason == TPAM_REASON_NONE)
			refuse_code(suite, &list[1], "a reason", tpam_reason_name);
		next = 2;
	}
	if (!accepts && count > 2 && attempt->reason != TPAM_REASON_MISSING_SCOPE &&
		attempt->reason != TPAM_REASON_NONE)
		suite_complain(suite, list[2].at,
			"got scopes behind %s, expected them behind missing_scope or an outcome "
			"that accepts",
			list[1].text);
	attempt->scopes_said = count > next;
	attempt->scopes = (struct words){
		.list = suite_take(suite, count * sizeof(*list)), .count = count - next};
	memcpy(attempt->scopes.list, list + next, (count - next) * sizeof(*list));
}

/* ---- The line ---- */

static size_t find_arrow(const struct words *words)
{
	size_t i = 0;

	while (i < words->count &&
		(words->list[i].quoted || strcmp(words->list[i].text, "->") != 0))
		i++;
	return i;
}

static bool has_form(struct suite *suite, const struct words *words, size_t arrow, unsigned number)
{
	struct spot at = {number, (unsigned)words->end + 1};

	if (arrow == words->count)
		suite_complain(suite, at,
			"got no \"->\", expected WHO SERVICE[/TOOL] -> OUTCOME [REASON]");
	else if (arrow == 0)
		suite_complain(suite, words->list[0].at,
			"got nobody before \"->\", expected WHO "
			"SERVICE[/TOOL]");
	else if (arrow + 1 == words->count)
		suite_complain(suite, at, "got nothing behind \"->\", expected an outcome");
	else
		return true;
	return false;
}

/* For messages: as written, with one blank where there are several outside of quotes. */
static char *squeeze(struct suite *suite, const char *line, size_t length)
{
	char *text = suite_take(suite, length + 1), *to = text;
	bool quoted = false;

	for (size_t i = 0; i < length; i++) {
		bool blank = !quoted && (line[i] == ' ' || line[i] == '\t');
		quoted ^= line[i] == '"' && (i == 0 || line[i - 1] != '\\');
		if (blank && (to == text || to[-1] == ' '))
			continue;
		*to++ = blank ? ' ' : line[i];
	}
	if (to > text && to[-1] == ' ')
		*--to = '\0';
	return text;
}

void suite_read_test(struct suite *suite, const char *line, unsigned number)
{
	struct attempt attempt = {.at = {number, 1}, .auth_age = -1};
	struct words words;

	if (!suite_split(suite, line, 0, number, &words))
		return;
	size_t arrow = find_arrow(&words), before = suite->errors;
	if (!has_form(suite, &words, arrow, number))
		return;
	read_who(suite, &attempt, &words.list[0]);
	for (size_t i = 1; i < arrow; i++) {
		size_t length = key_length(&words.list[i]);
		if (length > 0)
			read_condition(suite, &attempt, &words.list[i], length);
		else
			read_target(suite, &attempt, &words.list[i]);
	}
	if (!attempt.service && suite->errors == before)
		suite_complain(suite, words.list[arrow].at,
			"got no target before \"->\", expected SERVICE or SERVICE/TOOL");
	read_expected(suite, &attempt, &words.list[arrow + 1], words.count - arrow - 1);
	attempt.text = squeeze(suite, line, words.list[arrow].at.column - 1);
	suite->attempts =
		suite_grow(suite, suite->attempts, suite->attempt_count, sizeof(*suite->attempts));
	suite->attempts[suite->attempt_count++] = attempt;
}
