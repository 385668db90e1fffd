/*
 * repeat.c - 'tokenpam verify --repeat': the same decision many times, to see what is kept of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "verify.h"

#define COUNT_MOST 1000000

int repeat_read(struct repeat *repeat, const struct options *options)
{
	char buffer[QUOTE_SIZE];
	const char *text = options->repeat;
	size_t length = text ? strlen(text) : 0;

	*repeat = (struct repeat){.count = 1};
	if (!text)
		return EXIT_ACCEPTED;
	if (length > 0 && length <= 7 && strspn(text, "0123456789") == length)
		repeat->count = strtoul(text, NULL, 10);
	else
		repeat->count = 0;
	if (repeat->count >= 1 && repeat->count <= COUNT_MOST)
		return EXIT_ACCEPTED;
	return misuse(options->verb, "--repeat: got %s, expected 1 to %d",
		quote_operand(buffer, text), COUNT_MOST);
}

static int64_t nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool was_kept(const struct tpam_result *result)
{
	const struct tpam_trace_entry *entry;

	for (size_t i = 0; (entry = tpam_result_trace(result, i)); i++)
		if (entry->cached != TPAM_CACHED_NO)
			return true;
	return false;
}

int repeat_decide(struct repeat *repeat, struct tpam_engine *engine,
	const struct tpam_request *request, struct tpam_result **ret)
{
	int64_t begun = nanoseconds(), first = begun;

	for (unsigned long i = 0; i < repeat->count; i++) {
		struct tpam_result *result = NULL;
		int code = tpam_authenticate(engine, request, &result);
		if (i == 0)
			first = nanoseconds();
		if (code != TPAM_OK)
			return code;
		repeat->cached += was_kept(result);
		tpam_result_unref(*ret);
		*ret = result;
	}
	repeat->first = first - begun;
	if (repeat->count > 1)
		repeat->others = (nanoseconds() - first) / (int64_t)(repeat->count - 1);
	return TPAM_OK;
}

void repeat_print(const struct repeat *repeat)
{
	if (repeat->count < 2)
		return;
	printf("  %-10s  %lu times, %lu of them by a verdict that was kept\n", "repeated",
		repeat->count, repeat->cached);
	printf("  %-10s  %.1f us the first, %.1f us each of the others\n", "took",
		(double)repeat->first / 1e3, (double)repeat->others / 1e3);
}

json_t *repeat_json(const struct repeat *repeat)
{
	json_t *object = json_object();

	json_object_set_new(object, "count", json_integer((json_int_t)repeat->count));
	json_object_set_new(object, "cached", json_integer((json_int_t)repeat->cached));
	json_object_set_new(object, "first_ns", json_integer(repeat->first));
	json_object_set_new(object, "others_ns", json_integer(repeat->others));
	return object;
}
