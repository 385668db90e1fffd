/*
 * suite_known.c - what is configured, for who compares names with it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "engine.h"
#include "output.h"
#include "suite.h"

#define NAMES_LIMIT 1000 /* that a mistyped one is compared with */

int known_open(struct known *known, struct tpam_engine *engine)
{
	*known = (struct known){.engine = engine, .services = json_object()};
	return engine_describe(engine, NULL, &known->overview);
}

void known_finish(struct known *known)
{
	json_decref(known->overview);
	json_decref(known->services);
	*known = (struct known){0};
}

const json_t *known_service(struct known *known, const char *name)
{
	json_t *service = json_object_get(known->services, name);

	if (!service) {
		if (engine_describe(known->engine, name, &service) != EXIT_ACCEPTED)
			service = json_null();
		json_object_set_new(known->services, name, service);
	}
	return json_is_object(service) ? service : NULL;
}

const json_t *known_provider(const struct known *known, const char *name)
{
	json_t *provider;
	size_t i;

	json_array_foreach(json_object_get(known->overview, "providers"), i, provider)
	{
		const char *own = text_member(provider, "name");
		if (own && strcmp(own, name) == 0)
			return provider;
	}
	return NULL;
}

/* Names are strings, or objects with a name. */
const char *known_nearest(const struct known *known, const char *key, const char *name)
{
	const char *names[NAMES_LIMIT + 1] = {NULL};
	json_t *entry;
	size_t i, count = 0;

	json_array_foreach(json_object_get(known->overview, key), i, entry)
	{
		const char *own = json_is_string(entry) ? json_string_value(entry)
							: text_member(entry, "name");
		if (own && count < NAMES_LIMIT)
			names[count++] = own;
	}
	return nearest(name, names);
}
