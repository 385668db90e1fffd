/*
 * cache_ring.c - memory in which blocks are placed one after the other, and taken away in the same order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cache_ring.h"

#include <string.h>
#include <sys/mman.h>

#define LOCK_STEP ((size_t)256 * 1024)

bool ring_open(struct cache_ring *ring, size_t blocks, size_t apart)
{
	size_t size = (apart + 4095) / 4096 * 4096 + blocks;
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		return false;
	/* Large pages would make the first token of each ring resident as two megabytes. */
	(void)madvise(map, size, MADV_NOHUGEPAGE);
	(void)madvise(map, size, MADV_DONTDUMP);
	*ring = (struct cache_ring){.map = map,
		.map_size = size,
		.apart = map,
		.blocks = (char *)map + (size - blocks),
		.size = (uint32_t)(blocks / RING_UNIT),
		.end = (uint32_t)(blocks / RING_UNIT)};
	return true;
}

void ring_abandon(struct cache_ring *ring)
{
	if (ring->map)
		(void)munmap(ring->map, ring->map_size);
	*ring = (struct cache_ring){0};
}

static void wipe(struct cache_ring *ring, uint32_t from, uint32_t to)
{
	explicit_bzero(ring_at(ring, from), (size_t)(to - from) * RING_UNIT);
}

void ring_close(struct cache_ring *ring)
{
	if (ring->map && ring->head < ring->tail) {
		wipe(ring, ring->tail, ring->end);
		wipe(ring, 0, ring->head);
	} else if (ring->map) {
		wipe(ring, ring->tail, ring->head);
	}
	ring_abandon(ring);
}

void *ring_at(const struct cache_ring *ring, uint32_t place)
{
	return ring->blocks + (size_t)place * RING_UNIT;
}

uint32_t ring_where(const struct cache_ring *ring, const void *block)
{
	return (uint32_t)((size_t)((const char *)block - ring->blocks) / RING_UNIT);
}

/* As far as RLIMIT_MEMLOCK goes, and no page before it is used: the rest is wiped, and out of core dumps. */
static void lock_up_to(struct cache_ring *ring, uint32_t place)
{
	size_t wanted = (size_t)place * RING_UNIT, size = (size_t)ring->size * RING_UNIT;

	while (!ring->unlockable && ring->locked < wanted) {
		size_t step = size - ring->locked < LOCK_STEP ? size - ring->locked : LOCK_STEP;
		if (mlock2(ring->blocks + ring->locked, step, MLOCK_ONFAULT) != 0)
			ring->unlockable = true;
		else
			ring->locked += step;
	}
}

static void *take(struct cache_ring *ring, uint32_t units)
{
	void *block = ring_at(ring, ring->head);

	ring->head += units;
	ring->used += units;
	lock_up_to(ring, ring->head);
	return block;
}

void *ring_place(struct cache_ring *ring, uint32_t units)
{
	if (ring->used == 0) {
		ring->head = ring->tail = 0;
		ring->end = ring->size;
	}
	/* Never so full that head meets tail, which would look empty. */
	if (ring->head < ring->tail)
		return ring->tail - ring->head > units ? take(ring, units) : NULL;
	if (ring->size - ring->head >= units)
		return take(ring, units);
	if (ring->tail <= units)
		return NULL;
	ring->end = ring->head;
	ring->head = 0;
	return take(ring, units);
}

void *ring_oldest(const struct cache_ring *ring)
{
	return ring->used > 0 ? ring_at(ring, ring->tail) : NULL;
}

void ring_drop(struct cache_ring *ring, uint32_t units)
{
	bool wrapped = ring->head < ring->tail;

	wipe(ring, ring->tail, ring->tail + units);
	ring->tail += units;
	ring->used -= units;
	if (wrapped && ring->tail == ring->end) {
		ring->tail = 0;
		ring->end = ring->size;
	}
}
