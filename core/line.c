/*
 * line.c - one line of an INI file: what it is, and whether it may pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "line.h"

#include <string.h>

#include "reader.h"
#include "text.h"

#define SUGGESTION_SIZE 80

struct place line_place(const struct line *line, const char *byte)
{
	struct place place = line->at;
	place.column += (uint32_t)(byte - line->text);
	return place;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *from, const char *end)
{
	while (from < end && is_blank(*from))
		from++;
	return from;
}

static const char *drop_blanks(const char *from, const char *end)
{
	while (end > from && is_blank(end[-1]))
		end--;
	return end;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* `; did you mean "issuer"?` for "Issuer", or nothing. */
static const char *suggest(char buffer[SUGGESTION_SIZE], const char *text, size_t length)
{
	static const char before[] = "; did you mean \"";
	char *word = buffer + strlen(before);
	strcpy(buffer, before);
	if (length > SUGGESTION_SIZE - sizeof(before) - 3)
		return "";
	for (size_t i = 0; i < length; i++) {
		bool upper = text[i] >= 'A' && text[i] <= 'Z';
		word[i] = text[i] == '-' ? '_' : (char)(upper ? text[i] - 'A' + 'a' : text[i]);
	}
	strcpy(word + length, "\"?");
	return text_is_key(word, length) ? buffer : "";
}

/* What is wrong with the byte that text_check() stopped at. */
static const char *name_byte(const unsigned char *byte, size_t left)
{
	bool c1 = left > 1 && byte[0] == 0xC2 && byte[1] >= 0x80 && byte[1] < 0xA0;
	if (*byte == '\0')
		return "a NUL byte";
	if (*byte == '\r')
		return "a carriage return";
	return *byte < 0x80 || c1 ? "a control character" : "a broken character";
}

/* The bytes alone: how many, and none that an editor would not show. */
static bool check_bytes(const struct line *line, struct tpam_report *report)
{
	if (line->length > READER_LINE_MAX) {
		report_error(report, line_place(line, line->text + READER_LINE_MAX),
			"got a line of %zu bytes, expected at most %d; an indented line continues "
			"a value",
			line->length, READER_LINE_MAX);
		return false;
	}
	size_t good = text_check(line->text, line->length, true);
	if (good == line->length)
		return true;
	const unsigned char *byte = (const unsigned char *)line->text + good;
	report_error(report, line_place(line, line->text + good),
		"got %s (\\x%02x), expected text in UTF-8", name_byte(byte, line->length - good),
		*byte);
	return false;
}

/* What follows the bracket of a header. */
static bool check_tail(const struct line *line, const char *tail, struct tpam_report *report)
{
	const char *end = line->text + line->length;
	const char *rest = skip_blanks(tail, end);
	if (rest == end || (rest > tail && *rest == ';'))
		return true;
	char quote[REPORT_QUOTE_SIZE];
	report_error(report, line_place(line, rest),
		"got %s after \"]\", expected the end of the line%s",
		report_quote(quote, rest, (size_t)(end - rest)),
		*rest == ';' || *rest == '#' ? " or a comment, which begins with \" ;\"" : "");
	return false;
}

static bool check_header_kind(const struct line *line, struct tpam_report *report)
{
	char quote[REPORT_QUOTE_SIZE], suggestion[SUGGESTION_SIZE];
	if (text_is_key(line->head, line->head_length))
		return true;
	report_error(report, line_place(line, line->head),
		"got section %s, expected [kind] or [kind:name], the kind in lower case and "
		"without blanks%s",
		report_quote(quote, line->head, line->head_length),
		suggest(suggestion, line->head, line->head_length));
	return false;
}

/* A name with a blank in front of ; or # would be cut there by other readers of INI files. */
static bool check_header_name(const struct line *line, struct tpam_report *report)
{
	const char *name = line->body, *end = name + line->body_length;
	const char *wrong = NULL;
	if (name == end)
		wrong = "got no name after \":\", expected one";
	else if (is_blank(*name) || is_blank(end[-1]))
		wrong = "got blanks around a section's name, expected none";
	else if (line->body_length > READER_NAME_MAX)
		wrong = "got a section's name that is too long";
	for (const char *p = name + 1; !wrong && p < end; p++) {
		if ((*p == ';' || *p == '#') && is_blank(p[-1]))
			wrong = "got a comment inside a section's name, expected it after \"]\"";
	}
	if (wrong)
		report_error(report, line_place(line, name), "%s", wrong);
	return !wrong;
}

static bool read_header(struct line *line, struct tpam_report *report)
{
	const char *start = line->text + 1, *end = line->text + line->length;
	const char *close = memchr(start, ']', (size_t)(end - start));
	if (!close) {
		report_error(report, line->at,
			"got \"[\" without \"]\", expected [kind] or [kind:name]");
		return false;
	}
	const char *colon = memchr(start, ':', (size_t)(close - start));
	line->head = start;
	line->head_length = (size_t)((colon ? colon : close) - start);
	line->body = colon ? colon + 1 : close;
	line->body_length = (size_t)(close - line->body);
	return check_header_kind(line, report) && (!colon || check_header_name(line, report)) &&
	       check_tail(line, close + 1, report);
}

/* Finds where a value ends: at a comment or at the end of the line. */
static bool read_value(struct line *line, const char *start, struct tpam_report *report)
{
	const char *end = line->text + line->length, *open = NULL, *p = start;
	for (; p < end; p++) {
		bool first = p == start || is_blank(p[-1]);
		if (open && *p == '\\' && p + 1 < end)
			p++;
		else if (*p == '"')
			open = open ? NULL : p;
		else if (!open && first && *p == ';')
			break;
		else if (!open && first && *p == '#') {
			report_error(report, line_place(line, p),
				"got \"#\" after a blank, expected \" ;\" before a comment or "
				"quotes around a value");
			return false;
		}
	}
	if (open) {
		report_error(report, line_place(line, open),
			"got an open quote, expected it closed on the same line");
		return false;
	}
	line->body = skip_blanks(start, p);
	line->body_length = (size_t)(drop_blanks(line->body, p) - line->body);
	return true;
}

/* The colon of `key: value`; NULL if that is not what the first `length` bytes are. */
static const char *find_colon(const struct line *line, size_t length)
{
	const char *colon = memchr(line->text, ':', length);
	if (!colon)
		return NULL;
	const char *end = drop_blanks(line->text, colon);
	return text_is_key(line->text, (size_t)(end - line->text)) ? colon : NULL;
}

/*
 * What stands where a key belongs, as far as it is shown: it may be a line of somebody's secret that lacks its indentation.
 * To be followed by what `ret_more` says.
 */
#define KEY_SHOWN 16
#define KEY_HINT  4

static const char *quote_key(
	char buffer[REPORT_QUOTE_SIZE], const char *text, size_t length, const char **ret_more)
{
	*ret_more = length > KEY_SHOWN ? "..." : "";
	return report_quote(buffer, text, length > KEY_SHOWN ? KEY_HINT : length);
}

/* A line without "=", of which no more than a key is shown. */
static void refuse_line(const struct line *line, size_t length, struct tpam_report *report)
{
	const char *end = line->text, *more;
	char quote[REPORT_QUOTE_SIZE];

	while (end < line->text + length && *end != ' ' && *end != '\t')
		end++;
	size_t word = (size_t)(end - line->text);
	if (word < length && text_is_key(line->text, word)) {
		report_error(report, line->at, "got key %s without \"=\", expected key = value",
			report_quote(quote, line->text, word));
		return;
	}
	quote_key(quote, line->text, length, &more);
	report_error(report, line->at, "got %s%s, expected [section], key = value or a comment",
		quote, more);
}

/* `length` bytes before the "=", or the whole line if there is none. */
static bool refuse_key(
	const struct line *line, size_t length, bool equals, struct tpam_report *report)
{
	char quote[REPORT_QUOTE_SIZE], suggestion[SUGGESTION_SIZE];
	const char *colon = find_colon(line, length), *more;
	quote_key(quote, line->text, length, &more);
	if (length == 0)
		report_error(report, line->at, "got \"=\" without a key, expected key = value");
	else if (colon)
		report_error(
			report, line_place(line, colon), "got \":\" after a key, expected \"=\"");
	else if (!equals)
		refuse_line(line, length, report);
	else
		report_error(report, line->at,
			"got key %s%s, expected a lower-case letter and at most 39 lower-case "
			"letters, digits and _%s",
			quote, more, suggest(suggestion, line->text, length));
	return false;
}

static bool read_key(struct line *line, struct tpam_report *report)
{
	const char *equals = memchr(line->text, '=', line->length);
	if (!equals)
		return refuse_key(line, line->length, false, report);
	line->adds = equals > line->text && equals[-1] == '+';
	const char *end = drop_blanks(line->text, line->adds ? equals - 1 : equals);
	line->head = line->text;
	line->head_length = (size_t)(end - line->text);
	if (!text_is_key(line->head, line->head_length))
		return refuse_key(line, line->head_length, true, report);
	if (!read_value(line, equals + 1, report))
		return false;
	if (line->body_length)
		return true;
	report_error(report, line_place(line, equals),
		"got no value for \"%.*s\", expected one (\"\" is an empty one)",
		(int)line->head_length, line->head);
	return false;
}

/* `auth =`, `auth+=`: in a continuation, that is a key in the wrong column. */
static bool looks_like_key(const char *from, const char *end)
{
	const char *p = from;
	while (p < end && is_word_byte(*p))
		p++;
	if (p == from)
		return false;
	p = skip_blanks(p, end);
	if (p < end && *p == '+')
		p++;
	return p < end && *p == '=';
}

static bool read_continuation(
	struct line *line, const char *start, bool continues, struct tpam_report *report)
{
	const char *end = line->text + line->length;
	const char *wrong = NULL;
	if (looks_like_key(start, end))
		wrong = "got an indented key, expected it in the first column (or quotes, in a "
			"value)";
	else if (!continues)
		wrong = "got an indented line, expected the value that it continues on the line "
			"above";
	if (!wrong)
		return read_value(line, start, report);
	report_error(report, line_place(line, start), "%s", wrong);
	return false;
}

static enum line_kind kind_of(const struct line *line, const char *first)
{
	if (first == line->text + line->length)
		return LINE_BLANK;
	if (*first == ';' || *first == '#')
		return LINE_COMMENT;
	if (*first == '[')
		return LINE_HEADER;
	return first == line->text ? LINE_KEY : LINE_CONTINUATION;
}

static bool read_kind(
	struct line *line, const char *first, bool continues, struct tpam_report *report)
{
	switch (line->kind) {
	case LINE_HEADER:
		if (first == line->text)
			return read_header(line, report);
		report_error(report, line_place(line, first),
			"got an indented \"[\", expected a section header in the first column (or "
			"quotes, in a value)");
		return false;
	case LINE_KEY:
		return read_key(line, report);
	case LINE_CONTINUATION:
		return read_continuation(line, first, continues, report);
	default:
		return true;
	}
}

void line_read(struct line *ret, const char *text, size_t length, struct place at, bool continues,
	struct tpam_report *report)
{
	struct line line = {.text = text, .length = length, .at = at};
	const char *first = skip_blanks(text, text + length);
	line.kind = kind_of(&line, first);
	line.refused = !check_bytes(&line, report) || !read_kind(&line, first, continues, report);
	*ret = line;
}
