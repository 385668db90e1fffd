/*
 * audit_stderr.c - lines of the audit on standard error, whatever that is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/uio.h>
#include <unistd.h>

#include "audit_sink.h"

#define MILLISECOND INT64_C(1000000)

/* A pipe that says so takes PIPE_BUF bytes without making anybody wait. */
static bool has_room(const struct audit_sink *sink)
{
	struct pollfd wanted = {.fd = STDERR_FILENO, .events = POLLOUT};
	int64_t left = (sink->deadline - audit_sink_now()) / MILLISECOND;
	int ready;

	do
		ready = poll(&wanted, 1, left > 0 ? (int)left : 0);
	while (ready < 0 && errno == EINTR);
	if (ready == 0)
		errno = ETIMEDOUT;
	return ready > 0;
}

/* In one piece if a pipe would take it in one, so that nobody else's lines get in between. */
static size_t write_piece(const struct audit_item *item, size_t from)
{
	size_t left = item->length - from, most = left < PIPE_BUF ? left : PIPE_BUF;
	const struct iovec parts[] = {{item->text + from, most}, {(void *)(uintptr_t) "\n", 1}};
	ssize_t done;

	do
		done = writev(STDERR_FILENO, parts, left < PIPE_BUF ? 2 : 1);
	while (done < 0 && errno == EINTR);
	return done > 0 ? (size_t)done : 0;
}

static bool write_line(struct audit_sink *sink, const struct audit_item *item)
{
	size_t from = 0;

	while (from <= item->length) {
		if (!has_room(sink))
			break;
		size_t done = write_piece(item, from);
		if (done == 0 && errno != EAGAIN)
			break;
		from += done;
	}
	sink->torn = from > 0 && from <= item->length;
	return from > item->length;
}

size_t audit_stderr_write(
	struct audit_sink *sink, struct audit_item *items, size_t count, const struct hooks *hooks)
{
	char nothing[] = "";
	const struct audit_item end = {.text = nothing};
	size_t done = 0;

	(void)hooks;
	if (sink->torn && !write_line(sink, &end)) {
		sink->torn = true;
		return 0;
	}
	while (done < count && write_line(sink, &items[done]))
		done++;
	return done;
}
