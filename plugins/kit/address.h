/*
 * address.h - is an address one that the whole Internet shares.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_ADDRESS_H
#define KIT_ADDRESS_H

#include <stdbool.h>

#include <sys/socket.h>

/* NULL if the address is public; else what it is, for "got ...". */
const char *address_oddity(const struct sockaddr *address);
bool address_is_loopback(const struct sockaddr *address);

/* Reads a numeric address, a zone ("%eth0") allowed. False if it is none. */
bool address_read(struct sockaddr_storage *ret, const char *text);

#endif
