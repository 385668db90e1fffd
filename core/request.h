/*
 * request.h - what the host told about a request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORE_REQUEST_H
#define CORE_REQUEST_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <tokenpam/tokenpam.h>

#include "list.h"

#define REQUEST_ITEM_LIMIT (TPAM_ITEM_CLIENT_CERTIFICATE + 1)

struct bytes {
	char *data; /* followed by a NUL; NULL: unset */
	size_t length;
};

/* One block: the name, a NUL, the value, a NUL. */
struct header {
	char *name;
	const char *value;
	size_t size;
};

/* A credential that came in no header. */
struct given_credential {
	char *scheme;
	struct bytes bytes;
	char *where;
};

struct tpam_request {
	atomic_uint references; /* the host's, and one for each decision under way */
	struct bytes items[REQUEST_ITEM_LIMIT]; /* by enum tpam_item */
	struct header *headers;
	size_t header_count;
	size_t header_size; /* of names and values, with ": " and CR LF as on the wire */
	struct given_credential *credentials;
	size_t credential_count;
	struct list tags;
	int64_t deadline;
	void *host_pointer;
	struct tpam_result *who; /* somebody who was recognised before; NULL: nobody */
};

/* One more owner; given back with tpam_request_destroy(). */
struct tpam_request *request_ref(const struct tpam_request *request);

/* The text of an item; NULL if unset. */
const char *request_text(const struct tpam_request *request, enum tpam_item item);

/* Value `index` of a header; NULL beyond the last. */
const char *request_header(const struct tpam_request *request, const char *name, size_t index);

#endif
