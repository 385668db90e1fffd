/*
 * test_request.c - what a request takes: limits to the byte, and no text that could be taken for something else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"
#include "request.h"

#define KIB 1024

struct size_row {
	enum tpam_item item;
	size_t most;
};

static const struct size_row sizes[] = {
	{TPAM_ITEM_SERVICE, 128},
	{TPAM_ITEM_TOOL, KIB},
	{TPAM_ITEM_TOOL_ARGUMENTS, 64 * KIB},
	{TPAM_ITEM_TENANT, KIB},
	{TPAM_ITEM_USERNAME, KIB},
	{TPAM_ITEM_RESOURCE, 8 * KIB},
	{TPAM_ITEM_METHOD, KIB},
	{TPAM_ITEM_URL, 8 * KIB},
	{TPAM_ITEM_PEER_ADDRESS, KIB},
	{TPAM_ITEM_REQUEST_ID, KIB},
	{TPAM_ITEM_DPOP_PROOF, 8 * KIB},
	{TPAM_ITEM_CLIENT_CERTIFICATE, 64 * KIB},
};

static char large[2 * 1024 * KIB];

/* Of any length; arguments must be an object, blanks around it count. */
static void fill(enum tpam_item item, size_t length)
{
	memset(large, item == TPAM_ITEM_TOOL_ARGUMENTS ? ' ' : 'a', length);
	if (item == TPAM_ITEM_TOOL_ARGUMENTS)
		memcpy(large, "{}", 2);
}

static void test_sizes(void)
{
	struct tpam_request *request = tpam_request_create();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		enum tpam_item item = sizes[i].item;
		const char *other = item == TPAM_ITEM_TOOL_ARGUMENTS ? "{}" : "b";
		fill(item, sizes[i].most + 1);
		CHECK(tpam_request_set(request, item, large, sizes[i].most + 1) == TPAM_E_LIMIT);
		CHECK(request_text(request, item) == NULL);
		CHECK(tpam_request_set(request, item, large, sizes[i].most) == TPAM_OK);
		CHECK(request_text(request, item) &&
			strlen(request_text(request, item)) == sizes[i].most);
		CHECK(tpam_request_set(request, item, other, strlen(other)) == TPAM_OK);
		CHECK_TEXT(request_text(request, item), other);
		CHECK(tpam_request_set(request, item, large, SIZE_MAX) == TPAM_E_LIMIT);
		CHECK(tpam_request_set(request, item, NULL, 1) == TPAM_E_ARGUMENT);
		CHECK_TEXT(
			request_text(request, item), other); /* what is refused changes nothing */
		CHECK(tpam_request_set(request, item, NULL, 0) == TPAM_OK);
		CHECK(request_text(request, item) == NULL);
	}
	tpam_request_destroy(request);
}

struct text_row {
	enum tpam_item item;
	const char *text;
	size_t length;
	int code;
};

#define TEXT(item, text, code)                                                                     \
	{                                                                                          \
		TPAM_ITEM_##item, (text), sizeof(text) - 1, (code)                                 \
	}

static const struct text_row texts[] = {
	TEXT(SERVICE, "my-api_2.x", TPAM_OK),
	TEXT(SERVICE, "a b", TPAM_E_ARGUMENT),
	TEXT(SERVICE, "a/b", TPAM_E_ARGUMENT),
	TEXT(SERVICE, "a\0b", TPAM_E_ARGUMENT),
	TEXT(SERVICE, "\"", TPAM_E_ARGUMENT),
	TEXT(SERVICE, "\xC3\xBC", TPAM_E_ARGUMENT),
	TEXT(TOOL, "resource:file:///a/b?c=*", TPAM_OK),
	TEXT(TOOL, "\xE2\x82\xAC", TPAM_OK),
	TEXT(TOOL, "a\nb", TPAM_E_ARGUMENT),
	TEXT(TOOL, "a\rb", TPAM_E_ARGUMENT),
	TEXT(TOOL, "a\tb", TPAM_E_ARGUMENT),
	TEXT(TOOL, "a\0b", TPAM_E_ARGUMENT),
	TEXT(TOOL, "a\x7F", TPAM_E_ARGUMENT),
	TEXT(TOOL, "a\xC2\x85", TPAM_E_ARGUMENT), /* C1 */
	TEXT(TOOL, "a\xFF", TPAM_E_ARGUMENT),
	TEXT(TOOL, "\xC0\xAF", TPAM_E_ARGUMENT),         /* overlong */
	TEXT(TOOL, "\xED\xA0\x80", TPAM_E_ARGUMENT),     /* a surrogate */
	TEXT(TOOL, "\xF4\x90\x80\x80", TPAM_E_ARGUMENT), /* beyond Unicode */
	TEXT(TOOL, "\xE2\x82", TPAM_E_ARGUMENT),         /* cut */
	TEXT(USERNAME, "\x1B[31m", TPAM_E_ARGUMENT),
	TEXT(REQUEST_ID, "a\nb", TPAM_E_ARGUMENT),
	TEXT(URL, "https://a.example/\xC3\xBC?q", TPAM_OK),
	TEXT(TOOL_ARGUMENTS, "{\"a\":1}", TPAM_OK),
	TEXT(TOOL_ARGUMENTS, "{\n\t\"a\": \"\\n\"\n}\n", TPAM_OK),
	TEXT(TOOL_ARGUMENTS, "[]", TPAM_E_ARGUMENT),
	TEXT(TOOL_ARGUMENTS, "{\"a\":1,\"a\":2}", TPAM_E_ARGUMENT),
	TEXT(TOOL_ARGUMENTS, "{}\0", TPAM_E_ARGUMENT),
	TEXT(TOOL_ARGUMENTS, "{\"a\":\"\xFF\"}", TPAM_E_ARGUMENT),
	TEXT(CLIENT_CERTIFICATE, "\x30\x00\xFF\n", TPAM_OK),
};

static void test_texts(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct tpam_request *request = tpam_request_create();
		int code = tpam_request_set(request, texts[i].item, texts[i].text, texts[i].length);
		CHECK(code == texts[i].code);
		CHECK((request_text(request, texts[i].item) != NULL) == (code == TPAM_OK));
		tpam_request_destroy(request);
	}
}

static void test_items(void)
{
	struct tpam_request *request = tpam_request_create();
	static const int items[] = {0, -1, 13, 14, 15, 19, 64, 1 << 30, -(1 << 30)};
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		enum tpam_item item = (enum tpam_item)items[i];
		CHECK(tpam_request_set(request, item, "a", 1) == TPAM_E_ARGUMENT);
		CHECK(tpam_request_set(request, item, NULL, 0) == TPAM_E_ARGUMENT);
		CHECK(request_text(request, item) == NULL);
	}
	tpam_request_destroy(request);
	tpam_request_destroy(NULL);
}

struct header_row {
	const char *name;
	const char *value;
	int code;
};

static const struct header_row headers[] = {
	{"X-A", "b", TPAM_OK}, {"X-A", "", TPAM_OK}, {"x!#$%&'*+.^_`|~9", "b", TPAM_OK},
	{"", "b", TPAM_E_ARGUMENT}, {"X A", "b", TPAM_E_ARGUMENT}, {"X-A:", "b", TPAM_E_ARGUMENT},
	{"X-A\r\nX", "b", TPAM_E_ARGUMENT}, {"X\xC3\xBC", "b", TPAM_E_ARGUMENT},
	{"(x)", "b", TPAM_E_ARGUMENT}, {"X-A", "b\r\nX-B: c", TPAM_E_ARGUMENT},
	{"X-A", "b\n", TPAM_E_ARGUMENT}, {"X-A", "\r", TPAM_E_ARGUMENT},
	{"X-A", "\t\xFF b", TPAM_OK}, /* obs-text is the client's business */
};

static void test_headers(void)
{
	struct tpam_request *request = tpam_request_create();
	size_t size = 0;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		const struct header_row *row = &headers[i];
		CHECK(tpam_request_add_header(request, row->name, row->value) == row->code);
		if (row->code == TPAM_OK)
			size += strlen(row->name) + strlen(row->value) + 4;
	}
	CHECK(request->header_size == size);
	CHECK_TEXT(request_header(request, "x-a", 0), "b");
	CHECK_TEXT(request_header(request, "X-a", 1), "");
	CHECK_TEXT(request_header(request, "X-A", 2), "\t\xFF b");
	CHECK(request_header(request, "X-A", 3) == NULL);
	CHECK(request_header(request, "X-", 0) == NULL);
	tpam_request_destroy(request);
}

static void test_header_limits(void)
{
	struct tpam_request *request = tpam_request_create();
	for (size_t i = 0; i < 1000; i++)
		CHECK(tpam_request_add_header(request, "a", "b") == TPAM_OK);
	CHECK(tpam_request_add_header(request, "a", "b") == TPAM_E_LIMIT);
	CHECK(request->header_count == 1000 && request->header_size == 6000);
	tpam_request_destroy(request);

	request = tpam_request_create();
	memset(large, 'a', sizeof(large));
	large[1024 * KIB - 4] =
		'\0'; /* with name, colon, blank and CR LF one byte more than 1 MiB */
	CHECK(tpam_request_add_header(request, "a", large) == TPAM_E_LIMIT);
	large[1024 * KIB - 5] = '\0';
	CHECK(tpam_request_add_header(request, "a", large) == TPAM_OK);
	CHECK(tpam_request_add_header(request, "a", "") == TPAM_E_LIMIT);
	tpam_request_destroy(request);
}

static void test_credentials(void)
{
	struct tpam_request *request = tpam_request_create();
	CHECK(tpam_request_add_credential(request, "bearer", "x", 0, NULL) == TPAM_E_ARGUMENT);
	CHECK(tpam_request_add_credential(request, "", "x", 1, NULL) == TPAM_E_ARGUMENT);
	CHECK(tpam_request_add_credential(request, "a b", "x", 1, NULL) == TPAM_E_ARGUMENT);
	CHECK(tpam_request_add_credential(request, "bearer", "x", 1, "a\nb") == TPAM_E_ARGUMENT);
	memset(large, 'a', 1024 * KIB + 1);
	CHECK(tpam_request_add_credential(request, "bearer", large, 1024 * KIB + 1, NULL) ==
		TPAM_E_LIMIT);
	CHECK(request->credential_count == 0);
	CHECK(tpam_request_add_credential(request, "bearer", large, 1024 * KIB, "sasl") == TPAM_OK);
	CHECK(tpam_request_add_credential(request, "x", "\0", 1, "") == TPAM_OK);
	CHECK(request->credential_count == 2);
	tpam_request_destroy(request);
}

static void test_tags(void)
{
	struct tpam_request *request = tpam_request_create();
	char tag[1026];
	CHECK(tpam_request_add_tag(request, "") == TPAM_E_ARGUMENT);
	CHECK(tpam_request_add_tag(request, "a\nb") == TPAM_E_ARGUMENT);
	memset(tag, 'a', sizeof(tag));
	tag[1025] = '\0';
	CHECK(tpam_request_add_tag(request, tag) == TPAM_E_LIMIT);
	tag[1024] = '\0';
	CHECK(tpam_request_add_tag(request, tag) == TPAM_OK);
	for (int i = 1; i < 64; i++) {
		(void)snprintf(tag, sizeof(tag), "tag%d", i);
		CHECK(tpam_request_add_tag(request, tag) == TPAM_OK);
	}
	CHECK(tpam_request_add_tag(request, "more") == TPAM_E_LIMIT);
	CHECK(request->tags.count == 64);
	tpam_request_destroy(request);
}

int main(void)
{
	test_sizes();
	test_texts();
	test_items();
	test_headers();
	test_header_limits();
	test_credentials();
	test_tags();
	return check_end();
}
