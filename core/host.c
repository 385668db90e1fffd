/*
 * host.c - the table of functions that plugins get.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host.h"

const struct tpam_host host_table = {
	.size = sizeof(struct tpam_host),
	.abi = TPAM_ABI,
	.option_count = host_option_count,
	.option_text = host_option_text,
	.option_number = host_option_number,
	.name = host_name,
	.problem = host_problem,
	.problem_at = host_problem_at,
	.offer_scope = host_offer_scope,
	.read_file = host_read_file,
	.release = host_release,
	.clock_wall = host_clock_wall,
	.clock_monotonic = host_clock_monotonic,
	.leeway = host_leeway,
	.log = host_log,
	.item_text = host_item_text,
	.item_bytes = host_item_bytes,
	.item_list = host_item_list,
	.header = host_header,
	.identity_text = host_identity_text,
	.identity_number = host_identity_number,
	.host_pointer = host_host_pointer,
	.set_text = host_set_text,
	.set_number = host_set_number,
	.add_text = host_add_text,
	.reason = host_reason,
	.trace = host_trace,
	.challenge = host_challenge,
	.retry_after = host_retry_after,
	.slot = host_slot,
	.is_async = host_is_async,
	.deadline = host_deadline,
	.park = host_park,
	.wake = host_wake,
	.waker_release = host_waker_release,
	.cache = host_cache,
	.cache_flush = host_cache_flush,
	.wanted = host_wanted,
	.bind_by_client = host_bind_by_client,
	.audience_none = host_audience_none,
};
