/*
 * test_settings.c - the tree, and how layers of it add and replace.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"
#include "memory.h"
#include "settings.h"

static void add(struct setting *setting, const char *text, unsigned layer, bool adds)
{
	struct value value = {.text = text_copy(text, strlen(text)),
		.key = {.file = "f", .line = 10 * layer + (unsigned)setting->count, .column = 1},
		.layer = layer,
		.adds = adds};
	CHECK(setting_add(setting, &value));
	CHECK(value.text == NULL);
}

static void check_values(const struct setting *setting, const char *values, const char *replaced)
{
	struct buffer text = BUFFER(1000);
	for (size_t i = 0; i < setting->count; i++)
		buffer_text(&text, setting->values[i].text);
	CHECK_TEXT(text.data ? text.data : "", values);
	buffer_finish(&text);
	for (size_t i = 0; i < setting->replaced_count; i++)
		buffer_text(&text, setting->replaced[i].text);
	CHECK_TEXT(text.data ? text.data : "", replaced);
	buffer_finish(&text);
}

static void test_layers(void)
{
	struct settings settings = {0};
	struct section *section = settings_section(&settings, "service", "a", NOWHERE);
	struct setting *setting = section_setting(section, "auth");
	add(setting, "a", 0, false);
	add(setting, "b", 0, false);
	check_values(setting, "ab", "");
	add(setting, "c", 1, true);
	check_values(setting, "abc", "");
	add(setting, "d", 2, false);
	check_values(setting, "d", "abc");
	add(setting, "e", 2, true);
	add(setting, "f", 2, false);
	check_values(setting, "def", "abc");
	add(setting, "g", 3, true);
	add(setting, "h", 3, false);
	check_values(setting, "gh", "abcdef");
	settings_finish(&settings);
	CHECK(settings.count == 0 && settings.sections == NULL);
}

static void test_tree(void)
{
	struct settings settings = {0};
	struct place at = {.file = "f", .line = 3, .column = 1};
	struct section *section = settings_section(&settings, "provider", "corp", at);
	section_setting(section, "issuer");
	add(section_setting(section, "issuer"), "x", 0, false);
	CHECK(section->count == 1);
	CHECK(settings_section(&settings, "provider", "corp", NOWHERE) == section);
	CHECK(section->at.line == 3);
	settings_section(&settings, "provider", "", NOWHERE);
	settings_section(&settings, "stack", "corp", NOWHERE);
	CHECK(settings.count == 3);
	section = settings_find(&settings, "provider", "corp");
	CHECK(section && section_get(section, "plugin") == NULL);
	CHECK(!section->settings[0].values[0].used);
	struct setting *setting = section_get(section, "issuer");
	CHECK(setting && setting->values[0].used);
	CHECK(settings_find(&settings, "provider", "Corp") == NULL);
	settings_finish(&settings);
}

static void test_repeats(void)
{
	struct settings settings = {0};
	struct tpam_report *report = report_create();
	struct section *section = settings_section(&settings, "service", "a", NOWHERE);
	struct setting *setting = section_setting(section, "audience");
	add(setting, "a", 0, false);
	add(setting, "b", 1, false);
	CHECK(!setting_report_repeats(setting, report));
	add(setting, "c", 1, false);
	add(setting, "d", 1, true);
	CHECK(setting_report_repeats(setting, report));
	CHECK(tpam_report_count(report) == 2);
	const struct tpam_diagnostic *finding = tpam_report_get(report, 0);
	CHECK_TEXT(finding->text, "got a second \"audience\", expected one; the first is at f:11");
	add(setting, "e", 2, false);
	CHECK(setting_report_repeats(setting, report));
	tpam_report_destroy(report);
	settings_finish(&settings);
	static const char *const repeating[] = {
		"auth", "account", "session", "login", "grant", "describe", "include", "require_x"};
	for (size_t i = 0; i < sizeof(repeating) / sizeof(*repeating); i++)
		CHECK(settings_key_repeats(repeating[i]));
	CHECK(!settings_key_repeats("issuer") && !settings_key_repeats("require"));
}

static void test_limits(void)
{
	struct settings settings = {0};
	char name[16];
	unsigned count = 0;
	for (; count < 5000; count++) {
		snprintf(name, sizeof(name), "k%u", count);
		if (!settings_section(&settings, "a", name, NOWHERE))
			break;
	}
	CHECK(count == SETTINGS_SECTIONS_MAX);
	struct section *section = settings_find(&settings, "a", "k7");
	for (count = 0; count < 5000; count++) {
		snprintf(name, sizeof(name), "k%u", count);
		if (!section_setting(section, name))
			break;
	}
	CHECK(count == SECTION_KEYS_MAX);
	CHECK(section_setting(section, "k9") != NULL);
	settings_finish(&settings);
}

static void test_faults(void)
{
	struct settings settings = {0};
	CHECK(array_reserve(&settings.files, 0, sizeof(char *), 10));
	CHECK(array_reserve(&settings.faults, 0, sizeof(enum file_fault), 10));
	settings.files[0] = text_copy("a.ini", 5);
	settings.files[1] = text_copy("b.ini", 5);
	settings.faults[0] = FILE_SAFE;
	settings.faults[1] = FILE_WRITABLE;
	settings.file_count = 2;
	struct tpam_report *report = report_create();
	settings_report_faults(&settings, true, report);
	CHECK(tpam_report_count(report) == 1 && !report_has_errors(report));
	settings_report_faults(&settings, false, report);
	CHECK(tpam_report_count(report) == 2 && tpam_report_errors(report) == 1);
	CHECK_TEXT(tpam_report_get(report, 1)->file, "b.ini");
	tpam_report_destroy(report);
	settings_finish(&settings);
}

int main(void)
{
	test_layers();
	test_tree();
	test_repeats();
	test_limits();
	test_faults();
	return check_end();
}
