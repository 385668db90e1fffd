/*
 * jwks_file.c - the last good set of keys, in a file of its own, for a start while the issuer is down.
 *
 * The file is the set as it came, and the time of its last change is when it was last confirmed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http_target.h"
#include "jwks_source.h"
#include "memory.h"

#define NAME_BYTES 8 /* of the digest */

/* A host may hold what a file name may not: colons of an address are the most of it. */
static void clean(char *host)
{
	for (; *host; host++)
		if (*host == '/' || *host == ':' || *host == '[' || *host == ']')
			*host = '_';
}

char *saved_name(const char *folder, const struct source *source)
{
	char host[HTTP_ORIGIN], hex[2 * NAME_BYTES + 1];
	const char *url = source->jwks_uri       ? source->jwks_uri
			  : source->metadata_url ? source->metadata_url
						 : source->issuer;

	http_target_host(host, sizeof(host), url);
	clean(host);
	for (size_t i = 0; i < NAME_BYTES; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", source->digest[i]);
	return text_format("%s/%s-%s.jwks", folder, host, hex);
}

int saved_read(struct source *source, const struct tpam_host *host, struct tpam_instance *instance)
{
	struct stat status;
	struct tpam_fault fault;
	char *bytes = NULL;
	uint64_t length = 0;
	const char *const *algorithms =
		source->algorithms.count > 0 ? (const char *const *)source->algorithms.items : NULL;
	const struct tpam_keys_rules rules = {
		.algorithms = algorithms, .flags = source->key_flags | TPAM_KEYS_SKIP};

	if (stat(source->file, &status) != 0)
		return TPAM_OK;
	int code = host->read_file(
		instance, source->file, TPAM_FILE_OWN, KEYS_SIZE_MAX, &bytes, &length);
	if (code == TPAM_OK) {
		code = tpam_keys_parse(&source->saved, bytes, (size_t)length, &rules, &fault);
		source->saved_wall = (int64_t)status.st_mtim.tv_sec;
		host->release(bytes, length);
	}
	if (code == TPAM_E_MEMORY)
		return code;
	if (code != TPAM_OK)
		host->log(instance, TPAM_LOG_WARNING,
			"the keys kept in jwks_folder cannot be used, and are left alone");
	return TPAM_OK;
}

static bool write_all(int file, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(file, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return fsync(file) == 0;
}

static bool replace(const char *path, const char *fresh, const char *bytes, size_t length)
{
	int file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (file < 0)
		return false;
	bool fine = write_all(file, bytes, length);
	fine = close(file) == 0 && fine && rename(fresh, path) == 0;
	if (!fine) {
		int error = errno;
		(void)unlink(fresh);
		errno = error;
	}
	return fine;
}

bool saved_write(const char *path, const char *jwks, size_t length)
{
	if (!jwks)
		return utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW) == 0;
	/* Processes may share the folder. */
	char *fresh = text_format("%s.%ld", path, (long)getpid());
	if (!fresh) {
		errno = ENOMEM;
		return false;
	}
	(void)unlink(fresh); /* left by one that had this number before */
	bool fine = replace(path, fresh, jwks, length);
	free(fresh);
	return fine;
}
