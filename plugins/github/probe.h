/*
 * probe.h - whether GitHub is there and knows our app, for operators who ask.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GITHUB_PROBE_H
#define GITHUB_PROBE_H

#include <stdint.h>

struct tpam_call;

int32_t github_probe(void *state, struct tpam_call *call);

#endif
