/*
 * maps.c - what of this process a core dump would have, and whether something stands there.
 *
 * The kernel writes what no flag "dd" keeps out, and of files only pages that are no longer theirs (core(5)).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "maps.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHUNK      ((size_t)256 * 1024)
#define PAGE       4096
#define PART       12                   /* bytes that are no coincidence */
#define LARGEST    ((uintptr_t)1 << 30) /* shadows of sanitizers are larger */
#define HIDDEN_MAX 16

struct mapping {
	uintptr_t from, to;
	unsigned long own; /* KiB that are no file's, in memory or not */
	struct maps_flags flags;
};

typedef void look_fn(void *data, const struct mapping *mapping);

static struct mapping hidden[HIDDEN_MAX];
static size_t hidden_count;

static void fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

void *maps_hidden(size_t size)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED || hidden_count == HIDDEN_MAX ||
		madvise(memory, size, MADV_DONTDUMP) != 0)
		fail("hidden memory");
	hidden[hidden_count++] =
		(struct mapping){.from = (uintptr_t)memory, .to = (uintptr_t)memory + size};
	return memory;
}

/* ---- /proc/self/smaps ---- */

static bool has_flag(const char *flags, const char *name)
{
	const char *at = strstr(flags, name);

	return at && at[-1] == ' ' && (at[2] == ' ' || at[2] == '\n');
}

/* A line of a mapping; true with its last one. */
static bool take_line(struct mapping *mapping, const char *line)
{
	unsigned long from, to, size;

	if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
		*mapping = (struct mapping){.from = from, .to = to};
	else if (sscanf(line, "Anonymous: %lu", &size) == 1 ||
		 sscanf(line, "Swap: %lu", &size) == 1)
		mapping->own += size;
	if (strncmp(line, "VmFlags:", 8) != 0)
		return false;
	mapping->flags = (struct maps_flags){has_flag(line, "dd"), has_flag(line, "lo")};
	return true;
}

static void each(look_fn *look, void *data)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	struct mapping mapping = {0};
	size_t size = 0;
	char *line = NULL;

	if (!file)
		fail("/proc/self/smaps");
	while (getline(&line, &size, file) > 0)
		if (take_line(&mapping, line))
			look(data, &mapping);
	free(line);
	(void)fclose(file);
}

struct asked {
	uintptr_t address;
	struct maps_flags flags;
};

static void look_around(void *data, const struct mapping *mapping)
{
	struct asked *asked = data;

	if (asked->address >= mapping->from && asked->address < mapping->to)
		asked->flags = mapping->flags;
}

struct maps_flags maps_flags(const void *address)
{
	struct asked asked = {.address = (uintptr_t)address};

	each(look_around, &asked);
	return asked.flags;
}

/* ---- What stands there ---- */

struct search {
	struct sought *list;
	size_t count;
	char *chunk; /* hidden */
	int memory;
};

static bool has_part(const char *bytes, size_t length, const struct sought *sought)
{
	size_t parts[] = {0, (sought->length - PART) / 2, sought->length - PART};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (memmem(bytes, length, sought->bytes + parts[i], PART))
			return true;
	return false;
}

static void look_at_bytes(const struct search *search, size_t length, bool dumped)
{
	for (size_t i = 0; i < search->count; i++) {
		struct sought *sought = &search->list[i];
		if ((sought->dumped || (!dumped && sought->present)) ||
			!has_part(search->chunk, length, sought))
			continue;
		sought->present = true;
		sought->dumped = dumped;
	}
}

static bool is_hidden(const struct mapping *mapping)
{
	for (size_t i = 0; i < hidden_count; i++)
		if (mapping->from < hidden[i].to && mapping->to > hidden[i].from)
			return true;
	return false;
}

/* Chunks overlap by what a part may have on either side. */
static void look_inside(void *data, const struct mapping *mapping)
{
	const struct search *search = data;
	uintptr_t at = mapping->from;

	if (mapping->own == 0 || mapping->to - at > LARGEST || is_hidden(mapping))
		return;
	while (at < mapping->to) {
		size_t left = mapping->to - at, wanted = left < CHUNK ? left : CHUNK;
		ssize_t got = pread(search->memory, search->chunk, wanted, (off_t)at);
		if (got <= 0) {
			at += PAGE;
			continue;
		}
		look_at_bytes(search, (size_t)got, !mapping->flags.kept_out);
		at += (size_t)got > PART && (size_t)got < left ? (size_t)got - PART : (size_t)got;
	}
}

void maps_search(struct sought *list, size_t count)
{
	static char *chunk;

	if (!chunk)
		chunk = maps_hidden(CHUNK);
	struct search search = {.list = list,
		.count = count,
		.chunk = chunk,
		.memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)};
	if (search.memory < 0)
		fail("/proc/self/mem");
	for (size_t i = 0; i < count; i++)
		list[i].dumped = list[i].present = false;
	each(look_inside, &search);
	(void)close(search.memory);
}
