/*
 * test_plugin.c - which file a name means, what is loaded and what is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scratch.h"

/* Loads, and compares the error with what is expected; "%s" in it stands for the realpath. */
static const struct plugin *load(const char *name, struct place at, const char *expected)
{
	struct tpam_report *report = report_create();
	const struct plugin *plugin = NULL;
	int code = plugin_load(&plugin, name, plugin_path, at, true, report);
	char *error = first_error(report);
	CHECK_TEXT(error, expected);
	CHECK(code == (expected ? TPAM_E_CONFIG : TPAM_OK));
	free(error);
	tpam_report_destroy(report);
	return plugin;
}

/* The same file by any name is one plugin; another one in its place is told, since glibc would give the old. */
static void test_replaced(void)
{
	char *permit = built("permit"), *deny = built("deny");
	char *target = path_in_folder("x.so"), *fresh = path_in_folder("fresh.so");
	char *link = path_in_folder("link.so"), *ini = path_in_folder("t.ini");
	struct place at = {ini, 1, 1};
	copy_file(permit, target);
	CHECK(symlink("x.so", link) == 0);
	const struct plugin *first = load(target, NOWHERE, NULL);
	CHECK(first && strcmp(first->provider->name, "permit") == 0);
	CHECK(load("./x.so", at, NULL) == first);
	CHECK(load("./link.so", at, NULL) == first);
	copy_file(deny, fresh);
	CHECK(rename(fresh, target) == 0);
	char *expected = text_format("plugin \"%s\": got another file than the one that is loaded, "
				     "expected the same: restart needed",
		first->path);
	CHECK(load(target, NOWHERE, expected) == NULL);
	CHECK(load("./link.so", at, expected) == NULL);
	free(expected);
	unlink(link);
	unlink(target);
	free(permit);
	free(deny);
	free(target);
	free(fresh);
	free(link);
	free(ini);
}

static void test_names(void)
{
	load("a/b", NOWHERE,
		"got plugin \"a/b\", expected a bare name, ./FILE.so beside this file, or an "
		"absolute path");
	load("../permit.so", NOWHERE,
		"got plugin \"../permit.so\", expected a bare name, ./FILE.so beside this file, or "
		"an absolute path");
	load("a b", NOWHERE, "got plugin \"a b\", expected letters, digits, '.', '_' and '-'");
	load("", NOWHERE, "got plugin \"\", expected letters, digits, '.', '_' and '-'");
	load("/nowhere/x.so", NOWHERE,
		"got plugin \"/nowhere/x.so\", and the system says: No such file or directory, "
		"expected a file that "
		"is there");
	char *expected = text_format(
		"got plugin \"permitt\", expected one in \"%s\"; did you mean \"permit\"?",
		plugin_path);
	load("permitt", NOWHERE, expected);
	free(expected);
}

/* A folder that others may write ends it in production, and is worth a warning in development. */
static void test_writable(void)
{
	char *permit = built("permit");
	char *target = path_in_folder("w.so");
	copy_file(permit, target);
	CHECK(chmod(folder, 0777) == 0);
	struct tpam_report *report = report_create();
	const struct plugin *plugin = NULL;
	CHECK(plugin_load(&plugin, target, plugin_path, NOWHERE, false, report) == TPAM_E_CONFIG &&
		!plugin);
	CHECK(tpam_report_errors(report) == 1);
	tpam_report_destroy(report);
	report = report_create();
	CHECK(plugin_load(&plugin, target, plugin_path, NOWHERE, true, report) == TPAM_OK &&
		plugin);
	CHECK(tpam_report_errors(report) == 0 && tpam_report_count(report) == 1);
	tpam_report_destroy(report);
	CHECK(chmod(folder, 0700) == 0);
	unlink(target);
	free(target);
	free(permit);
}

static void test_list(void)
{
	char *json = NULL;
	CHECK(tpam_plugin_list("/nowhere::relative", &json) == TPAM_OK);
	CHECK_TEXT(json, "[]");
	tpam_free(json);
	CHECK(tpam_plugin_list(plugin_path, &json) == TPAM_OK && strstr(json, "\"deny\",") &&
		strstr(json, "\"permit\""));
	tpam_free(json);
	json = NULL;
	struct tpam_report *report = NULL;
	CHECK(tpam_plugin_describe("static", plugin_path, &json, &report) == TPAM_OK && json);
	CHECK(json && strstr(json, "\"role\":\"identity\"") &&
		strstr(json, "\"name\":\"tokens\",\"type\":\"path\""));
	tpam_free(json);
	tpam_report_destroy(report);
	json = NULL;
	CHECK(tpam_plugin_describe("statik", plugin_path, &json, &report) == TPAM_E_CONFIG &&
		!json);
	CHECK(tpam_report_errors(report) == 1);
	tpam_report_destroy(report);
}

/* Each of tests/plugins/bad, and what is said of it after its path. */
static const char *const bad[][2] = {
	{"no_entry", "got no function \"tpam_provider_v1\", expected a plugin of tokenpam, built "
		     "with this "
		     "version's provider.h"},
	{"null", "got NULL from tpam_provider_v1, expected a descriptor"},
	{"too_small", "got a descriptor of size 128, expected 136 to 4096 and a multiple of 8"},
	{"odd_size", "got a descriptor of size 140, expected 136 to 4096 and a multiple of 8"},
	{"null_texts", "got a descriptor whose member name does not do, expected [a-z][a-z0-9_-]*, "
		       "at most 40 "
		       "bytes"},
	{"unbuilt_group",
		"got a descriptor whose member groups does not do, expected none but auth, account "
		"and session: login is not served by this loader"},
	{"options", "got option plugin whose member name does not do, expected one that the loader "
		    "does not "
		    "keep for itself"},
};

/* A bad plugin stays bad, and is said to be so each time. */
static void test_bad(void)
{
	const char *build = getenv("builddir");
	char *place = text_format("%s/tests/plugins/bad/.libs", build ? build : ".");
	char *real = realpath(place, NULL);
	if (!real) {
		fprintf(stderr, "%s: not there; builddir is to be set\n", place);
		exit(EXIT_FAILURE);
	}
	for (size_t i = 0; i < 2 * sizeof(bad) / sizeof(bad[0]); i++) {
		const char *const *one = bad[i / 2];
		char *path = text_format("%s/%s.so", real, one[0]);
		char *expected = text_format("plugin \"%s\": %s", path, one[1]);
		CHECK(!load(path, NOWHERE, expected));
		free(path);
		free(expected);
	}
	char *hollow = text_format("%s/hollow.so", real);
	char *expected = text_format(
		"plugin \"%s\": got the function tpam_provider_v1 of \"%s/libentry.so\", "
		"expected it in the plugin itself",
		hollow, real);
	CHECK(!load(hollow, NOWHERE, expected));
	free(hollow);
	free(expected);
	free(place);
	free(real);
}

int main(void)
{
	begin();
	test_names();
	test_replaced();
	test_writable();
	test_list();
	test_bad();
	remove_folder();
	return check_end();
}
