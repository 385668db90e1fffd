/*
 * fault.h - fills in why something was refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_FAULT_H
#define KIT_FAULT_H

#include <tokenpam/kit.h>

/* Returns TPAM_E_CONFIG, so that a refusal is one statement. NULL texts say nothing; long ones are cut. */
int fault_set(struct tpam_fault *fault, int32_t reason, const char *expected, const char *got);

#endif
