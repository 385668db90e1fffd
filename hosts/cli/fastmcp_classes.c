/*
 * fastmcp_classes.c - the classes of FastMCP that decide about tokens, their parameters and variables.
 *
 * Variables are read by 2.12.1 to 2.14, classes and parameters are the same from 2.12 on; those of introspection came
 * with 2.13. FastMCP 3.0 reads no variables any more.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "fastmcp.h"

#define PROVIDERS       "fastmcp.server.auth.providers."
#define KEYS(...)       ((const char *const[]){__VA_ARGS__, NULL})
#define REFERENCE       "${env:"
#define REFERENCE_START (sizeof(REFERENCE) - 1)

/* Of those that sign people in at an upstream, in the order of their constructors. */
#define PROXY_KEYS                                                                                 \
	"base_url", "issuer_url", "redirect_path", "required_scopes",                              \
		"allowed_client_redirect_uris", "jwt_signing_key"

const struct fastmcp_class fastmcp_classes[] = {
	{"JWTVerifier", PROVIDERS "jwt", "JWT_",
		KEYS("public_key", "jwks_uri", "issuer", "audience", "algorithm", "required_scopes",
			"base_url")},
	{"IntrospectionTokenVerifier", PROVIDERS "introspection", "INTROSPECTION_",
		KEYS("introspection_url", "client_id", "client_secret", "timeout_seconds",
			"required_scopes", "base_url")},
	{"GitHubProvider", PROVIDERS "github", "GITHUB_",
		KEYS("client_id", "client_secret", PROXY_KEYS, "timeout_seconds")},
	{"GoogleProvider", PROVIDERS "google", "GOOGLE_",
		KEYS("client_id", "client_secret", PROXY_KEYS, "timeout_seconds")},
	{"DiscordProvider", PROVIDERS "discord", "DISCORD_",
		KEYS("client_id", "client_secret", PROXY_KEYS, "timeout_seconds")},
	{"WorkOSProvider", PROVIDERS "workos", "WORKOS_",
		KEYS("client_id", "client_secret", "authkit_domain", PROXY_KEYS,
			"timeout_seconds")},
	{"AuthKitProvider", PROVIDERS "workos", "AUTHKITPROVIDER_",
		KEYS("authkit_domain", "base_url", "required_scopes")},
	{"Auth0Provider", PROVIDERS "auth0", "AUTH0_",
		KEYS("config_url", "client_id", "client_secret", "audience", PROXY_KEYS)},
	{"OCIProvider", PROVIDERS "oci", "OCI_",
		KEYS("config_url", "client_id", "client_secret", "audience", PROXY_KEYS)},
	{"AWSCognitoProvider", PROVIDERS "aws", "AWS_COGNITO_",
		KEYS("user_pool_id", "aws_region", "client_id", "client_secret", PROXY_KEYS)},
	{"AzureProvider", PROVIDERS "azure", "AZURE_",
		KEYS("client_id", "client_secret", "tenant_id", "identifier_uri", PROXY_KEYS,
			"additional_authorize_scopes", "base_authority")},
	{"DescopeProvider", PROVIDERS "descope", "DESCOPEPROVIDER_",
		KEYS("base_url", "config_url", "project_id", "descope_base_url",
			"required_scopes")},
	{"ScalekitProvider", PROVIDERS "scalekit", "SCALEKITPROVIDER_",
		KEYS("environment_url", "resource_id", "base_url", "mcp_url", "required_scopes")},
	{"SupabaseProvider", PROVIDERS "supabase", "SUPABASE_",
		KEYS("project_url", "base_url", "auth_route", "algorithm", "required_scopes")},
};

const size_t fastmcp_class_count = sizeof(fastmcp_classes) / sizeof(fastmcp_classes[0]);

const struct fastmcp_class *fastmcp_class_find(const char *name)
{
	for (size_t i = 0; i < fastmcp_class_count; i++)
		if (strcmp(fastmcp_classes[i].name, name) == 0)
			return &fastmcp_classes[i];
	return NULL;
}

const char *fastmcp_variable(
	char buffer[FASTMCP_NAME_SIZE], const struct fastmcp_class *class, const char *key)
{
	int start =
		snprintf(buffer, FASTMCP_NAME_SIZE, FASTMCP_VARIABLE "_%s%s", class->prefix, key);

	/* Names of the tables above are all shorter. */
	for (int i = 0; i < start && i < FASTMCP_NAME_SIZE - 1; i++)
		buffer[i] = (char)toupper((unsigned char)buffer[i]);
	return buffer;
}

void fastmcp_init(struct fastmcp *fastmcp)
{
	*fastmcp = (struct fastmcp){.params = json_object(),
		.impossible = json_array(),
		.lost = json_array(),
		.notes = json_array()};
}

void fastmcp_finish(struct fastmcp *fastmcp)
{
	json_decref(fastmcp->params);
	json_decref(fastmcp->impossible);
	json_decref(fastmcp->lost);
	json_decref(fastmcp->notes);
}

void fastmcp_say(json_t *list, const char *at, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	json_t *text = json_vsprintf(format, arguments);
	va_end(arguments);
	/* What is no UTF-8 is not told, but that there is something is. */
	const char *told = text ? json_string_value(text) : "something that cannot be shown";
	json_array_append_new(
		list, at ? json_sprintf("%s: %s", at, told) : json_sprintf("%s", told));
	json_decref(text);
}

static bool is_name(const char *text, size_t length)
{
	if (length == 0 || length >= FASTMCP_NAME_SIZE || isdigit((unsigned char)text[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '_')
			return false;
	return true;
}

const char *fastmcp_reference(char buffer[FASTMCP_NAME_SIZE], const char *text)
{
	size_t length = strlen(text);

	if (length <= REFERENCE_START || strncmp(text, REFERENCE, REFERENCE_START) != 0 ||
		text[length - 1] != '}' ||
		!is_name(text + REFERENCE_START, length - REFERENCE_START - 1))
		return NULL;
	snprintf(buffer, FASTMCP_NAME_SIZE, "%.*s", (int)(length - REFERENCE_START - 1),
		text + REFERENCE_START);
	return buffer;
}

/* One word from `at` on, written to `to`. */
static const char *take_word(const char *at, char *to)
{
	bool quoted = false;

	for (; *at && (quoted || !strchr(" \t", *at)); at++) {
		if (*at == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && *at == '\\' && at[1])
			at++;
		*to++ = *at;
	}
	*to = '\0';
	return at;
}

json_t *fastmcp_words(const char *value)
{
	json_t *words = json_array();
	char *word = malloc(strlen(value) + 1);

	for (const char *at = value; word; at += strspn(at, " \t")) {
		at += strspn(at, " \t");
		if (!*at)
			break;
		at = take_word(at, word);
		json_array_append_new(words, json_string(word));
	}
	free(word);
	return words;
}
