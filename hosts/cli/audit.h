/*
 * audit.h - what 'tokenpam audit' can do with files of an audit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_AUDIT_H
#define CLI_AUDIT_H

#include "options.h"

/* Each is given the files, and returns the exit code after what it printed. */
int audit_verify(const struct options *options, char *const files[], size_t count);
int audit_unused(const struct options *options, char *const files[], size_t count);

#endif
