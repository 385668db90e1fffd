/*
 * minting.h - tokens made and signed as options say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_MINTING_H
#define CLI_MINTING_H

#include "options.h"
#include "target.h"

/*
 * The token that the options and what a provider wants make together; with is_unsigned its payload. To be freed by
 * tpam_kit_free(). EXIT_ACCEPTED, or EXIT_MISUSED after a message.
 */
int minting_make(char **ret_token, const struct options *options, const struct target *target);

#endif
