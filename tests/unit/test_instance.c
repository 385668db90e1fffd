/*
 * test_instance.c - common keys, opening, modes; with the plugins of the build.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "instance.h"
#include "layers.h"
#include "scratch.h"

static struct hooks no_hooks;

/* A section, created and opened; `looked_at` sees the instance if there is one. */
static char *try_section(
	const char *lines, bool development, void (*looked_at)(struct tpam_instance *))
{
	struct settings settings = {0};
	struct tpam_report *report = report_create();
	struct tpam_instance *instance = NULL;
	char *content = text_format("[provider:p]\n%s\n", lines);
	char *path = path_in_folder("t.ini");
	const struct layers_limits limits = {.bytes = 1 << 20, .depth = 16};
	write_file("t.ini", content);
	CHECK(layers_read(&settings, path, &limits, report) == TPAM_OK);
	const struct instance_context context = {.plugin_path = plugin_path,
		.development = development,
		.hooks = &no_hooks,
		.report = report};
	int code = instance_create(&instance, settings_find(&settings, "provider", "p"), &context);
	if (code == TPAM_OK)
		code = instance_open(instance, report);
	char *error = first_error(report);
	CHECK(code == (error ? TPAM_E_CONFIG : TPAM_OK));
	if (code == TPAM_OK && looked_at)
		looked_at(instance);
	instance_destroy(instance);
	settings_finish(&settings);
	tpam_report_destroy(report);
	free(content);
	free(path);
	return error;
}

static void expect(const char *lines, const char *expected)
{
	char *error = try_section(lines, true, NULL);
	CHECK_TEXT(error, expected);
	free(error);
}

static void expect_instance(const char *lines, void (*looked_at)(struct tpam_instance *))
{
	char *error = try_section(lines, true, looked_at);
	CHECK_TEXT(error, NULL);
	free(error);
}

static void is_plain(struct tpam_instance *instance)
{
	CHECK_TEXT(instance->name, "p");
	CHECK(instance->credential == CREDENTIAL_NONE && !instance->credential_name);
	CHECK(!instance->link && !instance->anonymous && !instance->audiences &&
		!instance->audience_none);
	CHECK(instance->opened && !instance->report && !instance->section);
	CHECK(!instance_offers(instance, TPAM_FIELD_SCOPES));
	CHECK(instance_function(instance, TPAM_AUTH) == instance->provider->authenticate);
	CHECK(instance_function(instance, TPAM_LOGIN) == NULL);
}

static void has_scopes(struct tpam_instance *instance)
{
	const struct list *scopes = instance_offers(instance, TPAM_FIELD_SCOPES);
	CHECK(scopes && scopes->count == 2);
	CHECK_TEXT(list_get(scopes, 1), "write");
	const struct list *roles = instance_offers(instance, TPAM_FIELD_ROLES);
	CHECK(roles && roles->count == 0 && !instance_offers(instance, TPAM_FIELD_EMAIL));
	CHECK(instance->link);
}

static void takes_bearer(struct tpam_instance *instance)
{
	CHECK(instance->credential == CREDENTIAL_BEARER && !instance->credential_name);
}

static void takes_basic(struct tpam_instance *instance)
{
	CHECK(instance->credential == CREDENTIAL_BASIC && !instance->credential_name);
}

static void takes_header(struct tpam_instance *instance)
{
	CHECK(instance->credential == CREDENTIAL_HEADER);
	CHECK_TEXT(instance->credential_name, "X-Key");
}

static void takes_cookie(struct tpam_instance *instance)
{
	CHECK(instance->credential == CREDENTIAL_COOKIE);
	CHECK_TEXT(instance->credential_name, "sid");
}

static void has_audiences(struct tpam_instance *instance)
{
	CHECK_TEXT(instance->audiences[0], "https://a.example");
	CHECK_TEXT(instance->audiences[1], "b");
	CHECK(!instance->audiences[2] && !instance->audience_none);
}

static void has_no_audience(struct tpam_instance *instance)
{
	CHECK(!instance->audiences && instance->audience_none);
}

static void is_anonymous(struct tpam_instance *instance)
{
	CHECK(instance->anonymous);
}

static void test_keys(void)
{
	expect_instance("plugin = permit", is_plain);
	expect_instance("plugin = debug\nscopes = read write\nlink = on", has_scopes);
	expect_instance("plugin = static", takes_bearer);
	expect_instance("plugin = static\ncredential = basic", takes_basic);
	expect_instance("plugin = static\ncredential = header:X-Key", takes_header);
	expect_instance("plugin = static\ncredential = cookie:sid", takes_cookie);
	expect_instance("plugin = bound\naudience = https://a.example b", has_audiences);
	expect_instance("plugin = bound\naudience = none", has_no_audience);
	expect_instance("plugin = permit\nanonymous = on", is_anonymous);
	expect_instance("plugin = \"${env:PLUGIN}\"", is_plain);
}

static void test_bad_keys(void)
{
	expect("x = y", "got no key \"plugin\", expected one: a name in plugin_path, ./FILE.so "
			"beside this file, or "
			"an absolute path");
	expect("plugin = static\ncredential = query:t",
		"got credential \"query:t\", expected bearer, basic, header:NAME or cookie:NAME "
		"(what stands in a "
		"URL ends up in logs)");
	expect("plugin = static\ncredential = header:Authorization",
		"got credential \"header:Authorization\", expected bearer, basic, header:NAME or "
		"cookie:NAME");
	expect("plugin = permit\ncredential = bearer",
		"got key \"credential\", expected none: plugin \"permit\" takes no credential");
	expect("plugin = permit\nlink = on",
		"got key \"link\", expected none: plugin \"permit\" identifies nobody");
	expect("plugin = debug\nanonymous = on", "got key \"anonymous\", expected none: plugin "
						 "\"debug\" is no utility such as permit");
	expect("plugin = static\naudience = x", "got key \"audience\", expected none: plugin "
						"\"static\" does not bind tokens by audience");
	expect("plugin = bound\naudience = none x",
		"got audience none beside others, expected it alone");
	expect("plugin = debug\nsubjekt = x", "got key \"subjekt\", expected a key of a provider "
					      "section; did you mean \"subject\"?");
	expect("plugin = debug\nlnk = on",
		"got key \"lnk\", expected a key of a provider section; did you mean \"link\"?");
	char *twice = text_format(
		"got a second \"subject\", expected one; the first is at %s/t.ini:3", folder);
	expect("plugin = debug\nsubject = a\nsubject = b", twice);
	free(twice);
}

static void test_open(void)
{
	expect("plugin = faulty\nopen = silent", "got code -5 (the operating system refused) when "
						 "plugin \"faulty\" was opened, expected 0");
	expect("plugin = faulty\nopen = nonsense",
		"got code 12345 (an unknown code) when plugin \"faulty\" was opened, expected 0");
	expect("plugin = faulty\nopen = problem", "got \"problem\", expected anything else");
}

/* In production what is mild in development is an error. */
static void expect_strict(const char *lines, const char *part)
{
	struct tpam_report *report = report_create();
	struct settings settings = {0};
	struct tpam_instance *instance = NULL;
	const struct layers_limits limits = {.bytes = 1 << 20, .depth = 16};
	char *content = text_format("[provider:p]\n%s\n", lines);
	char *path = path_in_folder("t.ini");
	bool found = false;
	write_file("t.ini", content);
	CHECK(layers_read(&settings, path, &limits, report) == TPAM_OK);
	struct instance_context context = {
		.plugin_path = plugin_path, .hooks = &no_hooks, .report = report};
	CHECK(instance_create(&instance, settings_find(&settings, "provider", "p"), &context) ==
		TPAM_E_CONFIG);
	CHECK(!instance);
	for (size_t i = 0; i < tpam_report_count(report); i++)
		found |= strstr(tpam_report_get(report, i)->text, part) != NULL;
	CHECK(found);
	settings_finish(&settings);
	tpam_report_destroy(report);
	free(content);
	free(path);
}

static void test_production(void)
{
	char *debug = built("debug"), *permit = built("permit");
	char *debug_copy = path_in_folder("debug.so"), *permit_copy = path_in_folder("permit.so");
	copy_file(debug, debug_copy);
	copy_file(permit, permit_copy);
	expect_strict("plugin = ./debug.so",
		"got plugin \"debug\", which is for tests, expected another one");
	expect_strict("plugin = ./permit.so\nanonymous = on",
		"got anonymous = on, expected off in production");
	unlink(debug_copy);
	unlink(permit_copy);
	free(debug);
	free(permit);
	free(debug_copy);
	free(permit_copy);
}

int main(void)
{
	begin();
	setenv("PLUGIN", "permit", 1);
	test_keys();
	test_bad_keys();
	test_open();
	test_production();
	remove_folder();
	return check_end();
}
