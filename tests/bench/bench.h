/*
 * bench.h - what a contestant tells the driver: its rows, and for each how one token is verified.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#define BENCH_ISSUER   "https://login.example.com"
#define BENCH_AUDIENCE "https://notes.example.com"
#define BENCH_SCOPE    "notes.read"
#define BENCH_SCHEME   "Bearer "

/* The tokens of one algorithm, and the key that verifies them; lives as long as the program. */
struct bench_material {
	const char *folder;
	const char *alg;
	char *pem;     /* the public key */
	char *jwk;     /* the same; the set of it is in FOLDER/ALG.jwks */
	char **tokens; /* BENCH_SCHEME stands before each of them, as a client sends it */
	size_t count;
	struct bench_bad {
		const char *token; /* the same stands here */
		const char *what;  /* "an expired token" */
	} bad[16];
	size_t bad_count;
};

/*
 * A row of the table. What open() makes is shared by all threads, what begin() makes belongs to one; without begin()
 * a thread gets what open() made.
 */
struct bench_row {
	const char *name;
	bool signature_only; /* it looks at no claim */
	size_t tokens;       /* over how many different ones it goes; 0: one */
	void *(*open)(const struct bench_row *row,
		const struct bench_material *material); /* NULL: it cannot */
	void *(*begin)(void *shared);
	void (*end)(void *state);
	bool (*verify)(void *state, const char *token);
};

/* Something else to measure, once for each time it is asked for. Below 0: it cannot. */
struct bench_figure {
	const char *name;
	double (*measure)(const struct bench_material *material, const char *program);
};

/* Each contestant has both; the last has no name. */
extern const struct bench_row bench_rows[];
extern const struct bench_figure bench_figures[];

/* NULL, and says so on standard error, if a file is not there. */
const struct bench_material *bench_material(const char *folder, const char *alg);

/* A file as text, to be freed; NULL, and says so on standard error, if it cannot be read. */
char *bench_read(const char *folder, const char *name, const char *suffix);

/* Nanoseconds of a processor's time that this thread has had. */
double bench_used(void);

#endif
