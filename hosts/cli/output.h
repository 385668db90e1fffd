/*
 * output.h - how results look: colours, aligned tables, JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

enum colour { COLOUR_GOOD, COLOUR_BAD, COLOUR_DOUBT, COLOUR_STRONG, COLOUR_FAINT };

/* Switches colours on if standard output is a terminal that has them and nobody objects. */
void colour_init(void);

/* Prints text on standard output in a colour; text from outside is made harmless. */
void colour_print(enum colour colour, const char *text);

/* Rows of two columns that print_table() aligns. */
struct row {
	char *left;
	char *right; /* NULL: nothing */
};

struct table {
	struct row *rows;
	size_t count;
	size_t room;
	bool failed; /* without memory: print_table() says so */
};

/* Adds a row; `right` is copied and may be NULL. */
void table_add(struct table *table, const char *right, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Columns that UTF-8 text takes, near enough for names. */
size_t text_columns(const char *text);

/* Prints the rows with the right column faint, and empties the table. EXIT_ACCEPTED or EXIT_MISUSED. */
int print_table(struct table *table);
void table_finish(struct table *table);

/* To be called before anything uses JSON: from then on running out of memory in it ends the program. */
void json_init(void);

/* Prints a value on standard output, indented by two. EXIT_ACCEPTED or EXIT_MISUSED. */
int print_json(const json_t *value);

/* Parses what the library gave and frees it. EXIT_ACCEPTED, or EXIT_MISUSED after a message. */
int take_json(char *text, json_t **ret_value);

/* The string member `key`, NULL if there is none. */
const char *text_member(const json_t *object, const char *key);

/* A value as text: strings as they are, arrays with blanks between. To be freed; NULL without memory. */
char *plain_text(const json_t *value);

/* A time as "2027-01-01T00:00:00Z" in the caller's buffer; NULL if it has no such form. */
#define TIME_SIZE 32
const char *time_text(char buffer[TIME_SIZE], int64_t seconds);

#endif
