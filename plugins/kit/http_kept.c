/*
 * http_kept.c - answers that an upstream may be asked to confirm instead of giving them again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_hooks.h"
#include "http_kept.h"

#define COUNT_MAX   4096
#define BYTES_MAX   (16 * 1024 * 1024)
#define ONE_MAX     (1024 * 1024)
#define TAG_MAX     256
#define IDLE_MAX    (3600 * SECOND) /* what nobody asked for since */
#define STATUS_FINE 200

/* ---- The table ---- */

void kept_init(struct kept_table *table)
{
	for (size_t i = 0; i < KEPT_BUCKETS; i++)
		TAILQ_INIT(&table->buckets[i]);
	TAILQ_INIT(&table->ages);
	table->count = 0;
	table->bytes = 0;
}

static void drop(struct kept_table *table, struct kept *kept)
{
	TAILQ_REMOVE(&table->buckets[kept->digest[0]], kept, bucket);
	TAILQ_REMOVE(&table->ages, kept, age);
	table->count--;
	table->bytes -= kept->bytes;
	tpam_http_answer_unref(kept->answer);
	free(kept);
}

void kept_finish(struct kept_table *table)
{
	while (!TAILQ_EMPTY(&table->ages))
		drop(table, TAILQ_FIRST(&table->ages));
}

static void drop_idle(struct kept_table *table, int64_t now)
{
	struct kept *last;

	while ((last = TAILQ_LAST(&table->ages, kept_list)) && now - last->used >= IDLE_MAX)
		drop(table, last);
}

static struct kept *find(struct kept_table *table, const struct request *request)
{
	struct kept *kept;

	TAILQ_FOREACH(kept, &table->buckets[request->digest[0]], bucket)
	if (memcmp(kept->digest, request->digest, HTTP_DIGEST) == 0)
		return kept;
	return NULL;
}

struct tpam_http_answer *kept_find(
	struct kept_table *table, const struct request *request, int64_t now)
{
	drop_idle(table, now);
	struct kept *kept = find(table, request);
	if (!kept)
		return NULL;
	kept->used = now;
	TAILQ_REMOVE(&table->ages, kept, age);
	TAILQ_INSERT_HEAD(&table->ages, kept, age);
	return tpam_http_answer_ref(kept->answer);
}

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; at && *at; at += strcspn(at, ",")) {
		at += strspn(at, ", \t");
		if (strncasecmp(at, word, length) == 0 && strcspn(at, ", \t=") == length)
			return true;
	}
	return false;
}

/* Nothing in an answer's own headers speaks against it. */
static bool may_be_kept(const struct tpam_http_answer *answer)
{
	const char *value;

	for (uint32_t i = 0; (value = tpam_http_header(answer, "Cache-Control", i)); i++)
		if (has_word(value, "no-store"))
			return false;
	for (uint32_t i = 0; (value = tpam_http_header(answer, "Vary", i)); i++)
		if (has_word(value, "*"))
			return false;
	return answer->status == STATUS_FINE && kept_tag(answer);
}

/* To whom asked so, it was not there, or no more. */
static bool is_gone(int32_t status)
{
	return status == 401 || status == 404 || status == 410;
}

static void put(struct kept_table *table, const struct request *request,
	struct tpam_http_answer *answer, int64_t now)
{
	size_t bytes = sizeof(struct kept) + answer->body.capacity + answer->headers.capacity;
	struct kept *kept = bytes <= ONE_MAX ? calloc(1, sizeof(*kept)) : NULL;

	if (!kept)
		return;
	while (table->count >= COUNT_MAX || table->bytes + bytes > BYTES_MAX)
		drop(table, TAILQ_LAST(&table->ages, kept_list));
	memcpy(kept->digest, request->digest, HTTP_DIGEST);
	kept->answer = tpam_http_answer_ref(answer);
	kept->bytes = bytes;
	kept->used = now;
	TAILQ_INSERT_HEAD(&table->buckets[kept->digest[0]], kept, bucket);
	TAILQ_INSERT_HEAD(&table->ages, kept, age);
	table->count++;
	table->bytes += bytes;
}

void kept_learn(struct kept_table *table, const struct request *request,
	struct tpam_http_answer *answer, int64_t now)
{
	drop_idle(table, now);
	if (answer->status != STATUS_FINE && !is_gone(answer->status))
		return;
	struct kept *before = find(table, request);
	if (before)
		drop(table, before);
	if (may_be_kept(answer))
		put(table, request, answer, now);
}

/* ---- One answer ---- */

/* entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE */
static bool is_tag(const char *text)
{
	const char *at = strncmp(text, "W/", 2) == 0 ? text + 2 : text;
	size_t length = strlen(at);

	if (length < 2 || length > TAG_MAX || at[0] != '"' || at[length - 1] != '"')
		return false;
	for (size_t i = 1; i < length - 1; i++)
		if (at[i] <= ' ' || at[i] > '~' || at[i] == '"')
			return false;
	return true;
}

const char *kept_tag(const struct tpam_http_answer *answer)
{
	const char *tag = tpam_http_header(answer, "ETag", 0);

	return tag && !tpam_http_header(answer, "ETag", 1) && is_tag(tag) ? tag : NULL;
}

/* What a 304 says of its own form is not about the answer that it stands for. */
static bool is_own(const char *name)
{
	static const char *const names[] = {
		"Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Of `from` those headers that `said` brings anew, or those that it does not. */
static void add_headers(struct tpam_http_answer *to, const struct tpam_http_answer *from,
	const struct tpam_http_answer *said, bool anew)
{
	const char *at = from->headers.data;
	const char *end = at ? at + from->headers.length : NULL;

	while (at < end) {
		const char *value = at + strlen(at) + 1;
		const char *next = value + strlen(value) + 1;
		if ((!is_own(at) && tpam_http_header(said, at, 0)) == anew)
			buffer_append(&to->headers, at, (size_t)(next - at));
		at = next;
	}
}

struct tpam_http_answer *kept_confirm(
	const struct tpam_http_answer *kept, const struct tpam_http_answer *said)
{
	struct tpam_http_answer *answer = answer_create(kept->body.max);

	if (!answer)
		return NULL;
	answer->status = kept->status;
	answer->retry_after = said->retry_after;
	buffer_append(&answer->body, kept->body.data, kept->body.length);
	add_headers(answer, kept, said, false);
	add_headers(answer, said, said, true);
	if (!answer->body.failed && !answer->headers.failed)
		return answer;
	tpam_http_answer_unref(answer);
	return NULL;
}

bool kept_lacks(const struct request *request, const struct tpam_http_answer *kept,
	const struct tpam_http_answer *said)
{
	for (size_t i = 0; i < request->anew.count; i++)
		if (tpam_http_header(kept, request->anew.items[i], 0) &&
			!tpam_http_header(said, request->anew.items[i], 0))
			return true;
	return false;
}
