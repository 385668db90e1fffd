/*
 * replay.c - 'tokenpam replay': which decisions of an audit would come out otherwise under another configuration.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "engine.h"
#include "output.h"
#include "replay.h"

/* ---- The time of a record ---- */

#define SECOND INT64_C(1000000000)

/* What the engine takes for now; 0: it is now. Its threads look at it, too. */
static _Atomic int64_t then;

static int64_t clock_then(void *data, enum tpam_clock_kind kind)
{
	int64_t time = atomic_load(&then);
	struct timespec now;

	(void)data;
	if (kind == TPAM_CLOCK_WALL && time != 0)
		return time;
	clock_gettime(kind == TPAM_CLOCK_WALL ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

/* Of "2026-11-26T12:00:00.000000Z", which the reader has looked at. */
static void set_time(const char *text)
{
	struct tm parts = {0};
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);

	atomic_store(&then, end ? (int64_t)timegm(&parts) * SECOND : 0);
}

/* ---- Records ---- */

static void note_time(struct replay *replay, const char *time)
{
	if (!replay->first[0] || strcmp(time, replay->first) < 0)
		(void)snprintf(replay->first, sizeof(replay->first), "%.19sZ", time);
	if (strcmp(time, replay->last) > 0)
		(void)snprintf(replay->last, sizeof(replay->last), "%.19sZ", time);
}

static int take(void *data, const struct audit_record *record)
{
	struct replay *replay = data;
	struct replayed replayed = {0};

	if (!audit_is_decision(record))
		return EXIT_ACCEPTED;
	note_time(replay, record->time);
	replay->decisions++;
	replay->seen |= replay_fields_of(record);
	set_time(record->time);
	int code = replay_decide(replay, record, &replayed);
	if (code == EXIT_ACCEPTED)
		replay_add(replay, record, &replayed);
	tpam_result_unref(replayed.result);
	return code;
}

/* ---- The verb ---- */

static int run(const struct options *options)
{
	struct replay replay = {.services = json_object(), .cases = json_object()};

	int code = engine_start_at(options, clock_then, &replay.engine);
	if (code == EXIT_ACCEPTED)
		code = engine_describe(replay.engine, NULL, &replay.overview);
	if (code == EXIT_ACCEPTED)
		code = audit_read_all(
			options->operands, options->operand_count, take, &replay, &replay.bad);
	if (code == EXIT_ACCEPTED)
		code = replay_tell(&replay, options->json);
	json_decref(replay.cases);
	json_decref(replay.services);
	json_decref(replay.overview);
	tpam_engine_close(replay.engine);
	return code;
}

const struct verb verb_replay = {
	.name = "replay",
	.operands = "FILE...",
	.summary = "see which decisions of an audit would come out otherwise",
	.help = "Decides once more what an audit has recorded, of the identities that were\n"
		"recognised then, under the configuration that -c or -e names, and tells which\n"
		"decisions would come out otherwise. No credential is needed and no provider\n"
		"is asked. What cannot be known from the records is counted, with the reason.\n\n"
		"FILE is a file of the audit, or - for standard input; zcat reads what was\n"
		"compressed.\n\n"
		"Exit status: 0 all that can be known comes out the same, 1 something comes\n"
		"out otherwise, 2 nothing can be known, 3 misused.",
	.options = OPTIONS_CONFIG | OPTIONS_PLUGINS | OPTIONS_JSON,
	.least = 1,
	.most = AUDIT_FILES_MAX,
	.run = run,
};
