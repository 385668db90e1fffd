/*
 * audit_socket.c - lines of the audit to a UNIX socket: a datagram each, or a stream of lines; syslog, the journal, others.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "audit_sink.h"

#define SECOND      INT64_C(1000000000)
#define MILLISECOND INT64_C(1000000)
#define FRAME_SIZE  128
#define PARTS_MAX   3
#define PRIORITY    86 /* authpriv.info, RFC 3164 */

/* ---- Connecting ---- */

static bool connect_as(struct audit_sink *sink, int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(sink->path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	(void)strcpy(address.sun_path, sink->path);
	sink->fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	sink->stream = type == SOCK_STREAM;
	return sink->fd >= 0 &&
	       connect(sink->fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
}

/* Which of them it is only the other side knows. */
static bool connect_either(struct audit_sink *sink, int type, int other)
{
	if (sink->fd >= 0 || connect_as(sink, type))
		return true;
	if (errno != EPROTOTYPE)
		return false;
	audit_sink_close(sink);
	return connect_as(sink, other);
}

/* ---- Sending ---- */

static bool has_room(const struct audit_sink *sink)
{
	struct pollfd wanted = {.fd = sink->fd, .events = POLLOUT};
	int64_t left = (sink->deadline - audit_sink_now()) / MILLISECOND;
	int ready;

	do
		ready = poll(&wanted, 1, left > 0 ? (int)left : 0);
	while (ready < 0 && errno == EINTR);
	if (ready == 0)
		errno = ETIMEDOUT;
	return ready > 0;
}

static bool send_again(const struct audit_sink *sink)
{
	return errno == EINTR || ((errno == EAGAIN || errno == ENOBUFS) && has_room(sink));
}

/* All of it, or the socket is worth no more. */
static bool send_all(struct audit_sink *sink, const struct iovec *parts, size_t count)
{
	struct iovec left[PARTS_MAX];
	struct msghdr message = {.msg_iov = left, .msg_iovlen = count};

	memcpy(left, parts, count * sizeof(*parts));
	while (message.msg_iovlen > 0) {
		ssize_t done = sendmsg(sink->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (done < 0 && send_again(sink))
			continue;
		if (done < 0)
			return false;
		if (!sink->stream)
			return true;
		while (message.msg_iovlen > 0 && (size_t)done >= message.msg_iov->iov_len) {
			done -= (ssize_t)message.msg_iov->iov_len;
			message.msg_iov++;
			message.msg_iovlen--;
		}
		if (message.msg_iovlen > 0) {
			message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + done;
			message.msg_iov->iov_len -= (size_t)done;
		}
	}
	return true;
}

static struct iovec part(const char *text, size_t length)
{
	return (struct iovec){(void *)(uintptr_t)text, length};
}

/* ---- What each of them reads ---- */

typedef bool send_fn(
	struct audit_sink *sink, const struct audit_item *item, const struct hooks *hooks);

/* RFC 3164, as the C library writes it. */
static bool send_syslog(
	struct audit_sink *sink, const struct audit_item *item, const struct hooks *hooks)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char frame[FRAME_SIZE];
	time_t now = (time_t)(hooks_wall(hooks) / SECOND);
	struct tm moment = {0};

	(void)localtime_r(&now, &moment);
	int size = snprintf(frame, sizeof(frame),
		"<%d>%.3s %2d %02d:%02d:%02d tokenpam[%ld]: ", PRIORITY, months + 3 * moment.tm_mon,
		moment.tm_mday, moment.tm_hour, moment.tm_min, moment.tm_sec, (long)getpid());
	const struct iovec parts[] = {
		part(frame, (size_t)size), part(item->text, item->length), part("", 1)};
	return send_all(sink, parts, sink->stream ? 3 : 2);
}

/* The journal's own protocol: a field a line. A record has no end of a line in it. */
static bool send_journal(
	struct audit_sink *sink, const struct audit_item *item, const struct hooks *hooks)
{
	static const char before[] =
		"PRIORITY=6\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=tokenpam\nMESSAGE=";
	const struct iovec parts[] = {
		part(before, sizeof(before) - 1), part(item->text, item->length), part("\n", 1)};

	(void)hooks;
	return send_all(sink, parts, 3);
}

static bool send_line(
	struct audit_sink *sink, const struct audit_item *item, const struct hooks *hooks)
{
	const struct iovec parts[] = {part(item->text, item->length), part("\n", 1)};

	(void)hooks;
	return send_all(sink, parts, 2);
}

/* A line that is too long for a datagram is lost by itself, and no reason to do without the others. */
static size_t send_items(struct audit_sink *sink, struct audit_item *items, size_t count,
	send_fn *send, const struct hooks *hooks)
{
	for (size_t i = 0; i < count; i++) {
		if (send(sink, &items[i], hooks))
			continue;
		if (errno != EMSGSIZE)
			return i;
		items[i].missed = true;
		sink->owed += items[i].weight;
	}
	return count;
}

size_t audit_syslog_write(
	struct audit_sink *sink, struct audit_item *items, size_t count, const struct hooks *hooks)
{
	if (!connect_either(sink, SOCK_DGRAM, SOCK_STREAM))
		return 0;
	return send_items(sink, items, count, send_syslog, hooks);
}

size_t audit_journal_write(
	struct audit_sink *sink, struct audit_item *items, size_t count, const struct hooks *hooks)
{
	if (!connect_either(sink, SOCK_DGRAM, SOCK_DGRAM))
		return 0;
	return send_items(sink, items, count, send_journal, hooks);
}

size_t audit_socket_write(
	struct audit_sink *sink, struct audit_item *items, size_t count, const struct hooks *hooks)
{
	if (!connect_either(sink, SOCK_STREAM, SOCK_DGRAM))
		return 0;
	return send_items(sink, items, count, send_line, hooks);
}
