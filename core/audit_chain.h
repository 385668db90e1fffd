/*
 * audit_chain.h - what makes a row of records one that nobody can change unseen.
 *
 * Each writer, which is a process from its first record on, numbers its records, and each carries an HMAC of itself and of
 * the one before. A writer ends its row with a checkpoint, so that one that was cut off is seen, too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_CHAIN_H
#define CORE_AUDIT_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_MAC_SIZE    65 /* hexadecimal digits of an HMAC with SHA-256, and a NUL */
#define AUDIT_WRITER_SIZE 17
#define AUDIT_KEY_MIN     16

/* A key, ready to be used by one thread at a time. */
struct audit_mac;

/* NULL without memory. */
struct audit_mac *audit_mac_create(const void *key, size_t length);
void audit_mac_destroy(struct audit_mac *mac);

/* HMAC of all parts, one after the other; a NULL part is none. False without memory. */
bool audit_mac_make(struct audit_mac *mac, char ret[AUDIT_MAC_SIZE], const char *const *parts,
	const size_t *lengths, size_t count);

/* One writer's row. */
struct audit_chain {
	struct audit_mac *mac;
	char writer[AUDIT_WRITER_SIZE]; /* random */
	uint64_t next;
	char before[AUDIT_MAC_SIZE];
};

/* Begins a row of a new writer. False where there is no randomness or memory. */
bool audit_chain_begin(struct audit_chain *chain, struct audit_mac *mac);

/*
 * The line with ,"writer":...,"seq":...,"mac":...} in the place of its last brace, to be freed; NULL without memory, and
 * then the row stays where it is.
 */
char *audit_chain_add(struct audit_chain *chain, const char *line);

/*
 * What a line of a row must have, taken apart: what the MAC is of, and the MAC. False where a line has no such end.
 */
struct audit_link {
	size_t signed_length; /* of the line, before ,"mac": */
	char writer[AUDIT_WRITER_SIZE];
	uint64_t seq;
	char mac[AUDIT_MAC_SIZE];
};
bool audit_link_read(struct audit_link *ret, const char *line, size_t length);

/* What the first record of a writer goes on from. False without memory. */
bool audit_chain_root(struct audit_mac *mac, const char *writer, char ret[AUDIT_MAC_SIZE]);

/* What a record must have as its MAC, after `before`. False without memory. */
bool audit_chain_mac(struct audit_mac *mac, const char *before, const char *line, size_t length,
	char ret[AUDIT_MAC_SIZE]);

#endif
