/*
 * audit_folder.c - whether the place that an audit is written to is one where only its owner decides what is written to.
 *
 * A folder that a group may write is fine, as those of logs often are: who puts somebody into the group has decided. The
 * file itself is looked at when it is opened, by whoever writes it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "audit_folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"

/* Cuts the last component off; "/a" becomes "/". */
static void cut_component(char *path)
{
	char *slash = strrchr(path, '/');

	slash[slash == path ? 1 : 0] = '\0';
}

/* `own`: the file's own folder. Where it is sticky, as /tmp is, nobody can take away what is there, but put it there first. */
static const char *judge(const char *folder, bool own)
{
	struct stat status;

	if (stat(folder, &status) != 0)
		return "cannot be looked at";
	if (status.st_uid != 0 && status.st_uid != geteuid())
		return "belongs neither to root nor to the user that runs this";
	if ((status.st_mode & S_IWOTH) && (own || !(status.st_mode & S_ISVTX)))
		return "is writable by everybody";
	return NULL;
}

static void report_unsafe(const char *folder, const char *fault, struct place at, bool development,
	struct tpam_report *report)
{
	char quoted[REPORT_QUOTE_SIZE];

	report_strict(report, development, at,
		"got an audit in a folder that is not safe: %s %s, expected one where only root or "
		"its owner decides what a file is",
		report_quote(quoted, folder, strlen(folder)), fault);
}

static void check_real(char *folder, struct place at, bool development, struct tpam_report *report)
{
	const char *fault = judge(folder, true);

	while (!fault && folder[1]) {
		cut_component(folder);
		fault = judge(folder, false);
	}
	if (fault)
		report_unsafe(folder, fault, at, development, report);
}

bool audit_folder_check(
	const char *path, struct place at, bool development, struct tpam_report *report)
{
	char quoted[REPORT_QUOTE_SIZE], *folder = text_copy(path, strlen(path));

	if (!folder)
		return false;
	cut_component(folder);
	char *real = realpath(folder, NULL);
	int error = errno;
	if (real)
		check_real(real, at, development, report);
	else if (error != ENOMEM)
		report_warning(report, at,
			"got an audit in folder %s, which cannot be looked at (%s): until it can "
			"be written to, records are lost",
			report_quote(quoted, folder, strlen(folder)), strerrordesc_np(error));
	free(folder);
	free(real);
	return real || error != ENOMEM;
}
