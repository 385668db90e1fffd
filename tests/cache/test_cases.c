/*
 * test_cases.c - plays the cases of the folder beside it: what is asked again when, what is never kept, what flushes what.
 *
 * A case is lines of words; '#' begins a comment. It begins with the configuration:
 *   option KEY = VALUE            of [provider:kept], which has `plugin = kept` unless it says otherwise
 *   global KEY = VALUE            of [tokenpam]
 *   service NAME KEY = VALUE      of [service:NAME]; all have the rule `auth = required kept` unless they say otherwise
 *   other KEY = VALUE             of [provider:other], a second one, which is there if anything is said of it
 * and goes on with what happens, by clocks that stand still otherwise:
 *   answer OUTCOME [cache=N] [exp=N] [nbf=N] [aud=X] [reason=R] [retry=N] [nonce=X]   what the provider says from now on
 *   recheck OUTCOME|flush         what it says when asked again; flush: it flushes, set: it sets a subject, and lets it stand
 *   clock N, wall N, monotonic N  seconds go by, by both clocks or one
 *   flush, reload                 as it says
 *   ask SERVICE TOKEN [ITEM=X...] = OUTCOME asked|kept|stale [rechecked]
 *   counts NAME=N...              statistics
 * ITEM is tool, tag, peer, resource, tenant, user, method, url, arguments, header, basic.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdint.h>

#include "../unit/sandbox.h"
#include "play.h"

#define WORDS 16

static unsigned passed, failed;

static void complain(const struct play *play, const char *got, const char *expected)
{
	fprintf(stderr, "%s:%u: got %s, expected %s\n", play->file, play->line, got, expected);
	failed++;
}

static void broken(const struct play *play, const char *what)
{
	fprintf(stderr, "%s:%u: %s\n", play->file, play->line, what);
	exit(EXIT_FAILURE);
}

static int64_t clock_of(void *data, enum tpam_clock_kind kind)
{
	const struct play *play = data;
	return kind == TPAM_CLOCK_WALL ? play->wall : play->monotonic;
}

/* ---- The configuration ---- */

static void append(struct play *play, char *text, size_t size, const char *line)
{
	size_t length = strlen(text);
	if ((size_t)snprintf(text + length, size - length, "%s\n", line) >= size - length)
		broken(play, "too long");
}

static void add_service(struct play *play, char *rest)
{
	char header[128];
	char *blank = strchr(rest, ' ');
	if (!blank)
		broken(play, "a service without a key");
	*blank = '\0';
	(void)snprintf(header, sizeof(header), "[service:%s]\n", rest);
	for (size_t i = 0; i < play->service_count; i++) {
		if (strncmp(play->services[i], header, strlen(header)) == 0) {
			append(play, play->services[i], sizeof(play->services[i]), blank + 1);
			return;
		}
	}
	char *text = play->services[play->service_count++];
	(void)snprintf(text, sizeof(play->services[0]), "%s%s\n", header, blank + 1);
}

static void write_config(const struct play *play)
{
	char text[8192];
	int length = snprintf(text, sizeof(text),
		"[tokenpam]\nmode = development\n%s[provider:kept]\ncontrol = %" PRIuPTR "\n%s%s%s",
		play->globals, (uintptr_t)play,
		strstr(play->options, "plugin =") ? "" : "plugin = kept\n",
		strstr(play->options, "audience =") ? "" : "audience = x\n", play->options);
	if (play->other[0])
		length += snprintf(text + length, sizeof(text) - (size_t)length,
			"[provider:other]\nplugin = kept\naudience = x\ncontrol = %" PRIuPTR "\n%s",
			(uintptr_t)play, play->other);
	for (size_t i = 0; i < play->service_count; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length, "%s%s",
			play->services[i],
			strstr(play->services[i], "auth =") ? "" : "auth = required kept\n");
	if (play->service_count == 0)
		(void)snprintf(text + length, sizeof(text) - (size_t)length,
			"[service:api]\nauth = required kept\n");
	sandbox_write("main.ini", text);
}

static void open_engine(struct play *play)
{
	if (play->engine)
		return;
	write_config(play);
	play->engine = sandbox_engine(
		"main.ini", (struct tpam_engine_options){.clock = clock_of, .clock_data = play});
}

/* ---- What happens ---- */

struct item {
	const char *word;
	enum tpam_item item;
};

static const struct item items[] = {{"tool", TPAM_ITEM_TOOL}, {"peer", TPAM_ITEM_PEER_ADDRESS},
	{"resource", TPAM_ITEM_RESOURCE}, {"tenant", TPAM_ITEM_TENANT},
	{"user", TPAM_ITEM_USERNAME}, {"method", TPAM_ITEM_METHOD}, {"url", TPAM_ITEM_URL},
	{"arguments", TPAM_ITEM_TOOL_ARGUMENTS}};

static int add_item(struct tpam_request *request, const char *word)
{
	const char *value = strchr(word, '=');
	size_t length = value ? (size_t)(value++ - word) : 0;
	if (length == 3 && strncmp(word, "tag", 3) == 0)
		return tpam_request_add_tag(request, value);
	if (length == 6 && strncmp(word, "header", 6) == 0)
		return tpam_request_add_header(request, "X-Other", value);
	if (length == 5 && strncmp(word, "basic", 5) == 0) {
		char basic[64];
		(void)snprintf(basic, sizeof(basic), "Basic %s", value);
		return tpam_request_add_header(request, "Authorization", basic);
	}
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		if (length == strlen(items[i].word) && strncmp(word, items[i].word, length) == 0)
			return tpam_request_set(request, items[i].item, value, strlen(value));
	return TPAM_E_ARGUMENT;
}

static const char *how_of(const struct tpam_result *result, unsigned asked)
{
	static const char *const words[] = {"", "kept", "stale"};
	const struct tpam_trace_entry *entry;
	uint32_t cached = TPAM_CACHED_NO;
	for (size_t i = 0; (entry = tpam_result_trace(result, i)); i++)
		if (entry->cached > cached)
			cached = entry->cached;
	return cached != TPAM_CACHED_NO ? words[cached] : asked ? "asked" : "neither";
}

static void check_answer(struct play *play, const struct tpam_result *result, const char *expected)
{
	char got[256];
	(void)snprintf(got, sizeof(got), "%s %s%s", tpam_outcome_name(tpam_result_outcome(result)),
		how_of(result, play->asked), play->rechecked ? " rechecked" : "");
	if (strcmp(got, expected) == 0)
		passed++;
	else
		complain(play, got, expected);
	bool accepted = tpam_result_accepted(result);
	const char *subject = tpam_result_subject(result);
	if (accepted && (!subject || strcmp(subject, "somebody") != 0 ||
				!tpam_result_has_scope(result, "read") ||
				strcmp(tpam_result_claims(result), "{\"sid\":\"s1\"}") != 0))
		complain(play, "another identity", "the one that was kept");
	if (!accepted && subject)
		complain(play, subject, "nobody");
}

static void do_ask(struct play *play, char *words[], size_t count, const char *expected)
{
	struct tpam_request *request = sandbox_request(words[0], NULL);
	struct tpam_result *result = NULL;
	int code = strcmp(words[1], "-") == 0 ? TPAM_OK
					      : tpam_request_add_credential(request, "bearer",
							words[1], strlen(words[1]), NULL);
	for (size_t i = 2; i < count && code == TPAM_OK; i++)
		code = add_item(request, words[i]);
	open_engine(play);
	play->asked = play->rechecked = 0;
	if (code != TPAM_OK || tpam_authenticate(play->engine, request, &result) != TPAM_OK)
		broken(play, "no result");
	check_answer(play, result, expected);
	tpam_result_unref(result);
	tpam_request_destroy(request);
}

static void check_count(struct play *play, const char *word)
{
	struct tpam_statistics now = {.size = sizeof(now)};
	const struct {
		const char *name;
		const uint64_t *value;
	} counts[] = {{"hits", &now.cache_hits}, {"negative", &now.cache_negative_hits},
		{"misses", &now.cache_misses}, {"stale", &now.cache_stale},
		{"evictions", &now.cache_evictions}, {"entries", &now.cache_entries}};
	size_t length = strcspn(word, "=");
	if (tpam_engine_statistics(play->engine, &now) != TPAM_OK)
		broken(play, "no statistics");
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		char got[64];
		if (strlen(counts[i].name) != length || strncmp(word, counts[i].name, length) != 0)
			continue;
		(void)snprintf(got, sizeof(got), "%s=%" PRIu64, counts[i].name, *counts[i].value);
		if (strcmp(got, word) == 0)
			passed++;
		else
			complain(play, got, word);
		return;
	}
	broken(play, "no such count");
}

static void do_reload(struct play *play)
{
	open_engine(play);
	if (tpam_engine_reload(play->engine, NULL) != TPAM_OK)
		broken(play, "it does not load again");
}

static void do_line(struct play *play, char *line)
{
	char *words[WORDS] = {NULL}, *rest, *save = NULL;
	char *expected = strncmp(line, "ask ", 4) == 0 ? strstr(line, " = ") : NULL;
	size_t count = 0;
	if (expected) {
		*expected = '\0';
		expected += 3;
	}
	char *verb = strtok_r(line, " ", &save);
	rest = save;
	int64_t seconds = rest ? strtoll(rest, NULL, 10) * 1000000000 : 0;
	if (strcmp(verb, "option") == 0)
		append(play, play->options, sizeof(play->options), rest);
	else if (strcmp(verb, "global") == 0)
		append(play, play->globals, sizeof(play->globals), rest);
	else if (strcmp(verb, "other") == 0)
		append(play, play->other, sizeof(play->other), rest);
	else if (strcmp(verb, "service") == 0)
		add_service(play, rest);
	else if (strcmp(verb, "answer") == 0)
		(void)snprintf(play->answer, sizeof(play->answer), "%s", rest);
	else if (strcmp(verb, "recheck") == 0)
		(void)snprintf(play->recheck, sizeof(play->recheck), "%s", rest);
	else if (strcmp(verb, "clock") == 0)
		play->wall += seconds, play->monotonic += seconds;
	else if (strcmp(verb, "wall") == 0)
		play->wall += seconds;
	else if (strcmp(verb, "monotonic") == 0)
		play->monotonic += seconds;
	else if (strcmp(verb, "flush") == 0)
		play->host->cache_flush(play->instance);
	else if (strcmp(verb, "reload") == 0)
		do_reload(play);
	else if (strcmp(verb, "ask") == 0 || strcmp(verb, "counts") == 0) {
		for (char *word; count < WORDS && (word = strtok_r(NULL, " ", &save));)
			words[count++] = word;
		if (strcmp(verb, "counts") == 0)
			for (size_t i = 0; i < count; i++)
				check_count(play, words[i]);
		else if (count >= 2 && expected)
			do_ask(play, words, count, expected);
		else
			broken(play, "an ask that is none");
	} else {
		broken(play, verb);
	}
}

static void do_case(const char *path, const char *name)
{
	FILE *file = fopen(path, "r");
	char line[512];
	struct play *play = calloc(1, sizeof(*play));
	if (!file || !play)
		sandbox_fail(path);
	*play = (struct play){.control = {play_ask, play_recheck},
		.wall = BEGIN * 1000000000,
		.monotonic = 1000000000,
		.answer = "success cache=1000000",
		.recheck = "success",
		.file = name};
	while (fgets(line, sizeof(line), file)) {
		play->line++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] && line[0] != '#')
			do_line(play, line);
	}
	(void)fclose(file);
	tpam_engine_close(play->engine);
	free(play);
}

int main(void)
{
	char folder[PATH_MAX / 2], path[PATH_MAX];
	struct dirent **names = NULL;
	const char *source = getenv("srcdir");
	unsigned cases = 0;
	sandbox_begin();
	(void)snprintf(folder, sizeof(folder), "%s/tests/cache/cases", source ? source : ".");
	int count = scandir(folder, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *end = strrchr(names[i]->d_name, '.');
		if (end && strcmp(end, ".case") == 0) {
			(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
			do_case(path, names[i]->d_name);
			cases++;
		}
		free(names[i]);
	}
	free(names);
	sandbox_end();
	printf("%u cases, %u passed, %u failed\n", cases, passed, failed);
	return failed || cases == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
