/*
 * keys.h - where the keys of a bearer section come from.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BEARER_KEYS_H
#define BEARER_KEYS_H

#include "config.h"

/* In open(): reads what is configured, or prepares for what the issuer publishes. Reports problems. */
int keys_open(struct bearer *bearer);
void keys_close(struct bearer *bearer);

#endif
