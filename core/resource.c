/*
 * resource.c - a service as a protected resource of OAuth: its identifier, and the document that describes it (RFC 9728).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "resource.h"

#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#include "json.h"
#include "memory.h"
#include "options.h"

static const struct tpam_option resource_option = {
	.size = sizeof(struct tpam_option), .type = TPAM_TYPE_URL, .name = "resource"};
static const struct tpam_option name_option = {
	.size = sizeof(struct tpam_option), .type = TPAM_TYPE_TEXT, .name = "resource_name"};
static const struct tpam_option documentation_option = {.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_URL,
	.name = "resource_documentation"};
static const struct tpam_option metadata_option = {
	.size = sizeof(struct tpam_option), .type = TPAM_TYPE_URL, .name = "resource_metadata"};
static const struct tpam_option servers_option = {.size = sizeof(struct tpam_option),
	.type = TPAM_TYPE_URL,
	.flags = TPAM_OPTION_LIST,
	.name = "authorization_servers"};

/* Values of all keys while the document is written. */
enum key { RESOURCE, NAME, DOCUMENTATION, METADATA, SERVERS, KEYS };

static const struct tpam_option *const options[KEYS] = {[RESOURCE] = &resource_option,
	[NAME] = &name_option,
	[DOCUMENTATION] = &documentation_option,
	[METADATA] = &metadata_option,
	[SERVERS] = &servers_option};

char *resource_metadata_url(const char *identifier)
{
	const char *host = strstr(identifier, "://");
	size_t length = host ? (size_t)(host - identifier) + 3 : 0;

	length += strcspn(identifier + length, "/?");
	const char *path = identifier + length;
	/* "Any terminating slash (/) following the host component MUST be removed before inserting". */
	if (path[0] == '/' && (path[1] == '\0' || path[1] == '?'))
		path++;
	return text_format(
		"%.*s/.well-known/oauth-protected-resource%s", (int)length, identifier, path);
}

/* ---- The document ---- */

/* offline_access is the authorization server's, and no resource asks for it. */
static void put_scopes(json_t *object, const struct scopes *scopes, bool *failed)
{
	json_t *array = json_array();

	for (size_t i = 0; i < scopes->described.count; i++)
		if (strcmp(scopes->described.items[i], "offline_access") != 0)
			json_push(array, json_string(scopes->described.items[i]), failed);
	if (array && json_array_size(array) == 0)
		json_decref(array);
	else
		json_put(object, "scopes_supported", array, failed);
}

static void put_value(
	json_t *object, const char *key, const struct option_value *value, bool *failed)
{
	if (value->count > 0)
		json_put(object, key, json_string(value->items[0].text), failed);
}

static json_t *servers(const struct option_value *value, bool *failed)
{
	json_t *array = json_array();

	if (!array)
		*failed = true;
	for (size_t i = 0; i < value->count; i++)
		json_push(array, json_string(value->items[i].text), failed);
	return array;
}

static char *write(const struct option_value values[KEYS], const struct scopes *scopes)
{
	bool failed = false;
	json_t *object = json_object();

	put_value(object, "resource", &values[RESOURCE], &failed);
	json_put(object, "authorization_servers", servers(&values[SERVERS], &failed), &failed);
	put_scopes(object, scopes, &failed);
	json_put(object, "bearer_methods_supported", json_pack("[s]", "header"), &failed);
	put_value(object, "resource_name", &values[NAME], &failed);
	put_value(object, "resource_documentation", &values[DOCUMENTATION], &failed);
	char *text = failed ? NULL : json_write(object, JSON_COMPACT);
	json_decref(object);
	return text;
}

/* ---- The keys ---- */

/* What describes a resource says nothing of a service that is none. */
static int check_alone(const struct option_value values[KEYS], struct tpam_report *report)
{
	if (values[RESOURCE].count > 0)
		return TPAM_OK;
	for (size_t i = 0; i < KEYS; i++) {
		if (values[i].count == 0)
			continue;
		report_error(report, values[i].items[0].at,
			"got %s without resource, expected resource = URL beside it",
			options[i]->name);
		return TPAM_E_CONFIG;
	}
	return TPAM_OK;
}

static int take(struct resource *ret, const struct option_value values[KEYS],
	const struct scopes *scopes, struct tpam_report *report)
{
	int code = check_alone(values, report);

	if (code != TPAM_OK || values[RESOURCE].count == 0)
		return code;
	const char *identifier = values[RESOURCE].items[0].text;
	ret->identifier = text_copy(identifier, strlen(identifier));
	ret->metadata_url = values[METADATA].count > 0
				    ? text_copy(values[METADATA].items[0].text,
					      strlen(values[METADATA].items[0].text))
				    : resource_metadata_url(identifier);
	if (!ret->identifier || !ret->metadata_url)
		return TPAM_E_MEMORY;
	if (values[SERVERS].count > 0 && !(ret->document = write(values, scopes)))
		return TPAM_E_MEMORY;
	return TPAM_OK;
}

int resource_read(struct resource *ret, struct section *service, const struct scopes *scopes,
	bool development, struct tpam_report *report)
{
	const struct option_context how = {development, report};
	struct option_value values[KEYS] = {{0}};
	int code = TPAM_OK;

	for (size_t i = 0; i < KEYS; i++) {
		int this = option_read(&values[i], options[i],
			section_get(service, options[i]->name), service, &how);
		code = this == TPAM_OK || code == TPAM_E_MEMORY ? code : this;
	}
	if (code == TPAM_OK)
		code = take(ret, values, scopes, report);
	for (size_t i = 0; i < KEYS; i++)
		option_finish(&values[i]);
	return code;
}

void resource_finish(struct resource *resource)
{
	free(resource->identifier);
	free(resource->metadata_url);
	free(resource->document);
}
