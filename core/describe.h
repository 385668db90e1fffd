/*
 * describe.h - parts of what is configured, as JSON. Each sets *failed where memory is short.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_DESCRIBE_H
#define CORE_DESCRIBE_H

#include <stdbool.h>

#include <jansson.h>

#include "generation.h"

/* "file:line" */
json_t *place_json(struct place at);
json_t *texts_json(const struct list *list, bool *failed);

/* What holds for all of it. */
void put_head(json_t *object, const struct generation *generation, bool *failed);

/* All that there is, by its name (describe_overview.c). */
json_t *overview_json(
	struct tpam_engine *engine, const struct generation *generation, bool *failed);

/* What may be done by whom (describe_policy.c). */
json_t *tools_json(const struct tools *tools, bool *failed);

/* Adds to a provider what it is for, how it names whom it recognises, and what it grants them. */
void put_powers(json_t *object, const struct tpam_instance *instance, bool *failed);

#endif
