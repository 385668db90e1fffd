/*
 * permits.c - which of many tools an identity may use, in one go.
 *
 * The names are looked at once, when the host makes its list: which sections of the configuration apply to each. Tools
 * to which the same sections apply are one class with a bitmap, so that a question is a look at the requirements of each
 * class. A list that was made for another generation is sorted anew in the call, which is slower and as right.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "decision.h"
#include "engine.h"
#include "memory.h"

#define TOOLS_MOST    65536
#define SECTIONS_MOST 65536
#define WORD_BITS     64

/* Tools to which the same sections apply. */
struct class
{
	uint32_t *sections; /* of service->tools, in their order */
	size_t count;
	enum tool_access access;
	bool listed;
	uint64_t *mask;
};

struct sorted {
	struct class *classes;
	size_t count;
};

struct tpam_tools {
	char *service;
	char **names;
	struct list *tags; /* of each tool; NULL: none has any */
	size_t count;
	size_t words;
	uint64_t generation; /* that `sorted` is for */
	struct sorted sorted;
};

/* ---- Sorting ---- */

static void sorted_finish(struct sorted *sorted)
{
	for (size_t i = 0; i < sorted->count; i++) {
		free(sorted->classes[i].sections);
		free(sorted->classes[i].mask);
	}
	free(sorted->classes);
	*sorted = (struct sorted){0};
}

static bool sections_of(
	struct class *ret, const struct service *service, const struct target *target)
{
	struct tool_cursor cursor = {0};
	const struct tool *tool;
	const char *written, *at;

	*ret = (struct class){.access = tools_access(&service->tools, target, &written, &at),
		.listed = tools_list(&service->tools, target)};
	while ((tool = tools_next(&service->tools, target, &cursor))) {
		if (!array_reserve(
			    &ret->sections, ret->count, sizeof(*ret->sections), SECTIONS_MOST)) {
			free(ret->sections);
			return false;
		}
		ret->sections[ret->count++] = (uint32_t)(tool - service->tools.list);
	}
	return true;
}

static struct class *class_find(const struct sorted *sorted, const struct class *like)
{
	for (size_t i = 0; i < sorted->count; i++) {
		struct class *class = &sorted->classes[i];
		if (class->count == like->count && class->access == like->access &&
			class->listed == like->listed &&
			(like->count == 0 || memcmp(class->sections, like->sections,
						     like->count * sizeof(uint32_t)) == 0))
			return class;
	}
	return NULL;
}

/* Takes the sections over. NULL without memory. */
static struct class *class_add(struct sorted *sorted, struct class *fresh, size_t words)
{
	fresh->mask = calloc(words, sizeof(uint64_t));
	if (fresh->mask &&
		array_reserve(&sorted->classes, sorted->count, sizeof(*fresh), TOOLS_MOST)) {
		sorted->classes[sorted->count] = *fresh;
		return &sorted->classes[sorted->count++];
	}
	free(fresh->mask);
	return NULL;
}

static bool sort_one(struct sorted *sorted, const struct tpam_tools *tools,
	const struct service *service, size_t index)
{
	const struct target target = {
		tools->names[index], tools->tags ? &tools->tags[index] : NULL};
	struct class fresh;

	if (!sections_of(&fresh, service, &target))
		return false;
	struct class *class = class_find(sorted, &fresh);
	if (class || !(class = class_add(sorted, &fresh, tools->words)))
		free(fresh.sections);
	if (!class)
		return false;
	class->mask[index / WORD_BITS] |= UINT64_C(1) << index % WORD_BITS;
	return true;
}

static bool sort(struct sorted *ret, const struct tpam_tools *tools, const struct service *service)
{
	for (size_t i = 0; i < tools->count; i++) {
		if (sort_one(ret, tools, service, i))
			continue;
		sorted_finish(ret);
		return false;
	}
	return true;
}

/* ---- The host's list ---- */

static bool copy_names(struct tpam_tools *tools, const char *const *names, size_t count)
{
	tools->names = calloc(count + 1, sizeof(char *));
	for (; tools->names && tools->count < count; tools->count++)
		if (!(tools->names[tools->count] =
				    text_copy(names[tools->count], strlen(names[tools->count]))))
			return false;
	return tools->names != NULL;
}

static int copy_tags(struct tpam_tools *tools, const char *const *const *tags, size_t count)
{
	if (!tags)
		return TPAM_OK;
	tools->tags = calloc(count, sizeof(*tools->tags));
	if (!tools->tags)
		return TPAM_E_MEMORY;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; tags[i] && tags[i][j]; j++) {
			if (strlen(tags[i][j]) > TPAM_TAG_MAX)
				return TPAM_E_LIMIT;
			if (!list_add_new(&tools->tags[i], tags[i][j], strlen(tags[i][j])))
				return TPAM_E_MEMORY;
		}
	return TPAM_OK;
}

static int fill(struct tpam_tools *tools, const struct generation *generation, const char *service,
	const char *const *names, const char *const *const *tags, size_t count)
{
	const struct service *found = generation_service(generation, service);

	if (!found)
		return TPAM_E_UNSET;
	tools->words = (count + WORD_BITS - 1) / WORD_BITS;
	tools->generation = generation->number;
	tools->service = text_copy(service, strlen(service));
	if (!tools->service || !copy_names(tools, names, count))
		return TPAM_E_MEMORY;
	int code = copy_tags(tools, tags, count);
	if (code == TPAM_OK && !sort(&tools->sorted, tools, found))
		code = TPAM_E_MEMORY;
	return code;
}

int tpam_tools_create(struct tpam_tools **ret_tools, struct tpam_engine *engine,
	const char *service, const char *const *names, const char *const *const *tags, size_t count)
{
	if (count == 0 || count > TOOLS_MOST)
		return count == 0 ? TPAM_E_ARGUMENT : TPAM_E_LIMIT;
	struct tpam_tools *tools = calloc(1, sizeof(*tools));
	if (!tools)
		return TPAM_E_MEMORY;
	struct pin pin = engine_pin(engine);
	int code = fill(tools, pin.generation, service, names, tags, count);
	generation_unref(pin);
	if (code == TPAM_OK)
		*ret_tools = tools;
	else
		tpam_tools_destroy(tools);
	return code;
}

void tpam_tools_destroy(struct tpam_tools *tools)
{
	if (!tools)
		return;
	sorted_finish(&tools->sorted);
	for (size_t i = 0; tools->tags && i < tools->count; i++)
		list_finish(&tools->tags[i]);
	free(tools->tags);
	for (size_t i = 0; tools->names && tools->names[i]; i++)
		free(tools->names[i]);
	free(tools->names);
	free(tools->service);
	free(tools);
}

void tpam_tools_listed(const struct tpam_tools *tools, uint64_t *ret_bits)
{
	memset(ret_bits, 0, tools->words * sizeof(*ret_bits));
	for (size_t i = 0; i < tools->sorted.count; i++) {
		const struct class *class = &tools->sorted.classes[i];
		for (size_t j = 0; class->listed && j < tools->words; j++)
			ret_bits[j] |= class->mask[j];
	}
}

/* ---- Asking ---- */

static bool class_is_met(
	const struct class *class, const struct service *service, struct subject *subject)
{
	if (class->access == ACCESS_DENY)
		return false;
	for (size_t i = 0; i < class->count; i++)
		if (!requirements_met(
			    &service->tools.list[class->sections[i]].requirements, subject))
			return false;
	return true;
}

struct asking {
	const struct tpam_result *result;
	struct subject *subject; /* NULL: nobody who meets what hub and service demand */
	bool all;                /* nobody is refused anything */
};

/* Where nobody meets it what is public counts, if nothing was presented. */
static bool class_is_permitted(const struct class *class, const struct asking *asking)
{
	const struct tpam_result *result = asking->result;

	return asking->all || (result->bare && class->access == ACCESS_PUBLIC) ||
	       (asking->subject && class_is_met(class, result->service, asking->subject));
}

static void ask(
	uint64_t *bits, size_t words, const struct sorted *sorted, const struct asking *asking)
{
	for (size_t i = 0; i < sorted->count; i++) {
		const struct class *class = &sorted->classes[i];
		if (!class_is_permitted(class, asking))
			continue;
		for (size_t word = 0; word < words; word++)
			bits[word] |= class->mask[word];
	}
}

int tpam_permits(
	const struct tpam_result *result, const struct tpam_tools *tools, uint64_t *ret_bits)
{
	const struct generation *generation = result->pin.generation;
	const struct service *service = generation_service(generation, tools->service);
	struct subject subject = subject_of(&result->identity, result->id, result->tenant);
	struct sorted anew = {0};

	if (!service || service != result->service)
		return TPAM_E_ARGUMENT;
	bool known = generation->number == tools->generation;
	if (!known && !sort(&anew, tools, service))
		return TPAM_E_MEMORY;
	memset(ret_bits, 0, tools->words * sizeof(*ret_bits));
	subject.now = hooks_wall(&generation->hooks) / 1000000000;
	subject.leeway = generation->leeway;
	bool accepted = tpam_result_accepted(result);
	bool met = accepted && !result->unenforced && !result->open &&
		   requirements_met(&service->requirements, &subject);
	const struct asking asking = {result, met ? &subject : NULL,
		accepted && audit_only_holds(&service->audit_only, subject.now)};
	ask(ret_bits, tools->words, known ? &tools->sorted : &anew, &asking);
	bool failed = subject.claims.failed;
	claims_finish(&subject.claims);
	sorted_finish(&anew);
	return failed ? TPAM_E_MEMORY : TPAM_OK;
}
