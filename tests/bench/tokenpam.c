/*
 * tokenpam.c - full authentication through the public API: a request is made of what a client sent, a stack decides,
 * the result is read, and both are given back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tokenpam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct tpam_engine *tokenpam_open(const char *folder, const char *name, const char *alg)
{
	char path[4096];
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;
	const struct tpam_engine_options options = {
		.size = sizeof(options), .config = path, .plugin_path = getenv("TOKENPAM_PLUGINS")};

	(void)snprintf(path, sizeof(path), "%s/%s-%s.ini", folder, name, alg);
	int code = tpam_engine_open(&engine, &options, &report);
	for (size_t i = 0; code != TPAM_OK && i < tpam_report_count(report); i++) {
		char *line = tpam_report_line(report, i);
		fprintf(stderr, "%s\n", line ? line : "");
		tpam_free(line);
	}
	tpam_report_destroy(report);
	return code == TPAM_OK ? engine : NULL;
}

bool tokenpam_verify(void *engine, const char *token)
{
	const char *header = token - strlen(BENCH_SCHEME);
	struct tpam_result *result = NULL;
	struct tpam_request *request = tpam_request_create();
	bool good = request &&
		    tpam_request_set(request, TPAM_ITEM_SERVICE, "notes", 5) == TPAM_OK &&
		    tpam_request_add_header(request, "Authorization", header) == TPAM_OK &&
		    tpam_authenticate(engine, request, &result) == TPAM_OK &&
		    tpam_result_accepted(result) && tpam_result_subject(result) &&
		    tpam_result_has_scope(result, BENCH_SCOPE);

	tpam_result_unref(result);
	tpam_request_destroy(request);
	return good;
}

static void *open_row(const struct bench_row *row, const struct bench_material *material)
{
	return tokenpam_open(material->folder, row->name, material->alg);
}

#define ROW(text, count)                                                                           \
	{                                                                                          \
		.name = (text), .tokens = (count), .open = open_row, .verify = tokenpam_verify     \
	}

const struct bench_row bench_rows[] = {
	ROW("plain", 0),
	ROW("cache-1", 0),
	ROW("cache-10000", 10000),
	ROW("cache-100000", 100000),
	ROW("stack-4", 0),
	ROW("stack-16", 0),
	{.name = NULL},
};
