/*
 * audit.c - one line of JSON for each decision, and for what else an operator wants to find later.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "audit_chain.h"
#include "audit_queue.h"
#include "audit_sink.h"
#include "forks.h"
#include "memory.h"

#define ITEMS_MAX (AUDIT_BATCH + AUDIT_SINKS_MAX + 2) /* and what was lost, and where a row ends */

struct audit {
	atomic_uint references;
	struct audit_config config;
	struct hooks hooks;
	struct tally *tally;
	struct audit_mac *marks;
	struct audit_mac *macs; /* NULL: no rows */
	struct forks_watch watch;
	struct audit_queue queue;

	/* The thread's: */
	struct audit_sink sinks[AUDIT_SINKS_MAX];
	size_t sink_count;
	struct audit_chain chain;
	bool begun;      /* the row has a record */
	bool dropping;   /* records are being lost before they get here */
	uint64_t lost;   /* of those, since it began */
	uint64_t untold; /* of those, that no record tells of yet */
};

const struct audit_config *audit_config(const struct audit *audit)
{
	return &audit->config;
}

/* ---- Writing, in the thread ---- */

struct writing {
	struct audit_item items[ITEMS_MAX];
	size_t count;
};

/* As a record of the row, if there are rows. Takes the line over; NULL without memory. */
static char *enrol(struct audit *audit, char *line)
{
	char *enrolled = NULL;

	if (!line || !audit->macs)
		return line;
	if (!audit->begun)
		audit->begun = audit_chain_begin(&audit->chain, audit->macs);
	if (audit->begun)
		enrolled = audit_chain_add(&audit->chain, line);
	free(line);
	return enrolled;
}

static bool add(
	struct audit *audit, struct writing *writing, char *line, const struct audit_item *like)
{
	struct audit_item *item = &writing->items[writing->count];

	*item = *like;
	item->text = enrol(audit, line);
	if (!item->text)
		return false;
	item->length = strlen(item->text);
	writing->count++;
	return true;
}

static bool add_event(struct audit *audit, struct writing *writing,
	const struct audit_event_record *record, const struct audit_item *like)
{
	return add(audit, writing, audit_record_event(hooks_wall(&audit->hooks), record), like);
}

static void add_lost(struct audit *audit, struct writing *writing)
{
	const struct audit_event_record all = {.event = "lost", .count = audit->untold};

	if (audit->untold > 0 &&
		add_event(audit, writing, &all, &(struct audit_item){.weight = audit->untold}))
		audit->untold = 0;
	for (size_t i = 0; i < audit->sink_count; i++) {
		struct audit_sink *sink = &audit->sinks[i];
		const struct audit_event_record one = {
			.event = "lost", .sink = audit->config.sinks.items[i], .count = sink->owed};
		if (sink->owed > 0 &&
			add_event(audit, writing, &one,
				&(struct audit_item){.weight = sink->owed, .of = sink}))
			sink->owed = 0;
	}
}

static void write_out(struct audit *audit, struct writing *writing)
{
	for (size_t i = 0; i < audit->sink_count && writing->count > 0; i++)
		audit_sink_write(&audit->sinks[i], writing->items, writing->count, &audit->hooks);
	for (size_t i = 0; i < writing->count; i++) {
		const struct audit_item *item = &writing->items[i];
		if (item->counted)
			tally_add(audit->tally,
				item->missed ? TALLY_AUDIT_LOST : TALLY_AUDIT_WRITTEN);
		free(item->text);
	}
	writing->count = 0;
}

/* Where nothing more is to come for a while: what there is to say, and the checkpoint. */
static void write_end(struct audit *audit, struct writing *writing)
{
	add_lost(audit, writing);
	if (audit->begun) {
		const struct audit_event_record checkpoint = {
			.event = "checkpoint", .count = audit->chain.next};
		(void)add_event(audit, writing, &checkpoint, &(struct audit_item){.weight = 0});
	}
	write_out(audit, writing);
	audit->begun = false;
	for (size_t i = 0; i < audit->sink_count; i++)
		audit_sink_end(&audit->sinks[i], &audit->hooks);
}

/* One complaint for each time that it begins, and the number when it is over. */
static void note_lost(struct audit *audit, const struct audit_batch *batch)
{
	audit->lost += batch->lost;
	audit->untold += batch->lost;
	if (batch->lost > 0 && !audit->dropping)
		hooks_log(&audit->hooks, TPAM_LOG_ERROR,
			"records of the audit are lost for want of room or memory");
	if (batch->lost > 0)
		audit->dropping = true;
	if (!audit->dropping || !batch->last || (batch->lost > 0 && !batch->ending))
		return;
	hooks_log(&audit->hooks, TPAM_LOG_NOTICE, "%" PRIu64 " records of the audit were lost",
		audit->lost);
	audit->dropping = false;
	audit->lost = 0;
}

static void write_batch(void *data, struct audit_batch *batch)
{
	struct audit *audit = data;
	struct writing writing = {.count = 0};

	note_lost(audit, batch);
	add_lost(audit, &writing);
	for (size_t i = 0; i < batch->count; i++) {
		if (add(audit, &writing, batch->lines[i],
			    &(struct audit_item){.weight = 1, .counted = true}))
			continue;
		audit->untold++;
		tally_add(audit->tally, TALLY_AUDIT_LOST);
	}
	write_out(audit, &writing);
	if (batch->ending)
		write_end(audit, &writing);
}

/* ---- Marks ---- */

bool audit_mark(
	const struct audit *audit, char ret[AUDIT_MAC_SIZE], const void *bytes, size_t length)
{
	return audit_mac_make(audit->marks, ret, bytes, length);
}

/* ---- Life ---- */

/* In the child of a fork, whose records are a row of their own, and which owes nothing for its parent. */
static void renew(void *data)
{
	struct audit *audit = data;

	audit_queue_renew(&audit->queue);
	for (size_t i = 0; i < audit->sink_count; i++) {
		struct audit_sink *sink = &audit->sinks[i];
		audit_sink_close(sink);
		*sink = (struct audit_sink){.kind = sink->kind, .path = sink->path, .fd = -1};
	}
	audit->begun = audit->dropping = false;
	audit->lost = audit->untold = 0;
}

static bool sinks_make(struct audit *audit)
{
	for (size_t i = 0; i < audit->config.sinks.count; i++) {
		struct audit_sink *sink = &audit->sinks[audit->sink_count++];
		const char *path = NULL;
		*sink = (struct audit_sink){.fd = -1};
		(void)audit_sink_read(&sink->kind, &path, audit->config.sinks.items[i]);
		if (path && *path && !(sink->path = text_copy(path, strlen(path))))
			return false;
	}
	return true;
}

/* NULL in *ret where there are no rows. False without memory. */
static bool rows_make(struct audit_mac **ret, const struct audit_config *config)
{
	if (!config->chain)
		return true;
	*ret = audit_mac_create(config->chain_key, strlen(config->chain_key));
	return *ret != NULL;
}

/* Without a key of the configuration nobody can tell which token it was but by the other records of this process. */
static bool keys_make(struct audit *audit)
{
	const char *mark = audit->config.fingerprint_key;

	audit->marks = mark ? audit_mac_create(mark, strlen(mark)) : audit_mac_create_random();
	return audit->marks && rows_make(&audit->macs, &audit->config);
}

void audit_rest(struct audit *audit)
{
	if (audit)
		audit_queue_rest(&audit->queue);
}

void audit_close(struct audit *audit)
{
	if (audit)
		audit_queue_stop(&audit->queue);
}

static void destroy(struct audit *audit)
{
	forks_end(&audit->watch);
	if (audit->queue.ring)
		audit_queue_stop(&audit->queue);
	audit_queue_finish(&audit->queue);
	for (size_t i = 0; i < audit->sink_count; i++) {
		audit_sink_close(&audit->sinks[i]);
		free(audit->sinks[i].path);
	}
	audit_mac_destroy(audit->marks);
	audit_mac_destroy(audit->macs);
	audit_config_finish(&audit->config);
	tally_unref(audit->tally);
	free(audit);
}

/* Takes the configuration over. NULL without memory. */
static struct audit *create(struct audit_config *config, const struct audit_context *context)
{
	struct audit *audit = calloc(1, sizeof(*audit));

	if (!audit) {
		audit_config_finish(config);
		return NULL;
	}
	atomic_init(&audit->references, 1);
	audit->config = *config;
	audit->hooks = *context->hooks;
	audit->tally = tally_ref(context->tally);
	if (audit_queue_init(&audit->queue, config->queue, config->queue_size, config->block,
		    write_batch, audit) &&
		sinks_make(audit) && keys_make(audit) && forks_begin(&audit->watch, renew, audit))
		return audit;
	destroy(audit);
	return NULL;
}

void audit_facts_finish(struct audit_facts *facts)
{
	audit_mac_destroy(facts->rows);
	list_finish(&facts->sinks);
}

int audit_open(struct audit **ret, struct audit_facts *ret_facts, struct section *section,
	const struct audit_context *context)
{
	struct audit *before = context->before;
	struct audit_config config;

	*ret = NULL;
	*ret_facts = (struct audit_facts){0};
	if (!section)
		return TPAM_OK;
	int code = audit_config_read(&config, section, context->development, context->report);
	if (code == TPAM_OK && (!rows_make(&ret_facts->rows, &config) ||
				       !list_copy(&ret_facts->sinks, &config.sinks)))
		code = TPAM_E_MEMORY;
	if (code != TPAM_OK || context->silent) {
		audit_config_finish(&config);
		return code;
	}
	if (before && audit_config_same(&config, &before->config)) {
		audit_config_finish(&config);
		*ret = audit_ref(before);
		return TPAM_OK;
	}
	*ret = create(&config, context);
	return *ret ? TPAM_OK : TPAM_E_MEMORY;
}

struct audit *audit_ref(struct audit *audit)
{
	if (audit)
		atomic_fetch_add_explicit(&audit->references, 1, memory_order_relaxed);
	return audit;
}

void audit_unref(struct audit *audit)
{
	if (audit && atomic_fetch_sub_explicit(&audit->references, 1, memory_order_acq_rel) == 1)
		destroy(audit);
}

bool audit_is_over(struct audit *audit)
{
	return atomic_load_explicit(&audit->references, memory_order_acquire) == 1 &&
	       audit_queue_is_done(&audit->queue);
}

/* ---- Those of before ---- */

#define AUDITS_MAX 4096

void audits_retire(struct audits *audits, struct audit *audit)
{
	size_t kept = 0;

	for (size_t i = 0; i < audits->count; i++) {
		if (audit_is_over(audits->list[i]))
			audit_unref(audits->list[i]);
		else
			audits->list[kept++] = audits->list[i];
	}
	audits->count = kept;
	if (!audit)
		return;
	if (!array_reserve(&audits->list, kept, sizeof(struct audit *), AUDITS_MAX)) {
		audit_close(audit);
		return;
	}
	audit_rest(audit);
	audits->list[audits->count++] = audit_ref(audit);
}

void audits_close(struct audits *audits)
{
	for (size_t i = 0; i < audits->count; i++) {
		audit_close(audits->list[i]);
		audit_unref(audits->list[i]);
	}
	free(audits->list);
	*audits = (struct audits){0};
}

/* ---- What is told ---- */

static void tell(struct audit *audit, char *line)
{
	if (!audit_queue_push(&audit->queue, line))
		tally_add(audit->tally, TALLY_AUDIT_LOST);
}

void audit_decision(struct audit *audit, const struct decision *decision)
{
	tell(audit, audit_record_decision(audit, decision));
}

void audit_event(struct audit *audit, const char *event, const char *provider, const char *outcome,
	const char *text)
{
	const struct audit_event_record record = {
		.event = event, .provider = provider, .outcome = outcome, .text = text};

	tell(audit, audit_record_event(hooks_wall(&audit->hooks), &record));
}
