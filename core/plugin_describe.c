/*
 * plugin_describe.c - what plugins there are and what one of them can do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include <jansson.h>

#include <tokenpam/tokenpam.h>

#include "json.h"
#include "plugin.h"
#include "plugin_path.h"

/* Gives `json` away. */
static int dump(char **ret, json_t *json)
{
	char *text = json ? json_write(json, JSON_COMPACT) : NULL;
	json_decref(json);
	if (!text)
		return TPAM_E_MEMORY;
	*ret = text;
	return TPAM_OK;
}

/* Looking decides about nobody, so an unsafe path is worth a warning here, as in development mode. */
static int describe(
	char **ret_json, const char *name, const char *plugin_path, struct tpam_report *report)
{
	const struct plugin *plugin = NULL;
	int code = plugin_load(&plugin, name, plugin_path, NOWHERE, true, report);
	return code == TPAM_OK ? dump(ret_json, descriptor_json(plugin)) : code;
}

int tpam_plugin_describe(
	const char *name, const char *plugin_path, char **ret_json, struct tpam_report **ret_report)
{
	struct tpam_report *report = report_create();
	int code = report ? describe(ret_json, name, plugin_path, report) : TPAM_E_MEMORY;
	if (report)
		report_finish(report);
	if (ret_report)
		*ret_report = report;
	else
		tpam_report_destroy(report);
	return code;
}

static json_t *list_json(const struct list *list)
{
	json_t *array = json_array();
	bool failed = !array;
	for (size_t i = 0; i < list->count; i++)
		json_push(array, json_string(list->items[i]), &failed);
	if (!failed)
		return array;
	json_decref(array);
	return NULL;
}

int tpam_plugin_list(const char *plugin_path, char **ret_json)
{
	struct list list = {0};
	int code = TPAM_E_MEMORY;
	if (plugin_names(&list, plugin_path))
		code = dump(ret_json, list_json(&list));
	list_finish(&list);
	return code;
}
