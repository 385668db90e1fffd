/*
 * check_tools.h - 'tokenpam check --tools'.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_CHECK_TOOLS_H
#define CLI_CHECK_TOOLS_H

#include <tokenpam/tokenpam.h>

#include "options.h"

/* Warns of each tool in the file that no rule of the service covers. EXIT_ACCEPTED, or EXIT_MISUSED after a message. */
int check_tools(struct tpam_engine *engine, const struct options *options);

#endif
