/*
 * fastmcp_ini.c - writes the INI that does what FastMCP was told, or what it should have been told.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "fastmcp_ini.h"
#include "output.h"

#define SCOPE_MAX 256

static const struct {
	const char *class;
	void (*write)(struct ini *ini);
} writers[] = {{"JWTVerifier", write_jwt}, {"IntrospectionTokenVerifier", write_introspection},
	{"GitHubProvider", write_github}, {"GoogleProvider", write_google},
	{"DiscordProvider", write_discord}, {"WorkOSProvider", write_workos},
	{"AuthKitProvider", write_authkit}, {"Auth0Provider", write_auth0},
	{"OCIProvider", write_oci}, {"AWSCognitoProvider", write_cognito},
	{"AzureProvider", write_azure}, {"DescopeProvider", write_descope},
	{"ScalekitProvider", write_scalekit}, {"SupabaseProvider", write_supabase}};

/* ---- The rest ---- */

/* What has no meaning here: that FastMCP signs people in, and where. */
static void write_dropped(struct ini *ini)
{
	const char *key;
	json_t *value;

	json_object_foreach(ini->import->params, key, value)
	{
		if (!json_object_get(ini->used, key) && strcmp(key, "base_url") != 0)
			fprintf(ini->file,
				"; %s is left out: it is for signing people in, which whoever "
				"gives out the tokens does.\n",
				key);
	}
}

static bool is_scope(const char *text)
{
	for (const char *at = text; *at; at++)
		if (*at <= ' ' || *at > '~' || strchr("\"\\", *at))
			return false;
	return *text && strlen(text) <= SCOPE_MAX && !strstr(text, "${");
}

static void check_scopes(struct ini *ini)
{
	char buffer[QUOTE_SIZE];
	json_t *scope;
	size_t i;

	json_array_foreach(ini->scopes, i, scope)
	{
		const char *text = json_string_value(scope);
		if (!is_scope(text))
			fastmcp_say(ini->import->errors, ini_place(ini, "required_scopes"),
				"required_scopes: got %s, expected printable ASCII without blanks, "
				"quotes, "
				"backslashes and references",
				quote(buffer, text));
	}
}

/* FastMCP serves below its base URL; one that only this machine can use names nothing. */
static void write_resource(struct ini *ini)
{
	const char *base = ini_get(ini, "base_url");
	size_t length = base ? strlen(base) : 0;

	while (length > 0 && base[length - 1] == '/')
		length--;
	if (base && strncmp(base, "https://", 8) == 0 && !strstr(base, "${"))
		ini_line_json(ini, "resource", json_sprintf("%.*s/mcp", (int)length, base));
}

static void write_service(struct ini *ini)
{
	const char *name = ini->import->options->service;
	json_t *issuers = json_object_get(ini->import->params, "issuer"), *list = NULL;

	fprintf(ini->file, "\n[service:%s]\n", name ? name : "mcp");
	if (json_array_size(ini->audiences) > 0)
		ini_line_words(ini, "audience", ini->audiences);
	fputs("auth = decisive " INI_PROVIDER, ini->file);
	if (issuers)
		list = ini_list(ini, "issuer", false);
	for (size_t i = 1; i < json_array_size(list); i++)
		fprintf(ini->file, " " INI_PROVIDER "-%zu", i + 1);
	fputc('\n', ini->file);
	if (json_array_size(ini->scopes) > 0)
		ini_line_words(ini, "require_scopes", ini->scopes);
	write_resource(ini);
	json_decref(list);
}

static void write_all(struct ini *ini)
{
	json_t *note;
	size_t i;

	fprintf(ini->file, "; What %s.%s of FastMCP was told, by 'tokenpam import fastmcp'.\n",
		ini->import->class->module, ini->import->class->name);
	json_array_foreach(ini->import->notes, i, note) ini_comment(ini, json_string_value(note));
	for (i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if (strcmp(writers[i].class, ini->import->class->name) == 0)
			writers[i].write(ini);
	write_dropped(ini);
	check_scopes(ini);
	write_service(ini);
}

char *import_write(struct import *import, const char **ret_key)
{
	char *text = NULL;
	size_t size = 0;
	struct ini ini = {.import = import,
		.file = open_memstream(&text, &size),
		.audiences = json_array(),
		.used = json_object()};

	if (ini.file) {
		ini.scopes = ini_list(&ini, "required_scopes", true);
		write_all(&ini);
		if (fclose(ini.file) != 0) {
			free(text);
			text = NULL;
		}
	}
	*ret_key = ini.key;
	json_decref(ini.audiences);
	json_decref(ini.scopes);
	json_decref(ini.used);
	return text;
}
