/*
 * simulation.h - what providers would have said, in place of asking them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_SIMULATION_H
#define CORE_SIMULATION_H

#include <stdbool.h>
#include <stdint.h>

#include "decision.h"

/* True if the simulation has the answer of a provider to auth, which then is not asked. */
bool simulation_answers(const struct decision *decision, const struct tpam_instance *instance);

/* The answer, judged as the provider's own. */
int32_t simulation_answer(struct tpam_call *call);

/* True if, for all that is said, something is presented. */
bool simulation_presents(const struct tpam_simulation *simulation);

#endif
