/*
 * cli.h - what every file of the program shares: exit codes, verbs, messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What the program ends with. Scripts rely on them; tokenpam(1) lists them. */
enum exit_code {
	EXIT_ACCEPTED = 0, /* accepted, or done, or nothing to complain about */
	EXIT_REFUSED = 1,  /* refused; for diff: different */
	EXIT_UNKNOWN = 2,  /* could not find out */
	EXIT_MISUSED = 3   /* misconfigured or misused, or the output could not be written */
};

struct options;

/* One verb. */
struct verb {
	const char *name;
	const char *operands; /* for the usage line */
	const char *summary;  /* half a sentence for the list of verbs */
	const char *help;     /* paragraphs for 'help VERB' */
	uint32_t options;     /* bits of enum option_set */
	uint32_t least;       /* operands */
	uint32_t most;
	int (*run)(const struct options *options);
};

extern const struct verb verb_verify, verb_check, verb_show, verb_diff, verb_plugin, verb_explain,
	verb_hash, verb_mint, verb_keygen, verb_inspect, verb_jws, verb_init, verb_export,
	verb_import, verb_test, verb_audit, verb_why, verb_replay;

/* Print "tokenpam: ..." on standard error and return EXIT_MISUSED; misuse() adds the verb and its usage line. */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
int misuse(const struct verb *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));
int fail_memory(void);

/* The usage line of a verb. */
void print_usage(FILE *file, const struct verb *verb);

/*
 * `text` in double quotes for a message, cut at 80 bytes, control characters as \xNN. quote_operand() shows only the
 * first four characters of what may be a token that somebody typed where a name belongs.
 */
#define QUOTE_SIZE 344
const char *quote(char buffer[QUOTE_SIZE], const char *text);
const char *quote_operand(char buffer[QUOTE_SIZE], const char *text);

/* Prints text from outside: control characters, which a terminal would obey, as \xNN. */
void print_text(FILE *file, const char *text);

/* The candidate that `text` was probably meant to be, NULL if none is near. `candidates` is NULL-terminated. */
const char *nearest(const char *text, const char *const *candidates);

#endif
