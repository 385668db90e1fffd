/*
 * scopes.c - [scopes]: which scope implies which, and what each means to people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scopes.h"

#include <stdlib.h>
#include <string.h>

#include <tokenpam/codes.h>

#include "memory.h"
#include "text.h"
#include "words.h"

#define IMPLICATIONS_MAX 4096
#define DESCRIPTION_MAX  512
#define CHAIN            "SCOPE > SCOPE..."

const char *const scopes_keys[] = {"implies", "describe", NULL};

static int worse(int code, int other)
{
	return code == TPAM_E_MEMORY || other == TPAM_OK ? code : other;
}

/* ---- implies ---- */

static bool is_sign(const struct word *word)
{
	return !word->quoted && strcmp(word->text, ">") == 0;
}

/* SCOPE > SCOPE > ...: scopes at even places, signs between them. */
static int check_chain(const struct words *words, struct place key, struct tpam_report *report)
{
	char quoted[REPORT_QUOTE_SIZE];

	for (size_t i = 0; i < words->count; i++) {
		const struct word *word = &words->list[i];
		if (i % 2 == 1 ? is_sign(word)
			       : !is_sign(word) && text_is_scope(word->text, strlen(word->text)))
			continue;
		report_error(report, word->at, "got %s, expected %s",
			report_quote(quoted, word->text, strlen(word->text)),
			i % 2 == 1 ? "\">\" between two scopes" : "a scope");
		return TPAM_E_CONFIG;
	}
	if (words->count >= 3 && words->count % 2 == 1)
		return TPAM_OK;
	report_error(report, words->count ? words->list[words->count - 1].at : key,
		"got no scope on both sides of \">\", expected " CHAIN);
	return TPAM_E_CONFIG;
}

static int imply(struct scopes *scopes, const struct word *broad, const struct word *narrow)
{
	if (!array_reserve(&scopes->implications, scopes->implication_count,
		    sizeof(*scopes->implications), IMPLICATIONS_MAX))
		return TPAM_E_MEMORY;
	struct implication *implication = &scopes->implications[scopes->implication_count];
	*implication = (struct implication){text_copy(broad->text, strlen(broad->text)),
		text_copy(narrow->text, strlen(narrow->text)), narrow->at};
	scopes->implication_count++;
	return implication->broad && implication->narrow ? TPAM_OK : TPAM_E_MEMORY;
}

static int read_chain(struct scopes *scopes, const struct value *value, struct tpam_report *report)
{
	struct words words;
	int code = words_split(&words, value, false, report);

	if (code != TPAM_OK)
		return code;
	code = check_chain(&words, value->key, report);
	for (size_t i = 0; code == TPAM_OK && i + 2 < words.count; i += 2)
		code = imply(scopes, &words.list[i], &words.list[i + 2]);
	words_finish(&words);
	return code;
}

bool scopes_implying(const struct scopes *scopes, struct list *ret, const char *scope)
{
	if (!list_add_new(ret, scope, strlen(scope)))
		return false;
	for (size_t i = 0; i < ret->count; i++)
		for (size_t j = 0; j < scopes->implication_count; j++) {
			const struct implication *implication = &scopes->implications[j];
			if (strcmp(implication->narrow, ret->items[i]) == 0 &&
				!list_add_new(ret, implication->broad, strlen(implication->broad)))
				return false;
		}
	return true;
}

/* A circle would make all of its scopes the same one, which nobody means. */
static int check_circles(const struct scopes *scopes, struct tpam_report *report)
{
	for (size_t i = 0; i < scopes->implication_count; i++) {
		const struct implication *implication = &scopes->implications[i];
		struct list above = {0};
		bool room = scopes_implying(scopes, &above, implication->broad);
		bool circle = list_has(&above, implication->narrow);
		list_finish(&above);
		if (!room)
			return TPAM_E_MEMORY;
		if (!circle)
			continue;
		report_error(report, implication->at,
			"got scope \"%s\", which implies \"%s\" already, expected no circle",
			implication->narrow, implication->broad);
		return TPAM_E_CONFIG;
	}
	return TPAM_OK;
}

/* ---- describe ---- */

/* The colon that ends the scope: one with a blank behind it, since scopes may have some, too. */
static size_t scope_length(const char *text)
{
	const char *colon = strstr(text, ": ");

	return colon ? (size_t)(colon - text) : 0;
}

static int read_description(
	struct scopes *scopes, const struct value *value, struct tpam_report *report)
{
	size_t length = scope_length(value->text);
	const char *description = value->text + length + (length > 0 ? strlen(": ") : 0);
	char quoted[REPORT_QUOTE_SIZE];

	description += strspn(description, " \t");
	if (!text_is_scope(value->text, length) || !*description ||
		strlen(description) > DESCRIPTION_MAX) {
		report_error(report, value->at,
			"got %s, expected SCOPE: and a sentence of at most %d bytes",
			report_quote(quoted, value->text, strlen(value->text)), DESCRIPTION_MAX);
		return TPAM_E_CONFIG;
	}
	if (list_find(&scopes->described, value->text, length)) {
		report_error(report, value->at,
			"got a second description of scope %s, expected one",
			report_quote(quoted, value->text, length));
		return TPAM_E_CONFIG;
	}
	return list_add(&scopes->described, value->text, length) &&
			       list_add(&scopes->descriptions, description, strlen(description))
		       ? TPAM_OK
		       : TPAM_E_MEMORY;
}

/* ---- The section ---- */

static int read_all(struct scopes *scopes, struct section *section, const char *key,
	int (*read)(struct scopes *scopes, const struct value *value, struct tpam_report *report),
	struct tpam_report *report)
{
	struct setting *setting = section_get(section, key);
	int code = TPAM_OK;

	for (size_t i = 0; setting && i < setting->count; i++)
		code = worse(code, read(scopes, &setting->values[i], report));
	return code;
}

int scopes_read(struct scopes *ret, struct section *section, struct tpam_report *report)
{
	*ret = (struct scopes){0};
	if (!section)
		return TPAM_OK;
	int code = read_all(ret, section, "implies", read_chain, report);
	code = worse(code, read_all(ret, section, "describe", read_description, report));
	return code == TPAM_E_MEMORY ? code : worse(code, check_circles(ret, report));
}

void scopes_finish(struct scopes *scopes)
{
	for (size_t i = 0; i < scopes->implication_count; i++) {
		free(scopes->implications[i].broad);
		free(scopes->implications[i].narrow);
	}
	free(scopes->implications);
	list_finish(&scopes->described);
	list_finish(&scopes->descriptions);
}
