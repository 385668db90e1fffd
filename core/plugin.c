/*
 * plugin.c - checks and loads plugins; a process-wide table keeps them, as dlopen() does.
 *
 * glibc gives back what it has when a file of the same name is opened again,
 * also after the file was replaced. So the table remembers which file was
 * loaded, and a replaced one is refused until the process starts anew.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "forks.h"
#include "memory.h"
#include "plugin_path.h"
#include "safefile.h"

#define PLUGINS_MAX 1024

/* A file that was loaded, whether its plugin did or not. */
struct loaded {
	struct plugin plugin; /* no provider until it was found in order */
	void *handle;
	struct stat status; /* of the file before it was loaded */
	struct loaded *next;
};

/* A list, since one pointer is always whole: a child of fork() may find it in the middle of anything. */
static struct loaded *table;
static size_t table_count;
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct forks_watch table_watch;

static void table_renew(void *data)
{
	(void)data;
	pthread_mutex_init(&table_lock, NULL);
}

static void table_watch_begin(void)
{
	(void)forks_begin(&table_watch, table_renew, NULL);
}

/* What is asked for. */
struct wanted {
	const char *path; /* realpath */
	struct place at;
	bool development;
	struct tpam_report *report;
};

static int refuse(
	const struct wanted *wanted, const char *got, const char *detail, const char *expected)
{
	char quote[PATH_QUOTE_SIZE], more[PATH_QUOTE_SIZE];
	report_error(wanted->report, wanted->at, "plugin %s: got %s%s%s, expected %s",
		path_quote(quote, wanted->path), got, detail ? " " : "",
		detail ? path_quote(more, detail) : "", expected);
	return TPAM_E_CONFIG;
}

/* Who may change the file may decide who gets in. */
static int judge_path(const struct wanted *wanted)
{
	char *culprit = NULL;
	char quote[PATH_QUOTE_SIZE];
	enum file_fault fault = file_judge_path(wanted->path, &culprit);
	if (fault == FILE_SAFE)
		return TPAM_OK;
	int error = errno;
	const char *name = culprit ? culprit : wanted->path;
	bool mild = wanted->development && (fault == FILE_OWNER || fault == FILE_WRITABLE);
	errno = error;
	if (fault != FILE_MEMORY)
		report_strict(wanted->report, mild, wanted->at,
			"got an unsafe plugin (%s %s), expected one that only root or this user "
			"can change",
			path_quote(quote, name), file_fault_text(fault));
	free(culprit);
	if (fault == FILE_MEMORY)
		return TPAM_E_MEMORY;
	return mild ? TPAM_OK : TPAM_E_CONFIG;
}

static bool same_file(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino &&
	       one->st_size == other->st_size && one->st_mtim.tv_sec == other->st_mtim.tv_sec &&
	       one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

static struct loaded *table_find(const char *path)
{
	for (struct loaded *loaded = table; loaded; loaded = loaded->next)
		if (strcmp(loaded->plugin.path, path) == 0)
			return loaded;
	return NULL;
}

static void loaded_destroy(struct loaded *loaded)
{
	if (!loaded)
		return;
	free(loaded->plugin.path);
	free(loaded);
}

/* Room in the table and a record for it, both before dlopen(), after which nothing may fail. */
static struct loaded *loaded_create(const struct wanted *wanted, const struct stat *status)
{
	struct loaded *loaded = table_count < PLUGINS_MAX ? calloc(1, sizeof(*loaded)) : NULL;
	if (!loaded)
		return NULL;
	loaded->status = *status;
	loaded->plugin.path = text_copy(wanted->path, strlen(wanted->path));
	if (loaded->plugin.path)
		return loaded;
	loaded_destroy(loaded);
	return NULL;
}

/* NULL and a code if the file does not load. */
static struct loaded *open_file(
	const struct wanted *wanted, const struct stat *status, int *ret_code)
{
	struct loaded *loaded = loaded_create(wanted, status);
	*ret_code = TPAM_E_MEMORY;
	if (!loaded)
		return NULL;
	loaded->handle = dlopen(wanted->path, RTLD_NOW | RTLD_LOCAL);
	if (loaded->handle) {
		loaded->next = table;
		table = loaded;
		table_count++;
		return loaded;
	}
	const char *error = dlerror();
	*ret_code = refuse(
		wanted, "the error", error ? error : "unknown", "a shared object that loads");
	loaded_destroy(loaded);
	return NULL;
}

/* dlsym() also looks into what the plugin is linked with, whose entry would be somebody else's. */
static int find_entry(void **ret, const struct loaded *loaded, const struct wanted *wanted)
{
	struct link_map *own = NULL, *map = NULL;
	Dl_info info = {.dli_fname = NULL};
	void *entry = dlsym(loaded->handle, TPAM_PROVIDER_ENTRY);
	(void)dlerror();
	if (!entry)
		return refuse(wanted, "no function", TPAM_PROVIDER_ENTRY,
			"a plugin of tokenpam, built with this version's provider.h");
	if (dlinfo(loaded->handle, RTLD_DI_LINKMAP, &own) != 0 ||
		dladdr1(entry, &info, (void **)&map, RTLD_DL_LINKMAP) == 0 || own != map)
		return refuse(wanted, "the function " TPAM_PROVIDER_ENTRY " of",
			info.dli_fname ? info.dli_fname : "another file",
			"it in the plugin itself");
	*ret = entry;
	return TPAM_OK;
}

/* Shakes hands: from here on the plugin is one. */
static int accept_plugin(struct loaded *loaded, const struct wanted *wanted)
{
	const struct tpam_provider *(*entry)(void) = NULL;
	void *symbol = NULL;
	int code = find_entry(&symbol, loaded, wanted);
	if (code != TPAM_OK)
		return code;
	memcpy(&entry, &symbol, sizeof(entry));
	const struct tpam_provider *provider = entry();
	code = descriptor_check(provider, wanted->path, wanted->at, wanted->report);
	if (code == TPAM_OK)
		loaded->plugin.provider = provider;
	return code;
}

static int load_locked(
	const struct plugin **ret, const struct wanted *wanted, const struct stat *status)
{
	struct loaded *loaded = table_find(wanted->path);
	int code = TPAM_OK;
	if (loaded && !same_file(&loaded->status, status))
		return refuse(wanted, "another file than the one that is loaded", NULL,
			"the same: restart needed");
	if (!loaded)
		loaded = open_file(wanted, status, &code);
	if (loaded && !loaded->plugin.provider)
		code = accept_plugin(loaded, wanted);
	if (loaded && code == TPAM_OK)
		*ret = &loaded->plugin;
	return code;
}

static int load_path(const struct plugin **ret, const struct wanted *wanted)
{
	struct stat status;
	int code = judge_path(wanted);
	if (code != TPAM_OK)
		return code;
	if (stat(wanted->path, &status) != 0)
		return refuse(wanted, "the error", strerrordesc_np(errno), "a file that is there");
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)pthread_once(&once, table_watch_begin);
	pthread_mutex_lock(&table_lock);
	code = load_locked(ret, wanted, &status);
	pthread_mutex_unlock(&table_lock);
	return code;
}

int plugin_load(const struct plugin **ret, const char *name, const char *plugin_path,
	struct place at, bool development, struct tpam_report *report)
{
	char *path = NULL;
	int code = plugin_find(&path, name, plugin_path, at, report);
	if (code == TPAM_OK) {
		struct wanted wanted = {path, at, development, report};
		code = load_path(ret, &wanted);
	}
	free(path);
	return report_failed(report) ? TPAM_E_MEMORY : code;
}
