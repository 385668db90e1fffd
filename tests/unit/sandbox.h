/*
 * sandbox.h - a folder of the test's own with configurations in it, and engines that load them, as a host would.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_SANDBOX_H
#define TESTS_UNIT_SANDBOX_H

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tokenpam/tokenpam.h>

/* One for all files of a program. */
__attribute__((weak)) char sandbox_folder[PATH_MAX / 2];

static inline void sandbox_fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static inline int sandbox_remove(
	const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

static inline void sandbox_end(void)
{
	(void)nftw(sandbox_folder, sandbox_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void sandbox_begin(void)
{
	const char *base = getenv("TMPDIR");
	if (!getenv("TOKENPAM_PLUGINS")) {
		fputs("TOKENPAM_PLUGINS is not set\n", stderr);
		exit(EXIT_FAILURE);
	}
	umask(077);
	(void)snprintf(sandbox_folder, sizeof(sandbox_folder), "%s/tokenpam-test.XXXXXX",
		base && *base ? base : "/tmp");
	if (!mkdtemp(sandbox_folder))
		sandbox_fail(sandbox_folder);
}

/* The path of a file in the folder; good until the thread's next call but three. */
static inline const char *sandbox_path(const char *name)
{
	static _Thread_local char paths[4][PATH_MAX];
	static _Thread_local unsigned next;
	char *path = paths[next++ % 4];
	(void)snprintf(path, PATH_MAX, "%s/%s", sandbox_folder, name);
	return path;
}

/* Writes a file whole: whoever reads it sees the old one or the new one. */
static inline void sandbox_write(const char *name, const char *text)
{
	char path[PATH_MAX], made[PATH_MAX];
	(void)snprintf(path, sizeof(path), "%s/%s", sandbox_folder, name);
	(void)snprintf(made, sizeof(made), "%s/%s.new", sandbox_folder, name);
	FILE *file = fopen(made, "w");
	if (!file || fputs(text, file) < 0 || fclose(file) != 0 || rename(made, path) != 0)
		sandbox_fail(path);
}

static inline void sandbox_report(const struct tpam_report *report)
{
	for (size_t i = 0; i < tpam_report_count(report); i++) {
		char *line = tpam_report_line(report, i);
		fprintf(stderr, "%s\n", line ? line : "(no memory)");
		tpam_free(line);
	}
}

/* An engine from a file of the folder, with the plugins of the build; ends the test if it does not load. */
static inline struct tpam_engine *sandbox_engine(
	const char *name, struct tpam_engine_options options)
{
	struct tpam_engine *engine = NULL;
	struct tpam_report *report = NULL;
	options.size = sizeof(options);
	options.config = sandbox_path(name);
	options.plugin_path = getenv("TOKENPAM_PLUGINS");
	int code = tpam_engine_open(&engine, &options, &report);
	if (code != TPAM_OK) {
		fprintf(stderr, "%s: %s\n", options.config, tpam_code_text(code));
		sandbox_report(report);
		exit(EXIT_FAILURE);
	}
	tpam_report_destroy(report);
	return engine;
}

/* A request to "service" or "service/tool", with a value of Authorization if there is one. */
static inline struct tpam_request *sandbox_request(const char *target, const char *authorization)
{
	struct tpam_request *request = tpam_request_create();
	const char *slash = strchr(target, '/');
	size_t length = slash ? (size_t)(slash - target) : strlen(target);
	int code = request ? tpam_request_set(request, TPAM_ITEM_SERVICE, target, length)
			   : TPAM_E_MEMORY;
	if (code == TPAM_OK && slash)
		code = tpam_request_set(request, TPAM_ITEM_TOOL, slash + 1, strlen(slash + 1));
	if (code == TPAM_OK && authorization)
		code = tpam_request_add_header(request, "Authorization", authorization);
	if (code != TPAM_OK) {
		fprintf(stderr, "%s: %s\n", target, tpam_code_text(code));
		exit(EXIT_FAILURE);
	}
	return request;
}

#endif
