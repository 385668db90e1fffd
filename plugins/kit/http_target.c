/*
 * http_target.c - may a URL be fetched, and which addresses may answer for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "fault.h"
#include "http_client.h"
#include "http_target.h"
#include "text.h"

/* libcurl's own parser, so that what is judged is what is connected to. */
static int origin_read(char *ret, size_t size, const char *url)
{
	char *scheme = NULL, *host = NULL, *port = NULL;
	int code = TPAM_E_MEMORY;
	CURLU *parsed = curl_url();

	if (!parsed)
		return TPAM_E_MEMORY;
	CURLUcode parsing = curl_url_set(parsed, CURLUPART_URL, url, 0);
	if (parsing == CURLUE_OK)
		parsing = curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0);
	if (parsing == CURLUE_OK)
		parsing = curl_url_get(parsed, CURLUPART_HOST, &host, 0);
	if (parsing == CURLUE_OK)
		parsing = curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	if (parsing == CURLUE_OK) {
		int length = snprintf(ret, size, "%s://%s:%s", scheme, host, port);
		code = length > 0 && (size_t)length < size ? TPAM_OK : TPAM_E_CONFIG;
	} else if (parsing != CURLUE_OUT_OF_MEMORY) {
		code = TPAM_E_CONFIG;
	}
	for (char *at = ret; code == TPAM_OK && *at; at++)
		*at = (char)tolower((unsigned char)*at);
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parsed);
	return code;
}

/* What would be judged fine with http is loopback by its name. */
static bool is_loopback(const char *url)
{
	char plain[URL_MAX + 1];
	int length = snprintf(plain, sizeof(plain), "http%s", strchr(url, ':'));

	return length > 0 && (size_t)length < sizeof(plain) && url_judge(plain) == URL_FINE;
}

static int refuse(struct tpam_fault *fault, const char *expected, const char *got)
{
	return fault_set(fault, TPAM_REASON_MISCONFIGURED, expected, got);
}

/* A URL that was learnt: https, directly, to a public address. */
static int judge_learnt(
	struct http_target *target, const struct tpam_http *http, struct tpam_fault *fault)
{
	if (target->plain)
		return refuse(fault, "an https:// URL, since it was learnt from the network",
			target->origin);
	if (http->proxy)
		return refuse(fault,
			"no proxy, behind which nobody can tell the address of a URL that was "
			"learnt from "
			"the network",
			target->origin);
	target->addresses = HTTP_PUBLIC;
	return TPAM_OK;
}

static int judge_configured(struct http_target *target, const struct tpam_http *http,
	const char *url, struct tpam_fault *fault)
{
	bool loopback = is_loopback(url);

	if (target->plain && !loopback && !(http->flags & TPAM_HTTP_PLAIN))
		return refuse(fault, "an https:// URL", url_fault_text(URL_PLAIN));
	target->addresses = target->plain && loopback ? HTTP_LOOPBACK : HTTP_ANY;
	/* What is loopback for us is somewhere else for a proxy. */
	target->proxied = http->proxy && !loopback;
	return TPAM_OK;
}

int http_target_judge(struct http_target *ret, const struct tpam_http *http, const char *url,
	const char *configured, struct tpam_fault *fault)
{
	struct http_target target = {.addresses = HTTP_PUBLIC};
	char origin[HTTP_ORIGIN];
	enum url_fault judged = url_judge(url);

	if (judged != URL_FINE && judged != URL_PLAIN)
		return refuse(fault, "an https:// URL", url_fault_text(judged));
	int code = origin_read(target.origin, sizeof(target.origin), url);
	if (code == TPAM_E_CONFIG)
		return refuse(fault, "an https:// URL", "a URL that cannot be read");
	if (code == TPAM_OK && configured) {
		code = origin_read(origin, sizeof(origin), configured);
		if (code == TPAM_E_CONFIG)
			return refuse(
				fault, "a URL in the configuration", "one that cannot be read");
	}
	if (code != TPAM_OK)
		return code;
	target.plain = strncmp(target.origin, "http:", 5) == 0;
	if (configured && strcmp(origin, target.origin) == 0)
		code = judge_configured(&target, http, url, fault);
	else
		code = judge_learnt(&target, http, fault);
	if (code == TPAM_OK)
		*ret = target;
	return code;
}

void http_target_host(char *ret, size_t size, const char *url)
{
	CURLU *parsed = curl_url();
	char *host = NULL;

	if (parsed && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
		text_check(host, strlen(host), false) == strlen(host))
		snprintf(ret, size, "%.100s", host);
	else
		snprintf(ret, size, "somewhere");
	curl_free(host);
	curl_url_cleanup(parsed);
}
