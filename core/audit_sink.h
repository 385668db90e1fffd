/*
 * audit_sink.h - where lines of the audit go: a file, standard error, syslog, the journal, a socket.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_SINK_H
#define CORE_AUDIT_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "hooks.h"

enum audit_sink_kind {
	SINK_FILE,
	SINK_STDERR,
	SINK_SYSLOG,
	SINK_JOURNALD,
	SINK_SOCKET,
	SINK_KINDS
};

struct audit_sink {
	enum audit_sink_kind kind;
	char *path; /* NULL: standard error */
	int fd;     /* -1: not open */
	dev_t device;
	ino_t inode;
	bool stream;      /* of a socket */
	uint64_t lost;    /* lines that could not be written */
	int64_t retry_at; /* monotonic nanoseconds; before, a sink that failed is left alone */
};

/* "file:PATH", "stderr", "syslog", "syslog:PATH" and so on; the path points into `text`. False for anything else. */
bool audit_sink_read(enum audit_sink_kind *ret, const char **ret_path, const char *text);

/*
 * Writes lines, each with its end. What cannot be written is counted and told to the log, once until it can again; it
 * waits for nobody longer than a second. `text` is all of them, one after the other.
 */
void audit_sink_write(struct audit_sink *sink, char *const *lines, size_t count, const char *text,
	size_t length, const struct hooks *hooks);

void audit_sink_close(struct audit_sink *sink);

#endif
