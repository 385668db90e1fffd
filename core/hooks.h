/*
 * hooks.h - the host's log and clock, or ours where it has none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_HOOKS_H
#define CORE_HOOKS_H

#include <stdint.h>

#include <tokenpam/tokenpam.h>

struct hooks {
	tpam_log_fn *log;
	void *log_data;
	tpam_clock_fn *clock;
	void *clock_data;
};

/* Both in nanoseconds. */
int64_t hooks_wall(const struct hooks *hooks);
int64_t hooks_monotonic(const struct hooks *hooks);

/* The monotonic one, some milliseconds late where it is the system's, and for that many times cheaper. */
int64_t hooks_coarse(const struct hooks *hooks);

/* One line; control characters and broken UTF-8 are replaced, at most 1,024 bytes. */
void hooks_log(const struct hooks *hooks, int level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
