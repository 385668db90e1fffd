/*
 * payload.h - the claims of a token, as the command line says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_PAYLOAD_H
#define CLI_PAYLOAD_H

#include "options.h"
#include "target.h"

/* The claims as JSON, to be freed by tpam_kit_free(). EXIT_ACCEPTED, or EXIT_MISUSED after a message. */
int payload_build(char **ret_payload, const struct options *options, const struct target *target);

#endif
