/*
 * stacks.h - random stacks, and what each side makes of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_DIFFERENTIAL_STACKS_H
#define TESTS_DIFFERENTIAL_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <tokenpam/codes.h>

#define STACKS_MAX  5 /* the first is the service's */
#define LINES_MAX   5
#define NAMES_MAX   3
#define TARGETS_MAX (STACKS_MAX * LINES_MAX * NAMES_MAX)
#define PAIRS_MAX   8
#define RUNS_MAX    4096

/* A return code that neither side knows. */
#define ALIEN 99

enum kind { KIND_RULE, KIND_INCLUDE, KIND_SUBSTACK };

/* Actions have no number of ours here: the test does not share the tables of what it tests. */
enum verb { VERB_IGNORE, VERB_OK, VERB_DONE, VERB_BAD, VERB_DIE, VERB_RESET, VERB_JUMP };

struct pair {
	int32_t outcome; /* 0: default */
	enum verb verb;
	int32_t jump;
};

/* What a line names: a module with what it returns, or a stack. */
struct target {
	size_t number; /* of the module, or of the stack */
	int32_t outcome;
	bool pends; /* the first time it is called */
};

struct line {
	enum kind kind;
	int keyword; /* index of a control word; -1: pairs */
	struct pair pairs[PAIRS_MAX];
	size_t pair_count;
	struct target targets[NAMES_MAX];
	size_t target_count;
};

struct stack {
	struct line lines[LINES_MAX];
	size_t count;
};

struct stacks {
	struct stack list[STACKS_MAX];
	size_t count;
	size_t modules;
	bool alien; /* some module returns ALIEN */
};

/* A run: the code, and the modules called in their order. */
struct run {
	int32_t code; /* an outcome */
	size_t calls[RUNS_MAX];
	size_t count;
	bool pended[TARGETS_MAX];
};

/* Notes a call; what the module returns, TPAM_PENDING and ALIEN included. */
int32_t run_call(struct run *run, const struct target *target);

/* generate.c; `state` is the generator's, never 0. Without `wild` no module pends or returns ALIEN. */
void stacks_generate(struct stacks *stacks, uint64_t *state, bool wild);

/* write.c: a stack as libpam's file and as the INI's section; names of providers are p1, p2 ..., of stacks s1, s2 ... */
void stack_write_pam(FILE *file, const struct stacks *stacks, size_t stack, const char *folder);
void stack_write_ini(FILE *file, const struct stacks *stacks, size_t stack);

/* model.c: whether a configuration must be refused, decided on the lines as they are written. */
bool stacks_refused(const struct stacks *stacks);

/* Those that `stack` leads to, itself too. What the service does not reach is for others to test. */
void stacks_mark_reached(const struct stacks *stacks, size_t stack, bool reached[STACKS_MAX]);

/* pam.c: what libpam makes of the files in `folder`; false if it does not even start. The module that is loaded calls probe_call(). */
bool pam_run(struct run *run, const struct stacks *stacks, const char *folder);

/* The outcome that a code of libpam's stands for, and back. -1: none. */
int32_t pam_to_outcome(int code);
int outcome_to_pam(int32_t outcome);
const char *outcome_pam_word(int32_t outcome);

/* The same code (where a module returned ALIEN, ours is `error` and libpam's `denied`) and order of calls. */
bool runs_agree(const struct run *ours, const struct run *pams, bool alien);

/* A folder for the files, below $TMPDIR or /dev/shm; removed with all that is in it at exit. */
const char *scratch_folder(void);
FILE *scratch_open(const char *name);
void scratch_write(const struct stacks *stacks);

/* For whoever must look into a difference. */
void stacks_print(const struct stacks *stacks, const struct run *ours, const struct run *pams);

#endif
