/*
 * test_files.c - files behind a configuration change in every way in which files change; scripts say what comes of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../unit/check.h"
#include "stage.h"

#define STEPS_MAX 24

enum act {
	END,
	WRITE, /* whole, in the place of the old one */
	FILL,  /* with so many bytes */
	OVER,  /* into the same file */
	REMOVE,
	LINK,
	MODE, /* text: octal */
	TOUCH,
	WAIT,   /* milliseconds */
	RELOAD, /* by the host; milliseconds: the code */
	ASK     /* text: who; then loads and failures up to now */
};

struct step {
	enum act act;
	const char *file;
	const char *text;
	int64_t milliseconds;
	unsigned loads, failures;
};

#define WHO(subject, loads, failures)                                                              \
	{                                                                                          \
		ASK, NULL, subject, 0, loads, failures                                             \
	}
#define AFTER(milliseconds)                                                                        \
	{                                                                                          \
		WAIT, NULL, NULL, milliseconds, 0, 0                                               \
	}
#define DO(act, file, text)                                                                        \
	{                                                                                          \
		act, file, text, 0, 0, 0                                                           \
	}
#define HOST(code)                                                                                 \
	{                                                                                          \
		RELOAD, NULL, NULL, code, 0, 0                                                     \
	}

struct script {
	const char *name;
	const char *config;
	struct step steps[STEPS_MAX];
};

#define HEAD    "[tokenpam]\nmode = development\n"
#define SERVICE "[service:s]\nauth = required p\n"
#define DEBUG   "[provider:p]\nplugin = debug\nsubject = "
#define FILED   "[provider:p]\nplugin = filed\nfile = "

static const char reference[] = HEAD DEBUG "${file:who}\n" SERVICE;
static const char file[] = HEAD FILED "who\n" SERVICE;

static const struct script scripts[] = {
	{"a secret by ${file:}", reference,
		{WHO("alice", 0, 0), DO(WRITE, "who", "bob\n"), WHO("alice", 0, 0), AFTER(4999),
			WHO("alice", 0, 0), AFTER(1), WHO("alice", 0, 0), AFTER(1000),
			WHO("bob", 1, 0), AFTER(6000), WHO("bob", 1, 0)}},
	{"a secret by ${cred:}", HEAD DEBUG "${cred:who}\n" SERVICE,
		{DO(WRITE, "who", "bob\n"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("bob", 1, 0)}},
	{"a file that a plugin reads", file,
		{DO(WRITE, "who", "bob"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("bob", 1, 0)}},
	{"a file of a plugin's own", HEAD FILED "who\nown = on\n" SERVICE,
		{DO(WRITE, "who", "bob"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 0, 0)}},
	{"a section of a service", HEAD DEBUG "x\n" SERVICE "audience = ${file:who}\n",
		{DO(WRITE, "who", "bob"), AFTER(5000), WHO("x", 0, 0), AFTER(1000),
			WHO("x", 1, 0)}},
	{"two that change apart", HEAD DEBUG "${file:who}${file:two}\n" SERVICE,
		{WHO("alice1", 0, 0), DO(WRITE, "two", "2"), AFTER(5000), WHO("alice1", 0, 0),
			DO(WRITE, "who", "bob"), AFTER(1000), WHO("alice1", 0, 0), AFTER(1000),
			WHO("bob2", 1, 0)}},
	{"one file for two", HEAD DEBUG "${file:who}${file:./who}\n" SERVICE,
		{WHO("alicealice", 0, 0), DO(WRITE, "who", "bob"), AFTER(5000),
			WHO("alicealice", 0, 0), AFTER(1000), WHO("bobbob", 1, 0), AFTER(5000),
			WHO("bobbob", 1, 0)}},
	{"the same content, again and again", reference,
		{DO(WRITE, "who", "alice"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 1, 0), DO(WRITE, "who", "alice"), AFTER(5000),
			WHO("alice", 1, 0), AFTER(1000), WHO("alice", 1, 0), DO(TOUCH, "who", NULL),
			AFTER(5000), WHO("alice", 1, 0), AFTER(1000), WHO("alice", 1, 0),
			DO(OVER, "who", "alice"), AFTER(5000), WHO("alice", 1, 0), AFTER(1000),
			WHO("alice", 1, 0)}},
	{"of one size", file,
		{DO(OVER, "who", "carol"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("carol", 1, 0), DO(OVER, "who", "david"), AFTER(5000),
			WHO("carol", 1, 0), AFTER(1000), WHO("david", 2, 0)}},
	{"half written, then whole", reference,
		{DO(OVER, "who", "b"), AFTER(5000), WHO("alice", 0, 0), DO(OVER, "who", "bob"),
			AFTER(1000), WHO("alice", 0, 0), AFTER(1000), WHO("bob", 1, 0)}},
	{"empty for a moment", reference,
		{DO(OVER, "who", ""), AFTER(5000), WHO("alice", 0, 0), DO(OVER, "who", "bob"),
			AFTER(1000), WHO("alice", 0, 0), AFTER(1000), WHO("bob", 1, 0)}},
	{"gone for a moment", reference,
		{DO(REMOVE, "who", NULL), AFTER(5000), WHO("alice", 0, 0), DO(WRITE, "who", "bob"),
			AFTER(1000), WHO("alice", 0, 0), AFTER(1000), WHO("bob", 1, 0)}},
	{"gone and back as it was", reference,
		{DO(REMOVE, "who", NULL), AFTER(5000), WHO("alice", 0, 0),
			DO(WRITE, "who", "alice\n"), AFTER(1000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 0, 0)}},
	{"gone for long", reference,
		{DO(REMOVE, "who", NULL), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 0, 1), AFTER(5000), WHO("alice", 0, 1), AFTER(5000),
			WHO("alice", 0, 1), DO(WRITE, "who", "bob"), AFTER(5000),
			WHO("alice", 0, 1), AFTER(1000), WHO("bob", 1, 1)}},
	{"bad, worse, good", reference,
		{DO(WRITE, "who", "b\x01"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 0, 1), AFTER(5000), WHO("alice", 0, 1),
			DO(WRITE, "who", "b\x02"), AFTER(5000), WHO("alice", 0, 1), AFTER(1000),
			WHO("alice", 0, 2), DO(WRITE, "who", "b\x02"), AFTER(5000),
			WHO("alice", 0, 2), AFTER(1000), WHO("alice", 0, 2),
			DO(WRITE, "who", "bob"), AFTER(5000), WHO("alice", 0, 2), AFTER(1000),
			WHO("bob", 1, 2)}},
	{"bad, and then as it was", reference,
		{DO(WRITE, "who", "b\x01"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 0, 1), DO(WRITE, "who", "alice\n"), AFTER(5000),
			WHO("alice", 0, 1), AFTER(1000), WHO("alice", 1, 1), AFTER(5000),
			WHO("alice", 1, 1)}},
	{"bad for a plugin", file,
		{DO(OVER, "who", ""), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 0, 1), AFTER(5000), WHO("alice", 0, 1), DO(OVER, "who", "bob"),
			AFTER(5000), WHO("alice", 0, 1), AFTER(1000), WHO("bob", 1, 1)}},
	{"too large, too large still, smaller", reference,
		{{FILL, "who", NULL, 66000, 0, 0}, AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 0, 1), AFTER(5000), WHO("alice", 0, 1), AFTER(5000),
			WHO("alice", 0, 1), DO(WRITE, "who", "bob"), AFTER(5000),
			WHO("alice", 0, 1), AFTER(1000), WHO("bob", 1, 1)}},
	{"the link of a folder is swapped", HEAD DEBUG "${file:..data/who}\n" SERVICE,
		{WHO("first", 0, 0), DO(LINK, "..data", "second"), AFTER(5000), WHO("first", 0, 0),
			AFTER(1000), WHO("second", 1, 0), DO(LINK, "..data", "nowhere"),
			AFTER(5000), WHO("second", 1, 0), DO(LINK, "..data", "first"), AFTER(1000),
			WHO("second", 1, 0), AFTER(1000), WHO("first", 2, 0)}},
	{"whose rights change", reference,
		{DO(MODE, "who", "0644"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 1, 0)}},
	{"never at rest", reference,
		{DO(WRITE, "who", "b1"), AFTER(5000), WHO("alice", 0, 0), DO(WRITE, "who", "b22"),
			AFTER(1000), WHO("alice", 0, 0), DO(WRITE, "who", "b3"), AFTER(1000),
			WHO("alice", 0, 0), DO(WRITE, "who", "b44"), AFTER(1000),
			WHO("alice", 0, 0), DO(WRITE, "who", "b5"), AFTER(1000), WHO("alice", 0, 0),
			AFTER(1000), WHO("b5", 1, 0)}},
	{"the host reloads", reference,
		{DO(WRITE, "who", "bob"), HOST(TPAM_OK), WHO("bob", 1, 0), AFTER(5000),
			WHO("bob", 1, 0), DO(WRITE, "who", "\x01"), HOST(TPAM_E_CONFIG),
			WHO("bob", 1, 1), AFTER(5000), WHO("bob", 1, 1), AFTER(1000),
			WHO("bob", 1, 2), DO(WRITE, "who", "carol"), HOST(TPAM_OK),
			WHO("carol", 2, 2), AFTER(5000), WHO("carol", 2, 2)}},
	{"the INI alone", reference,
		{DO(WRITE, "main.ini", HEAD DEBUG "eve\n" SERVICE), AFTER(5000), WHO("alice", 0, 0),
			AFTER(1000), WHO("alice", 0, 0), DO(WRITE, "who", "bob"), AFTER(5000),
			WHO("alice", 0, 0), AFTER(1000), WHO("eve", 1, 0),
			DO(WRITE, "who", "carol"), AFTER(6000), WHO("eve", 1, 0)}},
	{"the INI is what is wrong", reference,
		{DO(WRITE, "main.ini", HEAD "[service:s]\nauth = required q\n"),
			DO(WRITE, "who", "bob"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 0, 1), AFTER(5000), WHO("alice", 0, 1),
			DO(WRITE, "main.ini", HEAD DEBUG "${file:who}\n" SERVICE), AFTER(5000),
			WHO("alice", 0, 1), AFTER(1000), WHO("bob", 1, 1)}},
	{"refresh = off", HEAD "refresh = off\n" DEBUG "${file:who}\n" SERVICE,
		{DO(WRITE, "who", "bob"), AFTER(86400000), WHO("alice", 0, 0), AFTER(86400000),
			WHO("alice", 0, 0), HOST(TPAM_OK), WHO("bob", 1, 0)}},
	{"refresh = 1m", HEAD "refresh = 1m\n" DEBUG "${file:who}\n" SERVICE,
		{DO(WRITE, "who", "bob"), AFTER(59999), WHO("alice", 0, 0), AFTER(1000),
			WHO("alice", 0, 0), AFTER(1000), WHO("bob", 1, 0)}},
	{"refresh = 100ms", HEAD "refresh = 100ms\n" DEBUG "${file:who}\n" SERVICE,
		{DO(WRITE, "who", "bob"), AFTER(100), WHO("alice", 0, 0), AFTER(99),
			WHO("alice", 0, 0), AFTER(1), WHO("bob", 1, 0)}},
	{"refresh is what changes", reference,
		{DO(WRITE, "main.ini", HEAD "refresh = off\n" DEBUG "${file:who}\n" SERVICE),
			DO(WRITE, "who", "bob"), AFTER(5000), WHO("alice", 0, 0), AFTER(1000),
			WHO("bob", 1, 0), DO(WRITE, "who", "carol"), AFTER(86400000),
			WHO("bob", 1, 0), AFTER(86400000), WHO("bob", 1, 0)}},
};

static struct tpam_engine *engine;

static void ask(const char *name, size_t index, const struct step *step)
{
	struct tpam_result *result = NULL;
	struct tpam_request *request = sandbox_request("s", NULL);
	CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
	tpam_request_destroy(request);
	struct tpam_statistics now = stage_statistics(engine);
	const char *who = result ? tpam_result_subject(result) : NULL;
	bool fits = who && strcmp(who, step->text) == 0 && now.reloads == step->loads &&
		    now.reload_failures == step->failures && now.generation == step->loads + 1 &&
		    atomic_load(&stage_loaded) == step->loads &&
		    atomic_load(&stage_failed) == step->failures;
	if (!fits)
		fprintf(stderr, "%s, step %zu: got %s after %llu loads and %llu failures\n", name,
			index + 1, who ? who : "nobody", (unsigned long long)now.reloads,
			(unsigned long long)now.reload_failures);
	CHECK(fits);
	tpam_result_unref(result);
}

static void fill(const char *name, size_t size)
{
	char *text = calloc(1, size + 1);
	if (!text)
		sandbox_fail("calloc");
	memset(text, 'x', size);
	sandbox_write(name, text);
	free(text);
}

static void take_step(const char *name, size_t index, const struct step *step)
{
	switch (step->act) {
	case WRITE:
		sandbox_write(step->file, step->text);
		break;
	case OVER:
		stage_overwrite(step->file, step->text);
		break;
	case FILL:
		fill(step->file, (size_t)step->milliseconds);
		break;
	case REMOVE:
		CHECK(unlink(sandbox_path(step->file)) == 0);
		break;
	case LINK:
		stage_link(step->file, step->text);
		break;
	case MODE:
		CHECK(chmod(sandbox_path(step->file), (mode_t)strtoul(step->text, NULL, 8)) == 0);
		break;
	case TOUCH:
		CHECK(utimensat(AT_FDCWD, sandbox_path(step->file), NULL, 0) == 0);
		break;
	case WAIT:
		stage_wait(step->milliseconds);
		break;
	case RELOAD:
		CHECK(tpam_engine_reload(engine, NULL) == (int)step->milliseconds);
		break;
	case ASK:
		ask(name, index, step);
		break;
	case END:
		break;
	}
}

static void play(const struct script *script)
{
	sandbox_write("who", "alice\n");
	if (strstr(script->config, "filed"))
		sandbox_write("who", "alice");
	sandbox_write("two", "1");
	sandbox_write("first/who", "first");
	sandbox_write("second/who", "second");
	stage_link("..data", "first");
	sandbox_write("main.ini", script->config);
	atomic_store(&stage_loaded, 0);
	atomic_store(&stage_failed, 0);
	engine = stage_engine("main.ini");
	for (size_t i = 0; i < STEPS_MAX && script->steps[i].act != END; i++)
		take_step(script->name, i, &script->steps[i]);
	tpam_engine_close(engine);
}

/*
 * Written again, with as many bytes, within the tick of the clock in which it was read: some of so many times its stamp is
 * what it was.
 */
static void test_one_tick(void)
{
	static const struct step last = WHO("carol", 1, 0);
	for (size_t i = 0; i < 50; i++) {
		sandbox_write("who", "alice");
		sandbox_write("main.ini", file);
		atomic_store(&stage_loaded, 0);
		atomic_store(&stage_failed, 0);
		engine = stage_engine("main.ini");
		stage_overwrite("who", "carol");
		for (int look = 0; look < 2; look++) {
			struct tpam_result *result = NULL;
			struct tpam_request *request = sandbox_request("s", NULL);
			stage_wait(5000);
			CHECK(tpam_authenticate(engine, request, &result) == TPAM_OK);
			tpam_result_unref(result);
			tpam_request_destroy(request);
		}
		ask("within one tick", i, &last);
		tpam_engine_close(engine);
	}
}

int main(void)
{
	sandbox_begin();
	stage_folder("first");
	stage_folder("second");
	if (setenv("CREDENTIALS_DIRECTORY", sandbox_folder, 1) != 0)
		sandbox_fail("setenv");
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		play(&scripts[i]);
	test_one_tick();
	sandbox_end();
	return check_end();
}
