/*
 * cache_ring.h - memory in which blocks are placed one after the other, and taken away in the same order.
 *
 * It holds credentials: it stays out of core dumps, is locked as far as the process may, and what is taken away is wiped.
 * Nothing is asked of the system before the first block comes, and what was never used is never resident.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_CACHE_RING_H
#define CORE_CACHE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_UNIT 16 /* bytes; sizes and places are counted in it */

/* Zeroed, it is closed. Blocks lie from `tail` to `head`, or from `tail` to `end` and from 0 to `head`. */
struct cache_ring {
	char *map; /* NULL: closed */
	size_t map_size;
	char *blocks;
	char *apart;   /* memory for the owner, of the size that it asked for; zeroed at first */
	uint32_t size; /* of all below: units */
	uint32_t head;
	uint32_t tail;
	uint32_t end;
	uint32_t used;
	size_t locked; /* bytes from `blocks` on */
	bool unlockable;
};

bool ring_open(struct cache_ring *ring, size_t blocks, size_t apart);

/* Wipes and gives back. */
void ring_close(struct cache_ring *ring);

/* Gives back without wiping: in the child of a fork, where what it holds is the parent's. */
void ring_abandon(struct cache_ring *ring);

/* Memory for a block of so many units, not cleared; NULL where the oldest has to go first. */
void *ring_place(struct cache_ring *ring, uint32_t units);

/* The oldest block, NULL if there is none; and its end, which wipes it. */
void *ring_oldest(const struct cache_ring *ring);
void ring_drop(struct cache_ring *ring, uint32_t units);

void *ring_at(const struct cache_ring *ring, uint32_t place);
uint32_t ring_where(const struct cache_ring *ring, const void *block);

#endif
