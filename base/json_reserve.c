/*
 * json_reserve.c - keeps jansson's parser alive when memory runs out while it reads.
 *
 * The hooks are chained before those that the process has already, and behave like them for everybody but a thread
 * that is reading here. libtokenpam is never unloaded (-z nodelete), so they stay valid.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "json_reserve.h"
#include "secret.h"

/*
 * A token's buffer grows to powers of two from 32. Whatever else jansson asks for in those sizes belongs to at least 31
 * bytes of text, and costs less than seven times as much; the buffers together cost less than four times the text. Every
 * other request that fails ends the reading at once.
 */
#define GROWTH_LEAST         32
#define RESERVE_SIZE(length) ((length)*12 + 4096)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static json_malloc_t next_malloc;
static json_free_t next_free;
static _Thread_local struct json_reserve *reading;

static bool is_growth(size_t size)
{
	return size >= GROWTH_LEAST && (size & (size - 1)) == 0;
}

static void *allocate(size_t size)
{
	struct json_reserve *reserve = reading;
	void *memory = reserve && reserve->secret ? secret_take(size) : next_malloc(size);

	if (memory || !reserve)
		return memory;
	reserve->failed = true;
	if (!is_growth(size) || size > reserve->size - reserve->used)
		return NULL;
	memory = reserve->memory + reserve->used;
	reserve->used += size;
	return memory;
}

static bool is_reserved(const void *memory)
{
	uintptr_t at = (uintptr_t)memory;

	for (const struct json_reserve *reserve = reading; reserve; reserve = reserve->outer)
		if (at >= (uintptr_t)reserve->memory &&
			at < (uintptr_t)reserve->memory + reserve->size)
			return true;
	return false;
}

static void release(void *memory)
{
	if (is_reserved(memory))
		return;
	if (secret_is(memory))
		secret_free(memory, 0);
	else
		next_free(memory);
}

static void install(void)
{
	json_get_alloc_funcs(&next_malloc, &next_free);
	json_set_alloc_funcs(allocate, release);
}

void json_reserve_install(void)
{
	(void)pthread_once(&once, install);
}

bool json_reserve_begin(struct json_reserve *reserve, size_t length, bool secret)
{
	if (length > (SIZE_MAX - 4096) / 12 || pthread_once(&once, install) != 0)
		return false;
	*reserve = (struct json_reserve){
		.size = RESERVE_SIZE(length), .secret = secret, .outer = reading};
	reserve->memory = secret ? secret_take(reserve->size) : malloc(reserve->size);
	if (!reserve->memory)
		return false;
	reading = reserve;
	return true;
}

void json_reserve_end(struct json_reserve *reserve)
{
	reading = reserve->outer;
	secret_free(reserve->memory, 0);
}
