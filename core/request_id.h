/*
 * request_id.h - names for requests that have none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_REQUEST_ID_H
#define CORE_REQUEST_ID_H

#include <stdbool.h>

#define REQUEST_ID_SIZE 33 /* 128 bits in hexadecimal, and a NUL */

/* Unlike all others, of whatever thread or process, and not to be foreseen. False if the system has no random numbers. */
bool request_id_make(char ret[REQUEST_ID_SIZE]);

#endif
