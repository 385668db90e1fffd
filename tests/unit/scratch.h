/*
 * scratch.h - a scratch folder, and plugins copied into it, for tests of what loads plugins.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tokenpam/tokenpam.h>

#include "check.h"
#include "memory.h"
#include "plugin.h"
#include "report.h"
#include "safefile.h"

static char folder[4096];
static const char *plugin_path; /* the plugins of the build */

static inline char *path_in_folder(const char *name)
{
	char *path = text_format("%s/%s", folder, name);
	if (!path)
		abort();
	return path;
}

static inline void write_file(const char *name, const char *content)
{
	char *path = path_in_folder(name);
	FILE *file = fopen(path, "w");
	if (!file || fputs(content, file) < 0 || fclose(file) != 0)
		abort();
	chmod(path, 0600);
	free(path);
}

static inline void remove_folder(void)
{
	char *ini = path_in_folder("t.ini");
	unlink(ini);
	free(ini);
	rmdir(folder);
}

static inline bool folder_is_safe(void)
{
	char *probe = path_in_folder("t.ini");
	write_file("t.ini", "");
	bool safe = file_judge_path(probe, NULL) == FILE_SAFE;
	free(probe);
	return safe;
}

/* A folder that only we can change, and all above it, as production asks of plugins. */
static inline bool make_folder(void)
{
	const char *const places[] = {getenv("HOME"), "/root", "/var/lib", "/run", "."};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *place = places[i] ? realpath(places[i], NULL) : NULL;
		snprintf(folder, sizeof(folder), "%s/.tokenpam-unit-XXXXXX", place ? place : "");
		bool made = place && mkdtemp(folder);
		free(place);
		if (made && folder_is_safe())
			return true;
		if (made)
			remove_folder();
	}
	return false;
}

/* Gets what the environment must give; ends the program where it does not. */
static inline void begin(void)
{
	plugin_path = getenv("TOKENPAM_PLUGINS");
	if (plugin_path && make_folder())
		return;
	fprintf(stderr,
		"TOKENPAM_PLUGINS is not set, or no folder is safe for plugins; set HOME\n");
	exit(EXIT_FAILURE);
}

/* The error that comes first, NULL if there is none; to be freed. */
static inline char *first_error(const struct tpam_report *report)
{
	for (size_t i = 0; i < tpam_report_count(report); i++) {
		const struct tpam_diagnostic *found = tpam_report_get(report, i);
		if (found->severity == TPAM_SEVERITY_ERROR)
			return text_copy(found->text, strlen(found->text));
	}
	return NULL;
}

static inline void copy_file(const char *from, const char *to)
{
	struct stat status;
	int source = open(from, O_RDONLY | O_CLOEXEC);
	int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	if (source < 0 || target < 0 || fstat(source, &status) != 0)
		abort();
	for (off_t done = 0; done < status.st_size;)
		if (sendfile(target, source, &done, (size_t)(status.st_size - done)) <= 0)
			abort();
	close(source);
	close(target);
}

/* Where a plugin of the build is; to be freed. */
static inline char *built(const char *name)
{
	struct tpam_report *report = report_create();
	const struct plugin *plugin = NULL;
	if (plugin_load(&plugin, name, plugin_path, NOWHERE, true, report) != TPAM_OK) {
		fprintf(stderr, "%s is not in TOKENPAM_PLUGINS=%s\n", name, plugin_path);
		exit(EXIT_FAILURE);
	}
	tpam_report_destroy(report);
	return text_copy(plugin->path, strlen(plugin->path));
}

#endif
