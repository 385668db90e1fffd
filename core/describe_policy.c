/*
 * describe_policy.c - who may do what, as JSON: tools, grants.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "describe.h"

#include "expand.h"
#include "json.h"

json_t *texts_json(const struct list *list, bool *failed)
{
	json_t *array = json_array();

	if (!array)
		*failed = true;
	for (size_t i = 0; i < list->count; i++)
		json_push(array, json_string(list->items[i]), failed);
	return array;
}

/* ---- Tools ---- */

static const char *const access_names[] = {
	[ACCESS_UNSAID] = NULL,
	[ACCESS_PUBLIC] = "public",
	[ACCESS_PROTECTED] = "protected",
	[ACCESS_DENY] = "deny",
};

static json_t *tool_json(const struct tool *tool, bool *failed)
{
	json_t *object = json_object();

	json_put(object, "pattern", json_string(tool->pattern), failed);
	json_put(object, "section",
		tool->section ? json_sprintf("tool:%s", tool->section->name) : json_null(), failed);
	json_put(object, "access", json_text(access_names[tool->access]), failed);
	json_put(object, "at", place_json(tool->at), failed);
	return object;
}

json_t *tools_json(const struct tools *tools, bool *failed)
{
	json_t *object = json_object(), *array = json_array();

	for (size_t i = 0; i < tools->count; i++)
		json_push(array, tool_json(&tools->list[i], failed), failed);
	json_put(object, "sections", array, failed);
	json_put(object, "protected", texts_json(&tools->kept, failed), failed);
	json_put(object, "unlisted", json_string(tools->unlisted_deny ? "deny" : "allow"), failed);
	return object;
}

/* ---- Providers ---- */

/* What a reference stands for is told to nobody. */
static json_t *grant_json(const struct grant *grant, bool *failed)
{
	json_t *object = json_object();
	bool shown = !expand_has_reference(grant->written);

	json_put(object, "matcher", json_string(grant->written), failed);
	json_put(object, "kind", json_string(grant_names[grant->matcher]), failed);
	json_put(object, "claim", json_text(shown ? grant->claim : NULL), failed);
	json_put(object, "pattern", json_text(shown ? grant->pattern : NULL), failed);
	json_put(object, "scopes", texts_json(&grant->scopes, failed), failed);
	json_put(object, "withheld", texts_json(&grant->withheld, failed), failed);
	json_put(object, "at", place_json(grant->at), failed);
	return object;
}

static json_t *grants_json(const struct grants *grants, bool *failed)
{
	json_t *array = json_array();

	if (!array)
		*failed = true;
	for (size_t i = 0; grants && i < grants->count; i++)
		json_push(array, grant_json(&grants->list[i], failed), failed);
	return array;
}

static const char *const role_names[] = {[TPAM_ROLE_IDENTITY] = "identity",
	[TPAM_ROLE_CHECK] = "check",
	[TPAM_ROLE_UTILITY] = "utility"};

void put_powers(json_t *object, const struct tpam_instance *instance, bool *failed)
{
	const struct list *offers = instance_offers(instance, TPAM_FIELD_SCOPES);

	json_put(object, "role", json_string(role_names[instance->provider->role]), failed);
	if (instance->provider->role != TPAM_ROLE_IDENTITY)
		return;
	json_put(object, "link", json_boolean(instance->link), failed);
	json_put(object, "token_scopes", json_boolean(!instance->grants || instance->grants->keep),
		failed);
	json_put(object, "scopes", offers ? texts_json(offers, failed) : json_null(), failed);
	json_put(object, "grants", grants_json(instance->grants, failed), failed);
}
