/*
 * hollow.c - no plugin, but linked with a library that is one (entry.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/provider.h>

TPAM_EXPORT const void *hollow(void);

/* Named, so that the linker keeps the library. */
const void *hollow(void)
{
	return tpam_provider_v1();
}
