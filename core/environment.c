/*
 * environment.c - the file that an environment's name stands for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <tokenpam/tokenpam.h>

#include "memory.h"

#define NAME_LENGTH 64

TPAM_API int tpam_environment_path(const char *name, char **ret_path)
{
	size_t length = strlen(name);
	if (length == 0 || length > NAME_LENGTH ||
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
		return TPAM_E_ARGUMENT;
	char *path = text_format("%s/tokenpam/%s.ini", TPAM_SYSCONFDIR, name);
	if (!path)
		return TPAM_E_MEMORY;
	*ret_path = path;
	return TPAM_OK;
}
