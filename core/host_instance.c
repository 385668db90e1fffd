/*
 * host_instance.c - what a provider may ask of its instance: options, files, clocks, log.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "audit.h"
#include "codes.h"
#include "host.h"
#include "identity.h"
#include "instance.h"
#include "memory.h"
#include "origins.h"
#include "plugin_path.h"
#include "requirement.h"
#include "safefile.h"
#include "text.h"

#define OFFERS_MAX 1024

static const struct option_value *option_find(
	const struct tpam_instance *instance, const char *name)
{
	for (size_t i = 0; i < instance->option_count; i++)
		if (strcmp(instance->options[i].option->name, name) == 0)
			return &instance->options[i];
	return NULL;
}

static const struct option_item *option_item(
	const struct tpam_instance *instance, const char *name, uint32_t index)
{
	const struct option_value *value = option_find(instance, name);

	return value && index < value->count ? &value->items[index] : NULL;
}

uint32_t host_option_count(const struct tpam_instance *instance, const char *name)
{
	const struct option_value *value = option_find(instance, name);

	return value ? (uint32_t)value->count : 0;
}

const char *host_option_text(const struct tpam_instance *instance, const char *name, uint32_t index)
{
	const struct option_item *item = option_item(instance, name, index);

	return item ? item->text : NULL;
}

int32_t host_option_number(
	const struct tpam_instance *instance, const char *name, uint32_t index, int64_t *ret)
{
	const struct option_item *item = option_item(instance, name, index);

	if (!item)
		return TPAM_E_UNSET;
	*ret = item->number;
	return TPAM_OK;
}

const char *host_name(const struct tpam_instance *instance)
{
	return instance->name;
}

/* Of a value that is a default, and of no option, the section's. */
static struct place place_of(
	const struct tpam_instance *instance, const struct option_value *value, uint32_t index)
{
	if (value && index < value->count && value->items[index].at.file)
		return value->items[index].at;
	return instance->at;
}

/* Texts of a plugin are no more trusted than those of a file; the quotes go again. */
static const char *plain(char buffer[PATH_QUOTE_SIZE], const char *text)
{
	path_quote(buffer, text);
	buffer[strlen(buffer) - 1] = '\0';
	return buffer + 1;
}

void host_problem(struct tpam_instance *instance, const char *option, uint32_t index,
	const char *got, const char *expected)
{
	char quoted[REPORT_QUOTE_SIZE], wanted[PATH_QUOTE_SIZE];

	if (!instance->report)
		return;
	const struct option_value *value = option ? option_find(instance, option) : NULL;
	struct place at = place_of(instance, value, index);
	const char *would = plain(wanted, expected);
	if (value && (value->option->flags & TPAM_OPTION_SECRET))
		report_error(
			instance->report, at, "got a secret that does not do, expected %s", would);
	else
		report_error(instance->report, at, "got %s, expected %s",
			got ? report_quote(quoted, got, strlen(got)) : "nothing", would);
}

void host_problem_at(struct tpam_instance *instance, const char *path, uint32_t line,
	uint32_t column, const char *got, const char *expected)
{
	char quoted[REPORT_QUOTE_SIZE], wanted[PATH_QUOTE_SIZE];

	if (!instance->report)
		return;
	report_error(instance->report, (struct place){path, line, column}, "got %s, expected %s",
		got ? report_quote(quoted, got, strlen(got)) : "nothing", plain(wanted, expected));
}

void host_warning(
	struct tpam_instance *instance, const char *option, uint32_t index, const char *text)
{
	const struct option_value *value = option ? option_find(instance, option) : NULL;
	char buffer[PATH_QUOTE_SIZE];

	if (!instance->report)
		return;
	report_warning(
		instance->report, place_of(instance, value, index), "%s", plain(buffer, text));
	host_log(instance, TPAM_LOG_WARNING, text);
}

int32_t host_offer_scope(struct tpam_instance *instance, const char *scope)
{
	return host_offer(instance, TPAM_FIELD_SCOPES, scope);
}

/* What has values that nobody could list is given none by name. */
static bool may_have(int32_t field, const char *value)
{
	enum field_kind kind = field_kind(field);
	size_t length = value ? strlen(value) : 0;

	if (!value)
		return kind != FIELD_NONE;
	if (field == TPAM_FIELD_SCOPES)
		return text_is_scope(value, length);
	return (kind == FIELD_TEXT || kind == FIELD_LIST) && length > 0;
}

int32_t host_offer(struct tpam_instance *instance, int32_t field, const char *value)
{
	if (!instance->report || !may_have(field, value))
		return TPAM_E_ARGUMENT;
	struct offered *offered = &instance->offered[field];
	offered->known = true;
	if (!value || list_has(&offered->values, value))
		return TPAM_OK;
	offered->too_many = offered->too_many || offered->values.count >= OFFERS_MAX;
	if (offered->too_many)
		return TPAM_E_LIMIT;
	return list_add(&offered->values, value, strlen(value)) ? TPAM_OK : TPAM_E_MEMORY;
}

/* Outside open() there is no report, and what is read then is nothing that was loaded. */
static struct origins *origins_of(const struct tpam_instance *instance, uint32_t flags)
{
	if (!instance->report || (flags & TPAM_FILE_OWN))
		return NULL;
	return report_origins(instance->report);
}

int32_t host_read_file(const struct tpam_instance *instance, const char *path, uint32_t flags,
	uint64_t limit, char **ret_bytes, uint64_t *ret_length)
{
	enum file_fault fault = FILE_SAFE;
	char *bytes = NULL;
	size_t length = 0;
	int code = origins_read(origins_of(instance, flags), ORIGIN_OTHER, path,
		(flags & TPAM_FILE_SECRET) != 0, limit, &bytes, &length, &fault);

	if (code != TPAM_OK)
		return code;
	if (fault != FILE_SAFE) {
		hooks_log(instance->hooks,
			instance->development ? TPAM_LOG_WARNING : TPAM_LOG_ERROR, "%s: file %s %s",
			instance->name, path, file_fault_text(fault));
		if (!instance->development) {
			secret_free(bytes, length);
			return TPAM_E_CONFIG;
		}
	}
	*ret_bytes = bytes;
	*ret_length = length;
	return TPAM_OK;
}

void *host_allocate(uint64_t length)
{
	return length < SECRETS_MAX ? secret_take((size_t)length) : NULL;
}

void host_release(void *bytes, uint64_t length)
{
	secret_free(bytes, length);
}

int64_t host_clock_wall(const struct tpam_instance *instance)
{
	return hooks_wall(instance->hooks);
}

int64_t host_clock_monotonic(const struct tpam_instance *instance)
{
	return hooks_monotonic(instance->hooks);
}

int64_t host_leeway(const struct tpam_instance *instance)
{
	return instance->leeway;
}

int32_t host_wanted_beside(
	const struct tpam_instance *instance, int32_t field, const char *like, const char *known)
{
	for (size_t i = 0; i < instance->demand_count; i++)
		if (requirement_wants_field(instance->demands[i], field, like, known))
			return true;
	return grants_want(instance->grants, field, like, known);
}

int32_t host_wanted(const struct tpam_instance *instance, int32_t field, const char *like)
{
	return host_wanted_beside(instance, field, like, NULL);
}

/* Only of what is bound by audience can it be said, and an audience would then be compared with nothing. */
int32_t host_bind_by_client(struct tpam_instance *instance)
{
	if (!instance->report || instance->binding != TPAM_BINDING_AUDIENCE)
		return TPAM_E_ARGUMENT;
	if (instance->audiences || instance->audience_none)
		report_error(instance->report, instance->at,
			"got audience for tokens that their client binds to us, expected none");
	instance->binding = TPAM_BINDING_CLIENT;
	return TPAM_OK;
}

int32_t host_audience_none(const struct tpam_instance *instance)
{
	return instance->audience_none;
}

void host_log(const struct tpam_instance *instance, int32_t level, const char *text)
{
	if (level < TPAM_LOG_ERROR || level > TPAM_LOG_DEBUG)
		level = TPAM_LOG_NOTICE;
	hooks_log(instance->hooks, level, "%s: %s", instance->name, text);
}

void host_event(
	const struct tpam_instance *instance, int32_t event, int32_t outcome, const char *text)
{
	static const char *const names[] = {
		[TPAM_EVENT_KEYS] = "keys", [TPAM_EVENT_REVOCATION] = "revocation"};

	if (event < 1 || (size_t)event >= sizeof(names) / sizeof(names[0]) ||
		!outcome_known(outcome) || instance->report || !instance->audit)
		return;
	audit_event(
		instance->audit, names[event], instance->name, tpam_outcome_name(outcome), text);
}
