/*
 * stacks.h - rules, stacks and providers out of a table, for tests of what works on programs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_STACKS_H
#define TESTS_UNIT_STACKS_H

#include <stdint.h>

#include "check.h"
#include "instance.h"
#include "program.h"

#define STACKS_MAX 40
#define RULES_MAX  200

/* A rule, written in line 1, 2, 3 ... of "t.ini"; of the service where `stack` is NULL. */
struct source {
	const char *stack;
	const char *rule;
};

#define MAY(name) TPAM_MAY(name)

static const struct tpam_provider descriptors[] = {
	{.role = TPAM_ROLE_IDENTITY, .groups = TPAM_AUTH},
	{.role = TPAM_ROLE_IDENTITY, .groups = TPAM_AUTH | TPAM_ACCOUNT},
	{.role = TPAM_ROLE_CHECK, .groups = TPAM_AUTH | TPAM_ACCOUNT | TPAM_SESSION},
	{.role = TPAM_ROLE_CHECK, .groups = TPAM_ACCOUNT | TPAM_SESSION},
	{.role = TPAM_ROLE_UTILITY, .groups = TPAM_AUTH | TPAM_ACCOUNT, .outcomes = MAY(SUCCESS)},
	{.role = TPAM_ROLE_UTILITY, .groups = TPAM_AUTH | TPAM_ACCOUNT, .outcomes = MAY(DENIED)},
	{.role = TPAM_ROLE_UTILITY, .groups = TPAM_AUTH, .outcomes = MAY(SUCCESS)},
	{.role = TPAM_ROLE_IDENTITY, .groups = TPAM_AUTH, .outcomes = MAY(SUCCESS) | MAY(REVOKED)},
};

static struct tpam_instance instances[] = {
	{.name = (char[]){"corp"}, .provider = &descriptors[0]},
	{.name = (char[]){"google"}, .provider = &descriptors[1]},
	{.name = (char[]){"check"}, .provider = &descriptors[2]},
	{.name = (char[]){"later"}, .provider = &descriptors[3]},
	{.name = (char[]){"permit"}, .provider = &descriptors[4]},
	{.name = (char[]){"deny"}, .provider = &descriptors[5]},
	{.name = (char[]){"public"}, .provider = &descriptors[6], .anonymous = true},
	{.name = (char[]){"narrow"}, .provider = &descriptors[7]},
};

static const char *const provider_names[] = {
	"corp", "google", "check", "later", "permit", "deny", "public", "narrow", "broken", NULL};

static struct value stack_values[STACKS_MAX + 1][RULES_MAX];
static struct setting stack_settings[STACKS_MAX + 1];
static struct section stack_sections[STACKS_MAX + 1];
static const char *stack_names[STACKS_MAX + 1];
static size_t stack_count;

static struct tpam_instance *find_instance(void *data, const char *name)
{
	(void)data;
	for (size_t i = 0; i < sizeof(instances) / sizeof(instances[0]); i++) {
		if (strcmp(instances[i].name, name) == 0)
			return &instances[i];
	}
	return NULL;
}

static struct section *find_stack(void *data, const char *name)
{
	(void)data;
	for (size_t i = 1; i <= stack_count; i++) {
		if (strcmp(stack_sections[i].name, name) == 0)
			return &stack_sections[i];
	}
	return NULL;
}

static const char *const *find_candidates(void *data, bool stacks)
{
	(void)data;
	return stacks ? stack_names : provider_names;
}

/* Index of a stack, made where it is not. */
static size_t source_stack(const char *name, const char *key)
{
	for (size_t i = 1; i <= stack_count; i++) {
		if (strcmp(stack_sections[i].name, name) == 0)
			return i;
	}
	size_t index = ++stack_count;
	stack_names[index - 1] = name;
	stack_names[index] = NULL;
	stack_settings[index] =
		(struct setting){.key = (char *)(uintptr_t)key, .values = stack_values[index]};
	stack_sections[index] = (struct section){
		.name = (char *)(uintptr_t)name, .settings = &stack_settings[index], .count = 1};
	return index;
}

/* A stack named "!name" has rules of another group alone. */
static void sources_load(const struct source *sources, size_t count, const char *key)
{
	stack_count = 0;
	stack_names[0] = NULL;
	stack_settings[0] = (struct setting){.values = stack_values[0]};
	for (size_t i = 0; i < count; i++) {
		const char *name = sources[i].stack;
		bool other = name && name[0] == '!';
		size_t stack =
			name ? source_stack(other ? name + 1 : name, other ? "other" : key) : 0;
		stack_values[stack][stack_settings[stack].count++] =
			(struct value){.text = (char *)(uintptr_t)sources[i].rule,
				.at = {.file = "t.ini", .line = (uint32_t)i + 1, .column = 1}};
	}
}

static int sources_build(struct program *program, const struct source *sources, size_t count,
	enum tpam_group group, struct tpam_report *report)
{
	const struct program_names names = {
		.provider = find_instance, .stack = find_stack, .candidates = find_candidates};
	struct setting *const settings[] = {&stack_settings[0]};
	sources_load(sources, count, group == TPAM_AUTH ? "auth" : "account");
	return program_build(program, settings, 1, group, &names, report);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* All findings, a line each, in a buffer that the next call overwrites. */
static const char *report_text(struct tpam_report *report)
{
	static char text[16384];
	size_t length = 0;
	report_finish(report);
	text[0] = '\0';
	for (size_t i = 0; i < tpam_report_count(report); i++) {
		char *line = tpam_report_line(report, i);
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s\n", line);
		tpam_free(line);
	}
	return text;
}

#endif
