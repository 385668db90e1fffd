/*
 * http_transfer.c - one request on its way: what libcurl is told, and what it hands over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/ssl.h>

#include "address.h"
#include "http_failure.h"
#include "http_hooks.h"
#include "http_transfer.h"

struct transfer *transfer_create(struct tpam_http *http, struct request *request)
{
	struct transfer *transfer = calloc(1, sizeof(*transfer));

	if (!transfer)
		return NULL;
	TAILQ_INIT(&transfer->waiters);
	transfer->http = tpam_http_ref(http);
	transfer->request = request;
	return transfer;
}

void transfer_forget(struct transfer *transfer)
{
	tpam_http_answer_unref(transfer->answer);
	transfer->answer = NULL;
	transfer->header_bytes = 0;
	transfer->headers_ended = false;
	transfer->body_bytes = 0;
	transfer->trouble = TROUBLE_NONE;
	transfer->oddity = NULL;
}

void transfer_destroy(struct transfer *transfer)
{
	if (!transfer)
		return;
	transfer_forget(transfer);
	curl_easy_cleanup(transfer->easy);
	transfer_know(transfer, NULL);
	request_destroy(transfer->request);
	tpam_http_unref(transfer->http);
	free(transfer);
}

/* ---- What libcurl hands over ---- */

static bool address_is_fine(struct transfer *transfer, const struct sockaddr *address)
{
	enum http_addresses wanted = transfer->request->target.addresses;
	bool loopback = address_is_loopback(address);
	const char *oddity = address_oddity(address);

	if (wanted == HTTP_ANY || (wanted == HTTP_LOOPBACK && loopback))
		return true;
	if (wanted == HTTP_PUBLIC && (!oddity || (loopback && http_hooks.loopback_is_public)))
		return true;
	transfer->oddity = wanted == HTTP_LOOPBACK ? "an address that is not loopback" : oddity;
	transfer->trouble = TROUBLE_ADDRESS;
	return false;
}

/* libcurl asks for a name that it does not know; where it waits for another's connection it does not. */
static int on_resolver(void *state, void *reserved, void *data)
{
	struct transfer *transfer = data;

	(void)state;
	(void)reserved;
	transfer->resolving = true;
	return 0;
}

static void is_connecting(struct transfer *transfer, bool yes)
{
	transfer->connecting = yes;
	transfer->resolving = false;
}

static curl_socket_t on_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = data;

	is_connecting(transfer, false);
	if (transfer->left) {
		transfer->trouble = TROUBLE_LEFT;
		return CURL_SOCKET_BAD;
	}
	if (purpose != CURLSOCKTYPE_IPCXN || !address_is_fine(transfer, &address->addr))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Also where a connection is used again, which somebody with other rules may have opened. */
static int on_connection(void *data, char *remote, char *local, int remote_port, int local_port)
{
	struct transfer *transfer = data;
	struct sockaddr_storage address;

	(void)local;
	(void)remote_port;
	(void)local_port;
	is_connecting(transfer, false);
	if (transfer->request->target.addresses == HTTP_ANY)
		return CURL_PREREQFUNC_OK;
	if (!remote || !address_read(&address, remote)) {
		transfer->oddity = "an unknown address";
		transfer->trouble = TROUBLE_ADDRESS;
		return CURL_PREREQFUNC_ABORT;
	}
	if (!address_is_fine(transfer, (const struct sockaddr *)&address))
		return CURL_PREREQFUNC_ABORT;
	/* Another address of the same name may have been refused before. */
	transfer->trouble = TROUBLE_NONE;
	return CURL_PREREQFUNC_OK;
}

/* Whatever the environment says: the secrets of a connection are not for a file. */
static CURLcode on_tls(CURL *easy, void *context, void *data)
{
	(void)easy;
	(void)data;
	SSL_CTX_set_keylog_callback(context, NULL);
	return CURLE_OK;
}

static size_t on_header(char *line, size_t size, size_t count, void *data)
{
	struct transfer *transfer = data;
	size_t length = size * count;

	transfer->header_bytes += length;
	if (transfer->header_bytes > HTTP_HEADERS_MAX) {
		transfer->trouble = TROUBLE_HEADERS;
		return 0;
	}
	/* Trailers say nothing that anybody waits for. */
	if (transfer->body_bytes > 0)
		return length;
	if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		answer_clear(transfer->answer);
		transfer->headers_ended = false;
	} else if (length <= 2 && line[length - 1] == '\n') {
		transfer->headers_ended = true;
	} else if (!answer_add_header(transfer->answer, line, length)) {
		transfer->trouble = TROUBLE_MEMORY;
		return 0;
	}
	return length;
}

static bool is_wanted(const struct transfer *transfer)
{
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	return status == 200 || request_wants(transfer->request, (int32_t)status);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
	struct transfer *transfer = data;
	size_t length = size * count;

	transfer->body_bytes += length;
	if (transfer->body_bytes > transfer->request->body_max) {
		transfer->trouble = TROUBLE_BODY;
		return 0;
	}
	if (!is_wanted(transfer))
		return length;
	buffer_append(&transfer->answer->body, bytes, length);
	if (transfer->answer->body.failed) {
		transfer->trouble = TROUBLE_MEMORY;
		return 0;
	}
	return length;
}

/* ---- What libcurl is told ---- */

struct number {
	CURLoption option;
	long value;
};

static const struct number numbers[] = {
	{CURLOPT_NOSIGNAL, 1},
	{CURLOPT_FOLLOWLOCATION, 0},
	{CURLOPT_SSL_VERIFYPEER, 1},
	{CURLOPT_SSL_VERIFYHOST, 2},
	{CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	{CURLOPT_PROXY_SSL_VERIFYPEER, 1},
	{CURLOPT_PROXY_SSL_VERIFYHOST, 2},
	{CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	{CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS},
	{CURLOPT_NETRC, CURL_NETRC_IGNORED},
	{CURLOPT_MAXLIFETIME_CONN, 600},
	{CURLOPT_TCP_KEEPALIVE, 1},
	/* Headers of HTTP/2 that it has no room for at once stay where they are (libcurl 7.88). */
	{CURLOPT_BUFFERSIZE, HTTP_HEADERS_MAX + 32768},
#if LIBCURL_VERSION_NUM >= 0x075700
	/* A name that hangs holds its own thread, and not this one. */
	{CURLOPT_QUICK_EXIT, 1},
#endif
};

#define SET(option, value) (curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

static bool set_numbers(CURL *easy)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (curl_easy_setopt(easy, numbers[i].option, numbers[i].value) != CURLE_OK)
			return false;
	return true;
}

/* One protocol: what was judged. */
static bool set_protocol(CURL *easy, bool plain)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	return SET(CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
#else
	return SET(CURLOPT_PROTOCOLS, (long)(plain ? CURLPROTO_HTTP : CURLPROTO_HTTPS));
#endif
}

static bool set_blob(CURL *easy, CURLoption option, char *pem)
{
	struct curl_blob blob = {.data = pem, .flags = CURL_BLOB_NOCOPY};

	if (!pem)
		return true;
	blob.len = strlen(pem);
	return curl_easy_setopt(easy, option, &blob) == CURLE_OK;
}

static bool set_tls(CURL *easy, const struct tpam_http *http)
{
	return SET(CURLOPT_SSL_CTX_FUNCTION, on_tls) &&
	       set_blob(easy, CURLOPT_CAINFO_BLOB, http->ca) &&
	       set_blob(easy, CURLOPT_PROXY_CAINFO_BLOB, http->ca) &&
	       set_blob(easy, CURLOPT_SSLCERT_BLOB, http->certificate) &&
	       set_blob(easy, CURLOPT_SSLKEY_BLOB, http->key);
}

/* An empty proxy and an empty list of exceptions keep libcurl from asking the environment. */
static bool set_proxy(CURL *easy, const struct tpam_http *http, bool proxied)
{
	return SET(CURLOPT_PROXY, proxied ? http->proxy : "") && SET(CURLOPT_NOPROXY, "") &&
	       (!proxied || !http->proxy_credentials ||
		       SET(CURLOPT_PROXYUSERPWD, http->proxy_credentials));
}

static bool set_callbacks(CURL *easy, struct transfer *transfer)
{
	return SET(CURLOPT_PRIVATE, transfer) &&
	       SET(CURLOPT_RESOLVER_START_FUNCTION, on_resolver) &&
	       SET(CURLOPT_RESOLVER_START_DATA, transfer) &&
	       SET(CURLOPT_OPENSOCKETFUNCTION, on_socket) &&
	       SET(CURLOPT_OPENSOCKETDATA, transfer) &&
	       SET(CURLOPT_PREREQFUNCTION, on_connection) && SET(CURLOPT_PREREQDATA, transfer) &&
	       SET(CURLOPT_HEADERFUNCTION, on_header) && SET(CURLOPT_HEADERDATA, transfer) &&
	       SET(CURLOPT_WRITEFUNCTION, on_body) && SET(CURLOPT_WRITEDATA, transfer);
}

static bool set_request(CURL *easy, struct transfer *transfer)
{
	const struct request *request = transfer->request;
	struct curl_slist *headers = transfer_headers(transfer);
	bool fine = headers && SET(CURLOPT_URL, request->url) &&
		    SET(CURLOPT_USERAGENT, "tokenpam") && SET(CURLOPT_HTTPHEADER, headers) &&
		    set_protocol(easy, request->target.plain) &&
		    SET(CURLOPT_RESOLVE, http_hooks.resolve);

	/*
	 * Whether a connection can be shared is known after a handshake; without one, only after a
	 * whole answer.
	 */
	fine = fine && SET(CURLOPT_PIPEWAIT, request->target.plain ? 0L : 1L);
	if (fine && request->body)
		fine = SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length) &&
		       SET(CURLOPT_POSTFIELDS, request->body);
	if (fine && strcmp(request->method, "HEAD") == 0)
		return SET(CURLOPT_NOBODY, 1L);
	return fine && SET(CURLOPT_CUSTOMREQUEST, request->method);
}

static bool set_times(CURL *easy, const struct transfer *transfer, int64_t now)
{
	int64_t left = (transfer->deadline - now + MILLISECOND - 1) / MILLISECOND;

	return SET(CURLOPT_TIMEOUT_MS, (long)(left > 0 ? left : 1)) &&
	       SET(CURLOPT_CONNECTTIMEOUT_MS, (long)transfer->http->connect_timeout);
}

bool transfer_begin(struct transfer *transfer, int64_t now)
{
	CURL *easy = curl_easy_init();
	const struct tpam_http *http = transfer->http;
	const struct request *request = transfer->request;

	transfer_forget(transfer);
	transfer->answer = answer_create(request->body_max);
	transfer->easy = easy;
	transfer->began = now;
	is_connecting(transfer, true);
	return easy && transfer->answer && set_numbers(easy) && set_tls(easy, http) &&
	       set_proxy(easy, http, request->target.proxied) && set_callbacks(easy, transfer) &&
	       set_request(easy, transfer) && set_times(easy, transfer, now);
}

/* An answer that is refused by its status may be as long as it likes. */
static bool ended_well(const struct transfer *transfer, CURLcode code)
{
	if (transfer->trouble == TROUBLE_CUT)
		return false;
	return code == CURLE_OK || (transfer->trouble == TROUBLE_BODY && !is_wanted(transfer));
}

bool transfer_end(struct transfer *transfer, CURLcode code, struct tpam_http_failure *failure)
{
	struct tpam_http_answer *answer = transfer->answer;
	long status = 0;
	bool fine = false;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	/* libcurl takes the end of the connection for the end of the headers. */
	if (code == CURLE_OK && !transfer->headers_ended)
		transfer->trouble = TROUBLE_CUT;
	if (ended_well(transfer, code)) {
		answer->status = (int32_t)status;
		answer->retry_after = retry_after_read(
			tpam_http_header(answer, "Retry-After", 0), (int64_t)time(NULL));
		fine = transfer_judge(transfer, failure);
	} else {
		failure_of_code(failure, transfer, code);
	}
	is_connecting(transfer, false);
	curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
	return fine;
}
