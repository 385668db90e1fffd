/*
 * http_cause.c - what libcurl's codes mean.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <string.h>

#include <openssl/x509.h>

#include "http_failure.h"
#include "http_transfer.h"

#define GOT 160

struct cause {
	CURLcode code;
	int32_t reason;
	const char *expected;
};

static const char connection[] = "a connection to the upstream";
static const char answer[] = "an answer";
static const char certificate[] = "a certificate that verifies";

static const struct cause causes[] = {
	{CURLE_COULDNT_RESOLVE_HOST, TPAM_REASON_UPSTREAM_UNREACHABLE, connection},
	{CURLE_COULDNT_RESOLVE_PROXY, TPAM_REASON_UPSTREAM_UNREACHABLE, connection},
	{CURLE_COULDNT_CONNECT, TPAM_REASON_UPSTREAM_UNREACHABLE, connection},
	{CURLE_SEND_ERROR, TPAM_REASON_UPSTREAM_UNREACHABLE, connection},
	{CURLE_RECV_ERROR, TPAM_REASON_UPSTREAM_UNREACHABLE, answer},
	{CURLE_GOT_NOTHING, TPAM_REASON_UPSTREAM_UNREACHABLE, answer},
	{CURLE_PROXY, TPAM_REASON_UPSTREAM_UNREACHABLE, connection},
	{CURLE_PARTIAL_FILE, TPAM_REASON_UPSTREAM_ERROR, "a whole answer"},
	{CURLE_HTTP2, TPAM_REASON_UPSTREAM_ERROR, answer},
	{CURLE_HTTP2_STREAM, TPAM_REASON_UPSTREAM_ERROR, answer},
	{CURLE_WEIRD_SERVER_REPLY, TPAM_REASON_UPSTREAM_MALFORMED, "an HTTP answer"},
	{CURLE_UNSUPPORTED_PROTOCOL, TPAM_REASON_UPSTREAM_MALFORMED, "an HTTP answer"},
	{CURLE_BAD_CONTENT_ENCODING, TPAM_REASON_UPSTREAM_MALFORMED, "an HTTP answer"},
	{CURLE_SSL_CONNECT_ERROR, TPAM_REASON_UPSTREAM_TLS, "TLS 1.2 or newer"},
	{CURLE_SSL_CIPHER, TPAM_REASON_UPSTREAM_TLS, "TLS 1.2 or newer"},
	{CURLE_PEER_FAILED_VERIFICATION, TPAM_REASON_UPSTREAM_TLS, certificate},
	{CURLE_SSL_ISSUER_ERROR, TPAM_REASON_UPSTREAM_TLS, certificate},
	{CURLE_SSL_INVALIDCERTSTATUS, TPAM_REASON_UPSTREAM_TLS, certificate},
	{CURLE_SSL_CERTPROBLEM, TPAM_REASON_UPSTREAM_TLS, "our own certificate and key"},
	{CURLE_SSL_CACERT_BADFILE, TPAM_REASON_UPSTREAM_TLS, "authorities to trust"},
};

static int64_t time_of(CURL *easy, CURLINFO info)
{
	curl_off_t found = 0;

	curl_easy_getinfo(easy, info, &found);
	return (int64_t)found;
}

/* How far it came: the last step that took any time. */
static const char *how_far(CURL *easy)
{
	static const struct {
		CURLINFO info;
		const char *got;
	} steps[] = {
		{CURLINFO_STARTTRANSFER_TIME_T, "half an answer"},
		{CURLINFO_PRETRANSFER_TIME_T, "no answer"},
		{CURLINFO_NAMELOOKUP_TIME_T, "no connection"},
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (time_of(easy, steps[i].info) > 0)
			return steps[i].got;
	return "no address for its name";
}

static void timed_out(struct tpam_http_failure *failure, const struct transfer *transfer)
{
	(void)failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_TIMEOUT,
		"an answer in time", how_far(transfer->easy));
}

/* OpenSSL's word for what is wrong with the certificate; a wrong name is libcurl's own finding. */
static const char *tls_got(CURL *easy, CURLcode code)
{
	long verdict = X509_V_OK;

	if (code != CURLE_PEER_FAILED_VERIFICATION)
		return curl_easy_strerror(code);
	curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
	if (verdict == X509_V_OK || verdict == X509_V_ERR_UNSPECIFIED)
		return "a certificate for another name";
	return X509_verify_cert_error_string(verdict);
}

static void unreachable(struct tpam_http_failure *failure, const struct cause *cause, CURL *easy)
{
	char got[GOT], system[GOT / 2];
	long number = 0;

	curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
	if (cause->code == CURLE_COULDNT_CONNECT && number != 0)
		snprintf(got, sizeof(got), "%s", strerror_r((int)number, system, sizeof(system)));
	else
		snprintf(got, sizeof(got), "%s", curl_easy_strerror(cause->code));
	(void)failure_set(failure, TPAM_UNAVAILABLE, cause->reason, cause->expected, got);
}

static bool is_trouble(struct tpam_http_failure *failure, const struct transfer *transfer)
{
	switch (transfer->trouble) {
	case TROUBLE_NONE:
		return false;
	case TROUBLE_ADDRESS:
		(void)failure_set(failure, TPAM_ERROR, TPAM_REASON_UPSTREAM_UNREACHABLE,
			transfer->request->target.addresses == HTTP_LOOPBACK
				? "a loopback address for an http:// URL"
				: "a public address, since the URL was learnt from the network",
			transfer->oddity);
		break;
	case TROUBLE_HEADERS:
		(void)failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED,
			"headers of at most 64 KiB", "larger ones");
		break;
	case TROUBLE_CUT:
		(void)failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_ERROR,
			"a whole answer", "half its headers");
		break;
	case TROUBLE_BODY:
		(void)failure_set(failure, TPAM_UNAVAILABLE, TPAM_REASON_UPSTREAM_MALFORMED,
			"an answer within its limit", "a larger one");
		break;
	case TROUBLE_MEMORY:
		(void)failure_no_memory(failure);
		break;
	case TROUBLE_LEFT:
		(void)failure_deadline(failure);
		break;
	}
	return true;
}

/* A connection of HTTP/2 that is gone: libcurl says so of all its streams, asked or answered. */
static bool came_to_nothing(const struct transfer *transfer, CURLcode code)
{
	return (code == CURLE_HTTP2 || code == CURLE_PARTIAL_FILE) && transfer->header_bytes == 0;
}

void failure_of_code(
	struct tpam_http_failure *failure, const struct transfer *transfer, CURLcode code)
{
	static const struct cause other = {CURLE_OK, TPAM_REASON_UPSTREAM_ERROR, "an answer"};
	const struct cause *cause = &other;

	if (code == CURLE_OPERATION_TIMEDOUT) {
		timed_out(failure, transfer);
		return;
	}
	if (is_trouble(failure, transfer))
		return;
	if (code == CURLE_OUT_OF_MEMORY) {
		(void)failure_no_memory(failure);
		return;
	}
	if (came_to_nothing(transfer, code))
		code = CURLE_GOT_NOTHING;
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (causes[i].code == code)
			cause = &causes[i];
	if (cause->reason == TPAM_REASON_UPSTREAM_UNREACHABLE)
		unreachable(failure, cause, transfer->easy);
	else
		(void)failure_set(failure, TPAM_UNAVAILABLE, cause->reason, cause->expected,
			cause->reason == TPAM_REASON_UPSTREAM_TLS ? tls_got(transfer->easy, code)
								  : curl_easy_strerror(code));
}

bool transfer_may_retry(
	const struct transfer *transfer, CURLcode code, const struct tpam_http_failure *failure)
{
	if (transfer->trouble != TROUBLE_NONE)
		return false;
	if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
		code == CURLE_COULDNT_CONNECT)
		return true;
	if (!(transfer->request->flags & TPAM_HTTP_IDEMPOTENT))
		return false;
	if (came_to_nothing(transfer, code))
		return true;
	return code == CURLE_OK && failure->status >= 502 && failure->status <= 504 &&
	       failure->retry_after <= 0;
}
