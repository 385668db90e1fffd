/*
 * host_call.c - what a provider may ask and tell in a call: inputs, identity, reason, memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "decision.h"
#include "host.h"
#include "memory.h"
#include "operation.h"
#include "text.h"

#define SLOTS_MAX 64

/* ---- Inputs ---- */

/* What the descriptor does not list is not given, and asking for it is told. */
static bool may_read(struct tpam_call *call, int32_t item)
{
	if (item > 0 && item < 64 && (call->instance->provider->inputs & (UINT64_C(1) << item)))
		return true;
	call->broken = "it read an input that its descriptor does not list";
	return false;
}

const char *host_item_text(struct tpam_call *call, int32_t item)
{
	const struct decision *decision = call->decision;

	if (!may_read(call, item))
		return NULL;
	switch (item) {
	case TPAM_ITEM_REQUEST_ID:
		return decision->result->request_id;
	case TPAM_ITEM_BASIC_USER:
		return call->credential->user;
	case TPAM_ITEM_CREDENTIAL:
	case TPAM_ITEM_CLIENT_CERTIFICATE:
		return NULL;
	default:
		return request_text(decision->request, (enum tpam_item)item);
	}
}

const void *host_item_bytes(struct tpam_call *call, int32_t item, uint64_t *ret_length)
{
	if (!may_read(call, item))
		return NULL;
	if (item == TPAM_ITEM_CREDENTIAL) {
		if (call->credential->bytes)
			*ret_length = call->credential->length;
		return call->credential->bytes;
	}
	if (item <= 0 || item >= REQUEST_ITEM_LIMIT || !call->decision->request->items[item].data)
		return NULL;
	*ret_length = call->decision->request->items[item].length;
	return call->decision->request->items[item].data;
}

const char *host_item_list(struct tpam_call *call, int32_t item, uint32_t index)
{
	if (!may_read(call, item))
		return NULL;
	if (item == TPAM_ITEM_TAGS)
		return list_get(&call->decision->request->tags, index);
	return item == TPAM_ITEM_AUDIENCE ? call_audience(call, index) : NULL;
}

const char *host_header(struct tpam_call *call, const char *name, uint32_t index)
{
	return may_read(call, TPAM_ITEM_HEADERS)
		       ? request_header(call->decision->request, name, index)
		       : NULL;
}

/*
 * The identity as it stands once auth is through; in auth there is none to read, except that of the provider's own verdict
 * which it is to look at again.
 */
static const struct identity *identity_so_far(struct tpam_call *call)
{
	if (call->phase != PHASE_ASK)
		return &call->identity;
	if (!may_read(call, TPAM_ITEM_IDENTITY) || call->group == TPAM_AUTH)
		return NULL;
	return call->decision->result->identified ? &call->decision->result->identity : NULL;
}

const char *host_identity_text(struct tpam_call *call, int32_t field, uint32_t index)
{
	const struct identity *identity = identity_so_far(call);

	if (!identity)
		return NULL;
	switch (field_kind(field)) {
	case FIELD_TEXT:
		return index == 0 ? identity_text(identity, field) : NULL;
	case FIELD_LIST:
		return list_get(&identity->fields[field].list, index);
	case FIELD_JSON:
		return index == 0 ? identity_text(identity, TPAM_FIELD_CLAIMS) : NULL;
	case FIELD_NONE:
	case FIELD_NUMBER:
		break;
	}
	return NULL;
}

int32_t host_identity_number(struct tpam_call *call, int32_t field, int64_t *ret)
{
	const struct identity *identity = identity_so_far(call);

	if (!identity || field_kind(field) != FIELD_NUMBER || !identity_has(identity, field))
		return TPAM_E_UNSET;
	*ret = identity->fields[field].number;
	return TPAM_OK;
}

void *host_host_pointer(struct tpam_call *call)
{
	return may_read(call, TPAM_ITEM_HOST_POINTER) ? call->decision->request->host_pointer
						      : NULL;
}

/* ---- Setters ---- */

static bool may_identify(struct tpam_call *call)
{
	if (call->instance->provider->role != TPAM_ROLE_IDENTITY) {
		call->broken = "it set an identity and is no provider of role identity";
		return false;
	}
	if (call->phase != PHASE_ASK) {
		call->broken = "it set an identity in recheck";
		return false;
	}
	if (call->group != TPAM_AUTH) {
		call->broken = "it set an identity outside auth";
		return false;
	}
	return true;
}

/* A setter that failed must not leave an identity that looks whole. */
static int32_t settle(struct tpam_call *call, int code)
{
	if (code == TPAM_E_MEMORY)
		call->decision->no_memory = true;
	else if (code == TPAM_E_LIMIT)
		call->too_large = true;
	else if (code != TPAM_OK)
		call->broken = "it set a field to what the field cannot hold";
	return code;
}

int32_t host_set_text(struct tpam_call *call, int32_t field, const char *text, uint64_t length)
{
	if (!may_identify(call))
		return TPAM_E_CONTRACT;
	return settle(call, identity_set_text(&call->identity, field, text, length,
				    call->decision->generation->limits.json_depth));
}

int32_t host_set_number(struct tpam_call *call, int32_t field, int64_t value)
{
	if (!may_identify(call))
		return TPAM_E_CONTRACT;
	return settle(call, identity_set_number(&call->identity, field, value));
}

int32_t host_add_text(struct tpam_call *call, int32_t field, const char *text, uint64_t length)
{
	if (!may_identify(call))
		return TPAM_E_CONTRACT;
	return settle(call, identity_add_text(&call->identity, field, text, length));
}

void host_reason(struct tpam_call *call, int32_t code, const char *expected, const char *got)
{
	struct trace_record *record = call_record(call);

	if (!tpam_reason_name(code)) {
		call->broken = "it gave a reason that is none";
		return;
	}
	record->entry.reason = code;
	if (!trace_expected(record, expected) || !trace_got(record, got))
		call->decision->no_memory = true;
}

void host_trace(struct tpam_call *call, const char *text)
{
	if (!trace_note(call_record(call), text))
		call->decision->no_memory = true;
}

int32_t host_challenge(
	struct tpam_call *call, const char *scheme, const char *name, const char *value)
{
	if (!text_is_token(scheme, strlen(scheme)) || !text_is_token(name, strlen(name)))
		return settle(call, TPAM_E_ARGUMENT);
	return settle(call,
		trace_parameter(call_record(call), scheme, name, value) ? TPAM_OK : TPAM_E_MEMORY);
}

void host_retry_after(struct tpam_call *call, int64_t seconds)
{
	call_record(call)->retry_after = seconds > 0 ? seconds : 0;
}

/* ---- Memory, waiting, caching ---- */

static struct slot *slot_find(struct decision *decision, const void *owner, const char *key)
{
	for (size_t i = 0; i < decision->slot_count; i++)
		if (decision->slots[i]->owner == owner && strcmp(decision->slots[i]->key, key) == 0)
			return decision->slots[i];
	return NULL;
}

void **host_slot(
	struct tpam_call *call, const void *owner, const char *key, void (*destroy)(void *))
{
	struct decision *decision = call->decision;
	struct slot *found = slot_find(decision, owner, key);

	if (found)
		return &found->value;
	if (!array_reserve(
		    &decision->slots, decision->slot_count, sizeof(struct slot *), SLOTS_MAX))
		return NULL;
	found = calloc(1, sizeof(*found));
	char *copy = text_copy(key, strlen(key));
	if (!found || !copy) {
		free(found);
		free(copy);
		return NULL;
	}
	*found = (struct slot){.owner = owner, .key = copy, .destroy = destroy};
	decision->slots[decision->slot_count++] = found;
	return &found->value;
}

int32_t host_simulated(struct tpam_call *call)
{
	return call->decision->simulation != NULL;
}

int32_t host_is_async(struct tpam_call *call)
{
	return operation_waits(call->decision);
}

int64_t host_deadline(struct tpam_call *call)
{
	return call->decision->request->deadline;
}

struct tpam_waker *host_park(struct tpam_call *call)
{
	return operation_park(call->decision);
}

void host_wake(struct tpam_waker *waker)
{
	waker_wake(waker);
}

void host_waker_release(struct tpam_waker *waker)
{
	waker_release(waker);
}

/* The last word counts. */
void host_cache(struct tpam_call *call, int64_t seconds)
{
	atomic_bool *asked = &call->instance->asked;

	if (call->phase != PHASE_ASK || !call->instance->keeps)
		return;
	call->cache_seconds = seconds > 0 ? seconds : 0;
	/* The first of all was not looked for, since there could be nothing. */
	if (!atomic_load_explicit(asked, memory_order_relaxed) && !atomic_exchange(asked, true))
		tally_add(call->decision->generation->tally, TALLY_MISSES);
}

void host_cache_flush(struct tpam_instance *instance)
{
	atomic_fetch_add_explicit(&instance->flushes, 1, memory_order_acq_rel);
}
