/*
 * audit_file.c - lines of the audit, appended to a file that others append to as well, and that somebody rotates.
 *
 * A line is in the file whole or not at all. Whoever appends has a lock for as long, so that a part that did not fit can
 * be taken back before anybody writes behind it. Who may read a file may lock it, too: nobody is waited for long.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "audit_sink.h"

#define SECOND    INT64_C(1000000000)
#define MODE      0640
#define UNLOCKED  (10 * SECOND) /* after somebody kept the lock */
#define NAP       INT64_C(500000)
#define LINES_MAX 256 /* in one go; with their ends within what the system takes */
#define TRIES     3   /* of a file that is always another one by the time it is locked */

/* ---- Which file ---- */

/*
 * Where others may write into the folder they may have put something there that is not ours: a link to a file that we
 * should not write to, or a file of their own, which they could change.
 */
static const char *judge(const struct stat *status)
{
	if (!S_ISREG(status->st_mode))
		return "it is not a regular file";
	if (status->st_uid != 0 && status->st_uid != geteuid())
		return "it belongs neither to root nor to the user that writes";
	if (status->st_mode & S_IWOTH)
		return "everybody may write it";
	return status->st_nlink > 1 ? "it has another name" : NULL;
}

static bool open_file(struct audit_sink *sink)
{
	const int how = O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
	struct stat status;

	/* Reading is for a look at its end, which is no reason not to write. */
	sink->fd = open(sink->path, O_RDWR | how, MODE);
	if (sink->fd < 0 && errno == EACCES)
		sink->fd = open(sink->path, O_WRONLY | how, MODE);
	if (sink->fd < 0) {
		if (errno == ELOOP)
			sink->fault = "it is a symbolic link";
		return false;
	}
	if (fstat(sink->fd, &status) != 0)
		return false;
	sink->fault = judge(&status);
	if (sink->device != status.st_dev || sink->inode != status.st_ino)
		sink->torn = false;
	sink->device = status.st_dev;
	sink->inode = status.st_ino;
	return !sink->fault;
}

/* Somebody ended in the middle of a line. Only under the lock can it be told from a line that is being written. */
static void look_at_end(struct audit_sink *sink)
{
	off_t end = lseek(sink->fd, 0, SEEK_END);
	char last = '\n';

	if (end > 0 && pread(sink->fd, &last, 1, end - 1) == 1 && last != '\n')
		sink->torn = true;
}

/* It has not been moved away or removed. */
static bool is_there(const struct audit_sink *sink)
{
	struct stat status;

	return lstat(sink->path, &status) == 0 && status.st_dev == sink->device &&
	       status.st_ino == sink->inode;
}

/* ---- The lock ---- */

static bool lock(struct audit_sink *sink, const struct hooks *hooks)
{
	const struct timespec nap = {.tv_nsec = NAP};
	int64_t now = audit_sink_now();

	if (now < sink->unlocked_at)
		return false;
	while (flock(sink->fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EINTR && errno != EWOULDBLOCK)
			return false;
		if (audit_sink_now() < sink->deadline) {
			(void)nanosleep(&nap, NULL);
			continue;
		}
		sink->unlocked_at = audit_sink_now() + UNLOCKED;
		hooks_log(hooks, TPAM_LOG_WARNING,
			"somebody keeps a lock on %s, which is written without it", sink->path);
		return false;
	}
	return true;
}

static void unlock(struct audit_sink *sink)
{
	(void)flock(sink->fd, LOCK_UN);
}

/* The file of that name, open, and locked if it can be. */
static bool prepare(struct audit_sink *sink, bool *ret_locked, const struct hooks *hooks)
{
	for (int i = 0; i < TRIES; i++) {
		bool fresh = sink->fd < 0;
		if (fresh && !open_file(sink)) {
			audit_sink_close(sink);
			return false;
		}
		*ret_locked = lock(sink, hooks);
		if (*ret_locked && fresh)
			look_at_end(sink);
		if (is_there(sink))
			return true;
		audit_sink_close(sink);
	}
	sink->fault = "it is always another one";
	return false;
}

/* ---- Writing ---- */

static struct iovec part(const char *text, size_t length)
{
	return (struct iovec){(void *)(uintptr_t)text, length};
}

/* Bytes that were written; errno says why they are fewer. */
static size_t write_parts(int fd, struct iovec *parts, size_t count)
{
	size_t written = 0;

	while (count > 0) {
		ssize_t done = writev(fd, parts, (int)count);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			break;
		written += (size_t)done;
		while (count > 0 && (size_t)done >= parts->iov_len) {
			done -= (ssize_t)parts->iov_len;
			parts++;
			count--;
		}
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + done;
			parts->iov_len -= (size_t)done;
		}
	}
	return written;
}

/* How many lines are whole in so many bytes, and how many bytes those are. */
static size_t whole_lines(
	const struct audit_item *items, size_t count, size_t bytes, size_t *ret_bytes)
{
	size_t i = 0;

	*ret_bytes = 0;
	while (i < count && *ret_bytes + items[i].length + 1 <= bytes)
		*ret_bytes += items[i++].length + 1;
	return i;
}

/* A part of a line that is the file's last is taken back; else it stays, and what comes next begins a line of its own. */
static void take_back(struct audit_sink *sink, off_t before, size_t written, size_t whole)
{
	struct stat status;
	int error = errno;

	if (before < 0 || fstat(sink->fd, &status) != 0 ||
		status.st_size != before + (off_t)written ||
		ftruncate(sink->fd, before + (off_t)whole) != 0)
		sink->torn = true;
	errno = error;
}

static size_t append(struct audit_sink *sink, struct audit_item *items, size_t count, bool locked)
{
	struct iovec parts[2 * LINES_MAX + 1];
	size_t used = 0, whole;

	if (sink->torn)
		parts[used++] = part("\n", 1);
	for (size_t i = 0; i < count; i++) {
		parts[used++] = part(items[i].text, items[i].length);
		parts[used++] = part("\n", 1);
	}
	off_t before = locked ? lseek(sink->fd, 0, SEEK_END) : -1;
	size_t written = write_parts(sink->fd, parts, used), extra = sink->torn ? 1 : 0;
	if (written < extra)
		return 0;
	sink->torn = false;
	size_t done = whole_lines(items, count, written - extra, &whole);
	if (written > extra + whole)
		take_back(sink, before, written, extra + whole);
	return done;
}

/* Whoever removes the file while it is written has not seen what was written. */
static bool was_removed(const struct audit_sink *sink)
{
	struct stat status;

	return fstat(sink->fd, &status) == 0 && status.st_nlink == 0;
}

size_t audit_file_write(
	struct audit_sink *sink, struct audit_item *items, size_t count, const struct hooks *hooks)
{
	size_t most = count < LINES_MAX ? count : LINES_MAX, done = 0;

	for (int i = 0; i < TRIES; i++) {
		bool locked = false;
		if (!prepare(sink, &locked, hooks))
			return 0;
		done = append(sink, items, most, locked);
		if (locked)
			unlock(sink);
		if (!was_removed(sink))
			break;
		audit_sink_close(sink);
	}
	return done;
}
