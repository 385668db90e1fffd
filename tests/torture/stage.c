/*
 * stage.c - what is seen of a scene when it is over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../unit/sandbox.h"

static void say(char *sight, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(char *sight, const char *format, ...)
{
	size_t length = strlen(sight);
	va_list list;
	va_start(list, format);
	int written = vsnprintf(sight + length, SIGHT_MAX - length, format, list);
	va_end(list);
	if (written < 0 || (size_t)written >= SIGHT_MAX - length)
		sandbox_fail("more to see than SIGHT_MAX");
}

static void say_report(char *sight, const struct tpam_report *report)
{
	for (size_t i = 0; i < tpam_report_count(report); i++) {
		char *line = tpam_report_line(report, i);
		say(sight, "%s\n", line ? line : "(no line)");
		tpam_free(line);
	}
}

/* A made request id is another one each time; all else must be the same. */
static void say_result(char *sight, const struct tpam_result *result)
{
	char *json = NULL;
	if (tpam_result_json(result, &json) != TPAM_OK)
		sandbox_fail("tpam_result_json");
	char *id = strstr(json, "\"request_id\":\"");
	if (id && strncmp(id + 14, "fixed", 5) != 0 && strlen(id) > 46)
		memset(id + 14, '?', 32);
	/* A verdict that found no memory to be kept in is the same verdict. */
	static const char cached[] = ",\"cached\":\"fresh\"";
	for (char *at; (at = strstr(json, cached));)
		memmove(at, at + strlen(cached), strlen(at + strlen(cached)) + 1);
	say(sight, "%s\n%d %d %s\n", json, tpam_result_accepted(result), tpam_result_status(result),
		tpam_result_message(result));
	for (size_t i = 0; tpam_result_challenge(result, i); i++)
		say(sight, "%s\n", tpam_result_challenge(result, i));
	tpam_free(json);
}

static void say_engine(char *sight, struct tpam_engine *engine)
{
	struct tpam_statistics statistics = {.size = sizeof(statistics)};
	char *json = NULL;
	if (tpam_engine_describe(engine, NULL, &json) != TPAM_OK ||
		tpam_engine_statistics(engine, &statistics) != TPAM_OK)
		sandbox_fail("tpam_engine_describe");
	/* The last member; how often something was looked for depends on what failed before. */
	char *counts = strstr(json, ",\"cache\":{");
	if (counts)
		*counts = '\0';
	say(sight, "generation %llu: %s\n", (unsigned long long)statistics.generation, json);
	tpam_free(json);
}

void stage_look_at_engine(const struct stage *stage, const struct scene *scene, char *sight)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request(scene->target, scene->authorization);
	if (tpam_request_set(request, TPAM_ITEM_REQUEST_ID, "fixed", 5) != TPAM_OK ||
		tpam_authenticate(stage->engine, request, &result) != TPAM_OK)
		sandbox_fail("tpam_authenticate");
	say_result(sight, result);
	say_engine(sight, stage->engine);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

void stage_look(const struct stage *stage, const struct scene *scene, char *sight)
{
	say(sight, "%s\n", tpam_code_text(stage->code));
	say_report(sight, stage->report);
	if (stage->result)
		say_result(sight, stage->result);
	if (stage->text)
		say(sight, "%s\n", stage->text);
	if (stage->engine)
		stage_look_at_engine(stage, scene, sight);
}

void stage_clear(struct stage *stage)
{
	tpam_result_unref(stage->result);
	tpam_request_destroy(stage->request);
	tpam_report_destroy(stage->report);
	tpam_engine_close(stage->engine);
	tpam_free(stage->text);
	*stage = (struct stage){.code = TPAM_OK};
}
