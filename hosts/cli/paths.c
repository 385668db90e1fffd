/*
 * paths.c - finds the environments, and the plugins when the program runs where it was built.
 *
 * No path of the build is compiled into the program: it looks where it lies itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <tokenpam/tokenpam.h>

#include "cli.h"
#include "paths.h"

#define ENVIRONMENT_VARIABLE "TOKENPAM_ENV"
#define USUAL_ENVIRONMENT    "production"

/* Cuts `end` off the end of a path; false if the path does not end so. */
static bool cut_end(char *path, const char *end)
{
	size_t length = strlen(path), cut = strlen(end);

	if (length < cut || strcmp(path + length - cut, end) != 0)
		return false;
	path[length - cut] = '\0';
	return true;
}

static bool exists(const char *folder, const char *name)
{
	char path[PATH_MAX + 64];

	int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
	return length > 0 && (size_t)length < sizeof(path) && access(path, F_OK) == 0;
}

/* The top of the tree that the program was built in. */
static bool find_tree(char top[PATH_MAX])
{
	/* With more rights than the caller has, the folder is not to be trusted. */
	if (getauxval(AT_SECURE))
		return false;
	ssize_t length = readlink("/proc/self/exe", top, PATH_MAX - 1);
	if (length <= 0)
		return false;
	top[length] = '\0';
	char *name = strrchr(top, '/');
	if (!name)
		return false;
	*name = '\0';
	cut_end(top, "/.libs");
	return cut_end(top, "/hosts/cli") && exists(top, "config.status") && exists(top, "plugins");
}

/* Where the build lies outside the sources, a file beside the program says where those are. */
static bool read_source_folder(const char *top, char folder[PATH_MAX])
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/hosts/cli/srcdir", top);
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	bool done = fgets(folder, PATH_MAX, file) != NULL;
	fclose(file);
	if (done)
		folder[strcspn(folder, "\n")] = '\0';
	return done && folder[0];
}

static char *conf_folder(const char *top)
{
	char source[PATH_MAX], *conf = NULL;
	int length;

	if (exists(top, "conf") || !read_source_folder(top, source))
		length = asprintf(&conf, "%s/conf", top);
	else if (source[0] == '/')
		length = asprintf(&conf, "%s/conf", source);
	else
		length = asprintf(&conf, "%s/%s/conf", top, source);
	return length < 0 ? NULL : conf;
}

int paths_init(struct paths *paths)
{
	char top[PATH_MAX];

	*paths = (struct paths){0};
	if (!find_tree(top))
		return EXIT_ACCEPTED;
	paths->conf = conf_folder(top);
	if (asprintf(&paths->plugins, "%s/plugins/.libs", top) < 0)
		paths->plugins = NULL;
	if (paths->conf && paths->plugins)
		return EXIT_ACCEPTED;
	paths_finish(paths);
	return fail_memory();
}

void paths_finish(struct paths *paths)
{
	free(paths->conf);
	free(paths->plugins);
	*paths = (struct paths){0};
}

/* The library's path is wanted in any case, for it knows which names will do. */
int paths_environment(const struct paths *paths, const char *name, char **ret_path)
{
	char buffer[QUOTE_SIZE], *installed, *path = NULL;

	if (!name)
		name = secure_getenv(ENVIRONMENT_VARIABLE);
	if (!name || !name[0])
		name = USUAL_ENVIRONMENT;
	int code = tpam_environment_path(name, &installed);
	if (code == TPAM_E_ARGUMENT)
		return fail(
			"got environment %s, expected a name of a-z, 0-9 and '-', at most 64 bytes",
			quote(buffer, name));
	if (code != TPAM_OK)
		return fail("%s", tpam_code_text(code));
	int length = paths->conf ? asprintf(&path, "%s/%s.ini", paths->conf, name)
				 : asprintf(&path, "%s", installed);
	tpam_free(installed);
	if (length < 0)
		return fail_memory();
	*ret_path = path;
	return EXIT_ACCEPTED;
}
