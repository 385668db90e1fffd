/*
 * kept.c - what a rule being run has to do with the cache: found, asked again, kept, standing in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kept.h"

#include <stdio.h>
#include <string.h>

#include "cache.h"
#include "codes.h"
#include "decision.h"
#include "identity_pack.h"
#include "memory.h"

#define SECOND    INT64_C(1000000000)
#define VALUE_MAX (64 * 1024)

/* A header is read by its name, which nobody declares; who holds a host pointer knows what it points to, and we do not. */
#define NEVER_KEPT (TPAM_INPUT(HEADERS) | TPAM_INPUT(HOST_POINTER) | TPAM_INPUT(REQUEST_ID))

/* A verdict as it is kept; expected and got, each with a NUL if it is there, and the identity follow. */
struct value_head {
	int32_t outcome;
	int32_t reason;
	int64_t began; /* monotonic */
	uint32_t expected_size;
	uint32_t got_size;
};

bool kept_possible(const struct tpam_provider *provider)
{
	return provider->role != TPAM_ROLE_UTILITY && (provider->groups & TPAM_AUTH) &&
	       !(provider->inputs & NEVER_KEPT);
}

static bool may_keep(const struct tpam_call *call)
{
	return call->group == TPAM_AUTH && call->instance->keeps &&
	       call->decision->generation->cache;
}

/* ---- The key: all that the provider may look at ---- */

/* Equal lists of audiences have equal numbers; the provider's own goes with the provider. */
static uint32_t audience_number(const struct tpam_call *call)
{
	return call->instance->audience_none ? 0 : call->decision->service->audience_number;
}

static bool add_tags(struct cache_key *key, const struct list *tags)
{
	bool fits = cache_key_add(key, &tags->count, sizeof(tags->count));

	for (size_t i = 0; i < tags->count && fits; i++)
		fits = cache_key_add(key, tags->items[i], strlen(tags->items[i]));
	return fits;
}

/* Once for all rules that look at one credential. */
static uint64_t credential_hash(const struct tpam_call *call)
{
	struct credential *known = &call->decision->looked_at;

	if (known->hash == 0)
		known->hash = cache_part_hash(
			&call->decision->generation->cache->secret, known->bytes, known->length);
	return known->hash;
}

static bool key_make(struct cache_key *key, const struct tpam_call *call)
{
	const struct tpam_request *request = call->decision->request;
	const struct credential *credential = call->credential;
	uint64_t inputs = call->instance->provider->inputs;
	bool fits = true;

	cache_key_begin(key, call->instance->number, audience_number(call));
	if (inputs & TPAM_INPUT(CREDENTIAL)) {
		fits = cache_key_add(key, credential->bytes, credential->length);
		key->first = credential_hash(call);
	}
	if (inputs & TPAM_INPUT(BASIC_USER))
		fits = fits && cache_key_add(key, credential->user,
				       credential->user ? strlen(credential->user) : 0);
	if (inputs & TPAM_INPUT(TAGS))
		fits = fits && add_tags(key, &request->tags);
	for (size_t i = 1; i < REQUEST_ITEM_LIMIT && fits; i++)
		if (inputs >> i & 1)
			fits = cache_key_add(key, request->items[i].data, request->items[i].length);
	return fits;
}

/* ---- Found ---- */

static uint64_t flushes_of(const struct tpam_instance *instance)
{
	return atomic_load_explicit(&instance->flushes, memory_order_acquire);
}

static const char *texts_restore(
	struct trace_record *record, const struct value_head *head, const char *at)
{
	record->expected = head->expected_size > 0 ? at : NULL;
	at += head->expected_size;
	record->got = head->got_size > 0 ? at : NULL;
	return at + head->got_size;
}

/* Into the call, as the provider left it. False without memory. */
static bool restore(struct tpam_call *call, const struct cache_copy *copy, struct value_head *head)
{
	struct trace_record *record = call_record(call);

	memcpy(head, copy->value, sizeof(*head));
	const char *packed = texts_restore(record, head, copy->value + sizeof(*head));
	record->entry.reason = head->reason;
	call->kept_outcome = head->outcome;
	identity_reset(&call->identity);
	return identity_unpack(
		&call->identity, packed, copy->size - (size_t)(packed - copy->value));
}

bool kept_find(struct tpam_call *call, int32_t *ret_outcome)
{
	struct cache_copy copy = {.arena = &call->decision->result->arena};
	struct value_head head;
	struct cache_key key;

	if (!may_keep(call))
		return false;
	call->flushed = flushes_of(call->instance);
	if (!atomic_load_explicit(&call->instance->asked, memory_order_relaxed) ||
		!key_make(&key, call))
		return false;
	struct cache_moment now = {call->began, CACHE_NO_TIME};
	bool found = cache_find(
		call->decision->generation->cache, &key, &now, call->instance->hooks, &copy);
	if (found && !restore(call, &copy, &head))
		copy.no_memory = true;
	if (copy.no_memory)
		call->decision->no_memory = true;
	if (copy.no_memory || !found)
		return false;
	call->wall = now.wall;
	call_record(call)->entry.cached = TPAM_CACHED_FRESH;
	*ret_outcome = head.outcome;
	if (!outcome_accepts(head.outcome))
		return true;
	call->phase = PHASE_RECHECK;
	if (instance_recheck(call->instance))
		return true;
	*ret_outcome = call_judge(call, head.outcome);
	call->phase = PHASE_ASK;
	return true;
}

/* ---- Kept ---- */

static int64_t least(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

/* Seconds may be anything that a provider says. */
static int64_t nanoseconds(int64_t seconds)
{
	return seconds > INT64_MAX / SECOND ? INT64_MAX : seconds * SECOND;
}

static bool is_bad(int32_t outcome)
{
	return outcome == TPAM_INVALID || outcome == TPAM_EXPIRED || outcome == TPAM_REVOKED;
}

/* How long the verdict may be kept, 0 for not at all. What a client is told to do about it is fresh or worth nothing. */
static int64_t time_to_live(const struct tpam_call *call, int32_t outcome)
{
	const struct trace_record *record = &call->decision->result->trace.records[call->record];
	int64_t asked = nanoseconds(call->cache_seconds);

	if (outcome_accepts(outcome))
		return least(asked, call->instance->cache_ttl);
	if (!is_bad(outcome) || record->parameter_count > 0 || record->retry_after > 0 ||
		record->entry.reason == TPAM_REASON_NOT_YET_VALID)
		return 0;
	return least(asked, call->instance->cache_negative_ttl);
}

/* A verdict is as old as the question. False if it is too old already. */
static bool life_make(struct cache_life *ret, const struct tpam_call *call, bool good, int64_t ttl,
	const struct cache_moment *now)
{
	int64_t expires = identity_number(&call->identity, TPAM_FIELD_EXPIRES_AT);
	int64_t end = good && expires != TPAM_TIME_UNSET ? nanoseconds(expires) : INT64_MAX;
	int64_t age = now->monotonic - call->began;
	int64_t longer = good ? call->instance->stale_if_error : 0;

	ret->fresh.monotonic = call->began + ttl;
	ret->fresh.wall = least(now->wall - age + ttl, end);
	ret->stale.monotonic = ret->fresh.monotonic + longer;
	ret->stale.wall = least(now->wall - age + ttl + longer, end);
	return now->monotonic < ret->fresh.monotonic && now->wall < ret->fresh.wall;
}

static uint32_t text_size(const char *text)
{
	return text ? (uint32_t)strlen(text) + 1 : 0;
}

static void value_make(struct buffer *buffer, const struct tpam_call *call, int32_t outcome)
{
	const struct trace_record *record = &call->decision->result->trace.records[call->record];
	bool good = outcome_accepts(outcome);
	const char *expected = good ? NULL : record->expected, *got = good ? NULL : record->got;
	struct value_head head = {.outcome = outcome,
		.reason = record->entry.reason,
		.began = call->began,
		.expected_size = text_size(expected),
		.got_size = text_size(got)};

	buffer_append(buffer, (const char *)&head, sizeof(head));
	buffer_append(buffer, expected, head.expected_size);
	buffer_append(buffer, got, head.got_size);
	if (good)
		identity_pack(buffer, &call->identity);
}

static bool store(struct tpam_call *call, struct cache_key *key, int32_t outcome, int64_t ttl)
{
	const struct cache_moment now = {
		hooks_monotonic(call->instance->hooks), hooks_wall(call->instance->hooks)};
	const struct cache_epoch epoch = {&call->instance->flushes, call->flushed};
	struct buffer buffer = BUFFER(VALUE_MAX);
	bool good = outcome_accepts(outcome);
	struct cache_life life;

	if (!life_make(&life, call, good, ttl, &now))
		return false;
	value_make(&buffer, call, outcome);
	bool made = !buffer.failed;
	if (made)
		cache_put(call->decision->generation->cache, key, good, &epoch, &life, &now,
			buffer.data, buffer.length);
	buffer_finish(&buffer);
	return made;
}

/* Who could not find out says nothing about what was found out before. */
static bool says_something(int32_t outcome)
{
	return outcome_known(outcome) && outcome != TPAM_UNAVAILABLE && outcome != TPAM_ERROR &&
	       outcome != TPAM_RATE_LIMITED;
}

static void forget(struct tpam_call *call)
{
	struct cache_key key;

	if (key_make(&key, call))
		cache_remove(call->decision->generation->cache, &key);
}

static void keep(struct tpam_call *call, int32_t outcome)
{
	int64_t ttl = time_to_live(call, outcome);
	struct cache_key key;

	if (!says_something(outcome) || call->decision->no_memory)
		return;
	if (ttl > 0 && key_make(&key, call) && store(call, &key, outcome, ttl))
		return;
	/* What is said now must not be forgotten when the provider cannot say it the next time. */
	if (call->instance->stale_if_error > 0)
		forget(call);
}

/* ---- Standing in ---- */

static bool find_stale(struct tpam_call *call)
{
	struct cache_copy copy = {.arena = &call->decision->result->arena};
	struct value_head head;
	struct cache_key key;
	char note[96];

	if (call->instance->stale_if_error == 0 || !key_make(&key, call))
		return false;
	call->flushed = flushes_of(call->instance);
	call->wall = hooks_wall(call->instance->hooks);
	struct cache_moment now = {hooks_monotonic(call->instance->hooks), call->wall};
	if (!cache_find_stale(call->decision->generation->cache, &key, &now, &copy) ||
		!restore(call, &copy, &head))
		return false;
	call->phase = PHASE_STALE;
	(void)snprintf(note, sizeof(note),
		"unavailable; a verdict of %lld seconds ago stands in (stale_if_error)",
		(long long)((now.monotonic - head.began) / SECOND));
	return trace_note(call_record(call), note);
}

/* After a recheck that let the verdict stand. */
static int32_t stand(struct tpam_call *call, enum tpam_cached how)
{
	call_record(call)->entry.cached = (uint32_t)how;
	if (how == TPAM_CACHED_STALE)
		tally_add(call->decision->generation->tally, TALLY_STALE);
	return call->kept_outcome;
}

static bool settle_recheck(struct tpam_call *call, int32_t *outcome)
{
	bool flushed = flushes_of(call->instance) != call->flushed;
	bool stale = call->phase == PHASE_STALE;

	call->phase = PHASE_ASK;
	if (*outcome == TPAM_SUCCESS && !flushed) {
		*outcome = stand(call, stale ? TPAM_CACHED_STALE : TPAM_CACHED_FRESH);
		return false;
	}
	call_record(call)->entry.cached = TPAM_CACHED_NO;
	identity_reset(&call->identity);
	if (*outcome != TPAM_SUCCESS) {
		if (says_something(*outcome))
			forget(call);
		return false;
	}
	/* What was looked up is no longer kept: as if nothing had been found. */
	*outcome = TPAM_UNAVAILABLE;
	call->flushed = flushes_of(call->instance);
	return !stale;
}

bool kept_settle(struct tpam_call *call, int32_t *outcome)
{
	if (!may_keep(call))
		return false;
	if (call->phase != PHASE_ASK)
		return settle_recheck(call, outcome);
	if (*outcome != TPAM_UNAVAILABLE) {
		keep(call, *outcome);
		return false;
	}
	if (!find_stale(call))
		return false;
	if (instance_recheck(call->instance))
		return true;
	*outcome = call_judge(call, TPAM_SUCCESS);
	return settle_recheck(call, outcome);
}
