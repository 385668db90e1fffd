/*
 * generation.h - one loaded configuration: providers,
 * services, limits. Immutable once built, shared by counting.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_GENERATION_H
#define CORE_GENERATION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit.h"
#include "cache.h"
#include "hooks.h"
#include "instance.h"
#include "report.h"
#include "service.h"
#include "settings.h"
#include "stripe.h"

/* [tokenpam] */
struct limits {
	size_t token;        /* bytes of a credential */
	size_t headers;      /* bytes of the client's headers */
	unsigned json_depth; /* of claims and arguments */
	size_t cache_entries;
	size_t cache_size; /* bytes */
};

/* Of the references that threads of one stripe took. */
struct generation_stripe {
	_Alignas(STRIPE_ALIGNMENT) atomic_uint_fast64_t references;
};

struct generation {
	struct generation_stripe stripes[STRIPES];
	atomic_uint living; /* stripes that have any */
	uint64_t number;
	int64_t loaded_at; /* seconds since 1970 */
	struct hooks hooks;
	char *config; /* path of the main file */
	struct settings settings;

	bool development;
	int64_t leeway;      /* seconds */
	int64_t expire_soon; /* seconds; 0: never */
	int64_t refresh;     /* nanoseconds between looks at the files behind it; 0: none */
	char *plugin_path;
	struct limits limits;

	struct tpam_instance **instances; /* in the order of the file */
	size_t instance_count;
	const char **stack_names; /* for suggestions; NULL-terminated */
	const char **provider_names;
	struct scopes scopes;
	struct service *services; /* sorted by name */
	size_t service_count;

	struct audit *audit; /* NULL: none; also of others that say the same of it */
	struct audit_facts audit_facts;
	struct tally *tally; /* the engine's, too */
	struct cache *cache; /* NULL: nothing is kept */
};

struct generation_context {
	const char *config;
	const char *plugin_path;
	uint64_t config_size;
	unsigned include_depth;
	struct hooks hooks;
	struct tally *tally;
	struct audit *audit; /* of the generation that runs; NULL: none */
	bool silent_audit;   /* what the configuration says of one is checked, and there is none */
};

/*
 * Reads, checks and opens a configuration; everything that is wrong with it goes to the report in one pass.
 * TPAM_OK, TPAM_E_CONFIG or TPAM_E_MEMORY.
 */
int generation_create(struct generation **ret, const struct generation_context *context,
	struct tpam_report *report);

/*
 * The first reference of somebody, while the engine has its own, one in each stripe; another one of who has a pin, in the
 * same stripe, since others may be dead; and one less.
 */
struct pin generation_pin(struct generation *generation);
struct pin pin_again(struct pin pin);
void generation_unref(struct pin pin);

/* Gives back the engine's own: nothing new begins with it, and what it kept is forgotten at once. */
void generation_retire(struct generation *generation);

/* The service of that name, else the one called "other", else NULL. */
const struct service *generation_service(const struct generation *generation, const char *name);

#endif
