/*
 * test_pattern.c - whether one pattern covers another, against all texts that are short enough to try.
 *
 * usage: test_pattern [ROUNDS [SEED]]
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "check.h"
#include "pattern.h"
#include "text.h"

#define LETTERS "abz" /* no pattern has a z */
#define LONGEST 6

static uint64_t state;

static unsigned pick(unsigned below)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(state >> 33) % below;
}

static void make(char out[8])
{
	size_t length = pick(6);

	for (size_t i = 0; i < length; i++)
		out[i] = "aab**?"[pick(6)];
	out[length] = '\0';
}

/* What all texts say: whether one is matched by `other` alone. */
static bool any_alone(const char *one, const char *other)
{
	char text[LONGEST + 1];
	size_t most = 1;

	for (size_t length = 0; length <= LONGEST; length++, most *= strlen(LETTERS)) {
		text[length] = '\0';
		for (size_t number = 0; number < most; number++) {
			size_t rest = number;
			for (size_t i = 0; i < length; i++, rest /= strlen(LETTERS))
				text[i] = LETTERS[rest % strlen(LETTERS)];
			if (text_glob(other, text) && !text_glob(one, text))
				return true;
		}
	}
	return false;
}

static unsigned seen, missed;

static void play(void)
{
	char one[8], other[8];

	make(one);
	make(other);
	bool covered = pattern_covers(one, other), alone = any_alone(one, other);
	/* What is covered has no text of its own. */
	CHECK(!covered || !alone);
	if (covered && alone)
		fprintf(stderr, "%s and %s\n", one, other);
	seen += !alone;
	missed += !alone && !covered;
}

static void check_examples(void)
{
	CHECK(pattern_covers("*", "eng-*"));
	CHECK(pattern_covers("eng-*", "eng-core"));
	CHECK(pattern_covers("eng-*", "eng-*"));
	CHECK(pattern_covers("*?*", "??*"));
	CHECK(pattern_covers("a*c", "a?b*bc"));
	CHECK(!pattern_covers("eng-*", "*"));
	CHECK(!pattern_covers("eng-?*", "eng-*"));
	CHECK(!pattern_covers("eng-core", "eng-cor?"));
	CHECK(pattern_covers("", "") && !pattern_covers("", "*") && pattern_covers("*", ""));
}

static void check_long(void)
{
	char most[PATTERN_MAX + 1], more[PATTERN_MAX + 2];

	memset(most, 'a', PATTERN_MAX);
	memset(more, 'a', PATTERN_MAX + 1);
	most[PATTERN_MAX] = more[PATTERN_MAX + 1] = '\0';
	CHECK(pattern_covers("*", most) && pattern_covers(most, most));
	CHECK(!pattern_covers("*", more) && !pattern_covers(more, "a"));
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;

	state = argc > 2 ? strtoull(argv[2], NULL, 10) : 20261128;
	for (unsigned long i = 0; i < rounds; i++)
		play();
	check_examples();
	check_long();
	printf("of %u pairs where one covers the other %u were not seen\n", seen, missed);
	return check_end();
}
