/*
 * generation.c - one loaded configuration: its life, and who has it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "generation.h"

#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "layers.h"
#include "memory.h"

/* ---- Life ---- */

static void destroy(struct generation *generation)
{
	for (size_t i = 0; i < generation->service_count; i++)
		service_finish(&generation->services[i]);
	cache_destroy(generation->cache);
	for (size_t i = 0; i < generation->instance_count; i++)
		instance_destroy(generation->instances[i]);
	scopes_finish(&generation->scopes);
	audit_unref(generation->audit);
	audit_facts_finish(&generation->audit_facts);
	tally_unref(generation->tally);
	free(generation->services);
	free(generation->instances);
	free(generation->stack_names);
	free(generation->provider_names);
	free(generation->plugin_path);
	free(generation->config);
	settings_finish(&generation->settings);
	free(generation);
}

static struct generation *blank(const struct generation_context *context)
{
	struct generation *generation = aligned_alloc(STRIPE_ALIGNMENT, sizeof(*generation));

	if (!generation)
		return NULL;
	memset(generation, 0, sizeof(*generation));
	for (size_t i = 0; i < STRIPES; i++)
		atomic_init(&generation->stripes[i].references, 1);
	atomic_init(&generation->living, STRIPES);
	generation->hooks = context->hooks;
	generation->tally = tally_ref(context->tally);
	generation->config = text_copy(context->config, strlen(context->config));
	generation->plugin_path = text_copy(context->plugin_path, strlen(context->plugin_path));
	generation->loaded_at = hooks_wall(&generation->hooks) / 1000000000;
	if (generation->config && generation->plugin_path)
		return generation;
	destroy(generation);
	return NULL;
}

int generation_create(struct generation **ret, const struct generation_context *context,
	struct tpam_report *report)
{
	struct generation *generation = blank(context);
	const struct layers_limits limits = {context->config_size, context->include_depth};

	if (!generation)
		return TPAM_E_MEMORY;
	int code = layers_read(&generation->settings, generation->config, &limits, report);
	/* What is wrong is in the report, and what is not goes on, so that all of it is told. */
	code = code == TPAM_E_MEMORY ? code : TPAM_OK;
	if (code == TPAM_OK && generation->settings.file_count > 0)
		code = generation_build(generation, context, report);
	if (code == TPAM_OK && report_failed(report))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK && report_has_errors(report))
		code = TPAM_E_CONFIG;
	if (code != TPAM_OK) {
		destroy(generation);
		return code;
	}
	*ret = generation;
	return TPAM_OK;
}

struct pin pin_again(struct pin pin)
{
	atomic_fetch_add_explicit(
		&pin.generation->stripes[pin.stripe].references, 1, memory_order_relaxed);
	return pin;
}

struct pin generation_pin(struct generation *generation)
{
	return pin_again((struct pin){generation, stripe_mine()});
}

/*
 * A stripe whose last reference is gone never has one again: the engine has given back its own, and who has another one
 * counts in that one's stripe. So the last stripe is the last of all.
 */
void generation_unref(struct pin pin)
{
	if (pin.generation &&
		atomic_fetch_sub_explicit(&pin.generation->stripes[pin.stripe].references, 1,
			memory_order_acq_rel) == 1 &&
		atomic_fetch_sub_explicit(&pin.generation->living, 1, memory_order_acq_rel) == 1)
		destroy(pin.generation);
}

void generation_retire(struct generation *generation)
{
	if (generation->cache)
		cache_close(generation->cache);
	for (unsigned i = 0; i < STRIPES; i++)
		generation_unref((struct pin){generation, i});
}

static int find_name(const void *name, const void *service)
{
	return strcmp(name, ((const struct service *)service)->name);
}

static const struct service *find(const struct generation *generation, const char *name)
{
	if (generation->service_count == 0)
		return NULL;
	return bsearch(name, generation->services, generation->service_count,
		sizeof(struct service), find_name);
}

const struct service *generation_service(const struct generation *generation, const char *name)
{
	const struct service *service = find(generation, name);

	return service ? service : find(generation, "other");
}
