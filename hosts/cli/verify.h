/*
 * verify.h - the parts of 'tokenpam verify': headers in, results out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include <tokenpam/tokenpam.h>

#include "options.h"

/* Adds the headers of --header and --header-file. EXIT_ACCEPTED, or the exit code after a message. */
int headers_add(struct tpam_request *request, const struct options *options);

/* Prints a result for people. */
void result_print(const struct tpam_result *result);

/* Prints its trace as a tree. */
void tree_print(const struct tpam_result *result);

#endif
