/*
 * options.h - the command line of a verb.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"

/* Which options a verb takes. All take --help and --verbose. */
enum option_set {
	OPTIONS_COMMON = 1,
	OPTIONS_CONFIG = 2,  /* -c, -e */
	OPTIONS_PLUGINS = 4, /* --plugin-path */
	OPTIONS_JSON = 8,
	OPTIONS_REQUEST = 16,
	OPTIONS_HASH = 32,
	OPTIONS_MINT = 64,
	OPTIONS_KEYGEN = 128,
	OPTIONS_JWS = 256,
	OPTIONS_CHECK = 512,
	OPTIONS_INIT = 1024,
	OPTIONS_EXPORT = 2048,
	OPTIONS_IMPORT = 4096,
	OPTIONS_TEST = 8192,
	OPTIONS_AUDIT = 16384,
	OPTIONS_SHOW = 32768
};

/* Values of an option that may be repeated: of argv, NULL-terminated. */
struct many {
	const char **list;
	size_t count;
};

struct options {
	const struct verb *verb;
	bool help;
	bool verbose;

	const char *config;
	const char *environment;
	const char *plugin_path;
	bool json;
	bool online;
	const char *tools;

	bool trace;
	bool audit;
	bool tap;
	bool matrix;
	bool dot;
	bool mermaid;
	const char *repeat;
	const char *tenant;
	const char *username;
	const char *method;
	const char *url;
	const char *resource;
	const char *peer;
	const char *request_id;
	const char *arguments;
	const char *header_file;
	struct many headers;
	struct many tags;

	const char *subject;
	const char *scopes;
	const char *expires;
	const char *name;
	const char *generate;
	bool weak;

	const char *provider;
	const char *service;
	const char *key;
	const char *issuer;
	const char *client;
	const char *lifetime;
	const char *type;
	const char *token_id;
	struct many audiences;
	struct many words; /* --scope */
	struct many roles;
	struct many groups;
	struct many claims;
	bool is_unsigned;

	const char *algorithm;
	const char *bits;
	const char *out;
	const char *public_file;
	const char *secret_file;

	const char *jwks;
	struct many algorithms;

	const char *format;
	const char *base_url;
	bool compat;
	bool from_environment;

	struct many key_files;

	char **operands; /* of argv, NULL-terminated */
	size_t operand_count;
	const char **room; /* of all lists */
};

/*
 * Reads argv, whose first element is the verb. EXIT_ACCEPTED, or the exit code after a message. The options belong to
 * argv but for memory that options_finish() frees, in failure too.
 */
int options_parse(struct options *options, const struct verb *verb, int argc, char **argv);
void options_finish(struct options *options);

/* What a verb may be given, for whoever writes it down. */
struct option_row {
	const char *name;
	int letter;           /* 0: none */
	const char *argument; /* NULL: a flag */
	const char *help;
	bool many;
};

/* Calls back for each option that the verb takes, or with NULL for each that there is. */
void options_each(const struct verb *verb, void (*visit)(void *data, const struct option_row *row),
	void *data);

/* One line for each option that the verb takes. */
void print_options(FILE *file, const struct verb *verb);

#endif
