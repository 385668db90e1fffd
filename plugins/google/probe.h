/*
 * probe.h - whether Google answers, for operators who ask.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GOOGLE_PROBE_H
#define GOOGLE_PROBE_H

#include <stdint.h>

struct tpam_call;

/* The probe() of the descriptor. */
int32_t google_probe(void *state, struct tpam_call *call);

#endif
