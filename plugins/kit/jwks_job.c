/*
 * jwks_job.c - one fetch of an issuer's keys: its metadata, place after place, then the keys.
 *
 * It goes on to its end whoever waits for it, so that calls in a hurry do not keep each other from ever
 * having keys. All but the beginning runs in the thread of the HTTP engine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fault.h"
#include "freshness.h"
#include "http_engine.h"
#include "http_failure.h"
#include "http_hooks.h"
#include "jwks_source.h"
#include "memory.h"
#include "url.h"

#define BODY_MAX  (256 * 1024)
#define SHARE_MAX 64
#define ETAG_MAX  256

struct job {
	struct source *source;
	struct tpam_http *http;
	const char *configured; /* of the source, which outlives the job */
	char *metadata_url;     /* asked at the moment */
	uint32_t place;         /* of tpam_metadata_url() */
	char *jwks_uri;
	char *etag; /* of the keys that are there */
	char *file;
	struct fetched fetched;
};

/* What an upstream answers where there is no such document. */
static const int32_t absent[] = {400, 403, 404, 405, 410, 0};

static void job_destroy(struct job *job)
{
	tpam_http_unref(job->http);
	free(job->metadata_url);
	free(job->jwks_uri);
	free(job->etag);
	free(job->file);
	tpam_keys_unref(job->fetched.keys);
	free(job->fetched.etag);
	free(job->fetched.uri);
	tpam_metadata_destroy(job->fetched.metadata);
	free(job);
}

static void end(struct job *job)
{
	struct source *source = job->source;

	source_settle(source, &job->fetched);
	job_destroy(job);
	source_release(source);
}

static void end_failed(struct job *job, const struct tpam_http_failure *failure)
{
	job->fetched.failure = *failure;
	end(job);
}

/* ---- Keys ---- */

/* The next process may have to do without; this one need not, so that it fails is only told. */
static void save(struct job *job, const char *body, size_t length)
{
	if (job->file)
		job->fetched.save_error = saved_write(job->file, body, length) ? 0 : errno;
}

static char *etag_copy(const struct tpam_http_answer *answer)
{
	const char *etag = tpam_http_header(answer, "ETag", 0);
	size_t length = etag ? strlen(etag) : 0;

	return length > 0 && length <= ETAG_MAX ? text_copy(etag, length) : NULL;
}

static bool read_keys(struct job *job, const char *body, size_t length)
{
	struct source *source = job->source;
	struct tpam_fault fault;
	const char *const *algorithms =
		source->algorithms.count > 0 ? (const char *const *)source->algorithms.items : NULL;
	const struct tpam_keys_rules rules = {
		.algorithms = algorithms, .flags = source->key_flags | TPAM_KEYS_SKIP};
	const struct http_part part = {body, length};

	int code = tpam_keys_parse(&job->fetched.keys, body, length, &rules, &fault);
	if (code == TPAM_OK && !http_digest(job->fetched.content, &part, 1))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		return true;
	tpam_keys_unref(job->fetched.keys);
	job->fetched.keys = NULL;
	if (code == TPAM_E_MEMORY)
		(void)failure_no_memory(&job->fetched.failure);
	else
		(void)failure_set(&job->fetched.failure, TPAM_UNAVAILABLE,
			TPAM_REASON_UPSTREAM_MALFORMED, fault.expected, fault.got);
	return false;
}

static void on_keys(
	void *data, struct tpam_http_answer *answer, const struct tpam_http_failure *failure)
{
	struct job *job = data;
	uint64_t length = 0;

	if (!answer) {
		end_failed(job, failure);
		return;
	}
	job->fetched.lifetime = freshness_of(answer);
	job->fetched.uri = job->jwks_uri;
	job->jwks_uri = NULL;
	job->fetched.same = tpam_http_status(answer) == 304;
	const char *body = tpam_http_body(answer, &length);
	if (!job->fetched.same && read_keys(job, body, (size_t)length)) {
		job->fetched.etag = etag_copy(answer);
		save(job, body, (size_t)length);
	} else if (job->fetched.same) {
		save(job, NULL, 0);
	}
	end(job);
}

static int fetch_keys(struct job *job, struct tpam_http_failure *failure)
{
	static const int32_t statuses[] = {304, 0};
	const struct tpam_http_header headers[] = {
		{job->etag ? "If-None-Match" : NULL, job->etag}, {NULL, NULL}};
	const struct tpam_http_request request = {
		.url = job->jwks_uri,
		.configured = job->configured,
		.headers = headers,
		.statuses = job->etag ? statuses : NULL,
		.body_max = BODY_MAX,
		.flags = TPAM_HTTP_IDEMPOTENT | TPAM_HTTP_JSON,
	};

	return tpam_http_start(job->http, &request, on_keys, job, failure);
}

/* ---- Metadata ---- */

static int fetch_metadata(struct job *job, struct tpam_http_failure *failure);

/* It is not there, or what is there is something else: a page for people, say. */
static bool looks_absent(
	const struct tpam_http_answer *answer, const struct tpam_http_failure *failure)
{
	return answer ? tpam_http_status(answer) != 200
		      : failure->fault.reason == TPAM_REASON_UPSTREAM_MALFORMED;
}

static void not_found(const struct job *job, const struct tpam_http_answer *answer,
	struct tpam_http_failure *failure)
{
	char got[32];

	if (!answer)
		return;
	(void)snprintf(got, sizeof(got), "HTTP %d", (int)tpam_http_status(answer));
	(void)failure_set(failure, TPAM_ERROR, TPAM_REASON_UPSTREAM_ERROR,
		job->source->metadata_url ? "the issuer's metadata at metadata_url"
					  : "the issuer's metadata at one of its well-known places",
		got);
}

/* Goes on with the next place. False, with the failure of this one, if there is none. */
static bool next_place(struct job *job)
{
	struct tpam_http_failure failure;

	if (job->source->metadata_url)
		return false;
	free(job->metadata_url);
	job->metadata_url = tpam_metadata_url(job->source->issuer, ++job->place);
	return job->metadata_url && fetch_metadata(job, &failure) == TPAM_OK;
}

/* The address of the keys, as the metadata of the right issuer says. */
static bool read_metadata(
	struct job *job, const struct tpam_http_answer *answer, struct tpam_http_failure *failure)
{
	struct tpam_metadata *metadata = NULL;
	struct tpam_fault fault;
	uint64_t length = 0;
	const char *body = tpam_http_body(answer, &length);

	int code =
		tpam_metadata_parse(&metadata, body, (size_t)length, job->source->issuer, &fault);
	const char *uri = code == TPAM_OK ? tpam_metadata_text(metadata, "jwks_uri") : NULL;
	if (code == TPAM_OK && (!uri || strlen(uri) > URL_MAX))
		code = fault_set(&fault, TPAM_REASON_UPSTREAM_MALFORMED, "metadata with a jwks_uri",
			uri ? "one that is too long" : "none");
	else if (code == TPAM_OK && !(job->jwks_uri = text_copy(uri, strlen(uri))))
		code = TPAM_E_MEMORY;
	if (code == TPAM_OK)
		job->fetched.metadata = metadata;
	else
		tpam_metadata_destroy(metadata);
	if (code == TPAM_E_MEMORY)
		(void)failure_no_memory(failure);
	else if (code != TPAM_OK)
		/* Somebody else's metadata is a matter for whoever configures, not one of time. */
		(void)failure_set(failure,
			fault.reason == TPAM_REASON_WRONG_ISSUER ? TPAM_ERROR : TPAM_UNAVAILABLE,
			fault.reason, fault.expected, fault.got);
	return code == TPAM_OK;
}

static void on_metadata(
	void *data, struct tpam_http_answer *answer, const struct tpam_http_failure *failure)
{
	struct job *job = data;
	struct tpam_http_failure own = failure ? *failure : (struct tpam_http_failure){0};

	if (looks_absent(answer, failure)) {
		not_found(job, answer, &own);
		if (!next_place(job))
			end_failed(job, &own);
		return;
	}
	if (!answer || !read_metadata(job, answer, &own) || fetch_keys(job, &own) != TPAM_OK)
		end_failed(job, &own);
}

static int fetch_metadata(struct job *job, struct tpam_http_failure *failure)
{
	const struct tpam_http_request request = {
		.url = job->metadata_url,
		.configured = job->configured,
		.statuses = absent,
		.body_max = BODY_MAX,
		.flags = TPAM_HTTP_IDEMPOTENT | TPAM_HTTP_JSON,
	};

	return tpam_http_start(job->http, &request, on_metadata, job, failure);
}

/* ---- Beginning ---- */

static char *copy(const char *text)
{
	return text ? text_copy(text, strlen(text)) : NULL;
}

static bool fill(struct job *job, const struct source *source)
{
	job->http = tpam_http_ref(source->http);
	job->configured = source->jwks_uri       ? source->jwks_uri
			  : source->metadata_url ? source->metadata_url
						 : source->issuer;
	job->jwks_uri = copy(source->jwks_uri);
	job->etag = source->keys ? copy(source->etag) : NULL;
	job->file = copy(source->file);
	if (!source->jwks_uri)
		job->metadata_url = source->metadata_url ? copy(source->metadata_url)
							 : tpam_metadata_url(source->issuer, 0);
	job->fetched.began = http_clock();
	job->fetched.began_wall = (int64_t)time(NULL);
	return (job->jwks_uri || job->metadata_url) && (job->file || !source->file);
}

bool job_start(struct source *source, struct tpam_http_failure *failure)
{
	struct job *job = calloc(1, sizeof(*job));
	int code;

	if (!job) {
		(void)failure_no_memory(failure);
		return false;
	}
	job->source = source;
	if (!fill(job, source))
		code = failure_no_memory(failure);
	else
		code = job->jwks_uri ? fetch_keys(job, failure) : fetch_metadata(job, failure);
	if (code != TPAM_OK) {
		job_destroy(job);
		return false;
	}
	source->references++;
	source->job = job;
	source->job_forks = http_forks();
	return true;
}
