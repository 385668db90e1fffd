/*
 * hooks.c - the host's log and clock, or ours where it has none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "hooks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "text.h"

#define LINE_LENGTH 1024

static int64_t system_clock(clockid_t id)
{
	struct timespec now = {0};
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t hooks_wall(const struct hooks *hooks)
{
	return hooks->clock ? hooks->clock(hooks->clock_data, TPAM_CLOCK_WALL)
			    : system_clock(CLOCK_REALTIME);
}

int64_t hooks_monotonic(const struct hooks *hooks)
{
	return hooks->clock ? hooks->clock(hooks->clock_data, TPAM_CLOCK_MONOTONIC)
			    : system_clock(CLOCK_MONOTONIC);
}

int64_t hooks_coarse(const struct hooks *hooks)
{
	return hooks->clock ? hooks->clock(hooks->clock_data, TPAM_CLOCK_MONOTONIC)
			    : system_clock(CLOCK_MONOTONIC_COARSE);
}

void hooks_log(const struct hooks *hooks, int level, const char *format, ...)
{
	if (!hooks->log)
		return;
	char line[LINE_LENGTH + 1];
	va_list list;
	va_start(list, format);
	int written = vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	if (written < 0)
		return;
	/* A character that the end cuts in two becomes question marks like any other broken one. */
	size_t length = strlen(line);
	for (size_t i = 0; (i += text_check(line + i, length - i, false)) < length;)
		line[i++] = '?';
	hooks->log(hooks->log_data, level, line);
	explicit_bzero(line, sizeof(line));
}
