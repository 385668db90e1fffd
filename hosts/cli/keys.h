/*
 * keys.h - keys from files, and what the kit says of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include <tokenpam/kit.h>

/* Prints why the kit refused something. EXIT_MISUSED. `label` may be NULL. */
int fail_fault(const char *label, const struct tpam_fault *fault);

/*
 * The private key in a file that others cannot read, or with "-" in standard input. EXIT_ACCEPTED, or EXIT_MISUSED after a message.
 */
int keys_read_private(struct tpam_signer **ret_signer, const char *path);

/* Complains about an algorithm that is not known, with the name that was probably meant. EXIT_MISUSED. */
struct verb;
int fail_algorithm(const struct verb *verb, const char *name);

#endif
