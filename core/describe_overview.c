/*
 * describe_overview.c - what is configured as a whole, as JSON: files, services, providers, stacks, cache, audit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "describe.h"

#include "engine.h"
#include "json.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What may be kept, what is, and what came of looking. */
static json_t *cache_json(
	struct tpam_engine *engine, const struct generation *generation, bool *failed)
{
	struct tpam_statistics now = {.size = sizeof(now)};
	json_t *object = json_object();

	(void)tpam_engine_statistics(engine, &now);
	const struct {
		const char *key;
		uint64_t value;
	} members[] = {{"entries_max", generation->limits.cache_entries},
		{"bytes_max", generation->limits.cache_size}, {"entries", now.cache_entries},
		{"bytes", now.cache_bytes}, {"hits", now.cache_hits},
		{"negative_hits", now.cache_negative_hits}, {"misses", now.cache_misses},
		{"stale", now.cache_stale}, {"evictions", now.cache_evictions}};
	for (size_t i = 0; i < COUNT(members); i++)
		json_put(
			object, members[i].key, json_integer((json_int_t)members[i].value), failed);
	return object;
}

/* What is written where; null where nothing is. */
static json_t *audit_json(const struct generation *generation, bool *failed)
{
	const struct list *sinks = &generation->audit_facts.sinks;
	json_t *object = sinks->count > 0 ? json_object() : json_null();

	if (sinks->count > 0)
		json_put(object, "sinks", texts_json(sinks, failed), failed);
	return object;
}

json_t *overview_json(struct tpam_engine *engine, const struct generation *generation, bool *failed)
{
	json_t *object = json_object();
	json_t *services = json_array(), *providers = json_array(), *stacks = json_array();

	put_head(object, generation, failed);
	for (size_t i = 0; i < generation->service_count; i++)
		json_push(services, json_string(generation->services[i].name), failed);
	for (size_t i = 0; i < generation->instance_count; i++) {
		const struct tpam_instance *instance = generation->instances[i];
		json_t *provider = json_object();
		json_put(provider, "name", json_string(instance->name), failed);
		json_put(provider, "plugin", json_string(instance->provider->name), failed);
		json_put(provider, "at", place_json(instance->at), failed);
		put_powers(provider, instance, failed);
		json_push(providers, provider, failed);
	}
	for (size_t i = 0; generation->stack_names[i]; i++)
		json_push(stacks, json_string(generation->stack_names[i]), failed);
	json_put(object, "services", services, failed);
	json_put(object, "providers", providers, failed);
	json_put(object, "stacks", stacks, failed);
	json_put(object, "audit", audit_json(generation, failed), failed);
	json_put(object, "cache", cache_json(engine, generation, failed), failed);
	return object;
}
