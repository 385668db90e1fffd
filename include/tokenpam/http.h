/*
 * http.h - helpers for providers: requests to an upstream that neither block an event loop nor
 * trust what comes back.
 *
 * A part of libtokenpam-kit, with kit.h's promise. One thread a process carries all transfers; it
 * is started by the first fetch and never before. A forked child leaves its parent's transfers
 * alone and starts a thread of its own; what was under way in the parent is lost to the child. The
 * library must stay loaded (it is linked with -z nodelete).
 *
 * What it refuses, it refuses for everybody: http to anything but loopback, certificates that do
 * not verify, TLS below 1.2, redirects, proxies from the environment, compressed answers, bodies
 * and headers above their limits, and, for URLs that were learnt from the network, addresses that
 * are not public.
 *
 * A fetch in a call waits as the call does: in an asynchronous call it returns TPAM_PENDING, which
 * the provider returns, too; run again from its top, the provider comes to the same step, which
 * then answers at once.
 *
 *	static int32_t authenticate(void *state, struct tpam_call *call)
 *	{
 *		...
 *		int code = tpam_http_fetch(http, host, instance, call, "introspect", &request,
 *			&answer, &failure);
 *		if (code == TPAM_PENDING)
 *			return TPAM_PENDING;
 *		if (code != TPAM_OK)
 *			return tpam_http_refuse(host, call, &failure);
 *		const char *body = tpam_http_body(answer, &length);
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TOKENPAM_HTTP_H
#define TOKENPAM_HTTP_H

#include <tokenpam/kit.h>
#include <tokenpam/provider.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Clients --------------------------------------------------------------------------------- */

/*
 * How an upstream is talked to: TLS options, proxy, times. Counted, immutable, without thread or
 * descriptor.
 */
struct tpam_http;

enum tpam_http_client_flag {
	/*
	 * http is allowed to an origin that `configured` of a request names, whatever its address:
	 * for URLs of options of TPAM_TYPE_URL, which the loader has judged (it lets them pass in
	 * development mode alone).
	 */
	TPAM_HTTP_PLAIN = 1
};

/*
 * All are copied. PEM texts, not paths: files are read once, in open(), by the host table's
 * read_file().
 */
struct tpam_http_options {
	const char *ca; /* the authorities to trust instead of the system's; NULL: the system's */
	const char *certificate; /* what we show the upstream, with its chain, and its key */
	const char *key;
	const char *proxy;             /* http:// or https://; NULL: none */
	const char *proxy_credentials; /* USER:PASSWORD, or NULL */
	int64_t connect_timeout;       /* milliseconds: name, connection and TLS; 0: 5,000 */
	int64_t timeout;               /* milliseconds: all of it, retries too; 0: 10,000 */
	uint64_t body_max;             /* bytes; 0: 1 MiB */
	uint32_t transfers;            /* at once to one upstream; 0: 256 */
	uint32_t flags;                /* enum tpam_http_client_flag */
};

/*
 * TPAM_OK; TPAM_E_MEMORY; TPAM_E_CONFIG with `fault`, where a PEM text, the pair of key and
 * certificate, or the proxy does not do.
 */
TPAM_KIT_API int tpam_http_create(struct tpam_http **ret, const struct tpam_http_options *options,
	struct tpam_fault *fault) TPAM_KIT_CHECK;
TPAM_KIT_API struct tpam_http *tpam_http_ref(struct tpam_http *http);
TPAM_KIT_API void tpam_http_unref(struct tpam_http *http);

/*
 * In open(): a client from the instance's own options, which are those of TPAM_HTTP_OPTIONS that
 * its descriptor lists. What does not do is reported with problem(); then, as for memory, a code
 * other than TPAM_OK for open() to return.
 */
TPAM_KIT_API int tpam_http_open(struct tpam_http **ret, const struct tpam_host *host,
	struct tpam_instance *instance, uint32_t flags) TPAM_KIT_CHECK;

/* For a descriptor's list of options; at file scope. */
#define TPAM_HTTP_OPTIONS                                                                          \
	TPAM_OPTION(TPAM_TYPE_PATH, 0, "ca_file", NULL,                                            \
		"PEM file with the authorities that vouch for the upstream, instead of the "       \
		"system's."),                                                                      \
		TPAM_OPTION(TPAM_TYPE_PATH, 0, "tls_certificate", NULL,                            \
			"PEM file with the certificate, and its chain, that is shown to the "      \
			"upstream."),                                                              \
		TPAM_OPTION(TPAM_TYPE_PATH, 0, "tls_key", NULL,                                    \
			"PEM file with the key of tls_certificate."),                              \
		TPAM_OPTION(TPAM_TYPE_TEXT, 0, "proxy", NULL,                                      \
			"URL of the proxy to the upstream, http:// or https://; the environment "  \
			"is not asked."),                                                          \
		TPAM_OPTION(TPAM_TYPE_TEXT, TPAM_OPTION_SECRET, "proxy_credentials", NULL,         \
			"USER:PASSWORD for the proxy."),                                           \
		TPAM_OPTION(TPAM_TYPE_DURATION, 0, "connect_timeout", "5s",                        \
			"How long a connection to the upstream may take, TLS included."),          \
		TPAM_OPTION(TPAM_TYPE_DURATION, 0, "timeout", "10s",                               \
			"How long a request to the upstream may take, retries included.")

/* ---- Requests -------------------------------------------------------------------------------- */

enum tpam_http_flag {
	/*
	 * May be sent again after a 502, 503 or 504, or where an HTTP/2 connection ended before
	 * anything was answered.
	 */
	TPAM_HTTP_IDEMPOTENT = 1,
	TPAM_HTTP_JSON = 2, /* the answer must be a JSON object, with a type to match */
	/*
	 * It carries credentials of ours and not the user's: then 401 and 403 are our fault (error,
	 * upstream_refused), and after a 429 the upstream is left alone until its Retry-After, at
	 * most a minute.
	 */
	TPAM_HTTP_OURS = 4,
	/*
	 * A GET with a share key: the last answer of status 200 that had an ETag is kept, within bounds,
	 * and the upstream is asked to confirm it (RFC 9110, section 13.1.2). After a 304 the answer is
	 * that one, with the headers of the 304 in the place of those of the same name.
	 */
	TPAM_HTTP_REVALIDATE = 8
};

struct tpam_http_header {
	const char *name;
	const char *value;
};

/* What to ask. All is copied; zero for what is not wanted. */
struct tpam_http_request {
	const char *method; /* NULL: GET, or POST with a body */
	const char *url;
	/*
	 * A URL that the configuration names: where `url` has its scheme, host and port, private
	 * addresses are fine. NULL, or another origin: `url` was learnt from the network, its
	 * address must be public, and no proxy may be in between.
	 */
	const char *configured;
	const struct tpam_http_header *headers; /* ends with a NULL name; NULL: none */
	const void *body;
	uint64_t body_length;
	/* Media types of a good answer, NULL-terminated; NULL: any, or JSON with TPAM_HTTP_JSON. */
	const char *const *types;
	/* Statuses besides 200 that the caller judges by itself; ends with 0; NULL: none. */
	const int32_t *statuses;
	uint64_t body_max; /* of the answer, at most the client's; 0: the client's */
	/*
	 * Fetches of equal clients (by their options), URLs and share keys are one transfer while
	 * it is under way. The key must say all that makes the answer what it is, a user's token
	 * too (only its digest is kept). NULL: not shared.
	 */
	const char *share;
	/*
	 * With TPAM_HTTP_REVALIDATE: headers that a 304 must bring by itself where the kept answer has
	 * them, since they may be another though nothing else is; else all is asked for again. NULL: none.
	 */
	const char *const *anew;
	uint32_t flags; /* enum tpam_http_flag */
	uint32_t reserved;
};

/* One field of a form: a NULL value leaves it out. */
struct tpam_http_field {
	const char *name;
	const char *value;
	uint64_t length; /* of the value, in bytes */
};

/*
 * Texts for requests, to be freed with tpam_kit_free(), which wipes them. NULL without memory, and beyond
 * 4 MiB of a form or 64 KiB of an id or a secret.
 *
 * form:   application/x-www-form-urlencoded of fields that end with a NULL name.
 * basic:  "Basic ..." of a client (RFC 6749, section 2.3.1: both are encoded as in a form before).
 */
TPAM_KIT_API char *tpam_http_form(
	const struct tpam_http_field *fields, uint64_t *ret_length) TPAM_KIT_CHECK;
TPAM_KIT_API char *tpam_http_basic(const char *id, const char *secret) TPAM_KIT_CHECK;

/*
 * "Bearer ..." with the credential of the call, to be freed with tpam_kit_free(). 0; or the outcome, whose
 * reason was given: invalid where a header cannot hold it.
 */
TPAM_KIT_API int32_t tpam_http_bearer(
	const struct tpam_host *host, struct tpam_call *call, char **ret) TPAM_KIT_CHECK;

/* ---- Answers --------------------------------------------------------------------------------- */

/* Counted, immutable, wiped at its end. */
struct tpam_http_answer;

TPAM_KIT_API struct tpam_http_answer *tpam_http_answer_ref(struct tpam_http_answer *answer);
TPAM_KIT_API void tpam_http_answer_unref(struct tpam_http_answer *answer);

/* 200, or one of `statuses`. */
TPAM_KIT_API int32_t tpam_http_status(const struct tpam_http_answer *answer);

/* Followed by a NUL that the length does not count; never NULL. */
TPAM_KIT_API const char *tpam_http_body(
	const struct tpam_http_answer *answer, uint64_t *ret_length);

/* Value `index` of a header (case does not matter), NULL beyond the last. */
TPAM_KIT_API const char *tpam_http_header(
	const struct tpam_http_answer *answer, const char *name, uint32_t index);

/*
 * Seconds from its arrival until the upstream may be asked again, as Retry-After says, at most an
 * hour; -1: it says nothing.
 */
TPAM_KIT_API int64_t tpam_http_retry_after(const struct tpam_http_answer *answer);

/* Why there is no answer. Nothing of the request's headers or body is in it. */
struct tpam_http_failure {
	int32_t outcome;     /* TPAM_UNAVAILABLE, TPAM_RATE_LIMITED or TPAM_ERROR */
	int32_t status;      /* HTTP status, 0 where none came */
	int64_t retry_after; /* seconds; -1: not known */
	struct tpam_fault fault;
};

/* ---- Fetching -------------------------------------------------------------------------------- */

/*
 * Fetches within a call. `step` names the fetch within the call: the first run with a name starts
 * it, all others get what became of it, whatever request they bring. Several steps may be under way
 * at once. TPAM_OK with an answer that lives as long as the request; TPAM_PENDING, to be returned
 * by the provider; else a negative code with `failure`. The call's deadline is kept, and the end of
 * the request ends the fetch, unless others share it.
 */
TPAM_KIT_API int tpam_http_fetch(struct tpam_http *http, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *step,
	const struct tpam_http_request *request, const struct tpam_http_answer **ret,
	struct tpam_http_failure *failure) TPAM_KIT_CHECK;

/* What became of one of several fetches: one of both is NULL. Both live as long as the request. */
struct tpam_http_result {
	const struct tpam_http_answer *answer;
	const struct tpam_http_failure *failure;
};

/*
 * Fetches several within a call, at most 128, at once: as tpam_http_fetch() for each of them, but they are
 * one step, and the call is run again once, when all are done. The first run starts them; others bring as
 * many. TPAM_OK with ret[0] to ret[count - 1]; TPAM_PENDING; TPAM_E_MEMORY; TPAM_E_ARGUMENT.
 */
TPAM_KIT_API int tpam_http_fetch_all(struct tpam_http *http, const struct tpam_host *host,
	const struct tpam_instance *instance, struct tpam_call *call, const char *step,
	const struct tpam_http_request *requests, size_t count,
	struct tpam_http_result *ret) TPAM_KIT_CHECK;

/* Passes a failure on: reason and retry_after. Returns its outcome. */
TPAM_KIT_API int32_t tpam_http_refuse(const struct tpam_host *host, struct tpam_call *call,
	const struct tpam_http_failure *failure);

/*
 * Fetches without a call. TPAM_OK: `done` will be called once in the kit's thread, with an answer,
 * to be referenced if it is to be kept, or with NULL and a failure; it must neither block nor wait
 * for a fetch, but may start one. Another code, with `failure`: it will not be called (without
 * `done`: TPAM_E_ARGUMENT). It is not called in a forked child, nor once the process exits.
 */
typedef void tpam_http_done(
	void *data, struct tpam_http_answer *answer, const struct tpam_http_failure *failure);
TPAM_KIT_API int tpam_http_start(struct tpam_http *http, const struct tpam_http_request *request,
	tpam_http_done *done, void *data, struct tpam_http_failure *failure) TPAM_KIT_CHECK;

#ifdef __cplusplus
}
#endif

#endif
