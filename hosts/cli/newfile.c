/*
 * newfile.c - writes a file that must not be there yet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "newfile.h"

static const mode_t modes[] = {[NEWFILE_PRIVATE] = 0600, [NEWFILE_PUBLIC] = 0644};

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

int newfile_write(const char *path, enum newfile_kind kind, const char *text)
{
	char buffer[QUOTE_SIZE];

	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, modes[kind]);
	if (fd < 0)
		return fail("%s: %s; expected to make a new file", quote(buffer, path),
			strerror(errno));
	bool done = write_all(fd, text, strlen(text)) && write_all(fd, "\n", 1) && fsync(fd) == 0;
	int reason = errno;
	if (close(fd) != 0 && done) {
		reason = errno;
		done = false;
	}
	if (done)
		return EXIT_ACCEPTED;
	unlink(path);
	return fail("%s: %s", quote(buffer, path), strerror(reason));
}
