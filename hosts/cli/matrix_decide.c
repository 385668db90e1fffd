/*
 * matrix_decide.c - asks the engine what would become of somebody, tool by tool.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "matrix.h"
#include "output.h"

/* Who has nothing still is somebody. */
#define SOMEBODY "somebody"

/* ---- What providers say ---- */

static const struct matrix_kind *kind_of(const json_t *person)
{
	const char *name = text_member(person, "kind");
	const struct matrix_kind *kind = matrix_kinds;

	while (kind->name && strcmp(kind->name, name) != 0)
		kind++;
	return kind;
}

/* {"NAME": "said"}, where the value is NAME=PATTERN; a name may have dots. */
static int say_claim(struct tpam_simulation *simulation, const json_t *person)
{
	const char *value = text_member(person, "value");
	json_t *claims = json_object();

	json_object_setn_new(
		claims, value, strcspn(value, "="), json_string(text_member(person, "said")));
	char *text = json_dumps(claims, JSON_COMPACT);
	json_decref(claims);
	if (!text)
		return TPAM_E_ARGUMENT;
	int code = tpam_simulation_set_text(simulation, TPAM_FIELD_CLAIMS, text);
	free(text);
	return code;
}

static int say_value(
	struct tpam_simulation *simulation, const json_t *person, enum tpam_field field)
{
	const char *said = text_member(person, "said");

	if (field == TPAM_FIELD_CLAIMS)
		return say_claim(simulation, person);
	int code = tpam_simulation_set_text(simulation, field, said);
	if (code == TPAM_OK && field == TPAM_FIELD_EMAIL)
		code = tpam_simulation_set_number(simulation, TPAM_FIELD_EMAIL_VERIFIED, 1);
	return code;
}

/* What a service's rules make everybody have. */
static enum tpam_field username_field(const struct matrix *matrix)
{
	static const struct {
		const char *name;
		enum tpam_field field;
	} fields[] = {{"username", TPAM_FIELD_USERNAME}, {"email", TPAM_FIELD_EMAIL}};

	for (size_t i = 0; matrix->username && i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].name, matrix->username) == 0)
			return fields[i].field;
	return TPAM_FIELD_SUBJECT;
}

static const char *said_of(const json_t *person, enum tpam_field field)
{
	return kind_of(person)->field == field ? text_member(person, "said") : SOMEBODY;
}

static int say_default(struct tpam_simulation *simulation, const json_t *person,
	enum tpam_field field, bool wanted)
{
	return !wanted || kind_of(person)->field == field
		       ? TPAM_OK
		       : tpam_simulation_set_text(simulation, field, SOMEBODY);
}

static int say_own(
	const struct matrix *matrix, struct tpam_simulation *simulation, const json_t *person)
{
	enum tpam_field username = username_field(matrix), field = kind_of(person)->field;

	int code = say_default(simulation, person, TPAM_FIELD_SUBJECT, true);
	if (code == TPAM_OK)
		code = say_default(simulation, person, TPAM_FIELD_TENANT, matrix->tenant);
	if (code == TPAM_OK)
		code = say_default(simulation, person, username, username != TPAM_FIELD_SUBJECT);
	return code == TPAM_OK && field != 0 ? say_value(simulation, person, field) : code;
}

/* With all, the other providers recognise the same subject, and say nothing more. */
static int say(const struct matrix *matrix, struct tpam_simulation *simulation,
	const json_t *person, bool with_all)
{
	const char *own = text_member(person, "provider");
	int code = TPAM_OK;
	json_t *name;
	size_t i;

	json_array_foreach(matrix->providers, i, name)
	{
		const char *provider = json_string_value(name);
		bool is_own = own && strcmp(own, provider) == 0;
		if (code != TPAM_OK || (!is_own && !(own && with_all)))
			continue;
		code = tpam_simulation_add(simulation, provider, TPAM_SUCCESS);
		if (code == TPAM_OK)
			code = is_own ? say_own(matrix, simulation, person)
				      : tpam_simulation_set_text(simulation, TPAM_FIELD_SUBJECT,
						said_of(person, TPAM_FIELD_SUBJECT));
	}
	return code;
}

/* ---- What is asked ---- */

static int set(struct tpam_request *request, enum tpam_item item, const char *text)
{
	return text ? tpam_request_set(request, item, text, strlen(text)) : TPAM_OK;
}

static int fill(const struct matrix *matrix, struct tpam_request *request, const json_t *person,
	const json_t *tool)
{
	json_t *tag;
	size_t i;

	int code = set(request, TPAM_ITEM_SERVICE, matrix->service);
	if (code == TPAM_OK)
		code = set(request, TPAM_ITEM_TOOL, text_member(tool, "tool"));
	if (code == TPAM_OK && matrix->tenant)
		code = set(request, TPAM_ITEM_TENANT, said_of(person, TPAM_FIELD_TENANT));
	if (code == TPAM_OK && matrix->username)
		code = set(request, TPAM_ITEM_USERNAME, said_of(person, username_field(matrix)));
	json_array_foreach(json_object_get(tool, "tags"), i, tag)
	{
		if (code == TPAM_OK)
			code = tpam_request_add_tag(request, json_string_value(tag));
	}
	return code;
}

static int decide(const struct matrix *matrix, const struct tpam_simulation *simulation,
	const json_t *person, const json_t *tool, struct tpam_result **ret_result)
{
	struct tpam_request *request = tpam_request_create();
	int code = request ? fill(matrix, request, person, tool) : TPAM_E_MEMORY;

	if (code == TPAM_OK)
		code = tpam_simulate(matrix->engine, request, simulation, ret_result);
	tpam_request_destroy(request);
	return code;
}

/* ---- All tools ---- */

static int simulation_of(const struct matrix *matrix, const json_t *person, bool with_all,
	struct tpam_simulation **ret_simulation)
{
	struct tpam_simulation *simulation = tpam_simulation_create();
	int code = simulation ? say(matrix, simulation, person, with_all) : TPAM_E_MEMORY;

	if (code == TPAM_OK)
		*ret_simulation = simulation;
	else
		tpam_simulation_destroy(simulation);
	return code;
}

/* Whether the rules recognise somebody, if this is said. */
static int attempt(const struct matrix *matrix, const json_t *person, const json_t *tool,
	bool with_all, struct tpam_simulation **ret_simulation, bool *ret_recognised)
{
	struct tpam_simulation *simulation = NULL;
	struct tpam_result *result = NULL;

	int code = simulation_of(matrix, person, with_all, &simulation);
	if (code == TPAM_OK)
		code = decide(matrix, simulation, person, tool, &result);
	if (code == TPAM_OK) {
		*ret_recognised = tpam_result_group_outcome(result, TPAM_AUTH) == TPAM_SUCCESS;
		*ret_simulation = simulation;
	} else {
		tpam_simulation_destroy(simulation);
	}
	tpam_result_unref(result);
	return code;
}

/* Where rules want several providers, one of them alone recognises nobody. */
static int choose(const struct matrix *matrix, const json_t *person, const json_t *tool,
	struct tpam_simulation **ret_simulation)
{
	struct tpam_simulation *all = NULL;
	bool recognised = false;

	int code = attempt(matrix, person, tool, false, ret_simulation, &recognised);
	if (code != TPAM_OK || recognised || json_array_size(matrix->providers) < 2)
		return code;
	code = attempt(matrix, person, tool, true, &all, &recognised);
	if (code == TPAM_OK && recognised) {
		tpam_simulation_destroy(*ret_simulation);
		*ret_simulation = all;
	} else {
		tpam_simulation_destroy(all);
	}
	return code;
}

static int answer_all(const struct matrix *matrix, const struct tpam_simulation *simulation,
	const json_t *person, const json_t *tools, json_t *answers)
{
	int code = TPAM_OK;
	json_t *tool;
	size_t i;

	json_array_foreach(tools, i, tool)
	{
		struct tpam_result *result = NULL;
		if (code == TPAM_OK)
			code = decide(matrix, simulation, person, tool, &result);
		if (code == TPAM_OK)
			json_array_append_new(answers, matrix_answer(result));
		tpam_result_unref(result);
	}
	return code;
}

int matrix_decide(const struct matrix *matrix, const json_t *person, const json_t *tools,
	json_t **ret_answers)
{
	struct tpam_simulation *simulation = NULL;
	json_t *answers = json_array();
	char buffer[QUOTE_SIZE];

	int code = choose(matrix, person, json_array_get(tools, 0), &simulation);
	if (code == TPAM_OK)
		code = answer_all(matrix, simulation, person, tools, answers);
	tpam_simulation_destroy(simulation);
	if (code == TPAM_OK) {
		*ret_answers = answers;
		return EXIT_ACCEPTED;
	}
	json_decref(answers);
	const char *value = text_member(person, "value");
	return fail("%s %s cannot be asked about: %s", text_member(person, "kind"),
		value ? quote(buffer, value) : "", tpam_code_text(code));
}
