/*
 * tokens.c - reads the file of tokens, line by line, and finds a token in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tokens.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#define HASH_WORD  "sha256:"
#define HASH_FORM  "sha256: and 64 hexadecimal digits, as 'tokenpam hash' prints"
#define FIELD_FORM "a field that tokenpam-static(8) names, such as subject=WHO"

/* Where in which file we are. */
struct reader {
	const struct tpam_host *host;
	struct tpam_instance *instance;
	const char *path;
	const char *text; /* of the line */
	uint32_t line;
	bool failed; /* this line was reported */
	bool no_memory;
};

static void problem(struct reader *reader, const char *at, const char *got, const char *expected)
{
	uint32_t column = (uint32_t)(at - reader->text) + 1;
	reader->host->problem_at(
		reader->instance, reader->path, reader->line, column, got, expected);
	reader->failed = true;
}

static int digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* What stands in place of a hash may be the token itself, so it is not repeated. */
static void read_hash(struct reader *reader, struct token *token, const char *word, size_t length)
{
	const char *hex = word + strlen(HASH_WORD);
	if (length != strlen(HASH_WORD) + 2 * (size_t)TOKEN_HASH_SIZE ||
		memcmp(word, HASH_WORD, strlen(HASH_WORD)) != 0) {
		problem(reader, word, "a word of another form", HASH_FORM);
		return;
	}
	for (size_t i = 0; i < TOKEN_HASH_SIZE; i++) {
		int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
		if (high < 0 || low < 0) {
			problem(reader, hex + 2 * i, "something else", "a hexadecimal digit");
			return;
		}
		token->hash[i] = (unsigned char)(high << 4 | low);
	}
}

/* Takes NAME=VALUE or NAME="VALUE" off the line: NULL after a problem, else what follows. */
static char *split_value(struct reader *reader, char *value, char **ret_text)
{
	char *end;
	if (*value != '"') {
		end = value + strcspn(value, " \t");
		if (memchr(value, '"', (size_t)(end - value))) {
			problem(reader, value, "a quote inside a value",
				"it around the whole value");
			return NULL;
		}
	} else {
		end = strchr(++value, '"');
		if (!end || (end[1] && end[1] != ' ' && end[1] != '\t')) {
			problem(reader, value - 1, end ? "text after the quote" : "an open quote",
				"a blank after the closing quote");
			return NULL;
		}
		*end++ = '\0';
	}
	*ret_text = value;
	if (!*end)
		return end;
	*end = '\0';
	return end + 1;
}

static char *read_field(struct reader *reader, struct token *token, char *word)
{
	size_t length = strcspn(word, "= \t");
	enum token_field field = token_field_find(word, length);
	char *text = NULL;
	if (word[length] != '=' || field == TOKEN_FIELDS) {
		problem(reader, word, "another word", FIELD_FORM);
		return NULL;
	}
	char *next = split_value(reader, word + length + 1, &text);
	if (!next)
		return NULL;
	if (token->values[field]) {
		problem(reader, word, "a field twice", "it once");
		return next;
	}
	const char *expected = token_field_read(token, field, text, &reader->no_memory);
	if (expected)
		problem(reader, text, text, expected);
	return next;
}

static void read_line(struct reader *reader, struct token *token, char *line)
{
	char *at = line + strspn(line, " \t");
	size_t length = strcspn(at, " \t");
	read_hash(reader, token, at, length);
	at += length;
	while (at && !reader->no_memory && *(at += strspn(at, " \t")))
		at = read_field(reader, token, at);
	if (at && !token->values[TOKEN_SUBJECT] && !reader->failed && !reader->no_memory)
		problem(reader, at, NULL, "subject=WHO");
}

static void token_finish(struct token *token)
{
	for (size_t i = 0; i < TOKEN_FIELDS; i++)
		free(token->values[i]);
	OPENSSL_cleanse(token, sizeof(*token));
}

/* Capacities are powers of two and follow from the count. */
static bool tokens_reserve(struct tokens *tokens)
{
	size_t count = tokens->count;
	if (count > 0 && (count & (count - 1)) != 0)
		return true;
	struct token *list = calloc(count ? count * 2 : 1, sizeof(*list));
	if (!list)
		return false;
	if (count) {
		memcpy(list, tokens->list, count * sizeof(*list));
		OPENSSL_cleanse(tokens->list, count * sizeof(*list));
		free(tokens->list);
	}
	tokens->list = list;
	return true;
}

static void add_line(struct tokens *tokens, struct reader *reader, char *line, size_t length)
{
	struct token token = {.path = reader->path, .line = reader->line};
	reader->text = line;
	reader->failed = false;
	const char *first = line + strspn(line, " \t");
	if (*first == '#' || (!*first && strlen(line) == length))
		return;
	if (strlen(line) != length)
		problem(reader, line + strlen(line), "a NUL byte", "text");
	else if (length > TOKENS_LINE_MAX)
		problem(reader, line, "a longer line", "at most 4096 bytes");
	else if (tokens->count == TOKENS_MAX)
		problem(reader, line, "more tokens", "at most 10000");
	else
		read_line(reader, &token, line);
	if (!reader->failed && !reader->no_memory && tokens_reserve(tokens))
		tokens->list[tokens->count++] = token;
	else {
		reader->no_memory |= !reader->failed;
		token_finish(&token);
	}
}

static void read_lines(struct tokens *tokens, struct reader *reader, char *text, size_t length)
{
	char *end = text + length;
	while (text < end && !reader->no_memory) {
		char *stop = memchr(text, '\n', (size_t)(end - text));
		stop = stop ? stop : end;
		*stop = '\0';
		reader->text = text;
		if (++reader->line > TOKENS_LINES_MAX) {
			problem(reader, text, "more lines", "at most 10000");
			return;
		}
		add_line(tokens, reader, text, (size_t)(stop - text));
		text = stop + 1;
	}
}

/* Why a file cannot be read at all. */
static const char *read_fault(int32_t code)
{
	switch (code) {
	case TPAM_E_LIMIT:
		return "a file of at most 1 MiB";
	case TPAM_E_CONFIG:
		return "a file that only its owner may write and not everybody may read";
	default:
		return errno == ENOENT ? "a file that is there" : "a regular file that can be read";
	}
}

int32_t tokens_read(struct tokens *tokens, const struct tpam_host *host,
	struct tpam_instance *instance, const char *path)
{
	struct reader reader = {.host = host, .instance = instance, .path = path, .text = ""};
	char *bytes = NULL;
	uint64_t length = 0;
	int32_t code =
		host->read_file(instance, path, TPAM_FILE_SECRET, TOKENS_FILE_MAX, &bytes, &length);
	if (code == TPAM_E_MEMORY)
		return code;
	if (code != TPAM_OK) {
		for (uint32_t i = 0; i < host->option_count(instance, "tokens"); i++)
			if (strcmp(host->option_text(instance, "tokens", i), path) == 0)
				host->problem(instance, "tokens", i, path, read_fault(code));
		return TPAM_OK;
	}
	read_lines(tokens, &reader, bytes, (size_t)length);
	host->release(bytes, length);
	return reader.no_memory ? TPAM_E_MEMORY : TPAM_OK;
}

static int compare(const void *left, const void *right)
{
	const struct token *one = left, *other = right;
	int order = memcmp(one->hash, other->hash, TOKEN_HASH_SIZE);
	if (order != 0)
		return order;
	order = strcmp(one->path, other->path);
	return order ? order : one->line < other->line ? -1 : one->line > other->line;
}

void tokens_sort(
	struct tokens *tokens, const struct tpam_host *host, struct tpam_instance *instance)
{
	if (tokens->count > 1)
		qsort(tokens->list, tokens->count, sizeof(*tokens->list), compare);
	for (size_t i = 1; i < tokens->count; i++) {
		const struct token *token = tokens->list + i;
		if (memcmp(token[-1].hash, token->hash, TOKEN_HASH_SIZE) == 0)
			host->problem_at(instance, token->path, token->line, 1,
				"a hash for the second time", "each hash once");
	}
}

const struct token *tokens_find(
	const struct tokens *tokens, const unsigned char hash[TOKEN_HASH_SIZE])
{
	size_t found = 0; /* index + 1; written in every round, so that no round is quicker */
	for (size_t i = 0; i < tokens->count; i++) {
		size_t differs = CRYPTO_memcmp(tokens->list[i].hash, hash, TOKEN_HASH_SIZE) != 0;
		size_t mask = differs - 1; /* all ones where it is the one */
		found = (found & ~mask) | ((i + 1) & mask);
	}
	return found ? tokens->list + found - 1 : NULL;
}

void tokens_finish(struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->count; i++)
		token_finish(tokens->list + i);
	free(tokens->list);
	*tokens = (struct tokens){.list = NULL};
}
