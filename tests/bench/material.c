/*
 * material.c - keys and tokens that the runner has made.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define ALGS    8
#define BAD_MAX (sizeof((struct bench_material *)0)->bad / sizeof(struct bench_bad))

char *bench_read(const char *folder, const char *name, const char *suffix)
{
	char path[4096];
	char *text = NULL;
	size_t size = 0;

	(void)snprintf(path, sizeof(path), "%s/%s%s", folder, name, suffix);
	FILE *file = fopen(path, "r");
	/* Up to a byte that no text has. */
	if (!file || getdelim(&text, &size, '\0', file) < 0) {
		perror(path);
		free(text);
		text = NULL;
	}
	if (file)
		(void)fclose(file);
	return text;
}

static void *need(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

/* With the scheme before it, where the host finds it; for as long as the program runs. */
static char *keep(const char *token)
{
	size_t size = sizeof(BENCH_SCHEME) + strlen(token);
	char *header = need(malloc(size));

	(void)snprintf(header, size, BENCH_SCHEME "%s", token);
	return header + strlen(BENCH_SCHEME);
}

static void read_tokens(struct bench_material *material, char *text)
{
	char *line;
	size_t room = 0;

	while ((line = strsep(&text, "\n")) && *line) {
		if (material->count == room) {
			room = room ? 2 * room : 64;
			material->tokens = need(realloc(material->tokens, room * sizeof(char *)));
		}
		material->tokens[material->count++] = keep(line);
	}
}

/* "TOKEN what it is", a line each. */
static void read_bad(struct bench_material *material, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")) && *line && material->bad_count < BAD_MAX) {
		struct bench_bad *bad = &material->bad[material->bad_count++];
		bad->token = keep(strsep(&line, " "));
		bad->what = line;
	}
}

static struct bench_material *load(const char *folder, const char *alg)
{
	struct bench_material *material = need(calloc(1, sizeof(*material)));
	char *tokens = bench_read(folder, alg, ".tokens");
	char *bad = bench_read(folder, alg, ".bad");

	material->folder = folder;
	material->alg = need(strdup(alg));
	material->pem = bench_read(folder, alg, ".pem");
	material->jwk = bench_read(folder, alg, ".jwk");
	if (!tokens || !bad || !material->pem || !material->jwk)
		return NULL;
	read_tokens(material, tokens);
	read_bad(material, bad);
	free(tokens);
	return material->count > 0 && material->bad_count > 0 ? material : NULL;
}

const struct bench_material *bench_material(const char *folder, const char *alg)
{
	static struct bench_material *loaded[ALGS];

	for (size_t i = 0; i < ALGS; i++) {
		if (!loaded[i])
			return loaded[i] = load(folder, alg);
		if (strcmp(loaded[i]->alg, alg) == 0)
			return loaded[i];
	}
	return NULL;
}
