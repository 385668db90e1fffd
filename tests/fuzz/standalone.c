/*
 * standalone.c - runs a fuzz target over files, where there is no libFuzzer: each argument is a file or a folder of them.
 *
 * Without arguments it is the folder CORPUS of the corpora below srcdir.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define INPUT_MAX (1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long passed;

static void run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *whole = malloc(INPUT_MAX);
	size_t size = file && whole ? fread(whole, 1, INPUT_MAX, file) : 0;
	/* As many bytes as there are, so that a sanitizer sees the end. */
	uint8_t *data = malloc(size + (size == 0));

	if (!file || !whole || !data || ferror(file)) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	for (size_t i = 0; i < size; i++)
		data[i] = whole[i];
	free(whole);
	fclose(file);
	(void)LLVMFuzzerTestOneInput(data, size);
	free(data);
	passed++;
}

static void run_folder(const char *path)
{
	DIR *folder = opendir(path);

	if (!folder) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	for (const struct dirent *entry; (entry = readdir(folder));) {
		char file[PATH_MAX];
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		run_file(file);
	}
	closedir(folder);
}

static void run(const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		run_folder(path);
	else
		run_file(path);
}

int main(int count, char **arguments)
{
	const char *srcdir = getenv("srcdir");
	char corpus[PATH_MAX];

	(void)snprintf(
		corpus, sizeof(corpus), "%s/tests/fuzz/corpus/" CORPUS, srcdir ? srcdir : ".");
	if (count < 2)
		run(corpus);
	for (int i = 1; i < count; i++)
		run(arguments[i]);
	printf("%lu passed, 0 failed\n", passed);
	return passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
