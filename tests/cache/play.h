/*
 * play.h - one case being played, and the provider in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_CACHE_PLAY_H
#define TESTS_CACHE_PLAY_H

#include <tokenpam/tokenpam.h>

#include "../plugins/kept.h"

#define BEGIN INT64_C(1700000000)

struct play {
	struct kept_control control; /* first */
	int64_t wall, monotonic;
	char answer[256], recheck[64];
	unsigned asked, rechecked;
	struct tpam_instance *instance;
	const struct tpam_host *host;
	struct tpam_engine *engine;
	char options[2048], globals[1024], other[1024], services[8][512];
	size_t service_count;
	const char *file;
	unsigned line;
};

/* What the case says that the provider says. */
kept_fn play_ask, play_recheck;

#endif
