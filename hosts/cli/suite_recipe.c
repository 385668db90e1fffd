/*
 * suite_recipe.c - one line of a recipe, or of what stands before the first section.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "suite.h"

#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyz_"

#define BOTH (RECIPE_IDENTITY | RECIPE_TOKEN)

static const struct recipe_key keys[] = {
	{"provider", BOTH, FORM_WORD, 0},
	{"outcome", RECIPE_IDENTITY, FORM_OUTCOME, 0},
	{"subject", BOTH, FORM_WORD, TPAM_FIELD_SUBJECT},
	{"issuer", BOTH, FORM_WORD, TPAM_FIELD_ISSUER},
	{"client", BOTH, FORM_WORD, TPAM_FIELD_CLIENT_ID},
	{"username", RECIPE_IDENTITY, FORM_WORD, TPAM_FIELD_USERNAME},
	{"name", BOTH, FORM_WORD, TPAM_FIELD_NAME},
	{"email", RECIPE_IDENTITY, FORM_WORD, TPAM_FIELD_EMAIL},
	{"email_verified", RECIPE_IDENTITY, FORM_SWITCH, TPAM_FIELD_EMAIL_VERIFIED},
	{"tenant", BOTH, FORM_WORD, TPAM_FIELD_TENANT},
	{"roles", BOTH, FORM_WORDS, TPAM_FIELD_ROLES},
	{"groups", BOTH, FORM_WORDS, TPAM_FIELD_GROUPS},
	{"scopes", BOTH, FORM_WORDS, TPAM_FIELD_SCOPES},
	{"audience", BOTH, FORM_WORDS, TPAM_FIELD_AUDIENCES},
	{"claim", BOTH, FORM_CLAIM, TPAM_FIELD_CLAIMS},
	{"auth_age", RECIPE_IDENTITY, FORM_DURATION, TPAM_FIELD_AUTH_TIME},
	{"lifetime", BOTH, FORM_DURATION, TPAM_FIELD_EXPIRES_AT},
	{"file", RECIPE_TOKEN, FORM_WORD, 0},
	{"key", RECIPE_TOKEN, FORM_WORD, 0},
	{"type", RECIPE_TOKEN, FORM_WORD, 0},
	{"place", RECIPE_TOKEN, FORM_WORD, 0},
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

/* Before the first section. */
static const struct recipe_key config_key = {"config", 0, FORM_WORD, 0};
static const struct recipe_key environment_key = {"environment", 0, FORM_WORD, 0};

char *suite_path(struct suite *suite, const char *name)
{
	const char *slash = strrchr(suite->path, '/');
	size_t folder = slash && name[0] != '/' ? (size_t)(slash - suite->path) + 1 : 0;
	char *path = suite_take(suite, folder + strlen(name) + 1);

	memcpy(path, suite->path, folder);
	strcpy(path + folder, name);
	return path;
}

static const struct recipe_key *find_key(const char *name, size_t length, unsigned kind)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if ((keys[i].kinds & kind) && strlen(keys[i].name) == length &&
			strncmp(keys[i].name, name, length) == 0)
			return &keys[i];
	return NULL;
}

static const struct recipe_key *find_head_key(const char *name, size_t length)
{
	if (length == strlen("config") && strncmp(name, "config", length) == 0)
		return &config_key;
	if (length == strlen("environment") && strncmp(name, "environment", length) == 0)
		return &environment_key;
	return NULL;
}

/* A line being read. */
struct reading {
	struct suite *suite;
	const char *line;
	unsigned number;
	bool head; /* before the first section */
};

static struct spot spot_of(const struct reading *reading, size_t at)
{
	return (struct spot){reading->number, (unsigned)at + 1};
}

static struct recipe *recipe_of(const struct reading *reading)
{
	return reading->head ? NULL : &reading->suite->recipes[reading->suite->recipe_count - 1];
}

static void refuse_key(const struct reading *reading, size_t length)
{
	unsigned kind = reading->head ? 0 : recipe_of(reading)->kind;
	const char *names[KEY_COUNT + 3] = {NULL};
	char *own = suite_text(reading->suite, reading->line, length), buffer[QUOTE_SIZE];
	size_t count = 0;

	for (size_t i = 0; i < KEY_COUNT; i++)
		if (keys[i].kinds & kind)
			names[count++] = keys[i].name;
	if (reading->head) {
		names[count++] = config_key.name;
		names[count++] = environment_key.name;
	}
	const char *meant = nearest(own, names);
	suite_complain(reading->suite, spot_of(reading, 0),
		"got key %s, expected one that stands here%s%s%s", quote_operand(buffer, own),
		meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
}

static void keep_head(const struct reading *reading, const struct entry *entry)
{
	struct suite *suite = reading->suite;
	const char *text = entry->words.list[0].text;

	if (suite->config || suite->environment)
		suite_complain(
			suite, spot_of(reading, 0), "got a second configuration, expected one");
	else if (entry->key == &config_key)
		suite->config = suite_path(suite, text);
	else
		suite->environment = text;
}

static bool is_repeated(const struct recipe *recipe, const struct entry *entry)
{
	for (size_t i = 0; i < recipe->count; i++) {
		const struct entry *other = &recipe->entries[i];
		if (other->key == entry->key &&
			(!entry->claim || strcmp(other->claim, entry->claim) == 0))
			return true;
	}
	return false;
}

static void keep_entry(const struct reading *reading, const struct entry *entry)
{
	struct suite *suite = reading->suite;
	struct recipe *recipe = recipe_of(reading);

	if (is_repeated(recipe, entry)) {
		suite_complain(suite, spot_of(reading, 0), "got a second \"%s%s%s\", expected one",
			entry->key->name, entry->claim ? " " : "",
			entry->claim ? entry->claim : "");
		return;
	}
	recipe->entries =
		suite_grow(suite, recipe->entries, recipe->count, sizeof(*recipe->entries));
	recipe->entries[recipe->count++] = *entry;
}

static void read_value(const struct reading *reading, struct entry *entry, size_t from)
{
	struct suite *suite = reading->suite;

	from += strspn(reading->line + from, " \t");
	entry->at = spot_of(reading, from);
	if (!suite_split(suite, reading->line, from, reading->number, &entry->words))
		return;
	const char *raw = suite_text(suite, reading->line + from, entry->words.end - from);
	if (!suite_read_value(suite, entry, raw))
		return;
	if (reading->head)
		keep_head(reading, entry);
	else
		keep_entry(reading, entry);
}

void suite_read_key(struct suite *suite, bool head, const char *line, unsigned number)
{
	const struct reading reading = {suite, line, number, head};
	size_t length = strspn(line, KEY_CHARACTERS);
	size_t equals = length + strspn(line + length, " \t");
	struct entry entry = {0};

	if (length == 0 || line[equals] != '=') {
		suite_complain(suite, spot_of(&reading, 0),
			"got a line of another form, expected KEY = VALUE");
		return;
	}
	entry.key = head ? find_head_key(line, length)
			 : find_key(line, length, recipe_of(&reading)->kind);
	if (entry.key)
		read_value(&reading, &entry, equals + 1);
	else
		refuse_key(&reading, length);
}
