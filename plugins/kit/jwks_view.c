/*
 * jwks_view.c - the keys that a thread has in its hands, so that asking for them again writes nothing
 * that others read.
 *
 * A view is good as long as its version is the source's. A thread that does not come back keeps its
 * last keys until it ends; they verify nothing any more.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "jwks_source.h"

#define VIEWS 16 /* of a thread; sources that fall together take turns */

struct view {
	uint64_t source;
	uint64_t version;
	struct tpam_keys *keys;
};

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool fine;

static void views_destroy(void *memory)
{
	struct view *views = memory;

	for (size_t i = 0; i < VIEWS; i++)
		tpam_keys_unref(views[i].keys);
	free(views);
}

static void prepare(void)
{
	fine = pthread_key_create(&key, views_destroy) == 0;
}

static struct view *views_mine(bool make)
{
	pthread_once(&once, prepare);
	struct view *views = fine ? pthread_getspecific(key) : NULL;

	if (views || !make || !fine)
		return views;
	views = calloc(VIEWS, sizeof(*views));
	if (views && pthread_setspecific(key, views) != 0) {
		free(views);
		views = NULL;
	}
	return views;
}

const struct tpam_keys *view_find(const struct source *source, uint64_t version)
{
	const struct view *views = views_mine(false);
	const struct view *view = views ? &views[source->id % VIEWS] : NULL;

	return view && view->source == source->id && view->version == version ? view->keys : NULL;
}

const struct tpam_keys *view_put(
	const struct source *source, uint64_t version, struct tpam_keys *keys)
{
	struct view *views = views_mine(true);

	if (!views) {
		tpam_keys_unref(keys);
		return NULL;
	}
	struct view *view = &views[source->id % VIEWS];
	tpam_keys_unref(view->keys);
	*view = (struct view){source->id, version, keys};
	return keys;
}
