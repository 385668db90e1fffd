/*
 * matrix_needs.c - what somebody lacks for a tool, in as few words as say it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "matrix.h"

/* What is lacking, by the reason that a requirement gives, and by how what it expected begins. */
static const struct lack {
	int32_t reason;
	const char *begins;
	const char *shown;   /* instead */
	const char *between; /* the words behind it; NULL: each is lacking by itself */
} lacks[] = {
	{TPAM_REASON_MISSING_ROLE, "one of ", "role ", " or "},
	{TPAM_REASON_MISSING_ROLE, "", "role ", " and "},
	{TPAM_REASON_MISSING_GROUP, "one of ", "group ", " or "},
	{TPAM_REASON_DENIED_SUBJECT, "one of ", "subject ", " or "},
	{TPAM_REASON_MISSING_SCOPE, "one of ", "", " or "},
	{TPAM_REASON_MISSING_SCOPE, "", "", NULL},
	{TPAM_REASON_CLAIM_MISMATCH, "", "", " "},
	{TPAM_REASON_WRONG_TENANT, "tenant ", "tenant ", " or "},
	{TPAM_REASON_WEAK_AUTHENTICATION, "acr ", "acr ", " or "},
	{TPAM_REASON_WEAK_AUTHENTICATION, "", "", " "},
};

/* NULL where it is nothing that somebody could bring. */
static const struct lack *lack_of(const struct tpam_trace_entry *entry)
{
	for (size_t i = 0; entry->expected && i < sizeof(lacks) / sizeof(lacks[0]); i++)
		if (lacks[i].reason == entry->reason &&
			strncmp(entry->expected, lacks[i].begins, strlen(lacks[i].begins)) == 0)
			return &lacks[i];
	return NULL;
}

/* A requirement that is not met; NULL behind the last. */
static const struct tpam_trace_entry *next_unmet(const struct tpam_result *result, size_t *index)
{
	const struct tpam_trace_entry *entry;

	while ((entry = tpam_result_trace(result, (*index)++)))
		if (entry->group && strcmp(entry->group, "require") == 0 &&
			entry->outcome != TPAM_SUCCESS)
			return entry;
	return NULL;
}

/* What nothing mends that somebody could bring. NULL if there is none. */
static const char *hopeless(const struct tpam_result *result)
{
	const struct tpam_trace_entry *entry;
	size_t index = 0;

	while ((entry = next_unmet(result, &index))) {
		if (lack_of(entry))
			continue;
		return entry->reason == TPAM_REASON_TOOL_CLOSED ? "closed"
		       : entry->reason == TPAM_REASON_DENIED_SUBJECT
			       ? "denied"
			       : tpam_reason_name(entry->reason);
	}
	return NULL;
}

/* Scopes one by one, for service and tool may require the same. */
static void add_words(json_t *lacking, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, " ");
		json_object_setn_new(lacking, words, length, json_true());
		words += length + (words[length] == ' ');
	}
}

/* Quotes keep words together, so such are left as they are. */
static void add_phrase(json_t *lacking, const struct lack *lack, const char *words)
{
	bool apart = strchr(words, '"') == NULL;
	char *text = NULL;
	size_t size = 0;

	FILE *file = open_memstream(&text, &size);
	if (!file)
		exit(fail_memory());
	fputs(lack->shown, file);
	for (; *words; words++)
		fputs(apart && *words == ' ' ? lack->between : (char[]){*words, '\0'}, file);
	if (fclose(file) != 0)
		exit(fail_memory());
	json_object_set_new(lacking, text, json_true());
	free(text);
}

static void add_unmet(json_t *lacking, const struct tpam_trace_entry *entry)
{
	const struct lack *lack = lack_of(entry);
	const char *words = lack ? entry->expected + strlen(lack->begins) : "";

	if (lack && lack->between)
		add_phrase(lacking, lack, words);
	else
		add_words(lacking, words);
}

/* Each once, in the order of the requirements. */
static bool write_needs(FILE *file, const struct tpam_result *result)
{
	const struct tpam_trace_entry *entry;
	json_t *lacking = json_object(), *value;
	size_t index = 0, count = 0;
	const char *text;

	while ((entry = next_unmet(result, &index)))
		add_unmet(lacking, entry);
	json_object_foreach(lacking, text, value)
	{
		fprintf(file, "%s%s", count++ == 0 ? "needs " : ", ", text);
	}
	json_decref(lacking);
	return count > 0;
}

/* Refused by a rule, before or after requirements. */
static const char *refusal(const struct tpam_result *result)
{
	const char *reason = tpam_reason_name(tpam_result_reason(result));
	const char *outcome = tpam_outcome_name(tpam_result_outcome(result));

	if (tpam_result_outcome(result) == TPAM_NO_CREDENTIAL)
		return "needs a credential";
	return reason ? reason : outcome ? outcome : "?";
}

char *matrix_needs(const struct tpam_result *result)
{
	int32_t outcome = tpam_result_outcome(result);
	const char *all =
		outcome == TPAM_SUCCESS || outcome == TPAM_EXPIRING ? "yes" : hopeless(result);
	char *text = NULL;
	size_t size = 0;

	FILE *file = open_memstream(&text, &size);
	if (!file)
		exit(fail_memory());
	if (all)
		fputs(all, file);
	else if (!write_needs(file, result))
		fputs(refusal(result), file);
	if (fclose(file) != 0)
		exit(fail_memory());
	return text;
}
