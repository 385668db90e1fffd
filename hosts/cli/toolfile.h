/*
 * toolfile.h - tools that a host has, from a file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLI_TOOLFILE_H
#define CLI_TOOLFILE_H

#include <jansson.h>

/*
 * Objects with "name", "tags" and "line", which is 0 where the file is JSON. A file is what an MCP server answers to
 * tools/list, or has on each line a name and the tool's tags. "-" is standard input. To be given back with json_decref().
 * EXIT_ACCEPTED, or EXIT_MISUSED after a message.
 */
int toolfile_read(json_t **ret_tools, const char *path);

#endif
