/*
 * fault.c - fills in why something was refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "fault.h"

int fault_set(struct tpam_fault *fault, int32_t reason, const char *expected, const char *got)
{
	fault->reason = reason;
	(void)snprintf(fault->expected, sizeof(fault->expected), "%s", expected ? expected : "");
	(void)snprintf(fault->got, sizeof(fault->got), "%s", got ? got : "");
	return TPAM_E_CONFIG;
}
