/*
 * matches.c - the files that a pattern in an include means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "matches.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/codes.h>

#include "memory.h"
#include "safefile.h"

#define PATTERN_MAX 131072

static int compare_names(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	return strcmp(*a, *b);
}

/* A folder that cannot be read may hold a stricter layer; one that is not there holds none. */
static int stop_glob(const char *path, int code)
{
	(void)path;
	return code != ENOENT && code != ENOTDIR;
}

/* The word in the folder of the file, whose name is no pattern. */
static char *make_pattern(const char *file, const char *word)
{
	struct buffer pattern = BUFFER(PATTERN_MAX);
	char *path = file_beside(file, word);
	if (!path)
		return NULL;
	size_t folder = strlen(path) - strlen(word);
	for (size_t i = 0; path[i]; i++) {
		if (i < folder && strchr("*?[\\", path[i]))
			buffer_text(&pattern, "\\");
		buffer_append(&pattern, path + i, 1);
	}
	free(path);
	return buffer_take(&pattern);
}

int matches_find(glob_t *ret, const char *file, const char *word)
{
	char *pattern = make_pattern(file, word);
	if (!pattern)
		return TPAM_E_MEMORY;
	glob_t matches = {.gl_pathc = 0};
	errno = 0;
	int found = glob(pattern, GLOB_NOSORT, stop_glob, &matches);
	int error = errno;
	free(pattern);
	if (found != 0 && found != GLOB_NOMATCH) {
		globfree(&matches);
		return found == GLOB_NOSPACE || error == ENOMEM ? TPAM_E_MEMORY : TPAM_E_SYSTEM;
	}
	if (matches.gl_pathc)
		qsort(matches.gl_pathv, matches.gl_pathc, sizeof(char *), compare_names);
	*ret = matches;
	return TPAM_OK;
}
