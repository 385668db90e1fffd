/*
 * fastmcp_jwt.c - sections for the classes of FastMCP that only verify.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fastmcp_ini.h"
#include "output.h"

static bool is_pem(const char *text)
{
	return strncmp(text, "-----BEGIN ", 11) == 0;
}

static void write_symmetric(struct ini *ini, const char *algorithm)
{
	char name[FASTMCP_NAME_SIZE];
	const char *secret = ini_get(ini, "jwks_uri") ? "" : ini_need(ini, "public_key");
	size_t least = (size_t)strtoul(algorithm + 2, NULL, 10) / 8;

	if (ini_get(ini, "jwks_uri"))
		fastmcp_say(ini->import->errors, ini_place(ini, "algorithm"),
			"algorithm: got %s and "
			"jwks_uri: whoever reads the keys there could sign; expected an algorithm "
			"with "
			"public keys",
			algorithm);
	else if (is_pem(secret))
		fastmcp_say(ini->import->errors, ini_place(ini, "algorithm"),
			"algorithm: got %s and a "
			"public key, which is no secret; expected RS256 or the like",
			algorithm);
	else if (*secret && !fastmcp_reference(name, secret) && strlen(secret) < least)
		fastmcp_say(ini->import->errors, ini_place(ini, "public_key"),
			"public_key: got a secret of "
			"%zu bytes, expected at least %zu for %s",
			strlen(secret), least, algorithm);
	if (*secret)
		ini_secret(ini, "secret", "public_key");
}

static void write_keys(struct ini *ini, const char *algorithm)
{
	const char *pem = ini_get(ini, "public_key"), *uri = ini_get(ini, "jwks_uri");

	if (strncmp(algorithm, "HS", 2) == 0) {
		write_symmetric(ini, algorithm);
	} else if (pem && uri) {
		fastmcp_say(ini->import->errors, NULL,
			"got public_key and jwks_uri, expected one of them");
	} else if (pem) {
		if (!is_pem(pem))
			fastmcp_say(ini->import->errors, ini_place(ini, "public_key"),
				"public_key: got no "
				"PEM, expected one for %s",
				algorithm);
		else if (!ini->import->options->public_file)
			fastmcp_say(ini->import->errors, ini_place(ini, "public_key"),
				"public_key: got a key "
				"in PEM, expected --public FILE, a new file for it");
		else
			ini_line(ini, "public_key_file", ini->import->options->public_file);
		ini->key = pem;
	} else if (uri) {
		ini_line_json(ini, "jwks_uri", ini_need_url(ini, "jwks_uri"));
	} else {
		ini_missing(ini, "jwks_uri", " and no public_key");
	}
}

const char *ini_algorithm(struct ini *ini, const char *usual)
{
	static const char *const known[] = {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
		"PS256", "PS384", "PS512", "HS256", "HS384", "HS512", NULL};
	const char *text = ini_get(ini, "algorithm");
	char buffer[QUOTE_SIZE];

	for (size_t i = 0; text && known[i]; i++)
		if (strcmp(known[i], text) == 0)
			return text;
	if (text)
		fastmcp_say(ini->import->errors, ini_place(ini, "algorithm"),
			"algorithm: got %s, expected "
			"one that FastMCP knows, such as RS256",
			quote(buffer, text));
	return usual;
}

/* Each issuer is a provider of its own, with the same keys. */
void write_jwt(struct ini *ini)
{
	json_t *issuers = ini_list(ini, "issuer", false), *issuer;
	const char *algorithm = ini_algorithm(ini, "RS256"), *given = ini->import->options->issuer;
	size_t i;

	if (json_array_size(issuers) == 0 && given)
		json_array_append_new(issuers, json_string(given));
	if (json_array_size(issuers) == 0)
		fastmcp_say(ini->import->errors, NULL,
			"got no issuer, so that whoever's tokens these "
			"keys sign would be let in; expected --iss");
	if (json_array_size(issuers) == 0)
		json_array_append_new(
			issuers, json_string("")); /* to tell of all else that is wrong */
	json_array_foreach(issuers, i, issuer)
	{
		char name[64];
		const char *text = json_string_value(issuer);
		snprintf(name, sizeof(name), i ? INI_PROVIDER "-%zu" : INI_PROVIDER, i + 1);
		fputs(i ? "\n" : "", ini->file);
		ini_provider(ini, name, "bearer");
		ini_line(ini, "issuer", text ? text : "");
		ini_line(ini, "algorithms", algorithm);
		write_keys(ini, algorithm);
	}
	ini_take_audience(ini);
	json_decref(issuers);
}

void write_introspection(struct ini *ini)
{
	ini_provider(ini, INI_PROVIDER, "introspect");
	ini_line_json(ini, "endpoint", ini_need_url(ini, "introspection_url"));
	ini_comment(ini, "Every token is asked about, whatever it looks like.");
	ini_line(ini, "accept", "opaque");
	ini_line(ini, "client_id", ini_need(ini, "client_id"));
	ini_secret(ini, "client_secret", "client_secret");
	ini_timeout(ini);
	ini_need_audience(ini, ", which FastMCP does not look at here");
}
