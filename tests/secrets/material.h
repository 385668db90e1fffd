/*
 * material.h - secrets that nobody has seen before, in files of the sandbox, and a configuration that has them all.
 *
 * Made in a process of its own, so that whoever looks for them in itself has not made them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_SECRETS_MATERIAL_H
#define TESTS_SECRETS_MATERIAL_H

#include <stdbool.h>

/* How a configuration has its secrets. */
enum way { WAY_FILE, WAY_ENV, WAY_CRED, WAY_CLEAR, WAYS };

#define MATERIAL_INI "material.ini"

/* Values of options, each in the file of its name; NULL-terminated. */
extern const char *const material_options[];

/* What programs make of them, and credentials; as well. */
extern const char *const material_made[];

/* The private key as OpenSSL keeps it, in this file. */
#define MATERIAL_NUMBER "number"

/* Writes all files. `port`: of this machine, where nobody answers. */
void material_write(enum way way, int port);

#endif
