/*
 * tokens.h - the file of tokens: a hash and who has it, a line each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef STATIC_TOKENS_H
#define STATIC_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/provider.h>

#define TOKEN_HASH_SIZE  32 /* of SHA-256 */
#define TOKENS_MAX       10000
#define TOKENS_FILE_MAX  (1024 * 1024)
#define TOKENS_LINE_MAX  4096
#define TOKENS_LINES_MAX 10000

/* What a line may say, in the order in which the manual page has it. */
enum token_field {
	TOKEN_SUBJECT,
	TOKEN_SCOPES,
	TOKEN_EXPIRES,
	TOKEN_NAME,
	TOKEN_USERNAME,
	TOKEN_EMAIL,
	TOKEN_TENANT,
	TOKEN_ROLES,
	TOKEN_GROUPS,
	TOKEN_CLIENT_ID,
	TOKEN_FIELDS
};

struct token {
	unsigned char hash[TOKEN_HASH_SIZE];
	char *values[TOKEN_FIELDS]; /* NULL: not said; lists with ',' between */
	int64_t expires;            /* seconds since 1970, where said */
	const char *path;           /* of the file, which is an option */
	uint32_t line;
};

struct tokens {
	struct token *list; /* sorted by hash once all files are read */
	size_t count;
};

/*
 * Reads the file at `path`, and reports all that is wrong in it. `path` must outlive the tokens. TPAM_OK, also with problems
 * reported, or TPAM_E_MEMORY.
 */
int32_t tokens_read(struct tokens *tokens, const struct tpam_host *host,
	struct tpam_instance *instance, const char *path);

/* Sorts them, and reports those that are there twice. */
void tokens_sort(
	struct tokens *tokens, const struct tpam_host *host, struct tpam_instance *instance);

/* The token of that hash, NULL if there is none. Takes as long whichever it is. */
const struct token *tokens_find(
	const struct tokens *tokens, const unsigned char hash[TOKEN_HASH_SIZE]);

/* Wipes and frees. */
void tokens_finish(struct tokens *tokens);

/* Sets the fields of the identity in a call. */
void token_identify(
	const struct token *token, const struct tpam_host *host, struct tpam_call *call);

/*
 * Reads one field of a line, `text` its value without quotes. NULL if it is fine, else what was expected. token_field.c.
 */
const char *token_field_read(
	struct token *token, enum token_field field, const char *text, bool *no_memory);

/* The field of that name, TOKEN_FIELDS if there is none. */
enum token_field token_field_find(const char *name, size_t length);

/* Element by element of a list: begins at *at, NULL at its end. */
const char *token_element(const char **at, size_t *ret_length);

#endif
