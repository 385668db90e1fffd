/*
 * verify.h - the parts of 'tokenpam verify': headers in, results out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include <jansson.h>

#include <tokenpam/tokenpam.h>

#include "options.h"

/* Adds the headers of --header and --header-file. EXIT_ACCEPTED, or the exit code after a message. */
int headers_add(struct tpam_request *request, const struct options *options);

/* What deciding many times came to. */
struct repeat {
	unsigned long count;  /* 1: --repeat was not given */
	unsigned long cached; /* verdicts that were kept were found */
	int64_t first;        /* nanoseconds of the first */
	int64_t others;       /* of each other, on average */
};

/* EXIT_ACCEPTED, or the exit code after a message. */
int repeat_read(struct repeat *repeat, const struct options *options);

/* Decides; the last result is handed out. A code of the library. */
int repeat_decide(struct repeat *repeat, struct tpam_engine *engine,
	const struct tpam_request *request, struct tpam_result **ret);

/* Prints what it came to, if it was more than once. */
void repeat_print(const struct repeat *repeat);
json_t *repeat_json(const struct repeat *repeat);

/* Prints a result for people. */
void result_print(const struct tpam_result *result);

/* Prints its trace as a tree. */
void tree_print(const struct tpam_result *result);

#endif
