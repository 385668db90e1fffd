/*
 * refresh.c - when somebody looks whether the files behind a configuration have changed, and what comes of it.
 *
 * Nothing is loaded in the middle of a change: what is found changed is looked at again a moment later, and loaded when it
 * held still meanwhile. So a file that an editor has emptied, or that is gone while it is replaced, is never read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "refresh.h"

#define MOMENT      INT64_C(1000000000)
#define MOVING_MOST 10 /* what never holds still is loaded as it is */

static int64_t interval(struct refresh *refresh)
{
	return atomic_load_explicit(&refresh->every, memory_order_relaxed);
}

bool refresh_due(struct refresh *refresh, const struct hooks *hooks)
{
	int_fast64_t next = atomic_load_explicit(&refresh->next, memory_order_relaxed);

	if (next == INT64_MAX)
		return false;
	int64_t now = hooks_coarse(hooks), every = interval(refresh);
	return now >= next && every > 0 &&
	       atomic_compare_exchange_strong_explicit(&refresh->next, &next, now + every,
		       memory_order_relaxed, memory_order_relaxed);
}

static void look_soon(struct refresh *refresh, const struct hooks *hooks)
{
	int64_t every = interval(refresh);

	atomic_store_explicit(&refresh->next,
		hooks_coarse(hooks) + (every < MOMENT ? every : MOMENT), memory_order_relaxed);
}

bool refresh_look(struct refresh *refresh, const struct hooks *hooks, const char **ret_why)
{
	enum origins_state state = origins_look(&refresh->origins, refresh->failed);

	if (state == ORIGINS_MOVING && ++refresh->moving < MOVING_MOST) {
		look_soon(refresh, hooks);
		return false;
	}
	refresh->moving = 0;
	*ret_why =
		state == ORIGINS_SAME ? NULL : origins_differ(&refresh->origins, refresh->failed);
	return *ret_why || refresh->again;
}

static void take(struct refresh *refresh, struct origins *origins, bool failed)
{
	origins_finish(&refresh->origins);
	refresh->origins = *origins;
	*origins = (struct origins){0};
	refresh->failed = failed;
	refresh->again = false;
	refresh->moving = 0;
}

static bool any_file(const struct origins *origins)
{
	for (size_t i = 0; i < origins->count; i++)
		if (!origins->list[i].ini)
			return true;
	return false;
}

void refresh_loaded(
	struct refresh *refresh, struct origins *origins, int64_t every, const struct hooks *hooks)
{
	take(refresh, origins, false);
	refresh->no_memory = false;
	if (!any_file(&refresh->origins))
		every = 0;
	atomic_store_explicit(&refresh->every, every, memory_order_relaxed);
	atomic_store_explicit(&refresh->next, every > 0 ? hooks_coarse(hooks) + every : INT64_MAX,
		memory_order_relaxed);
}

/* Without memory the list may not be whole; what was known before still tells that something has changed. */
bool refresh_failed(struct refresh *refresh, struct origins *origins, bool no_memory)
{
	bool told = no_memory && refresh->no_memory;

	refresh->no_memory = no_memory;
	if (!no_memory)
		take(refresh, origins, true);
	return !told;
}

void refresh_abandon(struct refresh *refresh)
{
	refresh->origins = (struct origins){0};
	refresh->failed = false;
	refresh->moving = 0;
	refresh->again = true;
}

void refresh_finish(struct refresh *refresh)
{
	origins_finish(&refresh->origins);
}
