/*
 * plugin_path.c - which file the name of a plugin means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plugin_path.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"
#include "safefile.h"
#include "text.h"

#define SUFFIX       ".so"
#define QUOTE_LENGTH 512

const char *path_quote(char buffer[PATH_QUOTE_SIZE], const char *path)
{
	size_t length = strlen(path);
	if (length > QUOTE_LENGTH || text_check(path, length, false) != length)
		return report_quote(buffer, path, length);
	buffer[0] = '"';
	memcpy(buffer + 1, path, length);
	memcpy(buffer + 1 + length, "\"", 2);
	return buffer;
}

/* Says why a plugin is not found; returns TPAM_E_CONFIG. */
static int refuse(const char *name, const char *why, const char *expected, struct place at,
	struct tpam_report *report)
{
	char quote[PATH_QUOTE_SIZE];
	report_error(
		report, at, "got plugin %s%s, expected %s", path_quote(quote, name), why, expected);
	return TPAM_E_CONFIG;
}

/*
 * The next folder of a path, without what is empty: that would mean the working directory. NULL at the end.
 */
static char *folder_next(const char **rest, bool *no_memory)
{
	*rest += strspn(*rest, ":");
	size_t length = strcspn(*rest, ":");
	if (length == 0)
		return NULL;
	char *folder = text_copy(*rest, length);
	*rest += length;
	*no_memory = !folder;
	return folder;
}

static int realpath_of(
	char **ret, const char *path, const char *name, struct place at, struct tpam_report *report)
{
	char why[128];
	char *real = realpath(path, NULL);
	if (real) {
		*ret = real;
		return TPAM_OK;
	}
	if (errno == ENOMEM)
		return TPAM_E_MEMORY;
	const char *text = strerrordesc_np(errno);
	stpncpy(stpcpy(why, ", and the system says: "), text ? text : "error", 64)[0] = '\0';
	return refuse(name, why, "a file that is there", at, report);
}

static int report_missing(
	const char *name, const char *plugin_path, struct place at, struct tpam_report *report)
{
	char quote[PATH_QUOTE_SIZE], folders[PATH_QUOTE_SIZE];
	struct list names = {0};
	if (!plugin_names(&names, plugin_path)) {
		list_finish(&names);
		return TPAM_E_MEMORY;
	}
	const char *nearest =
		names.count ? text_nearest(name, (const char *const *)(void *)names.items) : NULL;
	report_error(report, at, "got plugin %s, expected one in %s%s%s%s", path_quote(quote, name),
		path_quote(folders, plugin_path), nearest ? "; did you mean \"" : "",
		nearest ? nearest : "", nearest ? "\"?" : "");
	list_finish(&names);
	return TPAM_E_CONFIG;
}

/*
 * True if there is something of that name, be it unreadable:
 * what stands first is meant, and no other instead.
 */
static bool is_there(const char *path)
{
	struct stat status;
	return lstat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

static int find_in_folder(char **ret, const char *folder, const char *name, struct place at,
	struct tpam_report *report)
{
	if (folder[0] != '/')
		return refuse(name, ", to be looked for in a relative folder",
			"absolute folders in plugin_path", at, report);
	char *path = text_format("%s/%s%s", folder, name, SUFFIX);
	if (!path)
		return TPAM_E_MEMORY;
	int code = is_there(path) ? realpath_of(ret, path, name, at, report) : TPAM_E_UNSET;
	free(path);
	return code;
}

static int find_bare(char **ret, const char *name, const char *plugin_path, struct place at,
	struct tpam_report *report)
{
	const char *rest = plugin_path;
	bool no_memory = false;
	char *folder;
	if (!text_is_name(name, strlen(name)))
		return refuse(name, "", "letters, digits, '.', '_' and '-'", at, report);
	while ((folder = folder_next(&rest, &no_memory))) {
		int code = find_in_folder(ret, folder, name, at, report);
		free(folder);
		if (code != TPAM_E_UNSET)
			return code;
	}
	return no_memory ? TPAM_E_MEMORY : report_missing(name, plugin_path, at, report);
}

static int find_beside(char **ret, const char *name, struct place at, struct tpam_report *report)
{
	char *path = at.file ? file_beside(at.file, name) : text_copy(name, strlen(name));
	if (!path)
		return TPAM_E_MEMORY;
	int code = realpath_of(ret, path, name, at, report);
	free(path);
	return code;
}

int plugin_find(char **ret, const char *name, const char *plugin_path, struct place at,
	struct tpam_report *report)
{
	if (strlen(name) >= PATH_MAX)
		return refuse(name, "", "a shorter path", at, report);
	if (name[0] == '/')
		return realpath_of(ret, name, name, at, report);
	if (strncmp(name, "./", 2) == 0)
		return find_beside(ret, name, at, report);
	if (strchr(name, '/'))
		return refuse(name, "",
			"a bare name, ./FILE.so beside this file, or an absolute path", at, report);
	return find_bare(ret, name, plugin_path ? plugin_path : TPAM_PLUGINDIR, at, report);
}

/* NAME.so, and NAME is one that could be written in the INI. */
static bool add_name(struct list *list, const char *file)
{
	size_t length = strlen(file);
	size_t suffix = strlen(SUFFIX);
	if (length <= suffix || strcmp(file + length - suffix, SUFFIX) != 0)
		return true;
	if (!text_is_name(file, length - suffix) || list->count == LIST_MAX)
		return true;
	char *name = text_copy(file, length - suffix);
	bool added = name && list_add_new(list, name, length - suffix);
	free(name);
	return added;
}

static bool add_folder(struct list *list, const char *folder)
{
	DIR *stream = opendir(folder);
	struct dirent *entry;
	bool added = true;
	if (!stream)
		return errno != ENOMEM;
	while (added && (entry = readdir(stream)))
		added = add_name(list, entry->d_name);
	closedir(stream);
	return added;
}

static int compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

bool plugin_names(struct list *ret, const char *plugin_path)
{
	const char *rest = plugin_path ? plugin_path : TPAM_PLUGINDIR;
	bool no_memory = false;
	char *folder;
	while ((folder = folder_next(&rest, &no_memory))) {
		bool added = add_folder(ret, folder);
		free(folder);
		if (!added)
			return false;
	}
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), compare);
	return !no_memory;
}
