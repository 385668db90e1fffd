/*
 * complete.c - 'tokenpam complete': scripts with which shells complete command lines, made of the tables of verbs and
 * options. No verb that anybody needs: the build calls it, and what it prints is installed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <ctype.h>
#include <string.h>

#include "complete.h"
#include "options.h"

/* Where values come from that no file has: words, or a command that prints some. */
struct source {
	const char *name;
	const char *words;
	const char *command;
};

static const struct source sources[] = {{"service", NULL, "_tokenpam_services"},
	{"provider", NULL, "_tokenpam_providers"},
	{"environment", "development staging production", NULL},
	{"format", "json env python", NULL},
	{"alg", "EdDSA ES256 ES384 ES512 RS256 RS384 RS512 PS256 PS384 PS512 HS256 HS384 HS512",
		NULL},
	{"typ", "at+jwt JWT none", NULL}, {NULL, NULL, NULL}};

/* By what operands are called in usage lines. */
static const struct source operands[] = {{"SERVICE", NULL, "_tokenpam_services"},
	{"PLUGIN", NULL, "_tokenpam_plugins"}, {"NAME", NULL, "_tokenpam_plugins"},
	{"ENV", "development staging production", NULL}, {"CODE", NULL, "_tokenpam_codes"},
	{NULL, NULL, NULL}};

static const struct source *find(const struct source *list, const char *name, size_t length)
{
	for (; list->name; list++)
		if (strlen(list->name) == length && strncmp(list->name, name, length) == 0)
			return list;
	return NULL;
}

static const struct source *option_source(const struct option_row *row)
{
	return find(sources, row->name, strlen(row->name));
}

static bool is_file(const struct option_row *row)
{
	return row->argument && strcmp(row->argument, "FILE") == 0;
}

/* ---- Operands ---- */

/* Calls back for each word of a usage line, brackets and dots left out. */
static void each_operand(const struct verb *verb, void (*visit)(const char *word, size_t length))
{
	for (const char *at = verb->operands; *at;) {
		at += strspn(at, " []|./");
		size_t length = strcspn(at, " []|./");
		if (length > 0)
			visit(at, length);
		at += length;
	}
}

/* Words in small letters are what they are; others have a source, or are for people to know. */
static void print_operand(const char *word, size_t length)
{
	const struct source *source = find(operands, word, length);

	if (islower((unsigned char)word[0]))
		printf("        printf '%%s\\n' %.*s\n", (int)length, word);
	else if (source && source->words)
		printf("        printf '%%s\\n' %s\n", source->words);
	else if (source)
		printf("        %s\n", source->command);
}

static bool takes_files(const struct verb *verb)
{
	return strstr(verb->operands, "FILE") != NULL;
}

/* ---- What both shells share ---- */

/*
 * A file that the line names is read and not loaded: loading runs plugins, and nobody expects that of a key. The
 * system's configuration is. bash expands words once more, so none may hold anything but letters and the like.
 */
static const char helpers[] =
	"_tokenpam_sections() {\n"
	"    local i file='' environment=''\n"
	"    for ((i = 1; i + 1 < ${#tokenpam_line[@]}; i++)); do\n"
	"        case ${tokenpam_line[i]} in\n"
	"        -c | --config) file=${tokenpam_line[i + 1]} ;;\n"
	"        -e | --environment) environment=${tokenpam_line[i + 1]} ;;\n"
	"        esac\n"
	"    done\n"
	"    if [ -n \"$file\" ]; then\n"
	"        sed -n \"s/^\\[$1:\\([A-Za-z0-9._-]*\\)].*/\\1/p\" \"$file\" 2>/dev/null\n"
	"    else\n"
	"        tokenpam show ${environment:+-e} ${environment:+\"$environment\"} 2>/dev/null |\n"
	"            sed -n \"/^$1s\\$/,/^\\$/s/^  \\([A-Za-z0-9._-]*\\).*/\\1/p\"\n"
	"    fi\n"
	"}\n"
	"\n"
	"_tokenpam_services() {\n"
	"    _tokenpam_sections service\n"
	"}\n"
	"\n"
	"_tokenpam_providers() {\n"
	"    _tokenpam_sections provider\n"
	"}\n"
	"\n"
	"_tokenpam_codes() {\n"
	"    tokenpam explain 2>/dev/null | sed -n 's/^  \\([a-z_]*\\) .*/\\1/p'\n"
	"}\n"
	"\n"
	"_tokenpam_plugins() {\n"
	"    tokenpam plugin list 2>/dev/null | sed -n 's/^\\([A-Za-z0-9._-]*\\) .*/\\1/p'\n"
	"}\n";

static void print_operands(const struct verb *const *verbs)
{
	puts("_tokenpam_operands() {\n    case $1 in");
	for (; *verbs; verbs++) {
		printf("    %s)\n", (*verbs)->name);
		each_operand(*verbs, print_operand);
		puts("        ;;");
	}
	puts("    esac\n}\n");
}

/* ---- bash ---- */

static void print_name(void *data, const struct option_row *row)
{
	(void)data;
	printf(" --%s", row->name);
	if (row->letter)
		printf(" -%c", row->letter);
}

static void print_pattern(const struct option_row *row)
{
	printf("    --%s", row->name);
	if (row->letter)
		printf(" | -%c", row->letter);
}

static void print_value(void *data, const struct option_row *row)
{
	const struct source *source = option_source(row);

	(void)data;
	if (!row->argument)
		return;
	print_pattern(row);
	if (is_file(row))
		puts(")\n        compopt -o filenames\n        mapfile -t COMPREPLY < <(compgen -f "
		     "-- "
		     "\"$cur\")\n        return\n        ;;");
	else if (source)
		printf(")\n        mapfile -t COMPREPLY < <(compgen -W \"%s%s%s\" -- \"$cur\")\n   "
		       "     return\n"
		       "        ;;\n",
			source->words ? "" : "$(", source->words ? source->words : source->command,
			source->words ? "" : ")");
	else
		puts(") return ;;");
}

static void print_bash_verb(const struct verb *verb)
{
	printf("    %s) options='", verb->name);
	options_each(verb, print_name, NULL);
	printf("' files=%d ;;\n", takes_files(verb));
}

static int print_bash(const struct verb *const *verbs)
{
	puts("# bash completion for tokenpam; 'tokenpam complete bash' prints it.\n");
	printf("_tokenpam_verbs='help");
	for (size_t i = 0; verbs[i]; i++)
		printf(" %s", verbs[i]->name);
	puts("'\n");
	puts(helpers);
	print_operands(verbs);
	puts("_tokenpam() {\n"
	     "    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} "
	     "verb=${COMP_WORDS[1]}\n"
	     "    local options='' files=0 tokenpam_line=(\"${COMP_WORDS[@]}\")\n"
	     "    COMPREPLY=()\n"
	     "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	     "        mapfile -t COMPREPLY < <(compgen -W \"$_tokenpam_verbs --help --version\" -- "
	     "\"$cur\")\n"
	     "        return\n"
	     "    fi\n"
	     "    case $verb in");
	for (size_t i = 0; verbs[i]; i++)
		print_bash_verb(verbs[i]);
	puts("    help)\n"
	     "        mapfile -t COMPREPLY < <(compgen -W \"$_tokenpam_verbs\" -- \"$cur\")\n"
	     "        return\n"
	     "        ;;\n"
	     "    esac\n"
	     "    case $previous in");
	options_each(NULL, print_value, NULL);
	puts("    esac\n"
	     "    if [[ $cur == -* ]]; then\n"
	     "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
	     "        return\n"
	     "    fi\n"
	     "    mapfile -t COMPREPLY < <(compgen -W \"$(_tokenpam_operands \"$verb\")\" -- "
	     "\"$cur\")\n"
	     "    if [ \"$files\" -eq 1 ]; then\n"
	     "        compopt -o filenames\n"
	     "        mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- \"$cur\")\n"
	     "    fi\n"
	     "}\n"
	     "complete -F _tokenpam tokenpam");
	return EXIT_ACCEPTED;
}

/* ---- zsh ---- */

/* In single quotes, with what _arguments and _describe take for their own marked. */
static void print_quoted(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\'", stdout);
		if (strchr("[]:\\", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void print_argument(void *data, const struct option_row *row)
{
	const struct source *source = option_source(row);

	(void)data;
	printf(" \\\n            '%s", row->many ? "*" : "");
	if (row->letter)
		printf("(-%c --%s)'{-%c,--%s}'", row->letter, row->name, row->letter, row->name);
	else
		printf("--%s", row->name);
	putchar('[');
	print_quoted(row->help);
	putchar(']');
	if (is_file(row))
		printf(":%s:_files", row->argument);
	else if (row->argument && source && source->words)
		printf(":%s:(%s)", row->argument, source->words);
	else if (row->argument && source)
		printf(":%s:{compadd -- ${(f)\"$(%s)\"}}", row->argument, source->command);
	else if (row->argument)
		printf(":%s: ", row->argument);
	putchar('\'');
}

static void print_zsh_verb(const struct verb *verb)
{
	printf("    %s)\n        _arguments -s -S", verb->name);
	options_each(verb, print_argument, NULL);
	printf(" \\\n            '*:operand:{local found=(${(f)\"$(_tokenpam_operands %s)\"}); "
	       "compadd -- $found%s}'\n"
	       "        ;;\n",
		verb->name, takes_files(verb) ? "; _files" : "");
}

static int print_zsh(const struct verb *const *verbs)
{
	puts("#compdef tokenpam\n"
	     "# zsh completion for tokenpam; 'tokenpam complete zsh' prints it.\n");
	puts(helpers);
	print_operands(verbs);
	puts("_tokenpam() {\n"
	     "    local -a tokenpam_line verbs\n"
	     "    tokenpam_line=(\"${words[@]}\")\n"
	     "    verbs=(");
	puts("        'help:tell how a verb is used'");
	for (size_t i = 0; verbs[i]; i++) {
		printf("        '%s:", verbs[i]->name);
		print_quoted(verbs[i]->summary);
		puts("'");
	}
	puts("    )\n"
	     "    if ((CURRENT == 2)); then\n"
	     "        _describe verb verbs\n"
	     "        return\n"
	     "    fi\n"
	     "    local verb=$words[2]\n"
	     "    shift words\n"
	     "    ((CURRENT--))\n"
	     "    case $verb in");
	for (size_t i = 0; verbs[i]; i++)
		print_zsh_verb(verbs[i]);
	puts("    help) _describe verb verbs ;;\n"
	     "    esac\n"
	     "}\n\n"
	     "_tokenpam \"$@\"");
	return EXIT_ACCEPTED;
}

int complete(const struct verb *const *verbs, const char *shell)
{
	char buffer[QUOTE_SIZE];

	if (shell && strcmp(shell, "bash") == 0)
		return print_bash(verbs);
	if (shell && strcmp(shell, "zsh") == 0)
		return print_zsh(verbs);
	return fail(
		"complete: got %s, expected bash or zsh", shell ? quote(buffer, shell) : "nothing");
}
