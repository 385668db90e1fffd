/*
 * colour.c - colours, on a terminal only.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "output.h"

static const char *const sequences[] = {
	[COLOUR_GOOD] = "\033[32m",
	[COLOUR_BAD] = "\033[31m",
	[COLOUR_DOUBT] = "\033[33m",
	[COLOUR_STRONG] = "\033[1m",
	[COLOUR_FAINT] = "\033[2m",
};

static bool wanted;

void colour_init(void)
{
	const char *refusal = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	wanted = isatty(STDOUT_FILENO) && !(refusal && refusal[0]) && terminal && terminal[0] &&
		 strcmp(terminal, "dumb") != 0;
}

void colour_print(enum colour colour, const char *text)
{
	if (wanted)
		fputs(sequences[colour], stdout);
	print_text(stdout, text);
	if (wanted)
		fputs("\033[m", stdout);
}
