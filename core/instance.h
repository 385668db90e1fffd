/*
 * instance.h - a configured provider: its options read and checked, its plugin's state opened.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_INSTANCE_H
#define CORE_INSTANCE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/provider.h>

#include "forks.h"
#include "grant.h"
#include "guard.h"
#include "hooks.h"
#include "list.h"
#include "options.h"
#include "plugin.h"
#include "report.h"
#include "settings.h"

enum credential_place {
	CREDENTIAL_NONE,
	CREDENTIAL_BEARER,
	CREDENTIAL_BASIC,
	CREDENTIAL_HEADER,
	CREDENTIAL_COOKIE
};

/* What open() said that a field can have. */
struct offered {
	bool known;    /* it said something */
	bool too_many; /* and more than is kept: then nothing is known after all */
	struct list values;
};

/* What the operator of a [provider:NAME] section gets from its file. */
struct tpam_instance {
	char *name;
	struct place at; /* of the section */
	const struct plugin *plugin;
	const struct tpam_provider *provider; /* plugin->provider */
	void *state;
	bool opened;
	struct option_value *options; /* one for each option of the descriptor, in its order */
	size_t option_count;

	/* What every provider has. */
	enum credential_place credential;
	char *credential_name; /* of the header or cookie */
	bool link;             /* its identity may differ from the first */
	bool anonymous;        /* a utility whose success stands for the identity "anonymous" */
	char **audiences; /* its own, where bound by audience; NULL-terminated; NULL: none named */
	struct rate guard_client; /* what credentials nobody has seen may cost; count 0: no limit */
	struct rate guard_upstream;
	struct guard *guard; /* NULL: neither is limited */
	bool audience_none;  /* audience = none */

	struct list prefixes; /* how credentials begin that are its own */
	bool takes_opaque;    /* it takes whatever it cannot recognise */
	uint32_t binding;     /* enum tpam_binding: the plugin's, unless open() said otherwise */

	/* Which scopes those whom it identifies have. */
	enum token_scopes token_scopes; /* as written */
	struct grants *grants;          /* NULL: the token's own */

	/* What the services that may recognise somebody by it demand of an identity. */
	const struct requirement **demands;
	size_t demand_count;

	/* What is kept of its verdicts. */
	uint32_t number;   /* among the instances of the generation */
	bool keeps;        /* anything at all */
	atomic_bool asked; /* once it has asked for a verdict to be kept: else nothing is */
	int64_t cache_ttl; /* nanoseconds */
	int64_t cache_negative_ttl;
	int64_t stale_if_error;
	atomic_uint_fast64_t flushes; /* what was kept before the last of them is worth nothing */

	struct offered offered[FIELD_LIMIT];

	bool development;
	int64_t leeway;             /* seconds */
	int64_t expire_soon;        /* seconds; 0: never */
	const struct hooks *hooks;  /* log and clock; outlives the instance */
	struct audit *audit;        /* NULL: none; outlives the instance */
	struct tpam_report *report; /* while open() runs, else NULL */
	struct section *section;    /* while loading, else NULL */
	pthread_mutex_t turn;       /* held in a call unless the plugin is TPAM_CONCURRENT */
	struct forks_watch watch;
};

/*
 * Reads "bearer", "basic", "header:NAME" or "cookie:NAME"; the name points into `text`. False for anything
 * else, and for headers that another form reads.
 */
bool credential_place_read(enum credential_place *ret, const char **ret_name, const char *text);

struct instance_context {
	const char *plugin_path;
	bool development;
	int64_t leeway;
	int64_t expire_soon;
	const struct hooks *hooks;
	struct tpam_report *report;
};

/*
 * Loads the plugin of a section and reads its options; everything that is wrong is reported. TPAM_OK,
 * TPAM_E_CONFIG or TPAM_E_MEMORY. The instance is not open yet: instance_open() calls the plugin once the
 * whole configuration is otherwise sound or not (so that its errors come in the same pass).
 */
int instance_create(struct tpam_instance **ret, struct section *section,
	const struct instance_context *context);
int instance_open(struct tpam_instance *instance, struct tpam_report *report);
void instance_destroy(struct tpam_instance *instance);

/* The values that it can give a field; NULL: any. */
const struct list *instance_offers(const struct tpam_instance *instance, int32_t field);

/* The function that serves a group; NULL if none does. */
typedef int32_t provider_fn(void *state, struct tpam_call *call);
provider_fn *instance_function(const struct tpam_instance *instance, enum tpam_group group);

/* The function that asks again whether a kept verdict holds; NULL if there is none. */
provider_fn *instance_recheck(const struct tpam_instance *instance);

#endif
