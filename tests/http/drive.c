/*
 * drive.c - one fetch, as its arguments say; prints what came of it. The runner compares.
 *
 *	drive URL [KEY=VALUE]...
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "fakehost.h"
#include "http_hooks.h"

struct setting {
	const char *ca, *certificate, *key, *proxy, *credentials, *configured, *resolve, *body;
	const char *header, *type, *method, *first, *show, *anew;
	long timeout, connect, limit, status, deadline;
	bool json, ours, idempotent, async, plain, share, public, revalidate;
};

static char *slurp(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *file = path ? fopen(path, "r") : NULL;

	if (!file) {
		free(text);
		return NULL;
	}
	if (fread(text, 1, 65535, file) == 0)
		text[0] = '\0';
	fclose(file);
	return text;
}

#define TEXT(name)                                                                                 \
	if (strcmp(word, #name) == 0) {                                                            \
		setting->name = value;                                                             \
		return true;                                                                       \
	}
#define NUMBER(name)                                                                               \
	if (strcmp(word, #name) == 0) {                                                            \
		setting->name = atol(value);                                                       \
		return true;                                                                       \
	}
#define FLAG(name)                                                                                 \
	if (strcmp(word, #name) == 0) {                                                            \
		setting->name = true;                                                              \
		return true;                                                                       \
	}

static bool set(struct setting *setting, char *word)
{
	char *equals = strchr(word, '=');
	const char *value = "";

	if (equals) {
		*equals = '\0';
		value = equals + 1;
	}
	/* clang-format off */
	TEXT(ca)
	TEXT(certificate)
	TEXT(key)
	TEXT(proxy)
	TEXT(credentials)
	TEXT(configured)
	TEXT(resolve)
	TEXT(body)
	TEXT(header)
	TEXT(type)
	TEXT(method)
	TEXT(first)
	TEXT(show)
	TEXT(anew)
	NUMBER(timeout)
	NUMBER(connect)
	NUMBER(limit)
	NUMBER(status)
	NUMBER(deadline)
	FLAG(json)
	FLAG(ours)
	FLAG(idempotent)
	FLAG(async)
	FLAG(plain)
	FLAG(share)
	FLAG(public)
	FLAG(revalidate)
	/* clang-format on */
	return false;
}

static int open_client(struct tpam_http **ret, const struct setting *setting)
{
	struct tpam_fault fault;
	char *ca = slurp(setting->ca);
	char *certificate = slurp(setting->certificate);
	char *key = slurp(setting->key);
	const struct tpam_http_options options = {.ca = ca,
		.certificate = certificate,
		.key = key,
		.proxy = setting->proxy,
		.proxy_credentials = setting->credentials,
		.connect_timeout = setting->connect,
		.timeout = setting->timeout,
		.flags = setting->plain ? TPAM_HTTP_PLAIN : 0};

	int code = tpam_http_create(ret, &options, &fault);
	if (code == TPAM_E_CONFIG)
		printf("config expected=[%s] got=[%s]\n", fault.expected, fault.got);
	free(ca);
	free(certificate);
	free(key);
	return code;
}

static const char *reason_name(int32_t reason)
{
	switch (reason) {
#define X(number, NAME, name, meaning, remedy)                                                     \
	case number:                                                                               \
		return #name;
#include <tokenpam/reasons.def>
#undef X
	default:
		return "none";
	}
}

static const char *outcome_name(int32_t outcome)
{
	switch (outcome) {
#define X(number, NAME, name, status, weight, meaning)                                             \
	case number:                                                                               \
		return #name;
#include <tokenpam/outcomes.def>
#undef X
	default:
		return "none";
	}
}

static void fetch(struct tpam_http *http, const struct setting *setting, const char *url,
	const char *configured)
{
	const struct tpam_http_header headers[] = {{"X-Test", setting->header}, {NULL, NULL}};
	const char *types[] = {setting->type, NULL};
	const char *anew[] = {setting->anew, NULL};
	const int32_t statuses[] = {(int32_t)setting->status, 0};
	const struct tpam_http_answer *answer = NULL;
	struct tpam_http_failure failure;
	struct tpam_call call = {.async = setting->async};
	const struct tpam_http_request request = {.url = url,
		.method = setting->method,
		.configured = configured,
		.headers = setting->header ? headers : NULL,
		.body = setting->body,
		.body_length = setting->body ? strlen(setting->body) : 0,
		.types = setting->type ? types : NULL,
		.statuses = setting->status ? statuses : NULL,
		.body_max = (uint64_t)setting->limit,
		.share = setting->share ? "key" : NULL,
		.anew = setting->anew ? anew : NULL,
		.flags = (setting->json ? TPAM_HTTP_JSON : 0U) |
			 (setting->ours ? TPAM_HTTP_OURS : 0U) |
			 (setting->idempotent ? TPAM_HTTP_IDEMPOTENT : 0U) |
			 (setting->revalidate ? TPAM_HTTP_REVALIDATE : 0U)};

	if (setting->deadline)
		call.deadline = fake_clock(NULL) + setting->deadline * 1000000;
	if (fake_fetch(&call, http, "step", &request, &answer, &failure) == TPAM_OK) {
		uint64_t length;
		const char *body = tpam_http_body(answer, &length);
		const char *shown =
			setting->show ? tpam_http_header(answer, setting->show, 0) : NULL;
		printf("ok %d %.*s%s%s\n", tpam_http_status(answer), (int)length, body,
			shown ? " " : "", shown ? shown : "");
	} else {
		printf("%s %s status=%d retry=%lld expected=[%s] got=[%s]\n",
			outcome_name(failure.outcome), reason_name(failure.fault.reason),
			failure.status, (long long)failure.retry_after, failure.fault.expected,
			failure.fault.got);
	}
	fake_end(&call);
}

int main(int count, char **words)
{
	struct setting setting = {0};
	struct tpam_http *http = NULL;
	struct curl_slist *resolve = NULL;

	for (int i = 2; i < count; i++)
		if (!set(&setting, words[i])) {
			fprintf(stderr, "drive: got \"%s\", expected a setting\n", words[i]);
			return 2;
		}
	if (setting.resolve)
		http_hooks.resolve = resolve = curl_slist_append(NULL, setting.resolve);
	http_hooks.loopback_is_public = setting.public;
	if (open_client(&http, &setting) == TPAM_OK) {
		/* Something before, that leaves a connection to be used again. */
		if (setting.first)
			fetch(http, &setting, setting.first, setting.first);
		fetch(http, &setting, words[1],
			setting.configured ? setting.configured[0] ? setting.configured : NULL
					   : words[1]);
	}
	tpam_http_unref(http);
	http_stop();
	curl_slist_free_all(resolve);
	return 0;
}
