/*
 * audit_files.c - which files an audit is in, where nobody names them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "audit_read.h"
#include "engine.h"
#include "output.h"

static const char *const compressed[] = {".gz", ".xz", ".bz2", ".zst", ".lz4", ".Z"};

static bool is_compressed(const char *name)
{
	const char *end = strrchr(name, '.');

	for (size_t i = 0; end && i < sizeof(compressed) / sizeof(compressed[0]); i++)
		if (strcmp(end, compressed[i]) == 0)
			return true;
	return false;
}

static int add(struct audit_files *files, const char *folder, const char *name)
{
	if (files->count == AUDIT_FILES_MAX)
		return fail("got more than %d files of the audit, expected fewer; name them",
			AUDIT_FILES_MAX);
	if (files->count == files->room) {
		size_t room = files->room ? 2 * files->room : 16;
		char **list = realloc(files->list, room * sizeof(*list));
		if (!list)
			return fail_memory();
		files->list = list;
		files->room = room;
	}
	if (asprintf(&files->list[files->count], "%s/%s", folder, name) < 0)
		return fail_memory();
	files->count++;
	return EXIT_ACCEPTED;
}

/* "audit.jsonl", "audit.jsonl.1", "audit.jsonl-20261126" */
static bool is_of(const char *name, const char *base)
{
	size_t length = strlen(base);

	return strncmp(name, base, length) == 0 &&
	       (name[length] == '\0' || name[length] == '.' || name[length] == '-');
}

static int look(struct audit_files *files, const char *folder, const char *base)
{
	int code = EXIT_ACCEPTED;
	struct dirent *entry;
	char buffer[QUOTE_SIZE];

	DIR *stream = opendir(folder);
	if (!stream)
		return fail("%s: %s", quote(buffer, folder), strerror(errno));
	while (code == EXIT_ACCEPTED && (entry = readdir(stream))) {
		if (!is_of(entry->d_name, base))
			continue;
		if (is_compressed(entry->d_name))
			files->compressed++;
		else
			code = add(files, folder, entry->d_name);
	}
	(void)closedir(stream);
	return code;
}

static int look_beside(struct audit_files *files, const char *path)
{
	char *folder = strdup(path);
	char *slash = folder ? strrchr(folder, '/') : NULL;
	int code = EXIT_ACCEPTED;

	if (!folder)
		return fail_memory();
	if (slash) {
		*slash = '\0';
		code = look(files, slash == folder ? "/" : folder, slash + 1);
	}
	free(folder);
	return code;
}

static int take(struct audit_files *files, const json_t *overview)
{
	static const char mark[] = "file:";
	const json_t *sinks = json_object_get(json_object_get(overview, "audit"), "sinks");
	int code = EXIT_ACCEPTED;
	json_t *sink;
	size_t i, named = 0;

	if (!sinks)
		return fail(
			"got a configuration without [audit], expected FILE or one that has it");
	json_array_foreach(sinks, i, sink)
	{
		const char *text = json_string_value(sink);
		if (code != EXIT_ACCEPTED || strncmp(text, mark, sizeof(mark) - 1) != 0)
			continue;
		named++;
		code = look_beside(files, text + sizeof(mark) - 1);
	}
	if (code == EXIT_ACCEPTED && named == 0)
		return fail("got an audit that is written to no file, expected FILE, or - for "
			    "standard input");
	if (code == EXIT_ACCEPTED && files->count == 0)
		return fail("got an audit that has not been written yet, expected a file of it");
	return code;
}

int audit_files_find(struct audit_files *ret, const struct options *options)
{
	struct tpam_engine *engine = NULL;
	json_t *overview = NULL;

	*ret = (struct audit_files){0};
	int code = engine_start(options, &engine);
	if (code != EXIT_ACCEPTED)
		return code;
	code = engine_describe(engine, NULL, &overview);
	if (code == EXIT_ACCEPTED)
		code = take(ret, overview);
	json_decref(overview);
	tpam_engine_close(engine);
	return code;
}

void audit_files_finish(struct audit_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->list[i]);
	free(files->list);
	*files = (struct audit_files){0};
}
