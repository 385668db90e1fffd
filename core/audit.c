/*
 * audit.c - one line of JSON for each decision, and for what else an operator wants to find later.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "audit_chain.h"
#include "audit_queue.h"
#include "audit_sink.h"
#include "decision.h"
#include "forks.h"
#include "memory.h"
#include "stripe.h"

#define KEY_SIZE    32
#define BATCH_MAX   (AUDIT_BATCH * 256 * 1024)
#define LINES_EXTRA 2 /* how many were lost, and where a row begins */

/* Of the threads of one stripe. */
struct finger {
	pthread_mutex_t lock;
	struct audit_mac *mac;
};

struct audit {
	atomic_uint references;
	struct audit_config config;
	struct hooks hooks;
	struct audit_queue queue;
	struct audit_sink sinks[AUDIT_SINKS_MAX];
	size_t sink_count;
	struct finger fingers[STRIPES];
	struct audit_mac *chain_mac;
	struct audit_chain chain;
	bool begun; /* the row of this process has a record */
	struct forks_watch watch;
};

const struct audit_config *audit_config(const struct audit *audit)
{
	return &audit->config;
}

/* ---- Writing, in the thread ---- */

struct batch {
	char *lines[AUDIT_BATCH + LINES_EXTRA]; /* each owned */
	size_t count;
	struct buffer text;
};

/* Takes the line over. */
static bool batch_add(struct batch *batch, char *line)
{
	if (!line)
		return false;
	batch->lines[batch->count++] = line;
	buffer_text(&batch->text, line);
	buffer_text(&batch->text, "\n");
	return !batch->text.failed;
}

static bool chain_ready(struct audit *audit)
{
	if (!audit->begun)
		audit->begun = audit_chain_begin(&audit->chain, audit->chain_mac);
	return audit->begun;
}

/* A copy as it is written. */
static bool batch_line(struct audit *audit, struct batch *batch, const char *line)
{
	if (!line)
		return false;
	if (!audit->config.chain)
		return batch_add(batch, text_copy(line, strlen(line)));
	return chain_ready(audit) && batch_add(batch, audit_chain_add(&audit->chain, line));
}

static bool batch_event(struct audit *audit, struct batch *batch, const char *event, uint64_t count)
{
	char *line = audit_record_event(hooks_wall(&audit->hooks), event, NULL, NULL, NULL, count);
	bool done = batch_line(audit, batch, line);

	free(line);
	return done;
}

static void batch_write(struct audit *audit, struct batch *batch)
{
	for (size_t i = 0; batch->count > 0 && !batch->text.failed && i < audit->sink_count; i++)
		audit_sink_write(&audit->sinks[i], batch->lines, batch->count, batch->text.data,
			batch->text.length, &audit->hooks);
	for (size_t i = 0; i < batch->count; i++)
		free(batch->lines[i]);
	buffer_finish(&batch->text);
}

static void write_lines(void *data, char *const *lines, size_t count, uint64_t lost)
{
	struct audit *audit = data;
	struct batch batch = {.text = BUFFER(BATCH_MAX)};
	bool whole = true;

	if (lost > 0) {
		hooks_log(&audit->hooks, TPAM_LOG_ERROR,
			"%llu records of the audit were lost for want of room",
			(unsigned long long)lost);
		whole = batch_event(audit, &batch, "lost", lost);
	}
	for (size_t i = 0; i < count; i++)
		whole = batch_line(audit, &batch, lines[i]) && whole;
	if (!whole)
		hooks_log(&audit->hooks, TPAM_LOG_ERROR,
			"records of the audit were lost for want of memory");
	batch_write(audit, &batch);
}

/* The end of the row, when its thread has ended. */
static void write_checkpoint(struct audit *audit)
{
	struct batch batch = {.text = BUFFER(BATCH_MAX)};

	if (!audit->config.chain || !audit->begun)
		return;
	(void)batch_event(audit, &batch, "checkpoint", audit->chain.next);
	batch_write(audit, &batch);
	audit->begun = false;
}

/* ---- Marks ---- */

bool audit_mark(struct audit *audit, char ret[AUDIT_MARK_SIZE], const void *bytes, size_t length)
{
	struct finger *finger = &audit->fingers[stripe_mine()];
	const char *const parts[] = {bytes};
	char mac[AUDIT_MAC_SIZE];

	pthread_mutex_lock(&finger->lock);
	bool made = audit_mac_make(finger->mac, mac, parts, &length, 1);
	pthread_mutex_unlock(&finger->lock);
	if (!made)
		return false;
	memcpy(ret, mac, AUDIT_MARK_SIZE - 1);
	ret[AUDIT_MARK_SIZE - 1] = '\0';
	return true;
}

/* Without a key of the configuration nobody can tell which token it was but by the other records of this process. */
static bool fingers_make(struct audit *audit)
{
	unsigned char random[KEY_SIZE];
	const void *key = audit->config.fingerprint_key;
	size_t length = key ? strlen(key) : sizeof(random);
	bool made = true;

	if (!key && getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return false;
	for (size_t i = 0; i < STRIPES && made; i++)
		made = (audit->fingers[i].mac = audit_mac_create(key ? key : random, length));
	explicit_bzero(random, sizeof(random));
	return made;
}

/* ---- Life ---- */

static void locks_init(struct audit *audit)
{
	for (size_t i = 0; i < STRIPES; i++)
		pthread_mutex_init(&audit->fingers[i].lock, NULL);
}

/* In the child of a fork, whose records are a row of their own. */
static void renew(void *data)
{
	struct audit *audit = data;

	locks_init(audit);
	audit_queue_renew(&audit->queue);
	for (size_t i = 0; i < audit->sink_count; i++) {
		audit_sink_close(&audit->sinks[i]);
		audit->sinks[i].lost = 0;
	}
	audit->begun = false;
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

void audit_close(struct audit *audit)
{
	if (!audit || !audit->queue.ring)
		return;
	audit_queue_stop(&audit->queue);
	write_checkpoint(audit);
}

static void destroy(struct audit *audit)
{
	forks_end(&audit->watch);
	audit_close(audit);
	audit_queue_finish(&audit->queue);
	for (size_t i = 0; i < audit->sink_count; i++) {
		audit_sink_close(&audit->sinks[i]);
		free(audit->sinks[i].path);
	}
	for (size_t i = 0; i < STRIPES; i++) {
		audit_mac_destroy(audit->fingers[i].mac);
		pthread_mutex_destroy(&audit->fingers[i].lock);
	}
	audit_mac_destroy(audit->chain_mac);
	audit_config_finish(&audit->config);
	free(audit);
}

/* Takes the configuration over. NULL without memory. */
static struct audit *create(struct audit_config *config, const struct hooks *hooks)
{
	struct audit *audit = calloc(1, sizeof(*audit));

	if (!audit) {
		audit_config_finish(config);
		return NULL;
	}
	atomic_init(&audit->references, 1);
	audit->config = *config;
	audit->hooks = *hooks;
	locks_init(audit);
	bool made =
		audit_queue_init(&audit->queue, config->queue, config->block, write_lines, audit) &&
		sinks_make(audit) && fingers_make(audit);
	if (made && config->chain)
		made = (audit->chain_mac =
				audit_mac_create(config->chain_key, strlen(config->chain_key)));
	if (made && forks_begin(&audit->watch, renew, audit))
		return audit;
	destroy(audit);
	return NULL;
}

int audit_open(struct audit **ret, struct section *section, struct audit *before, bool development,
	const struct hooks *hooks, struct tpam_report *report)
{
	struct audit_config config;

	*ret = NULL;
	if (!section)
		return TPAM_OK;
	int code = audit_config_read(&config, section, development, report);
	if (code != TPAM_OK || (before && audit_config_same(&config, &before->config))) {
		audit_config_finish(&config);
		if (code == TPAM_OK) {
			atomic_fetch_add_explicit(&before->references, 1, memory_order_relaxed);
			*ret = before;
		}
		return code;
	}
	*ret = create(&config, hooks);
	return *ret ? TPAM_OK : TPAM_E_MEMORY;
}

void audit_unref(struct audit *audit)
{
	if (audit && atomic_fetch_sub_explicit(&audit->references, 1, memory_order_acq_rel) == 1)
		destroy(audit);
}

/* ---- What is told ---- */

static void tell(struct audit *audit, char *line)
{
	if (line)
		(void)audit_queue_push(&audit->queue, line);
	else
		hooks_log(&audit->hooks, TPAM_LOG_ERROR,
			"a record of the audit was lost for want of memory");
}

void audit_decision(struct audit *audit, const struct decision *decision)
{
	tell(audit, audit_record_decision(audit, decision));
}

void audit_event(struct audit *audit, const char *event, const char *provider, const char *outcome,
	const char *text)
{
	tell(audit,
		audit_record_event(hooks_wall(&audit->hooks), event, provider, outcome, text, 0));
}
