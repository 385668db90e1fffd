/*
 * matrix_print.c - who may do what, as a table if it fits on a line, else tool by tool.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "matrix.h"
#include "output.h"

#define LINE   80
#define GAP    2
#define INDENT "      "

/* Names and answers, made harmless; the first row and the first column are headings. */
struct grid {
	char **cells;
	size_t rows;
	size_t columns;
};

/* ---- Cells ---- */

/* As print_text() has it. To be freed. */
static char *harmless(const char *text)
{
	char *copy = NULL;
	size_t size = 0;

	FILE *file = open_memstream(&copy, &size);
	if (!file)
		exit(fail_memory());
	print_text(file, text);
	if (fclose(file) != 0)
		exit(fail_memory());
	return copy;
}

static const char *answer_at(const json_t *who, size_t person, size_t tool)
{
	const json_t *answers = json_object_get(json_array_get(who, person), "answers");

	return text_member(json_array_get(answers, tool), "answer");
}

/* Row and column 0 are names, the corner has none. */
static const char *text_at(const json_t *who, const json_t *tools, size_t person, size_t tool)
{
	if (person > 0 && tool > 0)
		return answer_at(who, person - 1, tool - 1);
	if (person > 0)
		return text_member(json_array_get(who, person - 1), "name");
	return tool > 0 ? text_member(json_array_get(tools, tool - 1), "name") : "";
}

/* A row for each of the people, or with `turned` for each tool. */
static struct grid grid_of(const json_t *all, bool turned)
{
	const json_t *who = json_object_get(all, "who"), *tools = json_object_get(all, "tools");
	size_t people = json_array_size(who) + 1, count = json_array_size(tools) + 1;
	struct grid grid = {.rows = turned ? count : people, .columns = turned ? people : count};

	grid.cells = calloc(grid.rows * grid.columns, sizeof(*grid.cells));
	if (!grid.cells)
		exit(fail_memory());
	for (size_t i = 0; i < grid.rows; i++)
		for (size_t j = 0; j < grid.columns; j++)
			grid.cells[i * grid.columns + j] =
				harmless(text_at(who, tools, turned ? j : i, turned ? i : j));
	return grid;
}

static void grid_finish(struct grid *grid)
{
	for (size_t i = 0; i < grid->rows * grid->columns; i++)
		free(grid->cells[i]);
	free(grid->cells);
}

/* ---- Tables ---- */

static size_t width_of(const struct grid *grid, size_t column)
{
	size_t width = 0;

	for (size_t i = 0; i < grid->rows; i++) {
		size_t own = text_columns(grid->cells[i * grid->columns + column]);
		width = own > width ? own : width;
	}
	return width;
}

static bool fits(const struct grid *grid)
{
	size_t width = 0;

	for (size_t i = 0; i < grid->columns && width <= LINE; i++)
		width += width_of(grid, i) + (i > 0 ? GAP : 0);
	return width <= LINE;
}

static void print_cell(const char *text, bool heading)
{
	if (heading)
		colour_print(COLOUR_STRONG, text);
	else if (strcmp(text, "yes") == 0)
		colour_print(COLOUR_GOOD, text);
	else
		fputs(text, stdout);
}

/* Nothing is padded where nothing follows. */
static void print_grid(const struct grid *grid)
{
	for (size_t i = 0; i < grid->rows; i++) {
		size_t owed = 0;
		for (size_t j = 0; j < grid->columns; j++) {
			const char *text = grid->cells[i * grid->columns + j];
			if (*text) {
				printf("%*s", (int)owed, "");
				owed = 0;
				print_cell(text, i == 0 || j == 0);
			}
			owed += width_of(grid, j) + GAP - text_columns(text);
		}
		putchar('\n');
	}
}

/* ---- Tool by tool ---- */

/* Words of a list, wrapped before the line is full. */
struct wrap {
	size_t at;
	bool first;
};

static void wrap_word(struct wrap *wrap, const char *text, bool last)
{
	size_t width = text_columns(text) + (last ? 0 : 1);

	if (!wrap->first && wrap->at + 1 + width > LINE) {
		fputs("\n" INDENT, stdout);
		wrap->at = strlen(INDENT);
	} else if (!wrap->first) {
		putchar(' ');
		wrap->at++;
	}
	printf("%s%s", text, last ? "" : ",");
	wrap->at += width;
	wrap->first = false;
}

static bool is_answer(const struct grid *grid, size_t person, size_t tool, const char *answer)
{
	return !answer || strcmp(grid->cells[person * grid->columns + tool], answer) == 0;
}

static size_t count_answers(const struct grid *grid, size_t tool, const char *answer)
{
	size_t count = 0;

	for (size_t i = 1; i < grid->rows; i++)
		count += is_answer(grid, i, tool, answer);
	return count;
}

/* All who get an answer, behind it; with NULL all there are. */
static void print_people(const struct grid *grid, size_t tool, const char *answer, size_t at)
{
	size_t left = count_answers(grid, tool, answer);
	struct wrap wrap = {.at = at, .first = true};

	for (size_t i = 1; i < grid->rows; i++)
		if (is_answer(grid, i, tool, answer))
			wrap_word(&wrap, grid->cells[i * grid->columns], --left == 0);
	putchar('\n');
}

/* Not the same as somebody's before. */
static bool is_new(const struct grid *grid, size_t person, size_t tool)
{
	for (size_t i = 1; i < person; i++)
		if (is_answer(grid, i, tool, grid->cells[person * grid->columns + tool]))
			return false;
	return true;
}

/* The answer that most get, if it is worth a word for them; never yes, so that all who may are named. */
static const char *most_frequent(const struct grid *grid, size_t tool)
{
	const char *most = NULL;
	size_t count = 2;

	for (size_t i = 1; i < grid->rows; i++) {
		const char *answer = grid->cells[i * grid->columns + tool];
		size_t own = is_new(grid, i, tool) ? count_answers(grid, tool, answer) : 0;
		if (own <= count || (strcmp(answer, "yes") == 0 && own < grid->rows - 1))
			continue;
		most = answer;
		count = own;
	}
	return most;
}

static void print_answer(const struct grid *grid, size_t tool, const char *answer, bool by_name)
{
	fputs("  ", stdout);
	print_cell(answer, false);
	fputs(": ", stdout);
	if (by_name)
		print_people(grid, tool, answer, 2 + text_columns(answer) + 2);
	else
		puts(count_answers(grid, tool, answer) == grid->rows - 1 ? "everybody"
									 : "all others");
}

/* Who may comes before who lacks something. */
static void print_tool(const struct grid *grid, size_t tool)
{
	const char *most = most_frequent(grid, tool);

	putchar('\n');
	print_cell(grid->cells[tool], true);
	putchar('\n');
	for (int yes = 1; yes >= 0; yes--) {
		for (size_t i = 1; i < grid->rows; i++) {
			const char *answer = grid->cells[i * grid->columns + tool];
			if ((strcmp(answer, "yes") == 0) == yes && is_new(grid, i, tool) &&
				!(most && strcmp(answer, most) == 0))
				print_answer(grid, tool, answer, true);
		}
	}
	if (most)
		print_answer(grid, tool, most, false);
}

static void print_tools(const struct grid *grid)
{
	fputs("who: ", stdout);
	print_people(grid, 0, NULL, 5);
	for (size_t i = 1; i < grid->columns; i++)
		print_tool(grid, i);
}

int matrix_print(const json_t *all)
{
	struct grid grid = grid_of(all, false), turned = grid_of(all, true);

	if (fits(&grid))
		print_grid(&grid);
	else if (fits(&turned))
		print_grid(&turned);
	else
		print_tools(&grid);
	grid_finish(&grid);
	grid_finish(&turned);
	return EXIT_ACCEPTED;
}
