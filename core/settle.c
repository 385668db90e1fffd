/*
 * settle.c - what follows of a configuration as a whole: who may be asked for what, and what is kept of verdicts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build.h"
#include "memory.h"

#define DEMANDS_MAX (1 << 22)

/* ---- What providers may be asked for ---- */

static bool demand(struct tpam_instance *instance, const struct requirements *requirements)
{
	for (size_t i = 0; i < requirements->count; i++) {
		if (!array_reserve(&instance->demands, instance->demand_count,
			    sizeof(*instance->demands), DEMANDS_MAX))
			return false;
		instance->demands[instance->demand_count++] = &requirements->list[i];
	}
	return true;
}

static bool demand_all(struct tpam_instance *instance, const struct service *service)
{
	if (!demand(instance, &service->requirements))
		return false;
	for (size_t i = 0; i < service->tools.count; i++)
		if (!demand(instance, &service->tools.list[i].requirements))
			return false;
	return true;
}

/* Once for each service, however often its rules name the provider. */
static bool demands_collect(struct generation *generation)
{
	for (size_t i = 0; i < generation->service_count; i++) {
		const struct service *service = &generation->services[i];
		const struct program *auth = &service->programs[group_index(TPAM_AUTH)];
		for (size_t j = 0; j < generation->instance_count; j++) {
			struct tpam_instance *instance = generation->instances[j];
			bool named = false;
			for (size_t k = 0; k < auth->count && !named; k++)
				named = auth->rules[k].instance == instance;
			if (named && !demand_all(instance, service))
				return false;
		}
	}
	return true;
}

static bool same_list(const struct list *one, const struct list *other)
{
	bool same = one->count == other->count;

	for (size_t i = 0; i < one->count && same; i++)
		same = strcmp(one->items[i], other->items[i]) == 0;
	return same;
}

/* Verdicts are kept apart by what a token must be made for. */
static void number_audiences(struct generation *generation)
{
	uint32_t numbers = 0;

	for (size_t i = 0; i < generation->service_count; i++) {
		struct service *service = &generation->services[i];
		for (size_t k = 0; k < i && service->audience_number == 0; k++)
			if (same_list(&service->audiences, &generation->services[k].audiences))
				service->audience_number = generation->services[k].audience_number;
		if (service->audience_number == 0 && service->audiences.count > 0)
			service->audience_number = ++numbers;
	}
}

/* ---- What is kept ---- */

static bool cache_open(struct generation *generation)
{
	bool wanted = false;

	for (size_t i = 0; i < generation->instance_count; i++)
		wanted = wanted || generation->instances[i]->keeps;
	if (!wanted || generation->limits.cache_entries == 0)
		return true;
	generation->cache = cache_create(
		generation->limits.cache_entries, generation->limits.cache_size, generation->tally);
	return generation->cache != NULL;
}

bool generation_settle(struct generation *generation)
{
	number_audiences(generation);
	return demands_collect(generation) && cache_open(generation);
}
