/*
 * rulenames.c - what the names of providers and stacks in rules mean.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include "instance.h"
#include "rules.h"
#include "text.h"

#define NAME_SIZE 129

static const struct {
	enum tpam_group group;
	const char *name;
} groups[] = {
	{TPAM_AUTH, "auth"},
	{TPAM_ACCOUNT, "account"},
	{TPAM_SESSION, "session"},
	{TPAM_LOGIN, "login"},
};

#define GROUP_COUNT (sizeof(groups) / sizeof(groups[0]))

static const char *group_key(enum tpam_group group)
{
	for (size_t i = 0; i < GROUP_COUNT; i++) {
		if (groups[i].group == group)
			return groups[i].name;
	}
	return "";
}

static const char *quote(char buffer[REPORT_QUOTE_SIZE], const struct word *word)
{
	return report_quote(buffer, word->text, strlen(word->text));
}

/* There is no such name. What is wrong with one that is known was reported where it is defined. */
static void refuse_name(struct flattening *flattening, const struct word *word, bool stack)
{
	const char *what = stack ? "stack" : "provider";
	const char *const *names = flattening->names->candidates(flattening->names->data, stack);
	flattening->refused = true;
	for (size_t i = 0; names && names[i]; i++) {
		if (strcmp(names[i], word->text) == 0)
			return;
	}
	char buffer[REPORT_QUOTE_SIZE];
	const char *near = names ? text_nearest(word->text, names) : NULL;
	if (near)
		REFUSE(flattening, word->at,
			"got %s %s, expected one that has a section [%s:NAME]; did you mean "
			"\"%s\"?",
			what, quote(buffer, word), what, near);
	else
		REFUSE(flattening, word->at, "got %s %s, expected one that has a section [%s:NAME]",
			what, quote(buffer, word), what);
}

static bool is_plain(struct flattening *flattening, const struct word *word)
{
	if (!strstr(word->text, "${"))
		return true;
	char buffer[REPORT_QUOTE_SIZE];
	REFUSE(flattening, word->at, "got %s in a rule, expected a name: rules take no references",
		quote(buffer, word));
	return false;
}

static void refuse_group(struct flattening *flattening, const struct word *word, uint32_t served)
{
	char list[64] = "", buffer[REPORT_QUOTE_SIZE];
	const char *key = group_key(flattening->group);
	for (size_t i = 0; i < GROUP_COUNT; i++) {
		size_t length = strlen(list);
		if (served & (uint32_t)groups[i].group)
			snprintf(list + length, sizeof(list) - length, "%s%s", length ? ", " : "",
				groups[i].name);
	}
	REFUSE(flattening, word->at,
		"got provider %s in %s, expected one that serves %s; it serves %s",
		quote(buffer, word), key, key, list[0] ? list : "nothing");
}

struct tpam_instance *rules_provider(struct flattening *flattening, const struct word *word)
{
	if (!is_plain(flattening, word))
		return NULL;
	const struct program_names *names = flattening->names;
	struct tpam_instance *instance = names->provider(names->data, word->text);
	if (!instance || !instance->provider) {
		refuse_name(flattening, word, false);
		return NULL;
	}
	if (!(instance->provider->groups & (uint32_t)flattening->group)) {
		refuse_group(flattening, word, instance->provider->groups);
		return NULL;
	}
	return instance;
}

/* Shown from where it closes to where it closes, so that every way into a loop tells of the same one. */
static bool is_loop(
	struct flattening *flattening, const struct word *word, const struct section *stack)
{
	size_t start = 0;
	while (start < flattening->depth && flattening->chain[start] != stack)
		start++;
	if (start == flattening->depth)
		return false;
	char loop[PROGRAM_DEPTH_MAX * (NAME_SIZE + 4)] = "";
	size_t length = 0;
	for (size_t i = start; i < flattening->depth && length < sizeof(loop); i++)
		length += (size_t)snprintf(
			loop + length, sizeof(loop) - length, "%s -> ", flattening->chain[i]->name);
	REFUSE(flattening, word->at, "got a loop of stacks, %s%s, expected none", loop,
		stack->name);
	return true;
}

static bool is_deep(struct flattening *flattening, const struct word *word)
{
	if (flattening->depth < PROGRAM_DEPTH_MAX)
		return false;
	char buffer[REPORT_QUOTE_SIZE];
	REFUSE(flattening, word->at, "got stack %s inside of %d others, expected at most %d",
		quote(buffer, word), PROGRAM_DEPTH_MAX, PROGRAM_DEPTH_MAX - 1);
	return true;
}

const struct setting *rules_stack(
	struct flattening *flattening, const struct word *word, const struct section **ret_stack)
{
	if (!is_plain(flattening, word))
		return NULL;
	const struct program_names *names = flattening->names;
	struct section *stack = names->stack(names->data, word->text);
	if (!stack) {
		refuse_name(flattening, word, true);
		return NULL;
	}
	if (is_loop(flattening, word, stack) || is_deep(flattening, word))
		return NULL;
	const struct setting *setting = section_get(stack, group_key(flattening->group));
	if (!setting || setting->count == 0) {
		char buffer[REPORT_QUOTE_SIZE];
		REFUSE(flattening, word->at, "got stack %s, expected one that has %s rules",
			quote(buffer, word), group_key(flattening->group));
		return NULL;
	}
	*ret_stack = stack;
	return setting;
}
