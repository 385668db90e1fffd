/*
 * origins.c - the files that a configuration was made from, and whether one of them is another now.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "origins.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <tokenpam/codes.h>

#include "memory.h"
#include "siphash.h"

#define ORIGINS_MAX 65536

/* The coarsest clock of a file system there is (FAT), and room. */
#define YOUNG 3 /* seconds */

/* ---- Stamps ---- */

static struct stamp stamp_read(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return (struct stamp){0};
	return (struct stamp){status.st_dev, status.st_ino, status.st_size, status.st_mtim,
		status.st_ctim, status.st_mode, status.st_uid};
}

static bool same_time(const struct timespec *one, const struct timespec *other)
{
	return one->tv_sec == other->tv_sec && one->tv_nsec == other->tv_nsec;
}

/* Who may write and read it decides, too, whether it does. */
static bool same_rights(const struct stamp *one, const struct stamp *other)
{
	return one->mode == other->mode && one->owner == other->owner;
}

static bool same_stamp(const struct stamp *one, const struct stamp *other)
{
	return one->device == other->device && one->inode == other->inode &&
	       one->size == other->size && same_time(&one->modified, &other->modified) &&
	       same_time(&one->changed, &other->changed) && same_rights(one, other);
}

/* By the clock of the system: it is what files are stamped with, whatever clock the host has for requests. */
static bool is_young(const struct stamp *stamp)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec - stamp->changed.tv_sec < YOUNG;
}

/* ---- Reading ---- */

/* `path` seen from /, so that a later chdir() changes nothing. NULL without memory. */
static char *absolute(const char *path)
{
	char *folder = path[0] == '/' ? NULL : getcwd(NULL, 0);
	char *text = folder ? text_format("%s/%s", folder, path) : text_copy(path, strlen(path));

	free(folder);
	return text;
}

static struct origin *find(const struct origins *origins, const char *path)
{
	for (size_t i = 0; i < origins->count; i++)
		if (strcmp(origins->list[i].path, path) == 0)
			return &origins->list[i];
	return NULL;
}

/* Takes `path` over. NULL without memory. */
static struct origin *add(struct origins *origins, char *path)
{
	bool fine = path && array_reserve(&origins->list, origins->count, sizeof(struct origin),
				    ORIGINS_MAX);

	if (fine && origins->count == 0)
		fine = getrandom(origins->key, sizeof(origins->key), 0) ==
		       (ssize_t)sizeof(origins->key);
	if (!fine) {
		free(path);
		return NULL;
	}
	struct origin *origin = &origins->list[origins->count++];
	*origin = (struct origin){.path = path};
	return origin;
}

static void settle(struct origin *origin, const struct stamp *stamp)
{
	origin->stamp = origin->seen = *stamp;
	origin->young = is_young(stamp);
}

/* The origin, stamped before it is read: what changes from here on is found. NULL without memory. */
static struct origin *begin(struct origins *origins, enum origin_kind kind, const char *path,
	uint64_t limit, bool *again)
{
	char *whole = absolute(path);
	struct origin *origin = whole ? find(origins, whole) : NULL;

	*again = origin != NULL;
	if (origin) {
		free(whole);
		origin->limit = limit > origin->limit ? limit : origin->limit;
		return origin;
	}
	origin = add(origins, whole);
	if (!origin)
		return NULL;
	const struct stamp stamp = stamp_read(origin->path);
	settle(origin, &stamp);
	origin->limit = limit;
	origin->ini = kind == ORIGIN_INI;
	return origin;
}

int origins_read(struct origins *origins, enum origin_kind kind, const char *path, bool secret,
	uint64_t limit, char **ret_bytes, size_t *ret_length, enum file_fault *ret_fault)
{
	bool again = false;
	struct origin *origin = origins ? begin(origins, kind, path, limit, &again) : NULL;

	if (origins && !origin) {
		*ret_fault = FILE_MEMORY;
		return TPAM_E_MEMORY;
	}
	int code = file_read(path, secret, limit, ret_bytes, ret_length, ret_fault);
	if (!origin)
		return code;
	uint64_t digest = code == TPAM_OK ? siphash(origins->key, *ret_bytes, *ret_length) : 0;
	/* Of two contents within one loading neither is known: the stamp of no file differs from any. */
	if (again && (digest != origin->digest || (code == TPAM_OK) != origin->readable))
		origin->stamp = (struct stamp){0};
	origin->digest = digest;
	origin->readable = code == TPAM_OK;
	return code;
}

void origins_finish(struct origins *origins)
{
	for (size_t i = 0; i < origins->count; i++)
		free(origins->list[i].path);
	free(origins->list);
	explicit_bzero(origins, sizeof(*origins));
}

/* ---- Looking ---- */

enum origins_state origins_look(struct origins *origins, bool all)
{
	bool changed = false, moving = false;

	for (size_t i = 0; i < origins->count; i++) {
		struct origin *origin = &origins->list[i];
		if (origin->ini && !all)
			continue;
		const struct stamp now = stamp_read(origin->path);
		changed = changed || origin->young || !same_stamp(&now, &origin->stamp);
		moving = moving || !same_stamp(&now, &origin->seen);
		origin->seen = now;
	}
	if (moving)
		return ORIGINS_MOVING;
	return changed ? ORIGINS_CHANGED : ORIGINS_SAME;
}

/* True where it says what it said, or can still not be read; its stamp is then that from before this reading. */
static bool says_the_same(const struct origins *origins, struct origin *origin)
{
	const struct stamp stamp = stamp_read(origin->path);
	enum file_fault fault = FILE_SAFE;
	char *bytes = NULL;
	size_t length = 0;

	if (!same_rights(&stamp, &origin->stamp))
		return false;
	int code = file_read(origin->path, true, origin->limit, &bytes, &length, &fault);
	bool same = (code == TPAM_OK) == origin->readable;
	if (code == TPAM_OK) {
		same = same && siphash(origins->key, bytes, length) == origin->digest;
		secret_free(bytes, length);
	}
	if (same)
		settle(origin, &stamp);
	return same;
}

const char *origins_differ(struct origins *origins, bool all)
{
	for (size_t i = 0; i < origins->count; i++) {
		struct origin *origin = &origins->list[i];
		if ((origin->ini && !all) ||
			(!origin->young && same_stamp(&origin->seen, &origin->stamp)))
			continue;
		if (!says_the_same(origins, origin))
			return origin->path;
	}
	return NULL;
}
