/*
 * fault.c - fills in why something was refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "fault.h"

/* Where it is cut, it stays UTF-8. */
static void copy(char *out, size_t size, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (length >= size) {
		length = size - 1;
		while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
			length--;
	}
	if (length > 0)
		memcpy(out, text, length);
	out[length] = '\0';
}

int fault_set(struct tpam_fault *fault, int32_t reason, const char *expected, const char *got)
{
	fault->reason = reason;
	copy(fault->expected, sizeof(fault->expected), expected);
	copy(fault->got, sizeof(fault->got), got);
	return TPAM_E_CONFIG;
}
