/*
 * engine.c - open, reload, close, count.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codes.h"
#include "engine.h"
#include "forks.h"
#include "json_reserve.h"
#include "memory.h"
#include "pool.h"
#include "refresh.h"

#define CONFIG_SIZE_MAX   (UINT64_C(1) << 20)
#define INCLUDE_DEPTH_MAX 16
#define WORKERS           8

/* What threads of one stripe see; its lock is held while a reference is taken. */
struct engine_stripe {
	_Alignas(STRIPE_ALIGNMENT) pthread_mutex_t lock;
	struct generation *generation;
};

struct tpam_engine {
	struct engine_stripe stripes[STRIPES];
	struct forks_watch watch;
	pthread_mutex_t swap;   /* guards `pool` */
	pthread_mutex_t reload; /* one reload at a time */
	struct generation *generation;
	struct refresh refresh;
	atomic_bool loading; /* `reload` is held */
	struct pool *pool;
	pid_t pool_owner;
	unsigned workers;
	struct generation_context context;
	char *config;
	/* the same, for reloads after a change of the working directory; NULL if it was absolute */
	char *absolute;
	char *folder; /* the working directory when opened; NULL likewise */
	char *plugin_path;
	atomic_uint_fast64_t reloads;
	atomic_uint_fast64_t reload_failures;
	struct tally *tally;
	struct audits audits; /* under `reload` */
};

/* Members that an older caller's structure does not have are 0. */
static struct tpam_engine_options options_known(const struct tpam_engine_options *options)
{
	struct tpam_engine_options known = {0};

	memcpy(&known, options, options->size < sizeof(known) ? options->size : sizeof(known));
	return known;
}

/* Remembers what a relative path is relative to. */
static bool folder_keep(struct tpam_engine *engine)
{
	if (engine->config[0] == '/')
		return true;
	engine->folder = getcwd(NULL, 0);
	engine->absolute =
		engine->folder ? text_format("%s/%s", engine->folder, engine->config) : NULL;
	return engine->absolute != NULL;
}

/* The path as the host gave it, for as long as it means the same file. */
static const char *config_path(const struct tpam_engine *engine)
{
	if (!engine->folder)
		return engine->config;
	char *now = getcwd(NULL, 0);
	bool same = now && strcmp(now, engine->folder) == 0;
	free(now);
	return same ? engine->config : engine->absolute;
}

static void locks_init(struct tpam_engine *engine)
{
	for (size_t i = 0; i < STRIPES; i++)
		pthread_mutex_init(&engine->stripes[i].lock, NULL);
	pthread_mutex_init(&engine->swap, NULL);
	pthread_mutex_init(&engine->reload, NULL);
}

/* In the child of a fork: a thread that is not there may have been about to swap. */
static void renew(void *data)
{
	struct tpam_engine *engine = data;

	locks_init(engine);
	for (size_t i = 0; i < STRIPES; i++)
		engine->stripes[i].generation = engine->generation;
	if (atomic_load(&engine->loading))
		refresh_abandon(&engine->refresh);
	atomic_store(&engine->loading, false);
}

/* All stripes at once: no thread sees the old one after another has seen the new one. */
static void generation_swap(struct tpam_engine *engine, struct generation *fresh)
{
	for (size_t i = 0; i < STRIPES; i++)
		pthread_mutex_lock(&engine->stripes[i].lock);
	engine->generation = fresh;
	for (size_t i = 0; i < STRIPES; i++)
		engine->stripes[i].generation = fresh;
	for (size_t i = STRIPES; i-- > 0;)
		pthread_mutex_unlock(&engine->stripes[i].lock);
}

static struct tpam_engine *engine_create(const struct tpam_engine_options *options)
{
	struct tpam_engine *engine = aligned_alloc(STRIPE_ALIGNMENT, sizeof(*engine));

	if (!engine)
		return NULL;
	memset(engine, 0, sizeof(*engine));
	locks_init(engine);
	if (!forks_begin(&engine->watch, renew, engine)) {
		tpam_engine_close(engine);
		return NULL;
	}
	engine->config = text_copy(options->config, strlen(options->config));
	if (options->plugin_path)
		engine->plugin_path = text_copy(options->plugin_path, strlen(options->plugin_path));
	if (!engine->config || (options->plugin_path && !engine->plugin_path) ||
		!folder_keep(engine)) {
		tpam_engine_close(engine);
		return NULL;
	}
	engine->tally = tally_create();
	if (!engine->tally) {
		tpam_engine_close(engine);
		return NULL;
	}
	engine->workers = options->workers ? options->workers : WORKERS;
	engine->context = (struct generation_context){.config = engine->config,
		.plugin_path = engine->plugin_path ? engine->plugin_path : TPAM_PLUGINDIR,
		.config_size = options->config_size ? options->config_size : CONFIG_SIZE_MAX,
		.include_depth =
			options->include_depth ? options->include_depth : INCLUDE_DEPTH_MAX,
		.hooks = {options->log, options->log_data, options->clock, options->clock_data},
		.silent_audit = (options->flags & TPAM_ENGINE_SILENT_AUDIT) != 0,
		.tally = engine->tally};
	return engine;
}

/* Creates a generation and its report; the report is handed out whatever comes of it, as are the files that were read. */
static int generation_load(struct generation **ret, const struct generation_context *context,
	struct origins *origins, struct tpam_report **ret_report)
{
	struct tpam_report *report = report_create();
	int code = TPAM_E_MEMORY;

	if (report) {
		report_gather(report, origins);
		code = generation_create(ret, context, report);
		report_gather(report, NULL);
		report_finish(report);
	}
	if (report && report_failed(report) && code == TPAM_E_CONFIG)
		code = TPAM_E_MEMORY;
	if (ret_report)
		*ret_report = report;
	else
		tpam_report_destroy(report);
	return code;
}

int tpam_engine_open(struct tpam_engine **ret_engine, const struct tpam_engine_options *options,
	struct tpam_report **ret_report)
{
	if (ret_report)
		*ret_report = NULL;
	if (options->size < offsetof(struct tpam_engine_options, plugin_path) || !options->config)
		return TPAM_E_ARGUMENT;

	json_reserve_install();
	struct tpam_engine_options known = options_known(options);
	struct tpam_engine *engine = engine_create(&known);
	if (!engine)
		return TPAM_E_MEMORY;
	struct generation *generation = NULL;
	struct origins origins = {0};
	int code = generation_load(&generation, &engine->context, &origins, ret_report);
	if (code != TPAM_OK) {
		origins_finish(&origins);
		tpam_engine_close(engine);
		return code;
	}
	generation->number = 1;
	generation_swap(engine, generation);
	refresh_loaded(&engine->refresh, &origins, generation->refresh, &engine->context.hooks);
	*ret_engine = engine;
	return TPAM_OK;
}

struct pin engine_pin(struct tpam_engine *engine)
{
	struct engine_stripe *stripe = &engine->stripes[stripe_mine()];

	pthread_mutex_lock(&stripe->lock);
	struct pin pin = generation_pin(stripe->generation);
	pthread_mutex_unlock(&stripe->lock);
	return pin;
}

struct pool *engine_pool(struct tpam_engine *engine)
{
	pthread_mutex_lock(&engine->swap);
	/* A child has none of its parent's threads, and must not touch what they may hold. */
	if (!engine->pool || engine->pool_owner != getpid()) {
		engine->pool = pool_create(engine->workers);
		engine->pool_owner = getpid();
	}
	struct pool *pool = engine->pool;
	pthread_mutex_unlock(&engine->swap);
	return pool;
}

int64_t engine_monotonic(const struct tpam_engine *engine)
{
	return hooks_monotonic(&engine->context.hooks);
}

/* Whose audit ends with it is told, too. */
static void audit_reload(const struct tpam_engine *engine, struct audit *audit, int code)
{
	if (audit)
		audit_event(audit, "reload", NULL, code == TPAM_OK ? "success" : "error",
			engine->config);
}

static void swap_in(struct tpam_engine *engine, struct generation *fresh, struct origins *origins)
{
	struct generation *old = engine->generation;
	int64_t every = fresh->refresh;

	fresh->number = old->number + 1;
	generation_swap(engine, fresh);
	/* Requests that are still under way by the old one begin another row. */
	if (old->audit != fresh->audit) {
		audit_reload(engine, old->audit, TPAM_OK);
		audits_retire(&engine->audits, old->audit);
	}
	generation_retire(old);
	refresh_loaded(&engine->refresh, origins, every, &engine->context.hooks);
	atomic_fetch_add_explicit(&engine->reloads, 1, memory_order_relaxed);
	hooks_log(&engine->context.hooks, TPAM_LOG_NOTICE, "%s loaded again", engine->config);
}

/* Where nobody gets the report, the first error of it stands in the log. */
static void log_error(const struct tpam_engine *engine, const struct tpam_report *report)
{
	const struct tpam_diagnostic *finding;
	size_t i = 0;

	while ((finding = tpam_report_get(report, i)) && finding->severity != TPAM_SEVERITY_ERROR)
		i++;
	char *line = finding ? tpam_report_line(report, i) : NULL;
	if (line)
		hooks_log(&engine->context.hooks, TPAM_LOG_ERROR, "%s", line);
	tpam_free(line);
}

/* `reload` is held. With `looked`, because a file has changed and not because the host asked. */
static int load_again(struct tpam_engine *engine, bool looked, struct tpam_report **ret_report)
{
	struct generation *fresh = NULL;
	struct origins origins = {0};

	engine->context.config = config_path(engine);
	engine->context.audit = engine->generation->audit;
	int code = generation_load(&fresh, &engine->context, &origins, ret_report);
	engine->context.audit = NULL;
	if (code == TPAM_OK) {
		swap_in(engine, fresh, &origins);
		audit_reload(engine, engine->generation->audit, code);
		return code;
	}
	audit_reload(engine, engine->generation->audit, code);
	atomic_fetch_add_explicit(&engine->reload_failures, 1, memory_order_relaxed);
	if (!looked || refresh_failed(&engine->refresh, &origins, code == TPAM_E_MEMORY))
		hooks_log(&engine->context.hooks, TPAM_LOG_ERROR,
			"%s does not load (%s): what was loaded before stays", engine->config,
			tpam_code_text(code));
	origins_finish(&origins);
	return code;
}

int tpam_engine_reload(struct tpam_engine *engine, struct tpam_report **ret_report)
{
	struct tpam_report *report = NULL;

	pthread_mutex_lock(&engine->reload);
	atomic_store(&engine->loading, true);
	int code = load_again(engine, false, &report);
	atomic_store(&engine->loading, false);
	pthread_mutex_unlock(&engine->reload);
	if (ret_report)
		*ret_report = report;
	else
		tpam_report_destroy(report);
	return code;
}

/* Whoever is loading now finds what has changed, too. */
static void look(void *data)
{
	struct tpam_engine *engine = data;
	struct tpam_report *report = NULL;
	const char *why = NULL;

	if (pthread_mutex_trylock(&engine->reload) != 0)
		return;
	atomic_store(&engine->loading, true);
	if (refresh_look(&engine->refresh, &engine->context.hooks, &why)) {
		if (why)
			hooks_log(&engine->context.hooks, TPAM_LOG_NOTICE, "%s has changed", why);
		if (load_again(engine, true, &report) == TPAM_E_CONFIG)
			log_error(engine, report);
	}
	atomic_store(&engine->loading, false);
	pthread_mutex_unlock(&engine->reload);
	tpam_report_destroy(report);
}

void engine_refresh(struct tpam_engine *engine, struct pool *pool)
{
	if (refresh_due(&engine->refresh, &engine->context.hooks) &&
		(!pool || !pool_chore(pool, look, engine)))
		look(engine);
}

void tpam_engine_close(struct tpam_engine *engine)
{
	if (!engine)
		return;
	forks_end(&engine->watch);
	if (engine->pool_owner == getpid())
		pool_destroy(engine->pool);
	/* What results keep alive is not waited for. */
	if (engine->generation)
		audit_close(engine->generation->audit);
	audits_close(&engine->audits);
	if (engine->generation)
		generation_retire(engine->generation);
	refresh_finish(&engine->refresh);
	tally_unref(engine->tally);
	for (size_t i = 0; i < STRIPES; i++)
		pthread_mutex_destroy(&engine->stripes[i].lock);
	pthread_mutex_destroy(&engine->swap);
	pthread_mutex_destroy(&engine->reload);
	free(engine->config);
	free(engine->absolute);
	free(engine->folder);
	free(engine->plugin_path);
	free(engine);
}

void engine_count(struct tpam_engine *engine, int32_t outcome, bool unenforced)
{
	if (outcome_known(outcome))
		tally_add(engine->tally, outcome);
	if (unenforced)
		tally_add(engine->tally, TALLY_UNENFORCED);
}

static void statistics_cache(
	struct tpam_statistics *all, const struct tpam_engine *engine, struct cache *cache)
{
	all->cache_hits = tally_sum(engine->tally, TALLY_HITS);
	all->cache_negative_hits = tally_sum(engine->tally, TALLY_NEGATIVE_HITS);
	all->cache_misses = tally_sum(engine->tally, TALLY_MISSES);
	all->cache_stale = tally_sum(engine->tally, TALLY_STALE);
	all->cache_evictions = tally_sum(engine->tally, TALLY_EVICTIONS);
	if (!cache)
		return;
	all->cache_entries = atomic_load(&cache->good.entries) + atomic_load(&cache->bad.entries);
	all->cache_bytes = atomic_load(&cache->good.bytes) + atomic_load(&cache->bad.bytes);
}

int tpam_engine_statistics(struct tpam_engine *engine, struct tpam_statistics *statistics)
{
	struct tpam_statistics all = {.size = statistics->size};
	struct pin pin = engine_pin(engine);
	const struct generation *generation = pin.generation;

	all.generation = generation->number;
	all.loaded_at = generation->loaded_at;
	statistics_cache(&all, engine, generation->cache);
	generation_unref(pin);
	all.reloads = atomic_load_explicit(&engine->reloads, memory_order_relaxed);
	all.reload_failures = atomic_load_explicit(&engine->reload_failures, memory_order_relaxed);
	for (int32_t i = 1; i < TPAM_OUTCOME_LIMIT; i++) {
		all.outcomes[i] = tally_sum(engine->tally, i);
		all.decisions += all.outcomes[i];
	}
	all.audit_written = tally_sum(engine->tally, TALLY_AUDIT_WRITTEN);
	all.audit_lost = tally_sum(engine->tally, TALLY_AUDIT_LOST);
	all.unenforced = tally_sum(engine->tally, TALLY_UNENFORCED);
	all.accepted = all.outcomes[TPAM_SUCCESS] + all.outcomes[TPAM_EXPIRING];
	if (statistics->size < offsetof(struct tpam_statistics, generation))
		return TPAM_E_ARGUMENT;
	memcpy(statistics, &all, statistics->size < sizeof(all) ? statistics->size : sizeof(all));
	return TPAM_OK;
}

void tpam_free(void *memory)
{
	free(memory);
}
