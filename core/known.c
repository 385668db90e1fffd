/*
 * known.c - the files of a configuration that were read, to know them again by whatever name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "known.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define CHAIN_MAX 2048

static bool is_same(const struct known_file *a, const struct known_file *b)
{
	return a->device == b->device && a->inode == b->inode;
}

/* "main.ini -> a.ini -> ", from the file that is included again down to the one that does it. */
static void write_chain(
	struct buffer *chain, const struct known_file *file, const struct known_file *again)
{
	if (!is_same(file, again))
		write_chain(chain, file->parent, again);
	buffer_format(chain, "%s -> ", file->name);
}

static void report_loop(const struct known_file *file, struct tpam_report *report)
{
	struct buffer chain = BUFFER(CHAIN_MAX);
	write_chain(&chain, file->parent, file);
	buffer_text(&chain, file->name);
	report_error(report, file->by, "got an include loop, %s, expected none",
		chain.failed ? "too long to print" : chain.data);
	buffer_finish(&chain);
}

static bool report_known(
	const struct known_files *files, const struct known_file *file, struct tpam_report *report)
{
	char quote[REPORT_QUOTE_SIZE];
	for (const struct known_file *open = file->parent; open; open = open->parent) {
		if (is_same(open, file)) {
			report_loop(file, report);
			return true;
		}
	}
	for (size_t i = 0; i < files->count; i++) {
		const struct known_file *known = &files->list[i];
		if (is_same(known, file)) {
			report_error(report, file->by,
				"got %s a second time, expected each file once; the first is at "
				"%s:%u",
				report_quote(quote, file->name, strlen(file->name)), known->by.file,
				known->by.line);
			return true;
		}
	}
	if (files->count >= KNOWN_MAX)
		report_error(report, file->by, "got more than %d files, expected fewer", KNOWN_MAX);
	return files->count >= KNOWN_MAX;
}

bool known_add(struct known_files *files, const struct known_file *file, bool *ret_new,
	struct tpam_report *report)
{
	bool known = report_known(files, file, report);
	if (!known) {
		if (!array_reserve(&files->list, files->count, sizeof(*files->list), KNOWN_MAX))
			return false;
		files->list[files->count++] = *file;
	}
	*ret_new = !known;
	return true;
}

void known_finish(struct known_files *files)
{
	free(files->list);
	*files = (struct known_files){.list = NULL};
}
