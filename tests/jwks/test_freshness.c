/*
 * test_freshness.c - how long an answer may be used, by its headers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "check.h"
#include "freshness.h"
#include "http_answer.h"

/* Headers, with a line feed between them, and what they come to. */
static const struct {
	const char *headers;
	int64_t seconds;
} cases[] = {
	{"", -1},
	{"Cache-Control: max-age=60", 60},
	{"cache-control: MAX-AGE=60", 60},
	{"Cache-Control: public, max-age=19200, must-revalidate, no-transform", 19200},
	{"Cache-Control:max-age=60 ,private", 60},
	{"Cache-Control: max-age=\"60\"", 60},
	{"Cache-Control: max-age=0", 0},
	{"Cache-Control: no-cache", 0},
	{"Cache-Control: no-store", 0},
	{"Cache-Control: no-cache=\"Set-Cookie\", max-age=60", 0}, /* of a part, but who knows */
	{"Cache-Control: max-age=60, no-cache", 0},
	{"Cache-Control: max-age=60\nCache-Control: max-age=30", 30},
	{"Cache-Control: max-age=60\nCache-Control: no-store", 0},
	{"Cache-Control: s-maxage=60", -1},
	{"Cache-Control: public", -1},
	{"Cache-Control: max-agent=60", -1},
	{"Cache-Control: max-age", -1},
	{"Cache-Control: max-age=", 0},
	{"Cache-Control: max-age=-1", 0},
	{"Cache-Control: max-age=1e9", 0},
	{"Cache-Control: max-age=60s", 0},
	{"Cache-Control: max-age= 60", 0},
	{"Cache-Control: max-age=\"60", 0},
	{"Cache-Control: max-age=99999999999999999999999999", FRESHNESS_MOST},
	{"Cache-Control: ,,,", -1},
	{"Cache-Control: max-age=60\nAge: 20", 40},
	{"Cache-Control: max-age=60\nAge: 60", 0},
	{"Cache-Control: max-age=60\nAge: 99999999999999999999", 0},
	{"Cache-Control: max-age=60\nAge: old", 60},
	{"Cache-Control: max-age=60\nAge: -5", 60},
	{"Expires: Wed, 21 Oct 2015 07:28:30 GMT\nDate: Wed, 21 Oct 2015 07:28:00 GMT", 30},
	{"Expires: Wed, 21 Oct 2015 07:27:00 GMT\nDate: Wed, 21 Oct 2015 07:28:00 GMT", 0},
	{"Expires: 0\nDate: Wed, 21 Oct 2015 07:28:00 GMT", 0},
	{"Expires: Wed, 21 Oct 2015 07:28:30 GMT", -1},
	{"Expires: Wed, 21 Oct 2015 07:28:30 GMT\nDate: today or so", -1},
	{"Cache-Control: max-age=5\nExpires: Wed, 21 Oct 2015 07:28:30 GMT\nDate: Wed, 21 Oct 2015 "
	 "07:28:00 GMT",
		5},
};

static int64_t ask(const char *headers)
{
	struct tpam_http_answer *answer = answer_create(1024);

	while (*headers) {
		size_t length = strcspn(headers, "\n");
		CHECK(answer_add_header(answer, headers, length));
		headers += length + (headers[length] == '\n');
	}
	int64_t seconds = freshness_of(answer);
	tpam_http_answer_unref(answer);
	return seconds;
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t seconds = ask(cases[i].headers);
		if (seconds == cases[i].seconds)
			continue;
		CHECK(!cases[i].headers);
		printf("%s: got %lld, expected %lld\n", cases[i].headers, (long long)seconds,
			(long long)cases[i].seconds);
	}
	return check_end();
}
