/*
 * jws_call.c - the token of a request, taken apart once for all rules that look at it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#include "jws.h"
#include "memory.h"

/* What became of a token, and which it was: rules may look at different credentials of a request. */
struct taken {
	char *token;
	size_t length;
	struct tpam_jws *jws; /* NULL: it is none, as `code` and `fault` say */
	int code;
	struct tpam_fault fault;
};

/* Its address is the slot's name for all instances of all plugins. */
static const char owner;

static void forget(struct taken *taken)
{
	tpam_jws_destroy(taken->jws);
	secret_free(taken->token, taken->length);
	*taken = (struct taken){0};
}

static void taken_destroy(void *memory)
{
	forget(memory);
	free(memory);
}

/* The request's, empty at first; NULL without memory. */
static struct taken *taken_of(const struct tpam_host *host, struct tpam_call *call)
{
	void **slot = host->slot(call, &owner, "jws", taken_destroy);

	if (slot && !*slot)
		*slot = calloc(1, sizeof(struct taken));
	return slot ? *slot : NULL;
}

static bool is_of(const struct taken *taken, const char *token, size_t length)
{
	const char *known = taken->jws ? taken->jws->memory : taken->token;

	return known && taken->length == length && memcmp(known, token, length) == 0;
}

/* The token stands in what it was taken apart into; otherwise it is kept beside. */
static int take(struct taken *taken, const char *token, size_t length, size_t limit)
{
	forget(taken);
	int code = tpam_jws_parse(&taken->jws, token, length, limit, &taken->fault);
	if (code == TPAM_E_MEMORY || code == TPAM_E_LIMIT)
		return code;
	if (code != TPAM_OK && !(taken->token = text_copy(token, length)))
		return TPAM_E_MEMORY;
	taken->length = length;
	taken->code = code;
	return code;
}

int tpam_jws_of_call(struct tpam_jws **ret, const struct tpam_host *host, struct tpam_call *call,
	size_t limit, struct tpam_fault *fault)
{
	uint64_t length = 0;
	const char *token = host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);
	struct taken *taken = taken_of(host, call);

	*fault = (struct tpam_fault){0};
	if (!taken)
		return TPAM_E_MEMORY;
	if (length > limit)
		return TPAM_E_LIMIT;
	int code = is_of(taken, token, (size_t)length) ? taken->code
						       : take(taken, token, (size_t)length, limit);
	if (code == TPAM_OK)
		*ret = taken->jws;
	else
		*fault = taken->fault;
	return code;
}
