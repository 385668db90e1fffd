/*
 * target.c - reads from a configuration what a token must say for a provider to take it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "output.h"
#include "target.h"

#define PROVIDER_LIMIT 64 /* of one service */
#define KEY_SUFFIX     ".key"
#define BLANKS         " \t"

/* ---- Values ---- */

/* The first word of a value, its quotes removed. NULL without memory. */
static char *first_word(const char *value)
{
	bool quoted = value[0] == '"';
	const char *at = value + quoted;
	char *word = malloc(strlen(value) + 1), *to = word;

	if (!word)
		return NULL;
	while (*at && !(quoted ? *at == '"' : strchr(BLANKS, *at) != NULL)) {
		if (quoted && *at == '\\' && at[1])
			at++;
		*to++ = *at++;
	}
	*to = '\0';
	return word;
}

static const json_t *find_option(const json_t *options, const char *key)
{
	json_t *option;
	size_t i;

	json_array_foreach(options, i, option)
	{
		const char *name = text_member(option, "key");
		if (name && strcmp(name, key) == 0)
			return option;
	}
	return NULL;
}

/* What a reference stands for is the library's secret. */
static bool is_reference(const char *value)
{
	return strstr(value, "${") != NULL;
}

/* The first word of an option; stays NULL where there is none, or it is a reference. EXIT_MISUSED without memory. */
static int take_word(char **ret_word, const json_t *option)
{
	const char *value = option ? text_member(option, "value") : NULL;

	if (!value || is_reference(value))
		return EXIT_ACCEPTED;
	*ret_word = first_word(value);
	return *ret_word ? EXIT_ACCEPTED : fail_memory();
}

/* ---- The private key ---- */

/* Length of the folder of "FOLDER/FILE:LINE", its '/' included. */
static size_t folder_length(const char *at)
{
	const char *slash = strrchr(at, '/');

	return slash ? (size_t)(slash - at) + 1 : 0;
}

/* keys/corp.jwks has its private key in keys/corp.key. Paths in a configuration are relative to the file they stand in. */
static int take_key(char **ret_key, const json_t *option)
{
	const char *at = option ? text_member(option, "at") : NULL;
	char *file = NULL;

	int code = take_word(&file, option);
	if (code != EXIT_ACCEPTED || !file || !at) {
		free(file);
		return code;
	}
	size_t folder = folder_length(file);
	char *end = strrchr(file + folder, '.');
	if (end && end > file + folder)
		*end = '\0';
	size_t prefix = file[0] == '/' ? 0 : folder_length(at);
	int length = asprintf(ret_key, "%.*s%s" KEY_SUFFIX, (int)prefix, at, file);
	free(file);
	if (length >= 0)
		return EXIT_ACCEPTED;
	*ret_key = NULL;
	return fail_memory();
}

/* ---- The provider ---- */

/* The only provider of the service that has an issuer. */
static const json_t *only_provider(json_t *providers)
{
	const json_t *found = NULL;
	const char *name;
	json_t *provider;
	size_t count = 0;

	json_object_foreach(providers, name, provider)
	{
		if (!find_option(json_object_get(provider, "options"), "issuer"))
			continue;
		found = provider;
		count++;
	}
	if (count == 1)
		return found;
	fail("got service with %zu providers that have an issuer, expected -p PROVIDER", count);
	return NULL;
}

static const json_t *named_provider(json_t *providers, const char *wanted)
{
	const char *names[PROVIDER_LIMIT + 1] = {NULL};
	char buffer[QUOTE_SIZE];
	const char *name;
	json_t *provider;
	size_t count = 0;

	json_object_foreach(providers, name, provider)
	{
		if (strcmp(name, wanted) == 0)
			return provider;
		if (count < PROVIDER_LIMIT)
			names[count++] = name;
	}
	const char *meant = nearest(wanted, names);
	fail("got provider %s, expected one that the service asks%s%s%s",
		quote_operand(buffer, wanted), meant ? "; did you mean \"" : "", meant ? meant : "",
		meant ? "\"?" : "");
	return NULL;
}

/* The service's audience, else the provider's; a provider that asks for none says "none". */
static int take_audience(struct target *target, const json_t *service, const json_t *settings)
{
	const json_t *first = json_array_get(json_object_get(service, "audience"), 0);

	int code = take_word(&target->audience, first ? first : find_option(settings, "audience"));
	if (code == EXIT_ACCEPTED && target->audience && !first &&
		strcmp(target->audience, "none") == 0) {
		free(target->audience);
		target->audience = NULL;
	}
	return code;
}

static int take_algorithms(struct target *target, const json_t *option)
{
	const char *value = option ? text_member(option, "value") : NULL;

	if (!value || is_reference(value))
		return EXIT_ACCEPTED;
	target->algorithms = strdup(value);
	return target->algorithms ? EXIT_ACCEPTED : fail_memory();
}

static int take_all(struct target *target, const json_t *service, const char *wanted)
{
	json_t *providers = json_object_get(service, "providers");

	const json_t *provider =
		wanted ? named_provider(providers, wanted) : only_provider(providers);
	if (!provider)
		return EXIT_MISUSED;
	const json_t *settings = json_object_get(provider, "options");
	int code = take_word(&target->issuer, find_option(settings, "issuer"));
	if (code == EXIT_ACCEPTED)
		code = take_word(&target->type, find_option(settings, "typ"));
	if (code == EXIT_ACCEPTED)
		code = take_algorithms(target, find_option(settings, "algorithms"));
	if (code == EXIT_ACCEPTED)
		code = take_key(&target->key, find_option(settings, "jwks_file"));
	if (code == EXIT_ACCEPTED)
		code = take_audience(target, service, settings);
	return code;
}

int target_find(struct target *target, struct tpam_engine *engine, const char *service,
	const char *provider)
{
	json_t *description = NULL;

	*target = (struct target){0};
	int code = engine_describe(engine, service, &description);
	if (code == EXIT_REFUSED)
		code = engine_no_service(engine, service);
	else if (code == EXIT_ACCEPTED)
		code = take_all(target, description, provider);
	json_decref(description);
	return code;
}

int target_read(struct target *target, const struct options *options)
{
	struct tpam_engine *engine = NULL;

	*target = (struct target){0};
	int code = engine_start(options, &engine);
	if (code != EXIT_ACCEPTED)
		return code;
	code = target_find(target, engine, options->service, options->provider);
	tpam_engine_close(engine);
	return code;
}

void target_finish(struct target *target)
{
	free(target->issuer);
	free(target->audience);
	free(target->type);
	free(target->algorithms);
	free(target->key);
	*target = (struct target){0};
}

bool target_allows(const struct target *target, const char *algorithm)
{
	size_t wanted = strlen(algorithm);

	if (!target->algorithms)
		return true;
	for (const char *at = target->algorithms; *at;) {
		size_t length = strcspn(at, BLANKS "\"");
		if (length == wanted && strncmp(at, algorithm, length) == 0)
			return true;
		at += length;
		at += strspn(at, BLANKS "\"");
	}
	return false;
}
