/*
 * scenes.c - what the library is asked for while allocations fail.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../unit/sandbox.h"
#include "actors.h"
#include "stage.h"

static int64_t still(void *data, enum tpam_clock_kind kind)
{
	(void)data;
	return kind == TPAM_CLOCK_WALL ? INT64_C(1700000000000000000) : 5;
}

static void log_line(void *data, int level, const char *text)
{
	(void)data;
	(void)level;
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20)
			abort();
}

static struct tpam_engine_options options_of(const char *path)
{
	return (struct tpam_engine_options){.size = sizeof(struct tpam_engine_options),
		.config = path,
		.plugin_path = getenv("TOKENPAM_PLUGINS"),
		.log = log_line,
		.clock = still};
}

/* ---- Before ---- */

static void open_engine(struct stage *stage, const struct scene *scene)
{
	const char *config = scene->config ? scene->config : "main.ini";
	struct tpam_engine_options options = options_of(sandbox_path(config));
	if (tpam_engine_open(&stage->engine, &options, NULL) != TPAM_OK)
		sandbox_fail(config);
}

/* The library makes an id for the request. */
static void make_nameless(struct stage *stage, const struct scene *scene)
{
	open_engine(stage, scene);
	stage->request = sandbox_request(scene->target, scene->authorization);
}

static void make_request(struct stage *stage, const struct scene *scene)
{
	make_nameless(stage, scene);
	if (tpam_request_set(stage->request, TPAM_ITEM_REQUEST_ID, "fixed", 5) != TPAM_OK)
		sandbox_fail("request id");
}

static void add_header(struct stage *stage, const char *name, const char *value)
{
	if (tpam_request_add_header(stage->request, name, value) != TPAM_OK)
		sandbox_fail(name);
}

static void add_key(struct stage *stage, const struct scene *scene)
{
	make_request(stage, scene);
	add_header(stage, "X-API-Key", "tp_user");
}

static void add_cookie(struct stage *stage, const struct scene *scene)
{
	make_request(stage, scene);
	add_header(stage, "Cookie", "a=b; sid=tp_user");
}

static void add_username(struct stage *stage, const struct scene *scene)
{
	make_request(stage, scene);
	if (tpam_request_set(stage->request, TPAM_ITEM_USERNAME, "Jo", 2) != TPAM_OK)
		sandbox_fail("username");
}

static void let_accept(struct stage *stage, const struct scene *scene)
{
	make_request(stage, scene);
	tpam_request_set_host_pointer(stage->request, &actor_accepts);
}

static void let_refuse(struct stage *stage, const struct scene *scene)
{
	make_request(stage, scene);
	tpam_request_set_host_pointer(stage->request, &actor_refuses);
}

static void decide(struct stage *stage, const struct scene *scene)
{
	(void)scene;
	if (tpam_authenticate(stage->engine, stage->request, &stage->result) != TPAM_OK)
		sandbox_fail("tpam_authenticate");
}

static void decide_before(struct stage *stage, const struct scene *scene)
{
	let_accept(stage, scene);
	decide(stage, scene);
}

static void keep_before(struct stage *stage, const struct scene *scene)
{
	make_request(stage, scene);
	decide(stage, scene);
	tpam_result_unref(stage->result);
	stage->result = NULL;
}

static void ask_before(struct stage *stage, const struct scene *scene)
{
	make_request(stage, scene);
	decide(stage, scene);
}

static void refuse_before(struct stage *stage, const struct scene *scene)
{
	let_refuse(stage, scene);
	decide(stage, scene);
}

static void add_tag(struct stage *stage, const struct scene *scene)
{
	make_request(stage, scene);
	if (tpam_request_add_tag(stage->request, "a") != TPAM_OK ||
		tpam_request_set(stage->request, TPAM_ITEM_TENANT, "acme", 4) != TPAM_OK)
		sandbox_fail("tag");
}

/* Somebody whom the service itself has recognised asks for the tool. */
static void recognise_before(struct stage *stage, const struct scene *scene)
{
	struct tpam_result *who = NULL;
	struct tpam_request *request = sandbox_request("policy", NULL);

	make_request(stage, scene);
	if (tpam_authenticate(stage->engine, request, &who) != TPAM_OK ||
		tpam_request_set_result(stage->request, who) != TPAM_OK)
		sandbox_fail("who");
	tpam_result_unref(who);
	tpam_request_destroy(request);
}

static void open_to_change(struct stage *stage, const struct scene *scene)
{
	(void)remove(sandbox_path("live.ini"));
	if (link(sandbox_path("main.ini"), sandbox_path("live.ini")) != 0)
		sandbox_fail("live.ini");
	open_engine(stage, scene);
	(void)remove(sandbox_path("live.ini"));
	if (link(sandbox_path(scene->keeps && scene->authorization ? "changed.ini" : "wrong.ini"),
		    sandbox_path("live.ini")) != 0)
		sandbox_fail("live.ini");
}

/* ---- What is asked ---- */

static char path[PATH_MAX];

static void prepare_path(struct stage *stage, const struct scene *scene)
{
	(void)stage;
	(void)snprintf(
		path, sizeof(path), "%s", sandbox_path(scene->config ? scene->config : "main.ini"));
}

static void act_open(struct stage *stage, const struct scene *scene)
{
	struct tpam_engine_options options = options_of(path);
	(void)scene;
	stage->code = tpam_engine_open(&stage->engine, &options, &stage->report);
}

static void act_authenticate(struct stage *stage, const struct scene *scene)
{
	(void)scene;
	stage->code = tpam_authenticate(stage->engine, stage->request, &stage->result);
}

static void act_reload(struct stage *stage, const struct scene *scene)
{
	(void)scene;
	stage->code = tpam_engine_reload(stage->engine, &stage->report);
}

static void act_authorize(struct stage *stage, const struct scene *scene)
{
	(void)scene;
	stage->code = tpam_authorize(stage->engine, stage->request, &stage->result);
}

static void act_metadata(struct stage *stage, const struct scene *scene)
{
	stage->code = tpam_resource_metadata(stage->engine, scene->target, &stage->text);
}

/* Somebody of whom one provider says much, and another one nothing good. */
static int say(struct tpam_simulation *simulation)
{
	static const struct {
		enum tpam_field field;
		const char *text;
	} rows[] = {{TPAM_FIELD_SUBJECT, "bob"}, {TPAM_FIELD_ROLES, "r1"}, {TPAM_FIELD_ROLES, "r2"},
		{TPAM_FIELD_CLAIMS, "{\"a\": 1}"}};

	int code = tpam_simulation_add(simulation, "person", TPAM_SUCCESS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && code == TPAM_OK; i++)
		code = tpam_simulation_set_text(simulation, rows[i].field, rows[i].text);
	if (code == TPAM_OK)
		code = tpam_simulation_set_number(simulation, TPAM_FIELD_AUTH_TIME, 5);
	return code == TPAM_OK ? tpam_simulation_add(simulation, "linked", TPAM_INVALID) : code;
}

static void act_simulate(struct stage *stage, const struct scene *scene)
{
	struct tpam_simulation *simulation = tpam_simulation_create();

	(void)scene;
	stage->code = simulation ? say(simulation) : TPAM_E_MEMORY;
	if (stage->code == TPAM_OK)
		stage->code =
			tpam_simulate(stage->engine, stage->request, simulation, &stage->result);
	tpam_simulation_destroy(simulation);
}

/* The bits as a text. */
static void act_permits(struct stage *stage, const struct scene *scene)
{
	static const char *const names[] = {"met", "not", "ping", "closed", "else", "get_secret"};
	static const char *const tagged[] = {"a", "b", NULL};
	static const char *const *const tags[] = {NULL, tagged, NULL, NULL, tagged, NULL};
	struct tpam_tools *tools = NULL;
	uint64_t bits[1] = {0};
	char text[3] = "";

	stage->code = tpam_tools_create(&tools, stage->engine, scene->target, names, tags, 6);
	if (stage->code == TPAM_OK)
		stage->code = tpam_permits(stage->result, tools, bits);
	tpam_tools_destroy(tools);
	(void)snprintf(text, sizeof(text), "%02x", (unsigned)bits[0]);
	if (stage->code == TPAM_OK)
		stage->code = (stage->text = strdup(text)) ? TPAM_OK : TPAM_E_MEMORY;
}

static void act_result_json(struct stage *stage, const struct scene *scene)
{
	(void)scene;
	stage->code = tpam_result_json(stage->result, &stage->text);
}

static void act_describe(struct stage *stage, const struct scene *scene)
{
	stage->code = tpam_engine_describe(
		stage->engine, scene->authorization ? scene->authorization : NULL, &stage->text);
}

static void act_plugin_describe(struct stage *stage, const struct scene *scene)
{
	stage->code = tpam_plugin_describe(
		scene->target, getenv("TOKENPAM_PLUGINS"), &stage->text, &stage->report);
}

static void act_plugin_list(struct stage *stage, const struct scene *scene)
{
	(void)scene;
	stage->code = tpam_plugin_list(getenv("TOKENPAM_PLUGINS"), &stage->text);
}

static void act_environment_path(struct stage *stage, const struct scene *scene)
{
	stage->code = tpam_environment_path(scene->target, &stage->text);
}

static void keep_worst(struct stage *stage, int code)
{
	if (code != TPAM_OK)
		stage->code = code;
}

/* A request takes what it can; what did not fit for want of memory is not there, and nothing else is missing. */
static void act_request(struct stage *stage, const struct scene *scene)
{
	struct tpam_request *request = tpam_request_create();
	(void)scene;
	stage->code = request ? TPAM_OK : TPAM_E_MEMORY;
	if (!request)
		return;
	keep_worst(stage, tpam_request_set(request, TPAM_ITEM_SERVICE, "union", 5));
	keep_worst(stage, tpam_request_set(request, TPAM_ITEM_SERVICE, "api", 3));
	keep_worst(stage, tpam_request_set(request, TPAM_ITEM_REQUEST_ID, "fixed", 5));
	for (int i = 0; i < 10; i++) {
		keep_worst(stage, tpam_request_add_header(request, "X-Other", "value"));
		keep_worst(stage,
			tpam_request_add_tag(request, (const char[]){(char)('a' + i), '\0'}));
	}
	for (int i = 0; i < 2; i++)
		keep_worst(stage,
			tpam_request_add_credential(request, "bearer", "tp_good", 7, "somewhere"));
	if (stage->code == TPAM_OK)
		stage->code = tpam_authenticate(stage->engine, request, &stage->result);
	stage->request = request;
}

static void act_report_line(struct stage *stage, const struct scene *scene)
{
	(void)scene;
	stage->text = tpam_report_line(stage->report, 0);
	stage->code = stage->text ? TPAM_OK : TPAM_E_MEMORY;
}

static void report_before(struct stage *stage, const struct scene *scene)
{
	prepare_path(stage, scene);
	act_open(stage, scene);
	stage->code = TPAM_OK;
}

#define GOOD "Bearer tp_good"

/* A reload's authorization is that of the request by which the running generation is known. */
const struct scene scenes[] = {
	{"open", "api", GOOD, NULL, prepare_path, act_open, TPAM_OK, false},
	{"open what is wrong", "api", NULL, "wrong.ini", prepare_path, act_open, TPAM_E_CONFIG,
		false},
	{"open what is missing", "api", NULL, "missing.ini", prepare_path, act_open, TPAM_E_CONFIG,
		false},
	{"reload", "api", GOOD, "live.ini", open_to_change, act_reload, TPAM_OK, true},
	{"reload what is wrong", "api", NULL, "live.ini", open_to_change, act_reload, TPAM_E_CONFIG,
		true},
	{"accepted", "api", GOOD, NULL, make_request, act_authenticate, TPAM_OK, true},
	{"accepted, without an id", "api", GOOD, NULL, make_nameless, act_authenticate, TPAM_OK,
		true},
	{"accepted by two", "api", GOOD, NULL, add_key, act_authenticate, TPAM_OK, true},
	{"unknown token", "api", "Bearer tp_bad", NULL, make_request, act_authenticate, TPAM_OK,
		true},
	{"foreign token", "api", "Bearer zz_bad", NULL, make_request, act_authenticate, TPAM_OK,
		true},
	{"malformed", "api", "Bearer a b", NULL, make_request, act_authenticate, TPAM_OK, true},
	{"nothing", "api", NULL, NULL, make_request, act_authenticate, TPAM_OK, true},
	{"missing scope", "api/delete_all", GOOD, NULL, make_request, act_authenticate, TPAM_OK,
		true},
	{"a tool", "api/a weird tool", GOOD, NULL, make_request, act_authenticate, TPAM_OK, true},
	{"unknown service", "nowhere", GOOD, NULL, make_request, act_authenticate, TPAM_OK, true},
	{"wrong user", "union", NULL, NULL, add_username, act_authenticate, TPAM_OK, true},
	{"no user", "union", NULL, NULL, make_request, act_authenticate, TPAM_OK, true},
	{"conflict", "conflict", NULL, NULL, make_request, act_authenticate, TPAM_OK, true},
	{"basic", "basic", "Basic dTp0cF9nb29k", NULL, make_request, act_authenticate, TPAM_OK,
		true},
	{"basic, wrong", "basic", "Basic dTpw", NULL, make_request, act_authenticate, TPAM_OK,
		true},
	{"cookie", "basic", NULL, NULL, add_cookie, act_authenticate, TPAM_OK, true},
	{"anonymous", "open", NULL, NULL, make_request, act_authenticate, TPAM_OK, true},
	{"not anonymous", "open", GOOD, NULL, make_request, act_authenticate, TPAM_OK, true},
	{"denied", "closed", GOOD, NULL, make_request, act_authenticate, TPAM_OK, true},
	{"a provider that sets all", "puppet", NULL, NULL, let_accept, act_authenticate, TPAM_OK,
		false},
	{"a provider that asks", "puppet", NULL, NULL, let_refuse, act_authenticate, TPAM_OK,
		false},
	{"a verdict that is to be kept", "kept", "Bearer good-1", NULL, make_request,
		act_authenticate, TPAM_OK, true},
	{"a verdict that was kept", "kept", "Bearer good-1", NULL, keep_before, act_authenticate,
		TPAM_OK, true},
	{"a refusal that is to be kept", "kept", "Bearer bad-1", NULL, make_request,
		act_authenticate, TPAM_OK, true},
	{"a refusal that was kept", "kept", "Bearer bad-1", NULL, keep_before, act_authenticate,
		TPAM_OK, true},
	{"requirements that are met", "policy/met", NULL, NULL, make_request, act_authenticate,
		TPAM_OK, true},
	{"requirements that are not", "policy/not", NULL, NULL, make_request, act_authenticate,
		TPAM_OK, true},
	{"a tag", "policy/met", NULL, NULL, add_tag, act_authenticate, TPAM_OK, true},
	{"a closed tool", "policy/closed", NULL, NULL, make_request, act_authenticate, TPAM_OK,
		true},
	{"an unlisted tool", "policy/else", NULL, NULL, make_request, act_authenticate, TPAM_OK,
		true},
	{"a public tool", "anybody/ping", NULL, NULL, make_request, act_authenticate, TPAM_OK,
		true},
	{"asked again", "policy/met", NULL, NULL, recognise_before, act_authorize, TPAM_OK, true},
	{"asked again, and refused", "policy/not", NULL, NULL, recognise_before, act_authorize,
		TPAM_OK, true},
	{"simulated", "policy/met", NULL, NULL, make_request, act_simulate, TPAM_OK, true},
	{"simulated, and refused", "policy/not", NULL, NULL, make_request, act_simulate, TPAM_OK,
		true},
	{"metadata", "policy", NULL, NULL, open_engine, act_metadata, TPAM_OK, true},
	{"permits", "policy", NULL, NULL, ask_before, act_permits, TPAM_OK, true},
	{"permits of nobody", "anybody", NULL, NULL, ask_before, act_permits, TPAM_OK, true},
	{"request", "api", GOOD, NULL, open_engine, act_request, TPAM_OK, true},
	{"result as JSON", "puppet", NULL, NULL, decide_before, act_result_json, TPAM_OK, false},
	{"refusal as JSON", "puppet", NULL, NULL, refuse_before, act_result_json, TPAM_OK, false},
	{"describe", "api", NULL, NULL, open_engine, act_describe, TPAM_OK, true},
	{"describe a service", "api", "api", NULL, open_engine, act_describe, TPAM_OK, true},
	{"describe no service", "api", "nowhere", NULL, open_engine, act_describe, TPAM_E_UNSET,
		true},
	{"describe a plugin", "static", NULL, NULL, prepare_path, act_plugin_describe, TPAM_OK,
		false},
	{"describe no plugin", "statik", NULL, NULL, prepare_path, act_plugin_describe,
		TPAM_E_CONFIG, false},
	{"list plugins", NULL, NULL, NULL, prepare_path, act_plugin_list, TPAM_OK, false},
	{"environment", "production", NULL, NULL, prepare_path, act_environment_path, TPAM_OK,
		false},
	{"a line of a report", "api", NULL, "wrong.ini", report_before, act_report_line, TPAM_OK,
		false},
};

const size_t scene_count = sizeof(scenes) / sizeof(scenes[0]);

const struct scene first_scene = {
	"first load", "api", NULL, "first.ini", prepare_path, act_open, TPAM_OK, false};
