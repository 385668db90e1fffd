/*
 * diff.c - 'tokenpam diff': what two configurations decide by, compared.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "lines.h"
#include "output.h"
#include "sequence.h"

static int compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static bool ordered(const struct line *line)
{
	return line->part >= PART_AUTH && line->part <= PART_SESSION;
}

/* Lines of one part of one subject belong together. */
static int compare_parts(const struct line *a, const struct line *b)
{
	int order = strcmp(a->subject, b->subject);

	return order ? order : (int)a->part - (int)b->part;
}

/* The order of rules matters, that of all else does not. */
static int compare_lines(const void *left, const void *right)
{
	const struct line *a = left, *b = right;
	int order = compare_parts(a, b);

	if (order == 0 && ordered(a))
		return compare_numbers(a->number, b->number);
	return order ? order : strcmp(a->text, b->text);
}

static bool same_line(const struct line *a, const struct line *b)
{
	return a->part == b->part && a->depth == b->depth && strcmp(a->text, b->text) == 0;
}

static bool repeats(const struct line *line, const struct line *before)
{
	return !ordered(line) && same_line(line, before) &&
	       strcmp(line->subject, before->subject) == 0;
}

/* Lines in the order of comparison, without asides and without what several services share. */
static void arrange(const struct lines *lines, const struct line **list)
{
	size_t count = 0;

	qsort(lines->list, lines->count, sizeof(*lines->list), compare_lines);
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->list[i];
		if (!line->aside && (count == 0 || !repeats(line, list[count - 1])))
			list[count++] = line;
	}
}

static void print_change(char sign, const struct line *line, const char **subject)
{
	if (!*subject || strcmp(*subject, line->subject) != 0) {
		*subject = line->subject;
		colour_print(COLOUR_STRONG, line->subject);
		putchar('\n');
	}
	char mark[] = {sign, ' ', '\0'};
	colour_print(sign == '-' ? COLOUR_BAD : COLOUR_GOOD, mark);
	printf("%*s", (int)(2 * line->depth), "");
	if (part_name(line->part))
		printf("%s: ", part_name(line->part));
	print_text(stdout, line->text);
	putchar('\n');
}

static bool equal(const void *left, const void *right)
{
	return same_line(left, right);
}

static void change(void *data, enum side side, const void *element)
{
	print_change(side == SIDE_LEFT ? '-' : '+', element, data);
}

/* Cuts the head of a list that belongs to the same part as `line`. */
static struct sequence cut_part(const struct line ***rest, const struct line *line)
{
	struct sequence part = {(const void **)*rest, 0};

	while (**rest && compare_parts(**rest, line) == 0) {
		(*rest)++;
		part.count++;
	}
	return part;
}

/* Part by part, so that a change stands whole where it belongs. */
static const char *compare_lists(const struct line **a, const struct line **b)
{
	const char *subject = NULL;

	while (*a || *b) {
		const struct line *first = !*b || (*a && compare_parts(*a, *b) <= 0) ? *a : *b;
		struct sequence left = cut_part(&a, first), right = cut_part(&b, first);
		sequence_compare(&left, &right, equal, change, &subject);
	}
	return subject;
}

static int compare(const struct lines *left, const struct lines *right)
{
	const struct line **a = calloc(left->count + 1, sizeof(const struct line *));
	const struct line **b = calloc(right->count + 1, sizeof(const struct line *));
	int code;

	if (!a || !b || left->failed || right->failed) {
		code = fail_memory();
	} else {
		arrange(left, a);
		arrange(right, b);
		code = compare_lists(a, b) ? EXIT_REFUSED : EXIT_ACCEPTED;
	}
	free(a);
	free(b);
	return code;
}

/* EXIT_REFUSED if there is no such service. */
static int collect_service(struct tpam_engine *engine, const char *service, struct lines *lines)
{
	json_t *description = NULL;

	int code = engine_describe(engine, service, &description);
	if (code == EXIT_ACCEPTED)
		lines_add_service(lines, description);
	json_decref(description);
	return code;
}

static int collect_all(struct tpam_engine *engine, struct lines *lines)
{
	json_t *overview = NULL, *entry;
	size_t i;

	int code = engine_describe(engine, NULL, &overview);
	if (code != EXIT_ACCEPTED)
		return EXIT_MISUSED;
	lines_add_overview(lines, overview);
	json_array_foreach(json_object_get(overview, "services"), i, entry)
	{
		const char *name = json_is_string(entry) ? json_string_value(entry)
							 : text_member(entry, "name");
		if (name && collect_service(engine, name, lines) == EXIT_MISUSED)
			code = EXIT_MISUSED;
	}
	json_decref(overview);
	return code;
}

/* An operand with '/' or ending in .ini is a file, anything else an environment. */
static bool names_file(const char *operand)
{
	const char *end = strrchr(operand, '.');

	return strchr(operand, '/') || (end && strcmp(end, ".ini") == 0);
}

static int collect(const struct options *options, const char *operand, struct lines *lines)
{
	struct options own = *options;
	struct tpam_engine *engine = NULL;
	const char *service = options->operands[2];

	if (names_file(operand))
		own.config = operand;
	else
		own.environment = operand;
	int code = engine_start(&own, &engine);
	if (code != EXIT_ACCEPTED)
		return code;
	code = service ? collect_service(engine, service, lines) : collect_all(engine, lines);
	tpam_engine_close(engine);
	return code;
}

static int run(const struct options *options)
{
	struct lines left = {0}, right = {0};
	char buffer[QUOTE_SIZE];

	int code = collect(options, options->operands[0], &left);
	int other = code == EXIT_MISUSED ? code : collect(options, options->operands[1], &right);
	if (code == EXIT_MISUSED || other == EXIT_MISUSED)
		code = EXIT_MISUSED;
	else if (code == EXIT_REFUSED && other == EXIT_REFUSED)
		code = fail("got service %s, expected one that is configured in either",
			quote_operand(buffer, options->operands[2]));
	else
		code = compare(&left, &right);
	lines_finish(&left);
	lines_finish(&right);
	return code;
}

const struct verb verb_diff = {
	.name = "diff",
	.operands = "ENV ENV [SERVICE]",
	.summary = "compare two configurations",
	.help = "Compares what two environments decide by: rules, requirements, options.\n"
		"ENV is the name of an environment, or a file if it has a '/' or ends in\n"
		".ini. Lines that only the first has begin with -, lines that only the\n"
		"second has with +. Files, line numbers and the order of anything but rules\n"
		"are not compared.\n\n"
		"Exit status: 0 the same, 1 different, 3 one of them does not load.",
	.options = OPTIONS_PLUGINS,
	.least = 2,
	.most = 3,
	.run = run,
};
