/*
 * safefile.c - who may change, and who may read, a file that decides about access.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "safefile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <tokenpam/codes.h>

#include "memory.h"

static const char *const texts[] = {
	[FILE_SAFE] = "is safe",
	[FILE_NOT_REGULAR] = "is not a regular file",
	[FILE_OWNER] = "belongs neither to root nor to the user that runs this",
	[FILE_WRITABLE] = "is writable by others than its owner",
	[FILE_READABLE] = "is readable by everybody",
	[FILE_TOO_LARGE] = "is too large",
	[FILE_MEMORY] = "needs more memory than there is",
};

const char *file_fault_text(enum file_fault fault)
{
	const char *text = fault == FILE_ERRNO ? strerrordesc_np(errno) : texts[fault];
	return text ? text : "cannot be used";
}

static bool is_trusted_owner(const struct stat *status)
{
	return status->st_uid == 0 || status->st_uid == geteuid();
}

static enum file_fault judge_owner_and_mode(const struct stat *status)
{
	if (!is_trusted_owner(status))
		return FILE_OWNER;
	return status->st_mode & (S_IWGRP | S_IWOTH) ? FILE_WRITABLE : FILE_SAFE;
}

enum file_fault file_judge(const struct stat *status, bool secret)
{
	if (!S_ISREG(status->st_mode))
		return FILE_NOT_REGULAR;
	enum file_fault fault = judge_owner_and_mode(status);
	if (fault == FILE_SAFE && secret && (status->st_mode & S_IROTH))
		return FILE_READABLE;
	return fault;
}

static enum file_fault judge_component(const char *path, bool leaf)
{
	struct stat status;
	if (lstat(path, &status) != 0)
		return FILE_ERRNO;
	if (leaf)
		return file_judge(&status, false);
	return S_ISDIR(status.st_mode) ? judge_owner_and_mode(&status) : FILE_NOT_REGULAR;
}

/* Cuts the last component off; "/a" becomes "/". */
static void cut_component(char *path)
{
	char *slash = strrchr(path, '/');
	slash[slash == path ? 1 : 0] = '\0';
}

enum file_fault file_judge_path(const char *path, char **ret_culprit)
{
	if (path[0] != '/') {
		errno = EINVAL;
		return FILE_ERRNO;
	}
	char *component = text_copy(path, strlen(path));
	if (!component)
		return FILE_MEMORY;
	enum file_fault fault = judge_component(component, true);
	while (fault == FILE_SAFE && component[1]) {
		cut_component(component);
		fault = judge_component(component, false);
	}
	if (fault != FILE_SAFE && ret_culprit) {
		*ret_culprit = component;
		component = NULL;
	}
	secret_free(component, 0);
	return fault;
}

/*
 * More than the file's size is read as long as there is something: it may grow, and in /proc all have size 0.
 */
static enum file_fault read_all(int descriptor, struct buffer *buffer)
{
	char chunk[4096];
	ssize_t got;
	do {
		got = read(descriptor, chunk, sizeof(chunk));
		if (got > 0)
			buffer_append(buffer, chunk, (size_t)got);
	} while ((got > 0 && !buffer->failed) || (got < 0 && errno == EINTR));
	int saved = errno;
	explicit_bzero(chunk, sizeof(chunk));
	errno = saved;
	if (buffer->failed)
		return got > 0 && (size_t)got > buffer->max - buffer->length ? FILE_TOO_LARGE
									     : FILE_MEMORY;
	return got < 0 ? FILE_ERRNO : FILE_SAFE;
}

static enum file_fault read_opened(int descriptor, bool secret, struct buffer *buffer)
{
	struct stat status;
	if (fstat(descriptor, &status) != 0)
		return FILE_ERRNO;
	enum file_fault fault = file_judge(&status, secret);
	if (fault == FILE_NOT_REGULAR)
		return fault;
	enum file_fault failure = read_all(descriptor, buffer);
	return failure != FILE_SAFE ? failure : fault;
}

/* What a fault means for the caller who wanted bytes. */
static int code_of(enum file_fault fault)
{
	switch (fault) {
	case FILE_MEMORY:
		return TPAM_E_MEMORY;
	case FILE_TOO_LARGE:
		return TPAM_E_LIMIT;
	case FILE_ERRNO:
	case FILE_NOT_REGULAR:
		return TPAM_E_SYSTEM;
	default:
		return TPAM_OK;
	}
}

int file_read(const char *path, bool secret, uint64_t limit, char **ret_bytes, size_t *ret_length,
	enum file_fault *ret_fault)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (descriptor < 0) {
		*ret_fault = FILE_ERRNO;
		return TPAM_E_SYSTEM;
	}
	struct buffer buffer = BUFFER(limit < SIZE_MAX / 4 ? (size_t)limit : SIZE_MAX / 4);
	buffer.secret = secret;
	enum file_fault fault = read_opened(descriptor, secret, &buffer);
	int saved = errno;
	close(descriptor);
	errno = saved;

	int code = code_of(fault);
	size_t length = buffer.length;
	char *bytes = code == TPAM_OK ? buffer_take(&buffer) : NULL;
	buffer_finish(&buffer);
	*ret_fault = code == TPAM_OK && !bytes ? FILE_MEMORY : fault;
	if (!bytes)
		return code == TPAM_OK ? TPAM_E_MEMORY : code;
	*ret_bytes = bytes;
	*ret_length = length;
	return TPAM_OK;
}

char *file_beside(const char *file, const char *path)
{
	const char *slash = path[0] == '/' ? NULL : strrchr(file, '/');
	size_t folder = slash ? (size_t)(slash - file) + 1 : 0;
	return text_format("%.*s%s", (int)folder, file, path);
}
