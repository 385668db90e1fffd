/*
 * lacking.c - the n-th allocation fails while a configuration is opened, and while a token is decided about.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/tokenpam.h>

#include "../unit/check.h"
#include "../unit/sandbox.h"
#include "allocations.h"
#include "lacking.h"

#define MOST 3000 /* allocations of one scene */
#define NAME "lacking.ini"

static struct tpam_engine *engine_of(const char *ini)
{
	sandbox_write(NAME, ini);
	return sandbox_engine(NAME, (struct tpam_engine_options){.size = 0});
}

void lacking_begin(const char *ini)
{
	tpam_engine_close(engine_of(ini));
	allocations_begin();
}

/* True once nothing was lacking. */
static bool opens(unsigned long nth)
{
	struct tpam_engine *engine = NULL;
	struct tpam_engine_options options = {.size = sizeof(options),
		.config = sandbox_path(NAME),
		.plugin_path = getenv("TOKENPAM_PLUGINS")};
	long before = allocations_living();

	allocations_arm(nth, false);
	int code = tpam_engine_open(&engine, &options, NULL);
	bool lacked = allocations_disarm();
	CHECK(lacked || code == TPAM_OK);
	if (code == TPAM_OK)
		tpam_engine_close(engine);
	CHECK(allocations_living() == before);
	return !lacked;
}

void lacking_opens(const char *ini)
{
	unsigned long nth = 1;

	/* What a plugin makes the first time and keeps is not lost. */
	tpam_engine_close(engine_of(ini));
	while (nth < MOST && !opens(nth))
		nth++;
	CHECK(nth > 1 && nth < MOST);
}

/* One decision; true once nothing was lacking. */
static bool decides(
	struct tpam_engine *engine, const char *authorization, int32_t outcome, unsigned long nth)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("notes", authorization);
	long before = allocations_living();

	allocations_arm(nth, false);
	int code = tpam_authenticate(engine, request, &result);
	bool lacked = allocations_disarm();
	bool accepted = code == TPAM_OK && tpam_result_accepted(result);
	if (lacked && accepted)
		allocations_explain();
	CHECK(!lacked || !accepted);
	if (!lacked) {
		CHECK(code == TPAM_OK);
		CHECK_TEXT(
			tpam_outcome_name(tpam_result_outcome(result)), tpam_outcome_name(outcome));
	}
	tpam_result_unref(result);
	CHECK(allocations_living() == before);
	tpam_request_destroy(request);
	return !lacked;
}

/* What a library makes the first time and keeps is not lost. */
static void warm_up(struct tpam_engine *engine, const char *authorization)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("notes", authorization);

	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

void lacking_decides(const char *ini, const char *authorization, int32_t outcome)
{
	struct tpam_engine *engine = engine_of(ini);
	unsigned long nth = 1;

	warm_up(engine, authorization);
	while (nth < MOST && !decides(engine, authorization, outcome, nth))
		nth++;
	CHECK(nth > 1 && nth < MOST);
	tpam_engine_close(engine);
}

int lacking_end(int fine)
{
	CHECK(fine);
	return check_end();
}
