/*
 * complete.h - scripts with which shells complete command lines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli.h"

/* Prints the script for a shell. `verbs` is NULL-terminated. */
int complete(const struct verb *const *verbs, const char *shell);

#endif
