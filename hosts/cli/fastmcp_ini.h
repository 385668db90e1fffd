/*
 * fastmcp_ini.h - an INI as it is made of parameters of FastMCP.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_FASTMCP_INI_H
#define CLI_FASTMCP_INI_H

#include "fastmcp_import.h"

#define INI_PROVIDER "fastmcp"

/* The INI as it grows: comments and lines of the provider, and what the service is to have. */
struct ini {
	struct import *import;
	FILE *file;
	json_t *audiences;
	json_t *scopes;
	json_t *used; /* keys that were read */
	const char *key;
};

/* Where a parameter stands; NULL where nobody knows. */
const char *ini_place(const struct ini *ini, const char *key);

/* A parameter that is one text: NULL, or an error and "", if it is not there or empty. */
const char *ini_get(struct ini *ini, const char *key);
const char *ini_need(struct ini *ini, const char *key);

/* Complains of a parameter that is not there by the name of its variable. */
void ini_missing(struct ini *ini, const char *key, const char *why);

/* A URL of an upstream; without a scheme it is https, as FastMCP has it, and a slash at its end does not count. */
json_t *ini_need_url(struct ini *ini, const char *key);

/* A list: in JSON, or one text. With `split` blanks and commas part it, as FastMCP parses scopes. */
json_t *ini_list(struct ini *ini, const char *key, bool split);

/* Lines; no byte of a value is taken for anything else, but references stay what they are. */
void ini_comment(struct ini *ini, const char *text);
void ini_line(struct ini *ini, const char *key, const char *value);
void ini_line_json(struct ini *ini, const char *key, json_t *value); /* takes the value over */
void ini_line_words(struct ini *ini, const char *key, const json_t *words);
void ini_provider(struct ini *ini, const char *name, const char *plugin);
void ini_secret(struct ini *ini, const char *option, const char *key);
void ini_timeout(struct ini *ini);

/* The service's audience: of the command line, of the settings, or the URL of the server. */
void ini_need_audience(struct ini *ini, const char *why);
void ini_take_audience(struct ini *ini);
void ini_take_resource(struct ini *ini);

/* The one algorithm, `usual` unless there is one. */
const char *ini_algorithm(struct ini *ini, const char *usual);

/* One for each class. */
void write_jwt(struct ini *ini);
void write_introspection(struct ini *ini);
void write_github(struct ini *ini);
void write_google(struct ini *ini);
void write_discord(struct ini *ini);
void write_authkit(struct ini *ini);
void write_workos(struct ini *ini);
void write_auth0(struct ini *ini);
void write_oci(struct ini *ini);
void write_cognito(struct ini *ini);
void write_azure(struct ini *ini);
void write_descope(struct ini *ini);
void write_scalekit(struct ini *ini);
void write_supabase(struct ini *ini);

#endif
