/*
 * output.c - aligned tables and times, as people read them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "output.h"

/* Rows that are longer do not move the right column of the others. */
#define WIDEST 64

static bool table_grow(struct table *table)
{
	if (table->count < table->room)
		return true;
	size_t room = table->room ? 2 * table->room : 32;
	struct row *rows = reallocarray(table->rows, room, sizeof(*rows));
	if (!rows)
		return false;
	table->rows = rows;
	table->room = room;
	return true;
}

void table_add(struct table *table, const char *right, const char *format, ...)
{
	struct row row = {0};
	va_list arguments;

	if (table->failed || !table_grow(table)) {
		table->failed = true;
		return;
	}
	va_start(arguments, format);
	if (vasprintf(&row.left, format, arguments) < 0)
		row.left = NULL;
	va_end(arguments);
	row.right = right ? strdup(right) : NULL;
	if (!row.left || (right && !row.right)) {
		free(row.left);
		free(row.right);
		table->failed = true;
		return;
	}
	table->rows[table->count++] = row;
}

size_t text_columns(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static size_t widest(const struct table *table)
{
	size_t width = 0;

	for (size_t i = 0; i < table->count; i++) {
		size_t own = text_columns(table->rows[i].left);
		if (table->rows[i].right && own > width && own <= WIDEST)
			width = own;
	}
	return width;
}

int print_table(struct table *table)
{
	size_t width = widest(table);
	int code = table->failed ? fail_memory() : EXIT_ACCEPTED;

	for (size_t i = 0; i < table->count && code == EXIT_ACCEPTED; i++) {
		const struct row *row = &table->rows[i];
		size_t own = text_columns(row->left);
		print_text(stdout, row->left);
		if (row->right) {
			printf("%*s  ", own < width ? (int)(width - own) : 0, "");
			colour_print(COLOUR_FAINT, row->right);
		}
		putchar('\n');
	}
	table_finish(table);
	return code;
}

void table_finish(struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		free(table->rows[i].left);
		free(table->rows[i].right);
	}
	free(table->rows);
	*table = (struct table){0};
}

const char *time_text(char buffer[TIME_SIZE], int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm parts;

	if (!gmtime_r(&time, &parts) ||
		strftime(buffer, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		return NULL;
	return buffer;
}
