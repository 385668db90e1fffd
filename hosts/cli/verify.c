/*
 * verify.c - 'tokenpam verify': decides about one request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "engine.h"
#include "input.h"
#include "output.h"
#include "verify.h"

/* Options that set an item of the request. */
struct item {
	enum tpam_item item;
	const char *option;
	size_t offset;
	bool json; /* must be an object */
};

static const struct item items[] = {
	{TPAM_ITEM_TENANT, "--tenant", offsetof(struct options, tenant), false},
	{TPAM_ITEM_USERNAME, "--username", offsetof(struct options, username), false},
	{TPAM_ITEM_METHOD, "--method", offsetof(struct options, method), false},
	{TPAM_ITEM_URL, "--url", offsetof(struct options, url), false},
	{TPAM_ITEM_RESOURCE, "--resource", offsetof(struct options, resource), false},
	{TPAM_ITEM_PEER_ADDRESS, "--peer", offsetof(struct options, peer), false},
	{TPAM_ITEM_REQUEST_ID, "--request-id", offsetof(struct options, request_id), false},
	{TPAM_ITEM_TOOL_ARGUMENTS, "--arguments", offsetof(struct options, arguments), true},
};

static int set_item(struct tpam_request *request, const struct verb *verb, enum tpam_item item,
	const char *label, const char *text, size_t length)
{
	char buffer[QUOTE_SIZE];

	if (length == 0)
		return misuse(verb, "%s: got nothing, expected a value", label);
	int code = tpam_request_set(request, item, text, length);
	if (code == TPAM_OK)
		return EXIT_ACCEPTED;
	if (code == TPAM_E_LIMIT)
		return misuse(verb, "%s: got %zu bytes, expected fewer", label, length);
	if (code == TPAM_E_ARGUMENT)
		return misuse(verb, "%s: got %s, which has no form that would do", label,
			quote_operand(buffer, text));
	return fail("%s: %s", label, tpam_code_text(code));
}

static bool is_object(const char *text)
{
	json_t *value = json_loads(text, 0, NULL);
	bool object = json_is_object(value);

	json_decref(value);
	return object;
}

static int set_items(struct tpam_request *request, const struct options *options)
{
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		const void *member = (const char *)options + items[i].offset;
		const char *text = *(const char *const *)member;
		if (!text)
			continue;
		if (items[i].json && !is_object(text))
			return misuse(options->verb, "%s: expected a JSON object", items[i].option);
		int code = set_item(
			request, options->verb, items[i].item, items[i].option, text, strlen(text));
		if (code != EXIT_ACCEPTED)
			return code;
	}
	return EXIT_ACCEPTED;
}

static int add_tags(struct tpam_request *request, const struct options *options)
{
	char buffer[QUOTE_SIZE];

	for (size_t i = 0; i < options->tags.count; i++) {
		const char *tag = options->tags.list[i];
		if (tpam_request_add_tag(request, tag) != TPAM_OK)
			return misuse(options->verb,
				"--tag: got %s, which has no form that would do",
				quote_operand(buffer, tag));
	}
	return EXIT_ACCEPTED;
}

/* SERVICE or SERVICE/TOOL; a tool's name may have more of '/'. */
static int set_target(struct tpam_request *request, const struct options *options)
{
	const char *target = options->operands[0];
	size_t length = strcspn(target, "/");

	int code = set_item(request, options->verb, TPAM_ITEM_SERVICE, "SERVICE", target, length);
	if (code != EXIT_ACCEPTED || !target[length])
		return code;
	const char *tool = target + length + 1;
	return set_item(request, options->verb, TPAM_ITEM_TOOL, "TOOL", tool, strlen(tool));
}

static int set_token(struct tpam_request *request, const char *path)
{
	struct input input;

	int code = input_token(&input, path);
	if (code != EXIT_ACCEPTED)
		return code;
	int added = tpam_request_add_credential(
		request, "bearer", input.bytes, input.length, "the command's token file");
	input_finish(&input);
	return added == TPAM_OK ? EXIT_ACCEPTED : fail("the token: %s", tpam_code_text(added));
}

static int fill_request(struct tpam_request *request, const struct options *options)
{
	const char *path = options->operand_count > 1 ? options->operands[1] : NULL;

	if (path && options->header_file && strcmp(path, "-") == 0 &&
		strcmp(options->header_file, "-") == 0)
		return misuse(options->verb,
			"got \"-\" twice, expected standard input to be the token or the headers");
	int code = set_target(request, options);
	if (code == EXIT_ACCEPTED)
		code = set_items(request, options);
	if (code == EXIT_ACCEPTED)
		code = add_tags(request, options);
	if (code == EXIT_ACCEPTED)
		code = headers_add(request, options);
	if (code == EXIT_ACCEPTED && path)
		code = set_token(request, path);
	return code;
}

static int exit_code(const struct tpam_result *result)
{
	if (tpam_result_accepted(result))
		return EXIT_ACCEPTED;
	switch (tpam_result_outcome(result)) {
	case TPAM_UNAVAILABLE:
	case TPAM_RATE_LIMITED:
		return EXIT_UNKNOWN;
	case TPAM_ERROR:
		return EXIT_MISUSED;
	default:
		return EXIT_REFUSED;
	}
}

static int print_result_json(const struct tpam_result *result, const struct repeat *repeat)
{
	char *text = NULL;
	json_t *value = NULL;

	int code = tpam_result_json(result, &text);
	if (code != TPAM_OK)
		return fail("%s", tpam_code_text(code));
	if (take_json(text, &value) != EXIT_ACCEPTED)
		return EXIT_MISUSED;
	if (repeat->count > 1)
		json_object_set_new(value, "repeated", repeat_json(repeat));
	code = print_json(value);
	json_decref(value);
	return code;
}

static int show_result(const struct tpam_result *result, const struct repeat *repeat,
	const struct options *options)
{
	if (options->json && print_result_json(result, repeat) != EXIT_ACCEPTED)
		return EXIT_MISUSED;
	if (!options->json) {
		result_print(result);
		repeat_print(repeat);
	}
	if (!options->json && options->trace)
		tree_print(result);
	return exit_code(result);
}

static int decide(const struct tpam_request *request, const struct options *options)
{
	struct tpam_engine *engine = NULL;
	struct tpam_result *result = NULL;
	struct repeat repeat;

	int code = repeat_read(&repeat, options);
	if (code == EXIT_ACCEPTED)
		code = engine_start(options, &engine);
	if (code != EXIT_ACCEPTED)
		return code;
	int decided = repeat_decide(&repeat, engine, request, &result);
	if (decided == TPAM_OK)
		code = show_result(result, &repeat, options);
	else
		code = fail("%s", tpam_code_text(decided));
	tpam_result_unref(result);
	tpam_engine_close(engine);
	return code;
}

static int run(const struct options *options)
{
	struct tpam_request *request = tpam_request_create();
	if (!request)
		return fail_memory();
	int code = fill_request(request, options);
	if (code == EXIT_ACCEPTED)
		code = decide(request, options);
	tpam_request_destroy(request);
	return code;
}

const struct verb verb_verify = {
	.name = "verify",
	.operands = "SERVICE[/TOOL] [TOKENFILE | -]",
	.summary = "decide about a token, and say why",
	.help = "Decides about one request to a service, or to one of its tools, and prints\n"
		"who was recognised and what they may do, or why the request was refused.\n\n"
		"The token is read from TOKENFILE, or with - from standard input, never\n"
		"from the command line, which other users can see. It is presented as\n"
		"Authorization: Bearer. Without TOKENFILE none is presented.\n\n"
		"Exit status: 0 accepted, 1 refused, 2 could not find out, 3 misconfigured\n"
		"or misused.",
	.options = OPTIONS_CONFIG | OPTIONS_PLUGINS | OPTIONS_JSON | OPTIONS_REQUEST,
	.least = 1,
	.most = 2,
	.run = run,
};
