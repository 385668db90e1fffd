/*
 * audit_chain.h - what makes a row of records one that nobody can change unseen.
 *
 * Each writer, which is a process from its first record on, numbers its records. Each carries the MAC of the one before,
 * and a MAC of itself. A writer ends its row with a checkpoint, so that one that was cut off is seen, too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_AUDIT_CHAIN_H
#define CORE_AUDIT_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit_mac.h"

#define AUDIT_WRITER_SIZE 17

/* One writer's row. */
struct audit_chain {
	const struct audit_mac *mac;
	char writer[AUDIT_WRITER_SIZE]; /* random */
	uint64_t next;
	char before[AUDIT_MAC_SIZE]; /* zeros: there is none */
};

/* Begins a row of a new writer. False where there is no randomness. */
bool audit_chain_begin(struct audit_chain *chain, const struct audit_mac *mac);

/*
 * The line with ,"writer":...,"seq":...,"prev":...,"mac":...} in the place of its last brace, to be freed; NULL without
 * memory, and then the row stays where it is.
 */
char *audit_chain_add(struct audit_chain *chain, const char *line);

/*
 * True if who has the key wrote this line, which ends as those of a row do and without an end of line. *ret_failed: there is
 * no memory to say so.
 */
bool audit_chain_is_genuine(
	const struct audit_mac *mac, const char *line, size_t length, bool *ret_failed);

#endif
