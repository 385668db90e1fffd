/*
 * codes.h - what core asks of outcomes beyond what hosts may ask.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_CODES_H
#define CORE_CODES_H

#include <stdbool.h>
#include <stdint.h>

#include <tokenpam/codes.h>

/* In the list of outcomes; TPAM_PENDING is not. */
bool outcome_known(int32_t outcome);

/* Success or expiring. */
bool outcome_accepts(int32_t outcome);

/* How much a failure matters where several rules failed; 0 for those that explain nothing. */
int outcome_weight(int32_t outcome);

/* The reason for an outcome whose provider gave none; TPAM_REASON_NONE for ignore. */
int32_t outcome_usual_reason(int32_t outcome);

#endif
