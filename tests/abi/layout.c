/*
 * layout.c - where every member of the structures of provider.h lies. It only has to compile.
 *
 * A line here is a promise to plugins that exist: members are added at the end, and nothing else ever changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>

#include <tokenpam/provider.h>

#define AT(type, member, offset)                                                                   \
	_Static_assert(offsetof(struct type, member) == (offset), #type "." #member " has moved")

AT(tpam_option, size, 0);
AT(tpam_option, type, 4);
AT(tpam_option, flags, 8);
AT(tpam_option, reserved, 12);
AT(tpam_option, name, 16);
AT(tpam_option, fallback, 24);
AT(tpam_option, values, 32);
AT(tpam_option, help, 40);
_Static_assert(
	sizeof(struct tpam_option) == 48, "tpam_option has grown: add its new members above");

AT(tpam_host, size, 0);
AT(tpam_host, abi, 4);
AT(tpam_host, option_count, 8);
AT(tpam_host, option_text, 16);
AT(tpam_host, option_number, 24);
AT(tpam_host, name, 32);
AT(tpam_host, problem, 40);
AT(tpam_host, problem_at, 48);
AT(tpam_host, offer_scope, 56);
AT(tpam_host, read_file, 64);
AT(tpam_host, release, 72);
AT(tpam_host, clock_wall, 80);
AT(tpam_host, clock_monotonic, 88);
AT(tpam_host, leeway, 96);
AT(tpam_host, log, 104);
AT(tpam_host, item_text, 112);
AT(tpam_host, item_bytes, 120);
AT(tpam_host, item_list, 128);
AT(tpam_host, header, 136);
AT(tpam_host, identity_text, 144);
AT(tpam_host, identity_number, 152);
AT(tpam_host, host_pointer, 160);
AT(tpam_host, set_text, 168);
AT(tpam_host, set_number, 176);
AT(tpam_host, add_text, 184);
AT(tpam_host, reason, 192);
AT(tpam_host, trace, 200);
AT(tpam_host, challenge, 208);
AT(tpam_host, retry_after, 216);
AT(tpam_host, slot, 224);
AT(tpam_host, is_async, 232);
AT(tpam_host, deadline, 240);
AT(tpam_host, park, 248);
AT(tpam_host, wake, 256);
AT(tpam_host, waker_release, 264);
AT(tpam_host, cache, 272);
AT(tpam_host, cache_flush, 280);
AT(tpam_host, wanted, 288);
AT(tpam_host, bind_by_client, 296);
AT(tpam_host, audience_none, 304);
AT(tpam_host, own_prefix, 312);
AT(tpam_host, offer, 320);
AT(tpam_host, event, 328);
AT(tpam_host, wanted_beside, 336);
AT(tpam_host, simulated, 344);
AT(tpam_host, allocate, 352);
AT(tpam_host, warning, 360);
_Static_assert(sizeof(struct tpam_host) == 368, "tpam_host has grown: add its new members above");

AT(tpam_provider, size, 0);
AT(tpam_provider, abi, 4);
AT(tpam_provider, name, 8);
AT(tpam_provider, version, 16);
AT(tpam_provider, summary, 24);
AT(tpam_provider, role, 32);
AT(tpam_provider, groups, 36);
AT(tpam_provider, binding, 40);
AT(tpam_provider, flags, 44);
AT(tpam_provider, outcomes, 48);
AT(tpam_provider, reserved, 52);
AT(tpam_provider, inputs, 56);
AT(tpam_provider, inputs_needed, 64);
AT(tpam_provider, credentials, 72);
AT(tpam_provider, options, 80);
AT(tpam_provider, open, 88);
AT(tpam_provider, close, 96);
AT(tpam_provider, authenticate, 104);
AT(tpam_provider, account, 112);
AT(tpam_provider, session, 120);
AT(tpam_provider, recheck, 128);
AT(tpam_provider, probe, 136);
_Static_assert(
	sizeof(struct tpam_provider) == 144, "tpam_provider has grown: add its new members above");

/* What crosses the border as a number. */
_Static_assert(TPAM_PENDING == 100 && TPAM_OUTCOME_LIMIT == 15, "outcomes");
_Static_assert(TPAM_SUCCESS == 1 && TPAM_FOREIGN == 5 && TPAM_DENIED == 11 && TPAM_ERROR == 14,
	"outcomes");
_Static_assert(
	TPAM_AUTH == 1 && TPAM_ACCOUNT == 2 && TPAM_SESSION == 4 && TPAM_LOGIN == 8, "groups");
_Static_assert(TPAM_ITEM_SERVICE == 1 && TPAM_ITEM_HOST_POINTER == 19, "items");
_Static_assert(TPAM_FIELD_ISSUER == 1 && TPAM_FIELD_TOKEN_ID == 18, "fields");
_Static_assert(TPAM_TYPE_TEXT == 1 && TPAM_TYPE_URL == 8, "types of options");
_Static_assert(TPAM_ROLE_IDENTITY == 1 && TPAM_ROLE_UTILITY == 3, "roles");
_Static_assert(TPAM_EVENT_KEYS == 1 && TPAM_EVENT_REVOCATION == 2, "events");
_Static_assert(TPAM_INPUT(CREDENTIAL) == 1 << 15 && TPAM_MAY(FOREIGN) == 1 << 5, "masks");
