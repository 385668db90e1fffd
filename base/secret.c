/*
 * secret.c - memory for secrets: out of core dumps, locked as far as the process may, wiped when it is given back.
 *
 * What is known of a piece stands in ordinary memory, in a ring of all pieces by address; in front of the piece itself is
 * only where that is. So the gaps are what lies between two pieces, and nothing has to be joined when one is given back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "secret.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sanitized.h"

/* The address sanitizer knows nothing of pieces unless it is told; and what they point to is no leak. */
#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#define FORBID(memory, size)   ASAN_POISON_MEMORY_REGION(memory, size)
#define PERMIT(memory, size)   ASAN_UNPOISON_MEMORY_REGION(memory, size)
#define POINTERS(memory, size) __lsan_register_root_region(memory, size)
#else
#define FORBID(memory, size)   ((void)0)
#define PERMIT(memory, size)   ((void)0)
#define POINTERS(memory, size) ((void)0)
#endif

#define UNIT ((size_t)16)
#define STEP ((size_t)64 << 10) /* by which more is opened: whole pages everywhere */

struct piece {
	struct piece *next, *previous; /* by address, round and round */
	char *memory;                  /* where it begins, with a pointer to this */
	size_t size;                   /* from there on; whole units */
};

static struct {
	pthread_mutex_t lock;
	_Atomic(char *) base; /* NULL before the first piece */
	size_t opened;        /* bytes from there on that may be used */
	struct piece ends;    /* of no size, before the first piece and behind the last */
	struct piece *latest; /* behind which room is looked for first */
	bool unlockable;
	bool unwatched; /* of forks */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- Forks ---- */

static void before_fork(void)
{
	pthread_mutex_lock(&pool.lock);
}

static void after_fork(void)
{
	pthread_mutex_unlock(&pool.lock);
}

/*
 * When the library is loaded, and so before all others that watch forks: their functions may give back secrets, in the
 * child, too, where this lock is the first to be free again.
 */
__attribute__((constructor)) static void watch_forks(void)
{
	pool.unwatched = pthread_atfork(before_fork, after_fork, after_fork) != 0;
}

/* ---- Pages ---- */

static bool map_pages(void)
{
	char *base = mmap(
		NULL, SECRETS_MAX, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (base == MAP_FAILED)
		return false;
	(void)madvise(base, SECRETS_MAX, MADV_NOHUGEPAGE);
	(void)madvise(base, SECRETS_MAX, MADV_DONTDUMP);
	POINTERS(base, SECRETS_MAX);
	pool.ends = (struct piece){&pool.ends, &pool.ends, base, 0};
	pool.latest = &pool.ends;
	atomic_store_explicit(&pool.base, base, memory_order_release);
	return true;
}

/* Until `size` bytes may be used. What cannot be locked is still wiped, and out of dumps. */
static bool open_pages(size_t size)
{
	size_t more = (size - pool.opened + STEP - 1) / STEP * STEP;
	char *from = pool.ends.memory + pool.opened;

	if (mprotect(from, more, PROT_READ | PROT_WRITE) != 0)
		return false;
	pool.unlockable = pool.unlockable || mlock2(from, more, MLOCK_ONFAULT) != 0;
	FORBID(from, more);
	pool.opened += more;
	return true;
}

/* ---- Pieces ---- */

static char *end_of(const struct piece *piece)
{
	return piece->memory + piece->size;
}

/* Where the gap behind a piece ends. */
static char *gap_end(const struct piece *piece)
{
	return piece->next == &pool.ends ? pool.ends.memory + pool.opened : piece->next->memory;
}

/* The piece behind which there is room; NULL if nothing more can be opened. */
static struct piece *find_room(size_t size)
{
	struct piece *at = pool.latest, *last = pool.ends.previous;

	do {
		if ((size_t)(gap_end(at) - end_of(at)) >= size)
			return at;
		at = at->next;
	} while (at != pool.latest);
	size_t used = (size_t)(end_of(last) - pool.ends.memory);
	return size <= SECRETS_MAX - used && open_pages(used + size) ? last : NULL;
}

static bool place(struct piece *piece)
{
	struct piece *behind = pool.ends.memory || map_pages() ? find_room(piece->size) : NULL;

	if (!behind)
		return false;
	piece->memory = end_of(behind);
	piece->previous = behind;
	piece->next = behind->next;
	behind->next->previous = piece;
	behind->next = piece;
	pool.latest = piece;
	return true;
}

static bool place_alone(struct piece *piece)
{
	pthread_mutex_lock(&pool.lock);
	bool placed = place(piece);
	pthread_mutex_unlock(&pool.lock);
	return placed;
}

void *secret_take(size_t size)
{
	bool possible = !pool.unwatched && size < SECRETS_MAX;
	struct piece *piece = possible ? malloc(sizeof(*piece)) : NULL;

	/* At least a byte more than asked for, so that nothing is something, too. */
	if (piece)
		piece->size = UNIT + (size + UNIT) / UNIT * UNIT;
	if (!piece || !place_alone(piece)) {
		free(piece);
		errno = ENOMEM;
		return NULL;
	}
	PERMIT(piece->memory, UNIT + size);
	memcpy(piece->memory, &piece, sizeof(piece));
	return piece->memory + UNIT;
}

static void give_back(char *memory)
{
	struct piece *piece;

	memcpy(&piece, memory - UNIT, sizeof(piece));
	PERMIT(piece->memory, piece->size);
	explicit_bzero(piece->memory, piece->size);
	FORBID(piece->memory, piece->size);
	pthread_mutex_lock(&pool.lock);
	piece->previous->next = piece->next;
	piece->next->previous = piece->previous;
	if (pool.latest == piece)
		pool.latest = piece->previous;
	pthread_mutex_unlock(&pool.lock);
	free(piece);
}

bool secret_is(const void *memory)
{
	uintptr_t base = (uintptr_t)atomic_load_explicit(&pool.base, memory_order_acquire);

	return base != 0 && (uintptr_t)memory >= base && (uintptr_t)memory - base < SECRETS_MAX;
}

void secret_free(void *memory, size_t length)
{
	if (!memory)
		return;
	int saved = errno;
	if (secret_is(memory)) {
		give_back(memory);
	} else {
		explicit_bzero(memory, length);
		free(memory);
	}
	errno = saved;
}

char *secret_copy(const char *text, size_t length)
{
	char *copy = length < SECRETS_MAX ? secret_take(length + 1) : NULL;

	if (copy && length)
		memcpy(copy, text, length);
	return copy;
}

bool secret_move(char **text)
{
	size_t length = strlen(*text);
	char *copy = secret_copy(*text, length);

	if (!copy)
		return false;
	secret_free(*text, length);
	*text = copy;
	return true;
}
