/*
 * revocation.c - a list of tokens, subjects and sessions that are withdrawn, read again when its file changes.
 *
 * A line is "jti:VALUE", "sub:VALUE" or "sid:VALUE"; '#' begins a comment line. What cannot be read refuses everybody:
 * a list that is gone for a moment must not let a stolen token through.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "revocation.h"

#define FILE_MAX    (16 * 1024 * 1024)
#define ENTRIES_MAX 1000000

/* What tells one content of the file from the next. */
struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified;
	struct timespec changed;
};

struct revocation {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	char *path;
	pthread_rwlock_t lock; /* guards all below */
	struct stamp stamp;
	bool readable;
	char *bytes; /* of the file, cut into lines */
	uint64_t length;
	const char **entries; /* sorted, into `bytes` */
	size_t count;
};

/* Where a wrong line is told: to the report while loading, to the log afterwards. */
typedef void line_fn(
	void *data, const struct revocation *revocation, uint32_t line, const char *got);

static int by_text(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static bool line_fits(const char *line)
{
	static const char *const kinds[] = {"jti:", "sub:", "sid:"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(line, kinds[i], 4) == 0)
			return line[4] != '\0' && line[4] != ' ';
	return false;
}

/* Blanks around a line do not count. */
static char *trim(char *line)
{
	line += strspn(line, " \t");
	size_t length = strlen(line);
	while (length > 0 && strchr(" \t\r", line[length - 1]))
		line[--length] = '\0';
	return line;
}

static size_t count_lines(const char *bytes)
{
	size_t count = 1;

	for (; (bytes = strchr(bytes, '\n')); bytes++)
		count++;
	return count;
}

/* Cuts the bytes into entries; false if a line is wrong or there are too many. */
static bool cut(struct revocation *revocation, line_fn *told, void *data)
{
	size_t lines = count_lines(revocation->bytes);
	char *rest = revocation->bytes, *line;
	bool fine = lines <= ENTRIES_MAX && strlen(revocation->bytes) == revocation->length;

	revocation->entries = fine ? calloc(lines, sizeof(char *)) : NULL;
	if (!revocation->entries)
		return false;
	for (uint32_t number = 1; (line = strsep(&rest, "\n")); number++) {
		line = trim(line);
		if (line[0] == '\0' || line[0] == '#')
			continue;
		if (line_fits(line)) {
			revocation->entries[revocation->count++] = line;
		} else {
			told(data, revocation, number, line);
			fine = false;
		}
	}
	qsort(revocation->entries, revocation->count, sizeof(char *), by_text);
	return fine;
}

static void forget(struct revocation *revocation)
{
	revocation->host->release(revocation->bytes, revocation->length);
	free(revocation->entries);
	revocation->bytes = NULL;
	revocation->length = 0;
	revocation->entries = NULL;
	revocation->count = 0;
}

static void read_again(struct revocation *revocation, line_fn *told, void *data)
{
	forget(revocation);
	/* Ours to look after: at every request, and what cannot be read refuses, where a configuration would stay. */
	int code = revocation->host->read_file(revocation->instance, revocation->path,
		TPAM_FILE_OWN, FILE_MAX, &revocation->bytes, &revocation->length);
	revocation->readable = code == TPAM_OK && cut(revocation, told, data);
}

static bool stamp_read(struct stamp *ret, const char *path)
{
	struct stat status;

	*ret = (struct stamp){0};
	if (stat(path, &status) != 0)
		return false;
	*ret = (struct stamp){
		status.st_dev, status.st_ino, status.st_size, status.st_mtim, status.st_ctim};
	return true;
}

static bool stamp_same(const struct stamp *one, const struct stamp *other)
{
	return one->device == other->device && one->inode == other->inode &&
	       one->size == other->size && one->modified.tv_sec == other->modified.tv_sec &&
	       one->modified.tv_nsec == other->modified.tv_nsec &&
	       one->changed.tv_sec == other->changed.tv_sec &&
	       one->changed.tv_nsec == other->changed.tv_nsec;
}

static void tell_report(
	void *data, const struct revocation *revocation, uint32_t line, const char *got)
{
	(void)data;
	revocation->host->problem_at(revocation->instance, revocation->path, line, 1, got,
		"jti:VALUE, sub:VALUE or sid:VALUE");
}

static void tell_log(
	void *data, const struct revocation *revocation, uint32_t line, const char *got)
{
	(void)data;
	(void)line;
	(void)got;
	revocation->host->log(revocation->instance, TPAM_LOG_ERROR,
		"a line of the revocation list is not jti:VALUE, sub:VALUE or sid:VALUE: nobody "
		"passes");
}

int revocation_create(struct revocation **ret, const struct tpam_host *host,
	struct tpam_instance *instance, const char *option, const char *path)
{
	struct revocation *revocation = calloc(1, sizeof(*revocation));

	if (!revocation)
		return TPAM_E_MEMORY;
	revocation->host = host;
	revocation->instance = instance;
	revocation->path = strdup(path);
	if (!revocation->path || pthread_rwlock_init(&revocation->lock, NULL) != 0) {
		free(revocation->path);
		free(revocation);
		return TPAM_E_MEMORY;
	}
	(void)stamp_read(&revocation->stamp, path);
	read_again(revocation, tell_report, NULL);
	if (!revocation->readable) {
		host->problem(instance, option, 0, path, "a list that can be read");
		revocation_destroy(revocation);
		return TPAM_E_CONFIG;
	}
	*ret = revocation;
	return TPAM_OK;
}

void revocation_destroy(struct revocation *revocation)
{
	if (!revocation)
		return;
	forget(revocation);
	pthread_rwlock_destroy(&revocation->lock);
	free(revocation->path);
	free(revocation);
}

static void tell_read(const struct revocation *revocation)
{
	const struct tpam_host *host = revocation->host;
	bool read = revocation->readable;
	const char *text = read ? "the revocation list has been read again"
				: "the revocation list cannot be read: nobody passes";

	host->log(revocation->instance, read ? TPAM_LOG_NOTICE : TPAM_LOG_ERROR, text);
	if (TPAM_HAS(host, event))
		host->event(revocation->instance, TPAM_EVENT_REVOCATION,
			read ? TPAM_SUCCESS : TPAM_ERROR, text);
}

/* Reads the file again if it is another than before; the lock is held for reading on return. */
static void refresh(struct revocation *revocation)
{
	struct stamp stamp;

	(void)stamp_read(&stamp, revocation->path);
	pthread_rwlock_rdlock(&revocation->lock);
	if (stamp_same(&stamp, &revocation->stamp))
		return;
	pthread_rwlock_unlock(&revocation->lock);
	pthread_rwlock_wrlock(&revocation->lock);
	(void)stamp_read(&stamp, revocation->path);
	if (!stamp_same(&stamp, &revocation->stamp)) {
		revocation->stamp = stamp;
		read_again(revocation, tell_log, NULL);
		tell_read(revocation);
		revocation->host->cache_flush(revocation->instance);
	}
	pthread_rwlock_unlock(&revocation->lock);
	pthread_rwlock_rdlock(&revocation->lock);
}

void revocation_refresh(struct revocation *revocation)
{
	refresh(revocation);
	pthread_rwlock_unlock(&revocation->lock);
}

enum revoked revocation_ask(struct revocation *revocation, const char *kind, const char *value)
{
	char key[5 + REVOCATION_VALUE_MAX];
	const char *text = key;
	enum revoked answer = REVOKED_UNKNOWN;
	size_t length = strlen(value);

	if (length > REVOCATION_VALUE_MAX)
		return REVOKED_UNKNOWN;
	memcpy(key, kind, 3);
	key[3] = ':';
	memcpy(key + 4, value, length + 1);
	refresh(revocation);
	if (revocation->readable)
		answer =
			revocation->count > 0 && bsearch(&text, revocation->entries,
							 revocation->count, sizeof(char *), by_text)
				? REVOKED_YES
				: REVOKED_NO;
	pthread_rwlock_unlock(&revocation->lock);
	return answer;
}
