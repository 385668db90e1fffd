/*
 * descriptor_options.c - checks the option table of a plugin's descriptor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "descriptor.h"
#include "options.h"
#include "plugin.h"
#include "text.h"

#define OPTION_FIRST    48 /* size of the structure in version 1 */
#define OPTIONS_MAXIMUM 128
#define WORD_MAXIMUM    40 /* of an enum: all of them fit into a message */
#define FLAGS_KNOWN                                                                                \
	(TPAM_OPTION_REQUIRED | TPAM_OPTION_LIST | TPAM_OPTION_REPEATABLE | TPAM_OPTION_SECRET |   \
		TPAM_OPTION_DEPRECATED)

/* Keys of every provider section, and those that are kept for the loader. */
static const char *const reserved_names[] = {"plugin", "credential", "link", "leeway", "anonymous",
	"grant", "cache_ttl", "cache_negative_ttl", "stale_if_error", "expire_soon", "guard_client",
	"guard_upstream", "token_scopes", NULL};

static bool name_is_reserved(const struct tpam_provider *provider, const char *name)
{
	for (size_t i = 0; reserved_names[i]; i++)
		if (strcmp(reserved_names[i], name) == 0)
			return true;
	return provider->binding == TPAM_BINDING_AUDIENCE && strcmp(name, "audience") == 0;
}

static void require_option(struct check *check, const struct tpam_option *option, bool condition,
	const char *member, const char *expected)
{
	if (!condition)
		check_fault(check, "got option %s whose member %s does not do, expected %s",
			option->name, member, expected);
}

/* Its words are short lines of text, and no two are the same. */
static bool values_are_fine(const char *const *values)
{
	size_t count = check_count(values, DESCRIPTOR_WORDS_MAX);
	if (count == 0 || count > DESCRIPTOR_WORDS_MAX)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!check_line(values[i]) || strlen(values[i]) > WORD_MAXIMUM)
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(values[i], values[k]) == 0)
				return false;
	}
	return true;
}

/* Read as a value of the configuration would be, into a report that nobody sees. */
static bool fallback_is_fine(struct check *check, const struct tpam_option *option)
{
	struct tpam_report *scratch = report_create();
	struct option_context context = {.report = scratch};
	struct section nowhere = {.at = NOWHERE};
	struct option_value value = {.option = option};
	int code = scratch ? option_read(&value, option, NULL, &nowhere, &context) : TPAM_E_MEMORY;
	option_finish(&value);
	tpam_report_destroy(scratch);
	check->no_memory |= code == TPAM_E_MEMORY;
	return code != TPAM_E_CONFIG;
}

static void check_fallback(struct check *check, const struct tpam_option *option)
{
	if (!option->fallback)
		return;
	if (option->flags & (TPAM_OPTION_REQUIRED | TPAM_OPTION_SECRET))
		check_fault(check,
			"got option %s with a default, expected none for what is required or "
			"secret",
			option->name);
	else if (!check_line(option->fallback) || !fallback_is_fine(check, option))
		check_fault(check, "got option %s with a default of another type, expected %s",
			option->name, option_expects(option));
}

static void check_option(struct check *check, const struct tpam_option *option)
{
	bool known = option->type >= TPAM_TYPE_TEXT && option->type <= TPAM_TYPE_URL;
	bool words = option->type == TPAM_TYPE_ENUM;
	require_option(check, option, !name_is_reserved(check->provider, option->name), "name",
		"one that the loader does not keep for itself");
	require_option(check, option, known, "type", "a type of enum tpam_option_type");
	require_option(check, option, check_bits(check, option->flags, FLAGS_KNOWN), "flags",
		"bits of enum tpam_option_flag");
	require_option(check, option, option->reserved == 0 || check->provider->abi > TPAM_ABI,
		"reserved", "0");
	require_option(check, option, check_line(option->help), "help", "a line of text");
	require_option(check, option, words ? values_are_fine(option->values) : !option->values,
		"values", "different words for an enum, NULL for other types");
	if (known && (!words || values_are_fine(option->values)))
		check_fallback(check, option);
}

/* What has to be right before anything else of an option may be looked at. */
static bool option_is_sound(struct check *check, const struct tpam_option *option, size_t index)
{
	if (!check_size(option->size, OPTION_FIRST)) {
		check_fault(check,
			"got option %zu with size %u, expected at least %d and a multiple of 8",
			index + 1, option->size, OPTION_FIRST);
		return false;
	}
	if (option->name && text_is_key(option->name, strnlen(option->name, 41)))
		return true;
	check_fault(check,
		"got option %zu with a bad name, expected [a-z][a-z0-9_]*, at most 40 bytes",
		index + 1);
	return false;
}

void check_options(struct check *check)
{
	const struct tpam_option *const *options = check->provider->options;
	for (size_t i = 0; options && options[i]; i++) {
		if (i == OPTIONS_MAXIMUM) {
			check_fault(check, "got more than %d options, expected NULL after the last",
				OPTIONS_MAXIMUM);
			return;
		}
		if (!option_is_sound(check, options[i], i))
			return;
		if (descriptor_option(check->provider, options[i]->name) != options[i])
			check_fault(
				check, "got option %s twice, expected it once", options[i]->name);
		check_option(check, options[i]);
	}
}
