/*
 * engine.h - the running generation, and who may swap it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_ENGINE_H
#define CORE_ENGINE_H

#include <tokenpam/tokenpam.h>

#include "generation.h"

struct pool;

/* The running generation with one more reference, to be given back with generation_unref(). */
struct pin engine_pin(struct tpam_engine *engine);

/* The workers of this process, made when first asked for; NULL without memory. */
struct pool *engine_pool(struct tpam_engine *engine);

/*
 * Called where a decision begins: once it is time to look whether the files behind the configuration have changed, one
 * caller does, and loads it again if they have; in this thread, or, with `pool`, in a worker of it.
 */
void engine_refresh(struct tpam_engine *engine, struct pool *pool);

/* Monotonic nanoseconds by the host's clock. */
int64_t engine_monotonic(const struct tpam_engine *engine);

/* Counts a decision. */
void engine_count(struct tpam_engine *engine, int32_t outcome, bool unenforced);

#endif
