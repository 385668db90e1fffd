/*
 * fuzz_metadata.c - libFuzzer target: any bytes as an issuer's metadata, and as the issuer.
 *
 * What is taken names the issuer and no other; the places where an issuer's metadata is looked for are below its own
 * origin, whatever it is called.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tokenpam/jwks.h>

#include "http_target.h"
#include "json.h"
#include "memory.h"

#define ISSUER "https://issuer.example"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check_document(const char *json, size_t size)
{
	struct tpam_metadata *metadata = NULL;
	struct tpam_fault fault;
	int code = tpam_metadata_parse(&metadata, json, size, ISSUER, &fault);

	require((code == TPAM_OK) == (metadata != NULL));
	if (code != TPAM_OK) {
		require(fault.reason == TPAM_REASON_WRONG_ISSUER ||
			fault.reason == TPAM_REASON_UPSTREAM_MALFORMED);
		require(fault.expected[0] != '\0');
		return;
	}
	require(strcmp(tpam_metadata_text(metadata, "issuer"), ISSUER) == 0);
	(void)tpam_metadata_text(metadata, "jwks_uri");
	for (uint32_t i = 0; tpam_metadata_element(metadata, "scopes_supported", i); i++)
		require(i < size);
	tpam_metadata_destroy(metadata);
}

static bool same_origin(const char *url, const char *issuer)
{
	const struct tpam_http_options options = {.timeout = 1};
	static struct tpam_http *http;
	struct http_target ours, theirs;
	struct tpam_fault fault;

	if (!http && tpam_http_create(&http, &options, &fault) != TPAM_OK)
		abort();
	/* What libcurl cannot read is fetched by nobody. */
	if (http_target_judge(&theirs, http, issuer, issuer, &fault) != TPAM_OK)
		return true;
	return http_target_judge(&ours, http, url, issuer, &fault) == TPAM_OK &&
	       strcmp(ours.origin, theirs.origin) == 0 && ours.addresses == theirs.addresses;
}

static void check_places(const char *issuer)
{
	char *url;

	for (uint32_t i = 0; (url = tpam_metadata_url(issuer, i)); i++) {
		require(i < 3);
		require(strstr(url, "/.well-known/") != NULL);
		require(strlen(url) > URL_MAX || same_origin(url, issuer));
		tpam_kit_free(url);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_copy((const char *)data, size);

	check_document((const char *)data, size);
	check_places(text);
	free(text);
	return 0;
}
