/*
 * freshness.h - how long an answer may be used (RFC 9111).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef KIT_FRESHNESS_H
#define KIT_FRESHNESS_H

#include <tokenpam/http.h>

#define FRESHNESS_MOST (INT64_C(366) * 86400)

/*
 * Seconds from its arrival; 0 if it wants to be asked for each time, -1 if it says nothing that can be
 * understood. As a cache of one user's: what is meant for shared ones does not count.
 */
int64_t freshness_of(const struct tpam_http_answer *answer);

#endif
