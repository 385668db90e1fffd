/*
 * build.h - what settings mean.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_BUILD_H
#define CORE_BUILD_H

#include "generation.h"

/* Makes all of a generation that has its settings and nothing else. TPAM_OK with what is wrong in the report, or TPAM_E_MEMORY. */
int generation_build(struct generation *generation, const struct generation_context *context,
	struct tpam_report *report);

/* What follows of all of it (settle.c), where nothing is wrong with it. False without memory. */
bool generation_settle(struct generation *generation);

#endif
