/*
 * metadata.c - what an issuer publishes of itself (OpenID Connect Discovery 1.0, RFC 8414).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/jwks.h>

#include "fault.h"
#include "json.h"
#include "memory.h"
#include "url.h"

#define METADATA_MAX   (256 * 1024)
#define METADATA_DEPTH 16

struct tpam_metadata {
	json_t *object;
};

/* Where a document lies: its name behind the whole issuer, or between host and path. */
struct place {
	const char *name;
	bool behind;
};

/* Without a path in the issuer the first and the last are one place. */
static const struct place places[] = {
	{"/.well-known/openid-configuration", true},
	{"/.well-known/oauth-authorization-server", false},
	{"/.well-known/openid-configuration", false},
};

char *tpam_metadata_url(const char *issuer, uint32_t index)
{
	if (url_judge(issuer) != URL_FINE || strchr(issuer, '?'))
		return NULL;
	size_t length = strlen(issuer);
	size_t origin = strcspn(strstr(issuer, "://") + 3, "/") +
			(size_t)(strstr(issuer, "://") + 3 - issuer);

	/* Both specifications: a slash at its end goes before anything is put there. */
	if (issuer[length - 1] == '/')
		length--;
	size_t path = length > origin ? length - origin : 0;
	if (index >= sizeof(places) / sizeof(places[0]) - (path == 0))
		return NULL;
	const struct place *place = &places[index];
	if (place->behind)
		return text_format("%.*s%s", (int)length, issuer, place->name);
	return text_format(
		"%.*s%s%.*s", (int)origin, issuer, place->name, (int)path, issuer + origin);
}

static int check(const json_t *object, const char *issuer, struct tpam_fault *fault)
{
	const json_t *member = json_object_get(object, "issuer");

	if (!json_is_string(member))
		return fault_set(fault, TPAM_REASON_UPSTREAM_MALFORMED, "metadata with its issuer",
			member ? "an issuer that is no text" : "none");
	if (strcmp(json_string_value(member), issuer) != 0)
		return fault_set(
			fault, TPAM_REASON_WRONG_ISSUER, issuer, json_string_value(member));
	return TPAM_OK;
}

int tpam_metadata_parse(struct tpam_metadata **ret, const char *json, size_t length,
	const char *issuer, struct tpam_fault *fault)
{
	*fault = (struct tpam_fault){0};
	if (length > METADATA_MAX)
		return fault_set(fault, TPAM_REASON_UPSTREAM_MALFORMED,
			"at most 256 KiB of metadata", "more");
	json_t *object = json_object_read(json, length, METADATA_DEPTH);
	if (!object)
		return errno == ENOMEM
			       ? TPAM_E_MEMORY
			       : fault_set(fault, TPAM_REASON_UPSTREAM_MALFORMED,
					 "metadata that is a JSON object", "something else");
	int code = check(object, issuer, fault);
	struct tpam_metadata *metadata = code == TPAM_OK ? calloc(1, sizeof(*metadata)) : NULL;
	if (!metadata) {
		json_decref(object);
		return code == TPAM_OK ? TPAM_E_MEMORY : code;
	}
	metadata->object = object;
	*ret = metadata;
	return TPAM_OK;
}

void tpam_metadata_destroy(struct tpam_metadata *metadata)
{
	if (!metadata)
		return;
	json_decref(metadata->object);
	free(metadata);
}

const char *tpam_metadata_text(const struct tpam_metadata *metadata, const char *name)
{
	return json_string_value(json_object_get(metadata->object, name));
}

const char *tpam_metadata_element(
	const struct tpam_metadata *metadata, const char *name, uint32_t index)
{
	return json_string_value(json_array_get(json_object_get(metadata->object, name), index));
}
