/*
 * fastmcp_audience.c - what tokens are made for, where FastMCP says so or should.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fastmcp_ini.h"
#include "output.h"

/* What the command line says, since nothing else does. */
void ini_need_audience(struct ini *ini, const char *why)
{
	const struct many *given = &ini->import->options->audiences;

	for (size_t i = 0; i < given->count; i++)
		json_array_append_new(ini->audiences, json_string(given->list[i]));
	if (json_array_size(ini->audiences) == 0)
		fastmcp_say(ini->import->errors, NULL,
			"got no audience%s, so that every token of the "
			"issuer would open the service; expected --aud",
			why);
}

void ini_take_audience(struct ini *ini)
{
	json_decref(ini->audiences);
	ini->audiences = ini_list(ini, "audience", false);
	if (json_array_size(ini->audiences) == 0)
		ini_need_audience(ini, "");
}

/* FastMCP's resource is what tokens for it are made for, by RFC 8707. */
void ini_take_resource(struct ini *ini)
{
	const char *base = ini_need(ini, "base_url");
	size_t length = strlen(base);

	if (ini->import->options->audiences.count > 0) {
		ini_need_audience(ini, "");
		return;
	}
	while (length > 0 && base[length - 1] == '/')
		length--;
	ini_comment(ini,
		"FastMCP looked at no audience here. Tokens for an MCP server are made for "
		"its URL.");
	json_array_append_new(ini->audiences, json_sprintf("%.*s/mcp", (int)length, base));
}
