/*
 * stage.h - a clock that is moved, a log that is read, and files that are changed in all the ways in which files change.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_REFRESH_STAGE_H
#define TESTS_REFRESH_STAGE_H

#include <fcntl.h>
#include <stdatomic.h>

#include "../unit/sandbox.h"

#define MILLISECOND INT64_C(1000000)

static atomic_llong stage_now = 1;
static atomic_uint stage_changed, stage_loaded, stage_failed; /* lines of the log */

static inline int64_t stage_clock(void *data, enum tpam_clock_kind kind)
{
	(void)data;
	(void)kind;
	return atomic_load(&stage_now);
}

static inline void stage_log(void *data, int level, const char *text)
{
	(void)data;
	(void)level;
	if (strstr(text, " has changed"))
		atomic_fetch_add(&stage_changed, 1);
	else if (strstr(text, " loaded again"))
		atomic_fetch_add(&stage_loaded, 1);
	else if (strstr(text, " does not load "))
		atomic_fetch_add(&stage_failed, 1);
}

static inline void stage_wait(int64_t milliseconds)
{
	atomic_fetch_add(&stage_now, milliseconds * MILLISECOND);
}

/* Without a moment in which the file is whole: emptied, then written. */
static inline void stage_overwrite(const char *name, const char *text)
{
	int file = open(sandbox_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text) ||
		close(file) != 0)
		sandbox_fail(name);
}

/* As Kubernetes swaps its ..data. */
static inline void stage_link(const char *name, const char *target)
{
	char path[PATH_MAX], made[PATH_MAX];
	(void)snprintf(path, sizeof(path), "%s/%s", sandbox_folder, name);
	(void)snprintf(made, sizeof(made), "%s/%s.new", sandbox_folder, name);
	if (symlink(target, made) != 0 || rename(made, path) != 0)
		sandbox_fail(path);
}

static inline void stage_folder(const char *name)
{
	if (mkdir(sandbox_path(name), 0700) != 0)
		sandbox_fail(name);
}

static inline struct tpam_engine *stage_engine(const char *name)
{
	return sandbox_engine(
		name, (struct tpam_engine_options){.log = stage_log, .clock = stage_clock});
}

static inline struct tpam_statistics stage_statistics(struct tpam_engine *engine)
{
	struct tpam_statistics statistics = {.size = sizeof(statistics)};
	if (tpam_engine_statistics(engine, &statistics) != TPAM_OK)
		sandbox_fail("statistics");
	return statistics;
}

#endif
