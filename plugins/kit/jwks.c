/*
 * jwks.c - the keys that an issuer publishes, for one instance: opened, and used to verify.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "jws.h"
#include "jwks_wait.h"
#include "http_failure.h"
#include "memory.h"
#include "url.h"

/* ---- Opening ---- */

static char *copy(const char *text)
{
	return text ? text_copy(text, strlen(text)) : NULL;
}

static bool describe(struct source *source, const struct tpam_jwks_options *options)
{
	source->issuer = copy(options->issuer);
	source->jwks_uri = copy(options->jwks_uri);
	source->metadata_url = copy(options->metadata_url);
	source->key_flags = options->key_flags & TPAM_KEYS_LARGE_RSA;
	for (const char *const *at = options->algorithms; at && *at; at++)
		if (!list_add(&source->algorithms, *at, strlen(*at)))
			return false;
	return source->issuer && (source->jwks_uri || !options->jwks_uri) &&
	       (source->metadata_url || !options->metadata_url);
}

static struct http_part part(const char *text)
{
	return (struct http_part){text, text ? strlen(text) : 0};
}

/* Two sources are one where this is equal: the same keys by the same way, read by the same rules. */
static bool digest(struct source *source)
{
	struct buffer algorithms = BUFFER(4096);

	for (size_t i = 0; i < source->algorithms.count; i++)
		buffer_format(&algorithms, "%s ", source->algorithms.items[i]);
	const struct http_part parts[] = {{source->http->digest, HTTP_DIGEST}, part(source->issuer),
		part(source->jwks_uri), part(source->metadata_url),
		{&source->key_flags, sizeof(source->key_flags)}, part(algorithms.data)};
	bool fine = !algorithms.failed &&
		    http_digest(source->digest, parts, sizeof(parts) / sizeof(parts[0]));
	buffer_finish(&algorithms);
	return fine;
}

static bool duration(const struct tpam_jwks *jwks, const char *option, int64_t least, int64_t *ret)
{
	int64_t milliseconds = 0;

	if (jwks->host->option_number(jwks->instance, option, 0, &milliseconds) != TPAM_OK)
		return true;
	*ret = milliseconds * MILLISECOND;
	if (milliseconds >= least && milliseconds <= INT64_C(366) * 86400000)
		return true;
	jwks->host->problem(jwks->instance, option, 0,
		jwks->host->option_text(jwks->instance, option, 0),
		least > 0 ? "1s to 366d" : "0s to 366d");
	return false;
}

static int times_open(const struct tpam_jwks *jwks, struct source *source)
{
	bool fine = duration(jwks, "jwks_refresh", 1000, &source->refresh);

	fine = duration(jwks, "jwks_cooldown", 1000, &source->cooldown) && fine;
	fine = duration(jwks, "jwks_stale", 0, &source->stale) && fine;
	return fine ? TPAM_OK : TPAM_E_CONFIG;
}

static int folder_open(const struct tpam_jwks *jwks, struct source *source)
{
	const char *folder = jwks->host->option_text(jwks->instance, "jwks_folder", 0);

	if (!folder)
		return TPAM_OK;
	source->file = saved_name(folder, source);
	return source->file ? saved_read(source, jwks->host, jwks->instance) : TPAM_E_MEMORY;
}

/* Without jwks_uri and metadata_url the issuer itself has to say where to look. */
static int issuer_open(const struct tpam_jwks *jwks, const struct tpam_jwks_options *options)
{
	enum url_fault fault = url_judge(options->issuer);

	if (options->jwks_uri || options->metadata_url)
		return TPAM_OK;
	if (fault == URL_FINE && !strchr(options->issuer, '?'))
		return TPAM_OK;
	jwks->host->problem(jwks->instance, "issuer", 0,
		fault == URL_FINE ? "a URL with a query" : url_fault_text(fault),
		"an https:// URL at which its metadata is found, or where its keys are");
	return TPAM_E_CONFIG;
}

static int open_source(struct tpam_jwks *jwks, struct source *source, struct tpam_http *http,
	const struct tpam_jwks_options *options)
{
	int codes[] = {issuer_open(jwks, options), times_open(jwks, source)};

	source->http = tpam_http_ref(http);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i] != TPAM_OK)
			return codes[i];
	if (!describe(source, options) || !digest(source))
		return TPAM_E_MEMORY;
	return folder_open(jwks, source);
}

int tpam_jwks_open(struct tpam_jwks **ret, const struct tpam_host *host,
	struct tpam_instance *instance, struct tpam_http *http,
	const struct tpam_jwks_options *options)
{
	struct tpam_jwks *jwks = calloc(1, sizeof(*jwks));
	struct source *source = source_create();
	int code = TPAM_E_MEMORY;

	if (jwks && source) {
		*jwks = (struct tpam_jwks){.host = host, .instance = instance};
		code = open_source(jwks, source, http, options);
	}
	if (code != TPAM_OK) {
		source_destroy(source);
		free(jwks);
		return code;
	}
	source_attach(jwks, source);
	*ret = jwks;
	return TPAM_OK;
}

void tpam_jwks_close(struct tpam_jwks *jwks)
{
	if (!jwks)
		return;
	source_detach(jwks);
	free(jwks);
}

/* ---- Verifying ---- */

static int32_t refuse_failure(const struct tpam_jwks *jwks, struct tpam_call *call, int code,
	const struct tpam_http_failure *failure)
{
	return code == TPAM_PENDING ? TPAM_PENDING : tpam_http_refuse(jwks->host, call, failure);
}

/*
 * The token names a key that is not known, and looking again must wait. Whether there is none is known
 * for tokens that were issued before the last look; of others nobody can say yet, and who tells their
 * client that they are bad has it throw away good ones. Nobody vouches for "iat", so it decides between
 * two ways to refuse and nothing else.
 */
static int32_t refuse_for_now(const struct tpam_jwks *jwks, struct tpam_call *call,
	const struct tpam_jws *jws, int64_t wait, int64_t age, const struct tpam_fault *fault)
{
	const struct tpam_host *host = jwks->host;
	int64_t looked = (host->clock_wall(jwks->instance) - age) / SECOND;
	int64_t issued = 0;

	if (scan_number(jws->payload, jws->payload_length, "iat", &issued) &&
		issued <= looked - host->leeway(jwks->instance))
		return tpam_call_refuse(jwks->host, call, TPAM_INVALID, fault);
	host->retry_after(call, (wait + SECOND - 1) / SECOND);
	return tpam_call_refuse(jwks->host, call, TPAM_UNAVAILABLE, fault);
}

int32_t tpam_jwks_verify(struct tpam_jwks *jwks, struct tpam_call *call, struct tpam_jws *jws)
{
	struct tpam_http_failure failure;
	struct tpam_fault fault;
	const struct tpam_keys *keys = NULL;
	uint64_t version = 0;
	int64_t wait = 0, age = 0;

	for (;;) {
		int code = jwks_keys(jwks, call, &keys, &version, &failure);
		if (code != TPAM_OK)
			return refuse_failure(jwks, call, code, &failure);
		if (tpam_jws_verify(jws, keys, &fault) == TPAM_OK)
			return 0;
		/* Fresher keys mend nothing else, nor a token that does not say which one it means. */
		if (fault.reason != TPAM_REASON_UNKNOWN_KEY || !tpam_jws_kid(jws))
			return tpam_call_refuse(jwks->host, call, TPAM_INVALID, &fault);
		code = jwks_search(jwks, call, version, false, &wait, &age, &failure);
		if (code == TPAM_E_UNSET)
			return tpam_call_refuse(jwks->host, call, TPAM_INVALID, &fault);
		if (code == TPAM_E_LIMIT)
			return refuse_for_now(jwks, call, jws, wait, age, &fault);
		if (code != TPAM_OK)
			return refuse_failure(jwks, call, code, &failure);
	}
}
