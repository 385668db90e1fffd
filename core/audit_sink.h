/*
 * audit_sink.h - where lines of the audit go: a file, standard error, syslog, the journal, a socket.
 *
 * Used by one thread. A sink that fails is left alone for a second, and what comes meanwhile is lost to it, and counted.
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
	char *path;        /* NULL: standard error */
	const char *fault; /* what is wrong where the system has no word for it */
	int fd;            /* -1: not open */
	dev_t device;
	ino_t inode;
	bool stream; /* of a socket */
	bool torn;   /* what was written last has no end */
	bool failing;
	int64_t retry_at;    /* and is left alone until then */
	int64_t unlocked_at; /* until then nobody waits for the lock of the file */
	int64_t deadline;    /* of what is being written */
	uint64_t lost;       /* since it began to fail */
	uint64_t owed;       /* which a record should tell, now that there may be one */
};

/* One line, without its end, on its way to every sink. */
struct audit_item {
	char *text; /* owned */
	size_t length;
	uint64_t weight; /* how many records it stands for */
	const struct audit_sink
		*of;  /* the sink that it speaks of, for which alone it stands for any */
	bool counted; /* it is one that was brought, and not made by the thread */
	bool missed;  /* by at least one sink */
};

/* "file:PATH", "stderr", "syslog", "syslog:PATH" and so on; the path points into `text`. False for anything else. */
bool audit_sink_read(enum audit_sink_kind *ret, const char **ret_path, const char *text);

/* The word for a kind. */
const char *audit_sink_word(enum audit_sink_kind kind);

/*
 * Writes lines. What cannot be written is counted and told to the log, once until it can again; nobody is waited for
 * longer than a second.
 */
void audit_sink_write(
	struct audit_sink *sink, struct audit_item *items, size_t count, const struct hooks *hooks);

/* Says in the log what was lost that no record will tell of. */
void audit_sink_end(struct audit_sink *sink, const struct hooks *hooks);

void audit_sink_close(struct audit_sink *sink);

/* Monotonic nanoseconds of the system, whatever the host's clock says. */
int64_t audit_sink_now(void);

/* ---- Kinds: each opens the sink if it must, writes what it can, and says how much of it; errno or `fault` says why ---- */

typedef size_t audit_kind_write_fn(
	struct audit_sink *sink, struct audit_item *items, size_t count, const struct hooks *hooks);

audit_kind_write_fn audit_file_write;    /* audit_file.c */
audit_kind_write_fn audit_stderr_write;  /* audit_stderr.c */
audit_kind_write_fn audit_syslog_write;  /* audit_socket.c */
audit_kind_write_fn audit_journal_write; /* audit_socket.c */
audit_kind_write_fn audit_socket_write;  /* audit_socket.c */

#endif
