/*
 * options.c - the options of all verbs: one table, read by getopt_long().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

/* What an option is stored in: bool, const char *, struct many. */
enum kind { FLAG, TEXT, MANY };

struct row_of_options {
	const char *name;
	int letter;           /* 0: none */
	const char *argument; /* NULL: a flag */
	uint32_t set;
	enum kind kind;
	size_t offset;
	const char *help;
};

#define AT(member)                                                                                 \
	_Generic(((struct options *)0)->member, bool : FLAG, const char * : TEXT, struct many : MANY), \
		offsetof(struct options, member)

static const struct row_of_options table[] = {
	{"config", 'c', "FILE", OPTIONS_CONFIG, AT(config), "the configuration"},
	{"environment", 'e', "NAME", OPTIONS_CONFIG, AT(environment),
		"the configuration of an environment; else $TOKENPAM_ENV, else production"},
	{"plugin-path", 0, "PATH", OPTIONS_PLUGINS, AT(plugin_path),
		"folders for plugins, ':' between, where the configuration names none"},
	{"json", 0, NULL, OPTIONS_JSON, AT(json), "print JSON"},
	{"online", 0, NULL, OPTIONS_CHECK, AT(online),
		"have providers find out over the network whether they could decide"},
	{"trace", 0, NULL, OPTIONS_REQUEST | OPTIONS_TEST, AT(trace),
		"print each rule that was run"},
	{"tap", 0, NULL, OPTIONS_TEST, AT(tap), "print all tests, as the Test Anything Protocol"},
	{"matrix", 0, NULL, OPTIONS_SHOW, AT(matrix),
		"who may do what at the service, and what others lack"},
	{"dot", 0, NULL, OPTIONS_SHOW, AT(dot), "draw it, for Graphviz"},
	{"mermaid", 0, NULL, OPTIONS_SHOW, AT(mermaid), "draw it, for Mermaid"},
	{"audit", 0, NULL, OPTIONS_REQUEST, AT(audit),
		"write the decision into the configuration's audit"},
	{"repeat", 0, "NUMBER", OPTIONS_REQUEST, AT(repeat),
		"decide so many times, and say how often a kept verdict was found"},
	{"header", 0, "LINE", OPTIONS_REQUEST, AT(headers),
		"'Name: value', a header of the request; may be repeated"},
	{"header-file", 0, "FILE", OPTIONS_REQUEST, AT(header_file),
		"a file of such lines, which may hold credentials; '-' is standard input"},
	{"tenant", 0, "NAME", OPTIONS_REQUEST, AT(tenant), "the tenant that is asked for"},
	{"username", 0, "NAME", OPTIONS_REQUEST, AT(username), "the user that is asked for"},
	{"method", 0, "NAME", OPTIONS_REQUEST, AT(method), "the HTTP method"},
	{"url", 0, "URL", OPTIONS_REQUEST, AT(url), "the URL as the client sees it"},
	{"resource", 0, "URI", OPTIONS_REQUEST, AT(resource), "the resource indicator"},
	{"peer", 0, "ADDRESS", OPTIONS_REQUEST, AT(peer), "the client's address"},
	{"request-id", 0, "ID", OPTIONS_REQUEST, AT(request_id), "the request's name in logs"},
	{"tag", 0, "NAME", OPTIONS_REQUEST, AT(tags), "a tag of the tool; may be repeated"},
	{"arguments", 0, "JSON", OPTIONS_REQUEST, AT(arguments), "the tool's arguments, an object"},
	{"subject", 0, "NAME", OPTIONS_HASH, AT(subject), "whose token it is"},
	{"scopes", 0, "WORDS", OPTIONS_HASH, AT(scopes), "what it may do, blanks between"},
	{"expires", 0, "TIME", OPTIONS_HASH, AT(expires),
		"2027-01-01T00:00:00Z, or from now: 30d, 12h"},
	{"name", 0, "TEXT", OPTIONS_HASH, AT(name), "the subject's name for display"},
	{"generate", 0, "FILE", OPTIONS_HASH, AT(generate),
		"make a random token and write it to a new file"},
	{"weak", 0, NULL, OPTIONS_HASH, AT(weak), "take tokens shorter than 16 bytes"},
	{"key", 0, "FILE", OPTIONS_MINT, AT(key), "the private key, a JWK; '-' is standard input"},
	{"provider", 'p', "NAME", OPTIONS_MINT, AT(provider),
		"the provider that is to accept the token: issuer, typ and key are its"},
	{"tools", 0, "FILE", OPTIONS_CHECK, AT(tools),
		"tools that the host has, as MCP's tools/list answers or a name a line: which of "
		"them no rule covers"},
	{"service", 's', "NAME", OPTIONS_CHECK, AT(service), "the service whose tools they are"},
	{"service", 's', "NAME", OPTIONS_MINT, AT(service),
		"the service that the token is for: audience and provider are its"},
	{"iss", 0, "TEXT", OPTIONS_MINT, AT(issuer), "the issuer"},
	{"aud", 0, "TEXT", OPTIONS_MINT, AT(audiences), "an audience; may be repeated"},
	{"subject", 0, "NAME", OPTIONS_MINT, AT(subject), "whose token it is"},
	{"scope", 0, "WORDS", OPTIONS_MINT, AT(words),
		"what it may do, blanks between; may be repeated"},
	{"role", 0, "NAME", OPTIONS_MINT, AT(roles), "a role; may be repeated"},
	{"group", 0, "NAME", OPTIONS_MINT, AT(groups), "a group; may be repeated"},
	{"tenant", 0, "NAME", OPTIONS_MINT, AT(tenant), "the tenant"},
	{"client", 0, "NAME", OPTIONS_MINT, AT(client), "the client that it is issued to"},
	{"name", 0, "TEXT", OPTIONS_MINT, AT(name), "the subject's name for display"},
	{"claim", 0, "NAME=VALUE", OPTIONS_MINT, AT(claims),
		"any claim, in JSON or as text; may be repeated"},
	{"lifetime", 0, "TIME", OPTIONS_MINT, AT(lifetime),
		"how long it is valid: 90s, 15m, 1h, 30d"},
	{"jti", 0, "TEXT", OPTIONS_MINT, AT(token_id), "the token's own name, else a random one"},
	{"typ", 0, "TYPE", OPTIONS_MINT, AT(type),
		"typ of the header, else at+jwt; 'none' for none"},
	{"unsigned", 0, NULL, OPTIONS_MINT, AT(is_unsigned), "print the payload and sign nothing"},
	{"alg", 0, "NAME", OPTIONS_KEYGEN, AT(algorithm), "the algorithm of the key, else EdDSA"},
	{"bits", 0, "NUMBER", OPTIONS_KEYGEN, AT(bits),
		"RSA: 2048, else up to 4096; EdDSA: 448 for Ed448"},
	{"out", 0, "FILE", OPTIONS_KEYGEN, AT(out), "a new file for the private key"},
	{"public", 0, "FILE", OPTIONS_KEYGEN, AT(public_file),
		"a new file for the public key set, else standard output"},
	{"secret", 0, "FILE", OPTIONS_KEYGEN, AT(secret_file),
		"HS256 to HS512: a new file for the secret itself"},
	{"out", 0, "FILE", OPTIONS_INIT, AT(out), "a new file, else standard output"},
	{"jwks", 0, "FILE", OPTIONS_JWS, AT(jwks), "the key set"},
	{"alg", 0, "NAME", OPTIONS_JWS, AT(algorithms),
		"an algorithm that is allowed, else all but HS256 to HS512; may be repeated"},
	{"format", 0, "NAME", OPTIONS_EXPORT, AT(format),
		"json, which it is unless given, env or python"},
	{"compat", 0, NULL, OPTIONS_EXPORT, AT(compat),
		"leave out what cannot be said there, and list it"},
	{"base-url", 0, "URL", OPTIONS_EXPORT, AT(base_url),
		"where the server is, without /mcp; else as the service's resource has it"},
	{"from-environment", 0, NULL, OPTIONS_IMPORT, AT(from_environment),
		"read the variables of the environment"},
	{"service", 's', "NAME", OPTIONS_IMPORT, AT(service), "the service's name, else mcp"},
	{"aud", 0, "TEXT", OPTIONS_IMPORT, AT(audiences),
		"what tokens are made for, where nothing says so; may be repeated"},
	{"iss", 0, "TEXT", OPTIONS_IMPORT, AT(issuer), "the issuer, where nothing says so"},
	{"public", 0, "FILE", OPTIONS_IMPORT, AT(public_file),
		"a new file for a public key that stands among the settings"},
	{"key-file", 0, "FILE", OPTIONS_AUDIT, AT(key_files),
		"verify: a file with the chain_key; may be repeated"},
	{"verbose", 'v', NULL, OPTIONS_COMMON, AT(verbose), "show warnings and the log"},
	{"help", 'h', NULL, OPTIONS_COMMON, AT(help), "print this"},
};

#define ROW_COUNT  (sizeof(table) / sizeof(table[0]))
#define LONG_VALUE 256 /* getopt's value of row 0, above all letters */

static bool takes(const struct verb *verb, const struct row_of_options *row)
{
	return ((verb->options | OPTIONS_COMMON) & row->set) != 0;
}

void options_each(const struct verb *verb, void (*visit)(void *data, const struct option_row *row),
	void *data)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row_of_options *row = &table[i];
		if (verb && !takes(verb, row))
			continue;
		visit(data, &(struct option_row){.name = row->name,
				    .letter = row->letter,
				    .argument = row->argument,
				    .help = row->help,
				    .many = row->kind == MANY});
	}
}

void print_options(FILE *file, const struct verb *verb)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row_of_options *row = &table[i];
		char left[32];
		if (!takes(verb, row))
			continue;
		snprintf(left, sizeof(left), "--%s%s%s", row->name, row->argument ? " " : "",
			row->argument ? row->argument : "");
		fprintf(file, row->letter ? "  -%c, %-18s  %s\n" : "  %c   %-18s  %s\n",
			row->letter ? row->letter : ' ', left, row->help);
	}
}

/* Fills what getopt_long() wants for one verb. */
static void prepare(const struct verb *verb, char letters[], struct option longs[])
{
	*letters++ = ':';
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row_of_options *row = &table[i];
		if (!takes(verb, row))
			continue;
		*longs++ = (struct option){.name = row->name,
			.has_arg = row->argument ? required_argument : no_argument,
			.val = LONG_VALUE + (int)i};
		if (row->letter)
			*letters++ = (char)row->letter;
		if (row->letter && row->argument)
			*letters++ = ':';
	}
	*letters = '\0';
	*longs = (struct option){0};
}

static const struct row_of_options *find_row(int value)
{
	if (value >= LONG_VALUE)
		return &table[value - LONG_VALUE];
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (table[i].letter == value)
			return &table[i];
	return NULL;
}

/* `word` is what stands on the command line; what follows '=' may be a secret. */
static int unknown_option(const struct verb *verb, const char *word)
{
	const char *names[ROW_COUNT + 1] = {NULL};
	char name[64], buffer[QUOTE_SIZE];
	size_t count = 0;

	for (size_t i = 0; i < ROW_COUNT; i++)
		if (takes(verb, &table[i]))
			names[count++] = table[i].name;
	size_t length = strcspn(word, "=");
	if (length >= sizeof(name))
		return misuse(verb, "got an unknown option of %zu bytes", length);
	memcpy(name, word, length);
	name[length] = '\0';
	const char *meant = length > 2 ? nearest(name + 2, names) : NULL;
	if (meant)
		return misuse(verb,
			"got option %s, expected one that the verb takes; did you mean \"--%s\"?",
			quote_operand(buffer, name), meant);
	return misuse(verb, "got option %s, expected one that the verb takes",
		quote_operand(buffer, name));
}

static int report_bad_option(const struct verb *verb, int value, const char *word)
{
	const struct row_of_options *row = optopt ? find_row(optopt) : NULL;

	if (row && value == ':')
		return misuse(verb, "--%s: got nothing, expected %s", row->name, row->argument);
	if (row && optopt >= LONG_VALUE)
		return misuse(verb, "--%s: got a value, expected none", row->name);
	if (optopt && word[1] != '-')
		return misuse(verb, "got option \"-%c\", expected one that the verb takes",
			optopt >= 0x20 && optopt < 0x7f ? optopt : '?');
	return unknown_option(verb, word);
}

static int store(struct options *options, const struct row_of_options *row)
{
	void *member = (char *)options + row->offset;

	if (row->kind == FLAG) {
		*(bool *)member = true;
		return EXIT_ACCEPTED;
	}
	if (row->kind == MANY) {
		struct many *many = member;
		many->list[many->count++] = optarg;
		return EXIT_ACCEPTED;
	}
	const char **text = member;
	if (*text)
		return misuse(options->verb, "got --%s twice", row->name);
	*text = optarg;
	return EXIT_ACCEPTED;
}

static int check_operands(const struct options *options)
{
	const struct verb *verb = options->verb;

	if (options->config && options->environment)
		return misuse(verb, "got --config and --environment, expected one of them");
	if (options->operand_count < verb->least)
		return misuse(verb, "got too few operands");
	if (options->operand_count > verb->most)
		return misuse(verb, "got too many operands");
	return EXIT_ACCEPTED;
}

/* No list can get longer than argv. */
static bool make_room(struct options *options, size_t most)
{
	options->room = calloc(ROW_COUNT * (most + 1), sizeof(*options->room));
	if (!options->room)
		return false;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		void *member = (char *)options + table[i].offset;
		if (table[i].kind == MANY)
			((struct many *)member)->list = options->room + i * (most + 1);
	}
	return true;
}

int options_parse(struct options *options, const struct verb *verb, int argc, char **argv)
{
	struct option longs[ROW_COUNT + 1];
	char letters[2 * ROW_COUNT + 2];
	int value;

	*options = (struct options){.verb = verb};
	if (!make_room(options, (size_t)argc))
		return fail_memory();
	prepare(verb, letters, longs);
	opterr = 0;
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct row_of_options *row = find_row(value);
		if (value == '?' || value == ':' || !row)
			return report_bad_option(verb, value, argv[optind - 1]);
		int code = store(options, row);
		if (code != EXIT_ACCEPTED)
			return code;
	}
	options->operands = argv + optind;
	options->operand_count = (size_t)(argc - optind);
	return options->help ? EXIT_ACCEPTED : check_operands(options);
}

void options_finish(struct options *options)
{
	free(options->room);
	options->room = NULL;
}
