/*
 * stranger.h - a token that nobody ever issued, to see what an endpoint says of one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_STRANGER_H
#define KIT_STRANGER_H

#include <stdbool.h>

#define STRANGER_SIZE 33

/* False where there are no random bytes to be had. */
bool stranger_make(char ret[STRANGER_SIZE]);

#endif
