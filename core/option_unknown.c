/*
 * option_unknown.c - reports keys that nobody knows, with what was probably meant.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "options.h"
#include "text.h"

#define NAMES_MAX 512

/* All names that a section may have, for the comparison and the suggestion alike. */
static void names_gather(const char *names[NAMES_MAX + 1], const struct tpam_option *const *options,
	const char *const *others)
{
	size_t count = 0;
	for (; options && *options && count < NAMES_MAX; options++)
		names[count++] = (*options)->name;
	for (; others && *others && count < NAMES_MAX; others++)
		names[count++] = *others;
	names[count] = NULL;
}

static bool names_have(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

void option_report_unknown(const struct section *section, const struct tpam_option *const *options,
	const char *const *others, struct tpam_report *report)
{
	const char *names[NAMES_MAX + 1];
	names_gather(names, options, others);
	for (size_t i = 0; i < section->count; i++) {
		const struct setting *setting = section->settings + i;
		char quote[REPORT_QUOTE_SIZE];
		if (setting->count == 0 || names_have(names, setting->key))
			continue;
		const char *nearest = text_nearest(setting->key, names);
		report_error(report, setting->values[0].key,
			"got key %s, expected a key of a%s %s section%s%s%s",
			report_quote(quote, setting->key, strlen(setting->key)),
			strchr("aeiou", section->kind[0]) ? "n" : "", section->kind,
			nearest ? "; did you mean \"" : "", nearest ? nearest : "",
			nearest ? "\"?" : "");
	}
}
