/*
 * audit_sink.c - where lines of the audit go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SECOND     INT64_C(1000000000)
#define PATIENCE   1000 /* milliseconds */
#define FRAME_SIZE 128
#define PRIORITY   86 /* authpriv.info, RFC 3164 */

struct kind {
	const char *word;
	const char *path; /* where it is unless another is named; NULL: one must be named */
	bool (*open)(struct audit_sink *sink);
	bool (*write)(struct audit_sink *sink, const char *text, size_t length); /* all at once */
	bool (*send)(struct audit_sink *sink, const char *line, size_t length);  /* each line */
};

/* ---- Files ---- */

static bool open_file(struct audit_sink *sink)
{
	struct stat status;

	sink->fd = open(sink->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
	if (sink->fd < 0)
		return false;
	if (fstat(sink->fd, &status) != 0 || S_ISDIR(status.st_mode))
		return false;
	sink->device = status.st_dev;
	sink->inode = status.st_ino;
	return true;
}

static bool is_the_same(const struct audit_sink *sink)
{
	struct stat status;

	return stat(sink->path, &status) == 0 && status.st_dev == sink->device &&
	       status.st_ino == sink->inode;
}

/* All of it; -1 with errno after a part. */
static int write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t done = write(fd, text, length);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		text += done;
		length -= (size_t)done;
	}
	return 0;
}

/*
 * Under a lock that all who append take, so that a part that did not fit can be taken back before anybody writes behind
 * it: no line is torn. A file that has been moved away gets what was meant for it; the next lines go to the new one.
 */
static bool write_file(struct audit_sink *sink, const char *text, size_t length)
{
	if (!is_the_same(sink)) {
		audit_sink_close(sink);
		if (!open_file(sink))
			return false;
	}
	while (flock(sink->fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return false;
	off_t before = lseek(sink->fd, 0, SEEK_END);
	int failed = write_all(sink->fd, text, length), error = errno;
	if (failed && before >= 0)
		(void)!ftruncate(sink->fd, before);
	(void)flock(sink->fd, LOCK_UN);
	errno = error;
	return !failed;
}

static bool open_stderr(struct audit_sink *sink)
{
	sink->fd = STDERR_FILENO;
	return true;
}

static bool write_stderr(struct audit_sink *sink, const char *text, size_t length)
{
	return write_all(sink->fd, text, length) == 0;
}

/* ---- Sockets ---- */

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

static bool open_datagram(struct audit_sink *sink)
{
	return connect_as(sink, SOCK_DGRAM);
}

static bool open_socket(struct audit_sink *sink)
{
	if (connect_as(sink, SOCK_STREAM))
		return true;
	if (errno != EPROTOTYPE)
		return false;
	audit_sink_close(sink);
	return connect_as(sink, SOCK_DGRAM);
}

static bool wait_room(int fd)
{
	struct pollfd wanted = {.fd = fd, .events = POLLOUT};

	return poll(&wanted, 1, PATIENCE) == 1 && (wanted.revents & POLLOUT) != 0;
}

/* All of it, or the socket is worth no more. */
static bool send_all(struct audit_sink *sink, const struct iovec *parts, size_t count)
{
	struct iovec left[3];
	struct msghdr message = {.msg_iov = left, .msg_iovlen = count};

	memcpy(left, parts, count * sizeof(*parts));
	while (message.msg_iovlen > 0) {
		ssize_t done = sendmsg(sink->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0 && (errno == EAGAIN || errno == ENOBUFS) && wait_room(sink->fd))
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

/* RFC 3164, as the C library writes it. */
static bool send_syslog(struct audit_sink *sink, const char *line, size_t length)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char frame[FRAME_SIZE];
	time_t now = time(NULL);
	struct tm moment;

	(void)localtime_r(&now, &moment);
	int size = snprintf(frame, sizeof(frame),
		"<%d>%.3s %2d %02d:%02d:%02d tokenpam[%ld]: ", PRIORITY, months + 3 * moment.tm_mon,
		moment.tm_mday, moment.tm_hour, moment.tm_min, moment.tm_sec, (long)getpid());
	const struct iovec parts[] = {part(frame, (size_t)size), part(line, length)};
	return send_all(sink, parts, 2);
}

/* The journal's own protocol: a field a line. A record has no end of a line in it. */
static bool send_journald(struct audit_sink *sink, const char *line, size_t length)
{
	static const char before[] =
		"PRIORITY=6\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=tokenpam\nMESSAGE=";
	const struct iovec parts[] = {
		part(before, sizeof(before) - 1), part(line, length), part("\n", 1)};

	return send_all(sink, parts, 3);
}

static bool send_socket(struct audit_sink *sink, const char *line, size_t length)
{
	const struct iovec parts[] = {part(line, length), part("\n", 1)};

	return send_all(sink, parts, 2);
}

/* ---- All of them ---- */

static const struct kind kinds[SINK_KINDS] = {
	[SINK_FILE] = {"file", NULL, open_file, write_file, NULL},
	[SINK_STDERR] = {"stderr", "", open_stderr, write_stderr, NULL},
	[SINK_SYSLOG] = {"syslog", "/dev/log", open_datagram, NULL, send_syslog},
	[SINK_JOURNALD] = {"journald", "/run/systemd/journal/socket", open_datagram, NULL,
		send_journald},
	[SINK_SOCKET] = {"socket", NULL, open_socket, NULL, send_socket},
};

bool audit_sink_read(enum audit_sink_kind *ret, const char **ret_path, const char *text)
{
	for (size_t i = 0; i < SINK_KINDS; i++) {
		size_t length = strlen(kinds[i].word);
		if (strncmp(text, kinds[i].word, length) != 0)
			continue;
		bool named = text[length] == ':' && text[length + 1] != '\0';
		if (!named && (text[length] != '\0' || !kinds[i].path))
			continue;
		if (named && i == SINK_STDERR)
			continue;
		*ret = (enum audit_sink_kind)i;
		*ret_path = named ? text + length + 1 : kinds[i].path;
		return true;
	}
	return false;
}

void audit_sink_close(struct audit_sink *sink)
{
	if (sink->fd >= 0 && sink->kind != SINK_STDERR)
		(void)close(sink->fd);
	sink->fd = -1;
}

static bool try_all(struct audit_sink *sink, char *const *lines, size_t *done, size_t count,
	const char *text, size_t length)
{
	const struct kind *kind = &kinds[sink->kind];

	if (sink->fd < 0 && !kind->open(sink))
		return false;
	if (kind->write) {
		if (!kind->write(sink, text, length))
			return false;
		*done = count;
		return true;
	}
	for (; *done < count; ++*done)
		if (!kind->send(sink, lines[*done], strlen(lines[*done])))
			return false;
	return true;
}

/* One complaint for each time that it begins to fail. */
static void complain(struct audit_sink *sink, size_t lost, const struct hooks *hooks)
{
	char reason[128] = "";
	const char *text = strerror_r(errno, reason, sizeof(reason));

	if (sink->lost == 0)
		hooks_log(hooks, TPAM_LOG_ERROR, "the audit cannot be written to %s%s%s: %s",
			kinds[sink->kind].word, sink->path ? ":" : "", sink->path ? sink->path : "",
			text);
	sink->lost += lost;
	audit_sink_close(sink);
	sink->retry_at = hooks_monotonic(hooks) + SECOND;
}

void audit_sink_write(struct audit_sink *sink, char *const *lines, size_t count, const char *text,
	size_t length, const struct hooks *hooks)
{
	size_t done = 0;

	if (sink->lost > 0 && hooks_monotonic(hooks) < sink->retry_at) {
		sink->lost += count;
		return;
	}
	if (!try_all(sink, lines, &done, count, text, length)) {
		/* Whoever went away and came back is found at the second try. */
		audit_sink_close(sink);
		if (kinds[sink->kind].write || sink->lost > 0 ||
			!try_all(sink, lines, &done, count, text, length)) {
			complain(sink, count - done, hooks);
			return;
		}
	}
	if (sink->lost > 0)
		hooks_log(hooks, TPAM_LOG_NOTICE,
			"the audit can be written to %s again, %llu records were lost",
			kinds[sink->kind].word, (unsigned long long)sink->lost);
	sink->lost = 0;
}
