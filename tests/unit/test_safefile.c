/*
 * test_safefile.c - modes and owners of files, reading them, names beside them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <unistd.h>

#include <tokenpam/codes.h>

#include "check.h"
#include "memory.h"
#include "safefile.h"

static char folder[] = "/tmp/tokenpam-safefile-XXXXXX";

static const struct {
	mode_t mode;
	bool stranger;
	bool secret;
	enum file_fault fault;
} judged[] = {
	{S_IFREG | 0644, false, false, FILE_SAFE},
	{S_IFREG | 0600, false, true, FILE_SAFE},
	{S_IFREG | 0440, false, true, FILE_SAFE},
	{S_IFREG | 0644, false, true, FILE_READABLE},
	{S_IFREG | 0664, false, false, FILE_WRITABLE},
	{S_IFREG | 0646, false, true, FILE_WRITABLE},
	{S_IFREG | 0600, true, true, FILE_OWNER},
	{S_IFDIR | 0700, false, false, FILE_NOT_REGULAR},
	{S_IFIFO | 0600, false, false, FILE_NOT_REGULAR},
};

static void test_judge(void)
{
	for (size_t i = 0; i < sizeof(judged) / sizeof(*judged); i++) {
		struct stat status = {.st_mode = judged[i].mode, .st_uid = geteuid()};
		if (judged[i].stranger)
			status.st_uid = geteuid() + 12345;
		CHECK(file_judge(&status, judged[i].secret) == judged[i].fault);
	}
	struct stat root = {.st_mode = S_IFREG | 0644};
	CHECK(file_judge(&root, false) == FILE_SAFE);
	for (int fault = FILE_SAFE; fault <= FILE_MEMORY; fault++)
		CHECK(file_fault_text((enum file_fault)fault)[0] != '\0');
	errno = ENOENT;
	CHECK_TEXT(file_fault_text(FILE_ERRNO), "No such file or directory");
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *file = fopen(name, "w");
	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0 && chmod(name, mode) == 0);
}

static void check_read(
	const char *name, uint64_t limit, int expected, enum file_fault fault, const char *text)
{
	char *bytes = NULL;
	size_t length = 0;
	enum file_fault got = FILE_SAFE;
	int code = file_read(name, true, limit, &bytes, &length, &got);
	CHECK(code == expected);
	CHECK(got == fault);
	if (code == TPAM_OK) {
		CHECK_TEXT(bytes, text);
		CHECK(length == strlen(text));
		secret_free(bytes, length);
	}
}

static void test_read(void)
{
	write_file("plain", "0123456789", 0600);
	write_file("readable", "x", 0644);
	write_file("writable", "x", 0666);
	write_file("empty", "", 0600);
	check_read("plain", 10, TPAM_OK, FILE_SAFE, "0123456789");
	check_read("plain", 9, TPAM_E_LIMIT, FILE_TOO_LARGE, NULL);
	check_read("readable", 10, TPAM_OK, FILE_READABLE, "x");
	check_read("writable", 10, TPAM_OK, FILE_WRITABLE, "x");
	check_read("empty", 0, TPAM_OK, FILE_SAFE, "");
	check_read("none", 10, TPAM_E_SYSTEM, FILE_ERRNO, NULL);
	CHECK(errno == ENOENT);
	check_read(".", 10, TPAM_E_SYSTEM, FILE_NOT_REGULAR, NULL);
	check_read("/dev/null", 10, TPAM_E_SYSTEM, FILE_NOT_REGULAR, NULL);
	CHECK(mkfifo("fifo", 0600) == 0);
	check_read("fifo", 10, TPAM_E_SYSTEM, FILE_NOT_REGULAR, NULL);

	struct buffer large = BUFFER(100000);
	while (large.length < 9999)
		buffer_text(&large, "x");
	write_file("large", large.data, 0600);
	check_read("large", 9999, TPAM_OK, FILE_SAFE, large.data);
	check_read("large", 9998, TPAM_E_LIMIT, FILE_TOO_LARGE, NULL);
	buffer_finish(&large);
}

static void test_paths(void)
{
	char *culprit = NULL;
	CHECK(file_judge_path("/", &culprit) == FILE_NOT_REGULAR);
	free(culprit);
	/* A folder that all may write, and its sticky bit is no excuse. */
	CHECK(mkdir("open", 0755) == 0 && chmod("open", 01777) == 0);
	write_file("open/plain", "x", 0644);
	char *path = text_format("%s/open/plain", folder);
	char *open_folder = text_format("%s/open", folder);
	CHECK(file_judge_path(path, &culprit) == FILE_WRITABLE);
	CHECK_TEXT(culprit, open_folder);
	CHECK(unlink("open/plain") == 0 && rmdir("open") == 0);
	free(culprit);
	free(open_folder);
	free(path);
	path = text_format("%s/writable", folder);
	CHECK(file_judge_path(path, &culprit) == FILE_WRITABLE);
	CHECK_TEXT(culprit, path);
	free(culprit);
	free(path);
	CHECK(symlink("plain", "link") == 0);
	path = text_format("%s/link", folder);
	CHECK(file_judge_path(path, NULL) == FILE_NOT_REGULAR);
	free(path);
	CHECK(file_judge_path("/etc/passwd", NULL) == FILE_SAFE);
	CHECK(file_judge_path("relative", NULL) == FILE_ERRNO);
}

static void check_beside(const char *file, const char *path, const char *expected)
{
	char *got = file_beside(file, path);
	CHECK_TEXT(got, expected);
	free(got);
}

static void test_beside(void)
{
	check_beside("a.ini", "b.ini", "b.ini");
	check_beside("conf/a.ini", "b.ini", "conf/b.ini");
	check_beside("conf/a.ini", "../b.ini", "conf/../b.ini");
	check_beside("/a.ini", "b.ini", "/b.ini");
	check_beside("conf/a.ini", "/etc/b.ini", "/etc/b.ini");
}

int main(void)
{
	umask(022);
	if (!mkdtemp(folder) || chdir(folder) != 0) {
		perror(folder);
		return EXIT_FAILURE;
	}
	test_judge();
	test_read();
	test_paths();
	test_beside();
	static const char *const made[] = {
		"plain", "readable", "writable", "empty", "fifo", "large", "link"};
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		unlink(made[i]);
	CHECK(chdir("/") == 0 && rmdir(folder) == 0);
	return check_end();
}
