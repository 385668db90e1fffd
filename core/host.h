/*
 * host.h - the table of functions that plugins get, and the functions in it.
 *
 * provider.h describes each under the name that it has in struct tpam_host.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include <tokenpam/provider.h>

extern const struct tpam_host host_table;

uint32_t host_option_count(const struct tpam_instance *instance, const char *name);
const char *host_option_text(
	const struct tpam_instance *instance, const char *name, uint32_t index);
int32_t host_option_number(
	const struct tpam_instance *instance, const char *name, uint32_t index, int64_t *ret);
const char *host_name(const struct tpam_instance *instance);
void host_problem(struct tpam_instance *instance, const char *option, uint32_t index,
	const char *got, const char *expected);
void host_problem_at(struct tpam_instance *instance, const char *path, uint32_t line,
	uint32_t column, const char *got, const char *expected);
void host_warning(
	struct tpam_instance *instance, const char *option, uint32_t index, const char *text);
int32_t host_offer_scope(struct tpam_instance *instance, const char *scope);
int32_t host_read_file(const struct tpam_instance *instance, const char *path, uint32_t flags,
	uint64_t limit, char **ret_bytes, uint64_t *ret_length);
void host_release(void *bytes, uint64_t length);
int64_t host_clock_wall(const struct tpam_instance *instance);
int64_t host_clock_monotonic(const struct tpam_instance *instance);
int64_t host_leeway(const struct tpam_instance *instance);
void host_log(const struct tpam_instance *instance, int32_t level, const char *text);
const char *host_item_text(struct tpam_call *call, int32_t item);
const void *host_item_bytes(struct tpam_call *call, int32_t item, uint64_t *ret_length);
const char *host_item_list(struct tpam_call *call, int32_t item, uint32_t index);
const char *host_header(struct tpam_call *call, const char *name, uint32_t index);
const char *host_identity_text(struct tpam_call *call, int32_t field, uint32_t index);
int32_t host_identity_number(struct tpam_call *call, int32_t field, int64_t *ret);
void *host_host_pointer(struct tpam_call *call);
int32_t host_set_text(struct tpam_call *call, int32_t field, const char *text, uint64_t length);
int32_t host_set_number(struct tpam_call *call, int32_t field, int64_t value);
int32_t host_add_text(struct tpam_call *call, int32_t field, const char *text, uint64_t length);
void host_reason(struct tpam_call *call, int32_t code, const char *expected, const char *got);
void host_trace(struct tpam_call *call, const char *text);
int32_t host_challenge(
	struct tpam_call *call, const char *scheme, const char *name, const char *value);
void host_retry_after(struct tpam_call *call, int64_t seconds);
void **host_slot(
	struct tpam_call *call, const void *owner, const char *key, void (*destroy)(void *));
int32_t host_is_async(struct tpam_call *call);
int64_t host_deadline(struct tpam_call *call);
struct tpam_waker *host_park(struct tpam_call *call);
void host_wake(struct tpam_waker *waker);
void host_waker_release(struct tpam_waker *waker);
void host_cache(struct tpam_call *call, int64_t seconds);
void host_cache_flush(struct tpam_instance *instance);
int32_t host_wanted(const struct tpam_instance *instance, int32_t field, const char *like);
int32_t host_bind_by_client(struct tpam_instance *instance);
int32_t host_own_prefix(struct tpam_instance *instance, const char *prefix);
void host_event(
	const struct tpam_instance *instance, int32_t event, int32_t outcome, const char *text);
int32_t host_audience_none(const struct tpam_instance *instance);
int32_t host_simulated(struct tpam_call *call);
int32_t host_offer(struct tpam_instance *instance, int32_t field, const char *value);
int32_t host_wanted_beside(
	const struct tpam_instance *instance, int32_t field, const char *like, const char *known);
void *host_allocate(uint64_t length);

#endif
