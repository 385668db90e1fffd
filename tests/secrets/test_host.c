/*
 * test_host.c - what the loader gives to a plugin lies in memory for secrets where it is one, and nowhere else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../unit/scratch.h"
#include "host.h"
#include "instance.h"
#include "layers.h"
#include "maps.h"

#define MEBIBYTE ((uint64_t)1 << 20)

#define SECRET "sixteen-bytes-or-more"

static const struct tpam_host *const host = &host_table;

static bool all_zero(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

static void use(uint64_t length)
{
	char *memory = host->allocate(length);

	CHECK(memory && all_zero(memory, length) && maps_flags(memory).kept_out);
	if (memory)
		memset(memory, 's', length);
	host->release(memory, length);
}

static void test_allocate(void)
{
	CHECK(TPAM_HAS(host, allocate));
	for (uint64_t length = 0; length < 100000; length = 2 * length + 1)
		use(length);
	use(48 * MEBIBYTE);
	use(48 * MEBIBYTE);
	CHECK(!host->allocate(64 * MEBIBYTE) && !host->allocate(UINT64_MAX));
	host->release(NULL, 0);
}

static void test_option(const struct tpam_instance *instance)
{
	const char *key = host->option_text(instance, "key", 0);
	const char *subject = host->option_text(instance, "subject", 0);

	CHECK_TEXT(key, SECRET);
	CHECK(key && maps_flags(key).kept_out);
	CHECK_TEXT(subject, SECRET);
	CHECK(subject && !maps_flags(subject).kept_out);
}

static void test_file(const struct tpam_instance *instance, uint32_t flags, bool kept_out)
{
	char *path = path_in_folder("secret"), *bytes = NULL;
	uint64_t length = 0;

	CHECK(host->read_file(instance, path, flags, 100, &bytes, &length) == TPAM_OK);
	CHECK_TEXT(bytes, SECRET);
	CHECK(bytes && maps_flags(bytes).kept_out == kept_out);
	host->release(bytes, length);
	free(path);
}

static void test_instance(struct section *section, struct tpam_report *report)
{
	static struct hooks no_hooks;
	const struct instance_context context = {.plugin_path = plugin_path,
		.development = true,
		.hooks = &no_hooks,
		.report = report};
	struct tpam_instance *instance = NULL;

	CHECK(instance_create(&instance, section, &context) == TPAM_OK &&
		instance_open(instance, report) == TPAM_OK);
	test_option(instance);
	test_file(instance, TPAM_FILE_SECRET, true);
	test_file(instance, 0, false);
	instance_destroy(instance);
}

static void test_settings(const char *key)
{
	char content[256], *path = path_in_folder("t.ini");
	const struct layers_limits limits = {.bytes = 1 << 20, .depth = 16};
	struct tpam_report *report = report_create();
	struct settings settings = {0};

	(void)snprintf(content, sizeof(content),
		"[provider:p]\nplugin = custom\nkey = %s\nsubject = ${file:secret}\n", key);
	write_file("t.ini", content);
	CHECK(layers_read(&settings, path, &limits, report) == TPAM_OK);
	struct section *section = settings_find(&settings, "provider", "p");
	test_instance(section, report);
	/* What is written there is a secret, or says where one is. */
	const struct setting *setting = section_peek(section, "key");
	CHECK_TEXT(setting->values[0].text, key);
	CHECK(maps_flags(setting->values[0].text).kept_out == (key[0] != '$'));
	settings_finish(&settings);
	tpam_report_destroy(report);
	free(path);
}

int main(void)
{
	begin();
	write_file("secret", SECRET);
	test_allocate();
	test_settings("${file:secret}");
	test_settings(SECRET);
	char *path = path_in_folder("secret");
	unlink(path);
	free(path);
	remove_folder();
	return check_end();
}
