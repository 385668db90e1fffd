/*
 * audit_sink.c - where lines of the audit go, and what becomes of those that cannot.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_sink.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

struct kind {
	const char *word;
	const char *
		path; /* where it is unless another is named; NULL: one must be named; "": none can */
	bool again;   /* who went away and came back is found at the second try */
	audit_kind_write_fn *write;
};

static const struct kind kinds[SINK_KINDS] = {
	[SINK_FILE] = {"file", NULL, false, audit_file_write},
	[SINK_STDERR] = {"stderr", "", false, audit_stderr_write},
	[SINK_SYSLOG] = {"syslog", "/dev/log", true, audit_syslog_write},
	[SINK_JOURNALD] = {"journald", "/run/systemd/journal/socket", true, audit_journal_write},
	[SINK_SOCKET] = {"socket", NULL, true, audit_socket_write},
};

bool audit_sink_read(enum audit_sink_kind *ret, const char **ret_path, const char *text)
{
	for (size_t i = 0; i < SINK_KINDS; i++) {
		const struct kind *kind = &kinds[i];
		size_t length = strlen(kind->word);
		if (strncmp(text, kind->word, length) != 0)
			continue;
		bool bare = text[length] == '\0', named = text[length] == ':' && text[length + 1];
		bool takes_path = !kind->path || *kind->path;
		if (!(bare && kind->path) && !(named && takes_path))
			continue;
		*ret = (enum audit_sink_kind)i;
		*ret_path = named ? text + length + 1 : kind->path;
		return true;
	}
	return false;
}

const char *audit_sink_word(enum audit_sink_kind kind)
{
	return kinds[kind].word;
}

int64_t audit_sink_now(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

void audit_sink_close(struct audit_sink *sink)
{
	if (sink->fd >= 0 && sink->kind != SINK_STDERR)
		(void)close(sink->fd);
	sink->fd = -1;
}

static void miss(struct audit_sink *sink, struct audit_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		items[i].missed = true;
		if (!items[i].of || items[i].of == sink)
			sink->lost += items[i].weight;
	}
}

/* One complaint for each time that it begins to fail. */
static void fail(struct audit_sink *sink, const struct hooks *hooks)
{
	char reason[128] = "";
	const char *text = sink->fault ? sink->fault : strerror_r(errno, reason, sizeof(reason));

	if (!sink->failing)
		hooks_log(hooks, TPAM_LOG_ERROR,
			"the audit cannot be written to %s%s%s: %s; records are lost until it can",
			kinds[sink->kind].word, sink->path ? ":" : "", sink->path ? sink->path : "",
			text);
	sink->failing = true;
	sink->retry_at = audit_sink_now() + SECOND;
	audit_sink_close(sink);
}

static void recover(struct audit_sink *sink, const struct hooks *hooks)
{
	hooks_log(hooks, TPAM_LOG_NOTICE,
		"the audit can be written to %s%s%s again; %llu records were lost",
		kinds[sink->kind].word, sink->path ? ":" : "", sink->path ? sink->path : "",
		(unsigned long long)sink->lost);
	sink->failing = false;
}

void audit_sink_write(
	struct audit_sink *sink, struct audit_item *items, size_t count, const struct hooks *hooks)
{
	const struct kind *kind = &kinds[sink->kind];
	int64_t now = audit_sink_now();

	if (sink->failing && now < sink->retry_at) {
		miss(sink, items, count);
		return;
	}
	sink->deadline = now + SECOND;
	sink->fault = NULL;
	size_t done = kind->write(sink, items, count, hooks);
	if (done < count && kind->again && !sink->failing) {
		audit_sink_close(sink);
		sink->fault = NULL;
		done += kind->write(sink, items + done, count - done, hooks);
	}
	miss(sink, items + done, count - done);
	if (done < count) {
		fail(sink, hooks);
		return;
	}
	if (sink->failing)
		recover(sink, hooks);
	sink->owed += sink->lost;
	sink->lost = 0;
}

void audit_sink_end(struct audit_sink *sink, const struct hooks *hooks)
{
	if (sink->lost > 0)
		hooks_log(hooks, TPAM_LOG_ERROR,
			"%llu records of the audit were not written to %s%s%s",
			(unsigned long long)sink->lost, kinds[sink->kind].word,
			sink->path ? ":" : "", sink->path ? sink->path : "");
}
