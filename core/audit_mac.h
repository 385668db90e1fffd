/*
 * audit_mac.h - what only who has a key can make: of records, and of what should be known again but not read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_MAC_H
#define CORE_AUDIT_MAC_H

#include <stdbool.h>
#include <stddef.h>

#define AUDIT_MAC_DIGITS 32 /* 128 bits of HMAC with SHA-256, in hexadecimal digits (RFC 4868) */
#define AUDIT_MAC_SIZE   (AUDIT_MAC_DIGITS + 1)
#define AUDIT_KEY_MIN    16

/* A key that any number of threads may use at once, also after a fork. */
struct audit_mac;

/* NULL without memory. */
struct audit_mac *audit_mac_create(const void *key, size_t length);

/* With a key that nobody knows. NULL without memory or randomness. */
struct audit_mac *audit_mac_create_random(void);

/* Another one with the same key. NULL without memory. */
struct audit_mac *audit_mac_copy(const struct audit_mac *mac);
void audit_mac_destroy(struct audit_mac *mac);

/* False without memory. */
bool audit_mac_make(
	const struct audit_mac *mac, char ret[AUDIT_MAC_SIZE], const void *bytes, size_t length);

/* In constant time; `other` has AUDIT_MAC_DIGITS bytes. */
bool audit_mac_same(const char one[AUDIT_MAC_SIZE], const char *other);

/* `count` random bytes, at most 32, as hexadecimal digits and a NUL. False without randomness. */
bool audit_random(char *ret, size_t count);

#endif
