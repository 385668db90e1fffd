/*
 * test_text.c - UTF-8, names, globs, suggestions; buffers and arrays; names of environments.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include <tokenpam/tokenpam.h>

#include "check.h"
#include "memory.h"
#include "text.h"

static const struct {
	const char *bytes;
	size_t length;
	size_t good;
	bool tab;
} texts[] = {
	{"", 0, 0, false},
	{"plain", 5, 5, false},
	{"a\tb", 3, 1, false},
	{"a\tb", 3, 3, true},
	{"a\0b", 3, 1, true},
	{"a\x7f", 2, 1, true},
	{"a\x1f", 2, 1, true},
	{"a\r", 2, 1, true},
	{"\xc3\xa9", 2, 2, false},
	{"\xc3", 1, 0, false},
	{"\xc2\x85", 2, 0, false},     /* C1 */
	{"\xc2\x9f", 2, 0, false},     /* C1 */
	{"\xc2\xa0", 2, 2, false},     /* no-break space */
	{"\xc0\x80", 2, 0, false},     /* overlong */
	{"\xc1\xbf", 2, 0, false},     /* overlong */
	{"\xe0\x9f\xbf", 3, 0, false}, /* overlong */
	{"\xe0\xa0\x80", 3, 3, false},
	{"\xed\x9f\xbf", 3, 3, false},
	{"\xed\xa0\x80", 3, 0, false}, /* surrogate */
	{"\xef\xbf\xbf", 3, 3, false},
	{"\xe2\x82", 2, 0, false},
	{"\xe2\x82\x28", 3, 0, false},
	{"\xf0\x8f\xbf\xbf", 4, 0, false}, /* overlong */
	{"\xf0\x90\x80\x80", 4, 4, false},
	{"\xf4\x8f\xbf\xbf", 4, 4, false},
	{"\xf4\x90\x80\x80", 4, 0, false}, /* beyond U+10FFFF */
	{"\xf5\x80\x80\x80", 4, 0, false},
	{"\x80", 1, 0, false},
	{"ab\xff", 3, 2, false},
};

static const struct {
	const char *pattern;
	const char *text;
	bool match;
} globs[] = {
	{"", "", true},
	{"", "a", false},
	{"*", "", true},
	{"*", "a/b", true},
	{"?", "", false},
	{"?", "/", true},
	{"delete_*", "delete_", true},
	{"delete_*", "delete_all", true},
	{"delete_*", "Delete_all", false},
	{"*@example.com", "alice@example.com", true},
	{"*@example.com", "alice@example.com.evil", false},
	{"a*b*c", "aXbXbXc", true},
	{"a*b*c", "aXbXbX", false},
	{"**a**", "ba", true},
	{"a?c", "abc", true},
	{"a?c", "ac", false},
	{"[ab]", "a", false},
	{"[ab]", "[ab]", true},
};

static const char *const keys[] = {"auth", "account", "issuer", "require_scopes", NULL};

static const struct {
	const char *text;
	const char *nearest;
} typos[] = {
	{"isuer", "issuer"},
	{"issuer", "issuer"},
	{"uath", "auth"},
	{"require_scope", "require_scopes"},
	{"requirescopes", "require_scopes"},
	{"xy", NULL},
	{"", NULL},
	{"something_else", NULL},
};

static void test_check(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t good = text_check(texts[i].bytes, texts[i].length, texts[i].tab);
		if (good != texts[i].good)
			fprintf(stderr, "text %zu: got %zu\n", i, good);
		CHECK(good == texts[i].good);
	}
}

static void test_names(void)
{
	CHECK(text_is_key("a", 1));
	CHECK(text_is_key("require_scopes2", 15));
	CHECK(!text_is_key("", 0));
	CHECK(!text_is_key("_a", 2));
	CHECK(!text_is_key("1a", 2));
	CHECK(!text_is_key("A", 1));
	CHECK(!text_is_key("a-b", 3));
	CHECK(text_is_key("a123456789012345678901234567890123456789", 40));
	CHECK(!text_is_key("a1234567890123456789012345678901234567890", 41));
	CHECK(text_is_name("My-api.v2_x", 11));
	CHECK(!text_is_name("a/b", 3));
	CHECK(!text_is_name("", 0));
	CHECK(text_is_token("X-Api-Key", 9));
	CHECK(!text_is_token("X Api", 5));
	CHECK(!text_is_token("a\0b", 3));
	CHECK(text_is_scope("mcp:read!", 9));
	CHECK(!text_is_scope("a b", 3));
	CHECK(!text_is_scope("a\"b", 3));
	CHECK(!text_is_scope("a\\b", 3));
	CHECK(!text_is_scope("\xc3\xa9", 2));
}

static void test_globs(void)
{
	for (size_t i = 0; i < sizeof(globs) / sizeof(*globs); i++) {
		if (text_glob(globs[i].pattern, globs[i].text) != globs[i].match)
			fprintf(stderr, "glob %s on %s\n", globs[i].pattern, globs[i].text);
		CHECK(text_glob(globs[i].pattern, globs[i].text) == globs[i].match);
	}
	bool glob = false;
	CHECK(text_glob_literals("delete_*?", &glob) == 7 && glob);
	CHECK(text_glob_literals("delete", &glob) == 6 && !glob);

	/* Backtracking that is not bounded would take longer than the universe lasts. */
	char pattern[201], text[2001];
	for (size_t i = 0; i < 100; i++)
		memcpy(pattern + 2 * i, "*a", 2);
	pattern[200] = '\0';
	memset(text, 'a', 2000);
	memcpy(text + 1999, "b", 2);
	CHECK(!text_glob(pattern, text));
}

/* The n-th text of these letters, shorter ones first; the length. */
static size_t nth_text(char ret[8], unsigned n, const char *letters)
{
	unsigned base = (unsigned)strlen(letters), count = base;
	size_t length = 0;

	for (; n > 0; n -= count, count *= base, length++)
		if (n <= count)
			break;
	length += n > 0;
	for (size_t i = 0; i < length; i++, n = (n - 1) / base + 1)
		ret[i] = letters[(n - 1) % base];
	ret[length] = '\0';
	return length;
}

/* Patterns meet where one of all short texts matches both. */
static void test_meeting(void)
{
	char a[8], b[8], text[8];
	unsigned wrong = 0;

	for (unsigned i = 0; i < 85; i++) {
		for (unsigned j = 0; j < 85; j++) {
			bool meet = false;
			nth_text(a, i, "a*?b");
			nth_text(b, j, "a*?b");
			for (unsigned n = 0; n < 127 && !meet; n++) {
				nth_text(text, n, "ab");
				meet = text_glob(a, text) && text_glob(b, text);
			}
			wrong += text_globs_meet(a, b) != meet;
		}
	}
	CHECK(wrong == 0);

	char longer[600], longest[2001];
	memset(longer, 'a', sizeof(longer));
	longer[599] = '\0';
	memset(longest, 'b', sizeof(longest));
	longest[2000] = '\0';
	CHECK(text_globs_meet(longer, longest));
	longer[512] = '\0';
	CHECK(!text_globs_meet(longer, longest) && !text_globs_meet(longest, longer));
	CHECK(text_globs_meet("*b", longest) && text_globs_meet(longest, "b*?"));
}

static void test_nearest(void)
{
	for (size_t i = 0; i < sizeof(typos) / sizeof(*typos); i++)
		CHECK_TEXT(text_nearest(typos[i].text, keys), typos[i].nearest);
	char text[200];
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	const char *const same[] = {text, NULL};
	CHECK(text_nearest(text, same) == NULL);
	CHECK(text_nearest("auth", same) == NULL);
}

static void test_buffers(void)
{
	struct buffer buffer = BUFFER(10);
	buffer_text(&buffer, "01234");
	buffer_format(&buffer, "%d", 56789);
	CHECK(!buffer.failed && buffer.length == 10);
	CHECK_TEXT(buffer.data, "0123456789");
	buffer_text(&buffer, "x");
	CHECK(buffer.failed);
	CHECK_TEXT(buffer.data, "0123456789");
	CHECK(buffer_take(&buffer) == NULL);
	CHECK(buffer.data == NULL && !buffer.failed);

	char *empty = buffer_take(&buffer);
	CHECK_TEXT(empty, "");
	free(empty);
	char *text = text_format("%s-%05d", "a", 42);
	CHECK_TEXT(text, "a-00042");
	secret_free(text, strlen(text));
	secret_free(NULL, 0);
}

static void test_arrays(void)
{
	int *list = NULL;
	size_t count = 0;
	while (array_reserve(&list, count, sizeof(*list), 100)) {
		list[count] = (int)count;
		count++;
	}
	CHECK(count == 100);
	for (size_t i = 0; i < count; i++)
		CHECK(list[i] == (int)i);
	CHECK(!array_reserve(&list, 128, SIZE_MAX / 4, SIZE_MAX));
	free(list);
}

static void test_environment(void)
{
	char *path = NULL;
	CHECK(tpam_environment_path("staging-2", &path) == TPAM_OK);
	const char *end = path ? strstr(path, "/tokenpam/staging-2.ini") : NULL;
	CHECK(end && strcmp(end, "/tokenpam/staging-2.ini") == 0);
	CHECK(!path || !strstr(path, "/tokenpam/tokenpam/"));
	tpam_free(path);
	static const char *const wrong[] = {"", "../x", "a/b", "A", "a.b", "a b",
		"a1234567890123456789012345678901234567890123456789012345678901234"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK(tpam_environment_path(wrong[i], &path) == TPAM_E_ARGUMENT);
}

int main(void)
{
	test_environment();
	test_check();
	test_names();
	test_globs();
	test_meeting();
	test_nearest();
	test_buffers();
	test_arrays();
	return check_end();
}
