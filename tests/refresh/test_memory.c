/*
 * test_memory.c - the n-th allocation fails while a file is found changed: what runs goes on, and the change is found once
 * there is memory again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../torture/allocations.h"
#include "../unit/check.h"
#include "stage.h"

#define MOST 3000 /* allocations of one look that loads */

static const char config[] = "[tokenpam]\nmode = development\n"
			     "[provider:p]\nplugin = debug\nsubject = ${file:who}\n"
			     "[service:s]\nauth = required p\n";

static struct tpam_engine *engine;

/* Who it is; "" where there was no memory for an answer. */
static const char *decide(void)
{
	static char who[32];
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("s", NULL);
	int code = tpam_authenticate(engine, request, &result);
	bool accepted = code == TPAM_OK && tpam_result_accepted(result);
	(void)snprintf(who, sizeof(who), "%s", accepted ? tpam_result_subject(result) : "");
	tpam_result_unref(result);
	tpam_request_destroy(request);
	return who;
}

/* A request is not what is to fail here. */
static const char *decide_armed(unsigned long nth, bool all, bool *lacked)
{
	static char who[32];
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("s", NULL);
	allocations_arm(nth, all);
	int code = tpam_authenticate(engine, request, &result);
	*lacked = allocations_disarm();
	CHECK(code == TPAM_OK || code == TPAM_E_MEMORY);
	(void)snprintf(who, sizeof(who), "%s", code == TPAM_OK ? tpam_result_subject(result) : "");
	tpam_result_unref(result);
	tpam_request_destroy(request);
	return who;
}

/* True once nothing was lacking. */
static bool play(unsigned long nth, bool all, const char *before, const char *after)
{
	bool lacked;
	sandbox_write("who", after);
	stage_wait(5000);
	CHECK_TEXT(decide(), before);
	stage_wait(1000);
	long living = allocations_living();
	const char *who = decide_armed(nth, all, &lacked);
	bool fits = strcmp(who, before) == 0 || strcmp(who, after) == 0 || strcmp(who, "") == 0;
	if (!fits || (!lacked && strcmp(who, after) != 0))
		allocations_explain();
	CHECK(fits && (lacked || strcmp(who, after) == 0));
	stage_wait(5000);
	CHECK_TEXT(decide(), after);
	/* One generation has taken the other's place. */
	CHECK(allocations_living() == living);
	return !lacked;
}

static void play_all(bool all)
{
	bool done = false;
	unsigned long nth = 1;
	for (; nth < MOST && !done; nth++)
		done = play(nth, all, nth % 2 ? "alice" : "carol", nth % 2 ? "carol" : "alice");
	CHECK(done);
	if (nth % 2 == 0) {
		bool lacked = !play(MOST, false, "carol", "alice");
		CHECK(!lacked);
	}
}

/* As long as there is none it is tried at each look, and told once. */
static void play_twice(void)
{
	bool lacked;
	struct tpam_statistics before = stage_statistics(engine);
	unsigned told = stage_failed;
	sandbox_write("who", "carol");
	stage_wait(5000);
	CHECK_TEXT(decide(), "alice");
	stage_wait(1000);
	for (int i = 0; i < 3; i++) {
		(void)decide_armed(20, true, &lacked);
		stage_wait(5000);
	}
	CHECK(stage_statistics(engine).reload_failures == before.reload_failures + 3);
	CHECK(stage_failed == told + 1);
	CHECK_TEXT(decide(), "carol");
}

int main(void)
{
	sandbox_begin();
	sandbox_write("who", "alice");
	sandbox_write("main.ini", config);
	engine = stage_engine("main.ini");
	allocations_begin();
	CHECK_TEXT(decide(), "alice");
	(void)play(MOST, false, "alice", "carol"); /* what is made the first time and kept */
	(void)play(MOST, false, "carol", "alice");
	play_all(false);
	play_all(true);
	struct tpam_statistics end = stage_statistics(engine);
	CHECK(end.reload_failures > 100 && stage_failed == end.reload_failures);
	play_twice();
	tpam_engine_close(engine);
	sandbox_end();
	return check_end();
}
