/*
 * test_bearer.c - the plugin on a clock that stands still: the exact second, and a revocation list that changes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>

#include "bearer.h"

#define NOW INT64_C(1800000000)

static char last_log[512];

/* What the provider says, that is, and not what the library does. */
static void keep_log(void *data, int level, const char *text)
{
	(void)data;
	(void)level;
	if (strncmp(text, "ours: ", 6) == 0)
		(void)snprintf(last_log, sizeof(last_log), "%s", text);
}

static void expect(
	struct tpam_engine *engine, const char *authorization, int32_t outcome, int32_t reason)
{
	int32_t got_reason = 0;
	int32_t got = bearer_ask(engine, authorization, &got_reason);

	CHECK_TEXT(tpam_outcome_name(got), tpam_outcome_name(outcome));
	CHECK_TEXT(tpam_reason_name(got_reason), tpam_reason_name(reason));
}

struct second {
	const char *claims;
	int64_t now;
	int32_t outcome;
	int32_t reason;
};

/* With a leeway of 30 seconds. */
static const struct second seconds[] = {
	{"\"exp\":1800000000", NOW - 1, TPAM_SUCCESS, TPAM_REASON_ACCEPTED},
	{"\"exp\":1800000000", NOW + 29, TPAM_SUCCESS, TPAM_REASON_ACCEPTED},
	{"\"exp\":1800000000", NOW + 30, TPAM_EXPIRED, TPAM_REASON_EXPIRED},
	{"\"exp\":1800000000.9", NOW + 30, TPAM_EXPIRED, TPAM_REASON_EXPIRED},
	{"\"exp\":1900000000,\"nbf\":1800000000", NOW - 30, TPAM_SUCCESS, TPAM_REASON_ACCEPTED},
	{"\"exp\":1900000000,\"nbf\":1800000000", NOW - 31, TPAM_INVALID,
		TPAM_REASON_NOT_YET_VALID},
	{"\"exp\":1900000000,\"iat\":1800000000", NOW - 31, TPAM_INVALID,
		TPAM_REASON_NOT_YET_VALID},
	{"\"exp\":1900000000,\"iat\":1800000000", NOW + 3630, TPAM_SUCCESS, TPAM_REASON_ACCEPTED},
	{"\"exp\":1900000000,\"iat\":1800000000", NOW + 3631, TPAM_EXPIRED, TPAM_REASON_TOO_OLD},
};

static void test_seconds(void)
{
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		bool aged = strstr(seconds[i].claims, "iat") != NULL;
		bearer_config("leeway = 30s", aged ? "max_age = 1h" : "");
		struct tpam_engine *engine = bearer_engine(NULL);
		char *authorization = bearer_authorization(seconds[i].claims);
		atomic_store(&bearer_now, seconds[i].now);
		expect(engine, authorization, seconds[i].outcome, seconds[i].reason);
		tpam_kit_free(authorization);
		tpam_engine_close(engine);
	}
	atomic_store(&bearer_now, NOW);
}

/* One engine sees a token come of age and pass away. */
static void test_life(void)
{
	bearer_config("leeway = 0s", "");
	struct tpam_engine *engine = bearer_engine(NULL);
	char *authorization = bearer_authorization("\"nbf\":1800000010,\"exp\":1800000020");

	atomic_store(&bearer_now, NOW + 9);
	expect(engine, authorization, TPAM_INVALID, TPAM_REASON_NOT_YET_VALID);
	atomic_store(&bearer_now, NOW + 10);
	expect(engine, authorization, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	atomic_store(&bearer_now, NOW + 19);
	expect(engine, authorization, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	atomic_store(&bearer_now, NOW + 20);
	expect(engine, authorization, TPAM_EXPIRED, TPAM_REASON_EXPIRED);
	atomic_store(&bearer_now, NOW);
	tpam_kit_free(authorization);
	tpam_engine_close(engine);
}

/* ---- The list ---- */

/* In place, as an editor or an appending program would; a later time of change, since clocks of files are coarse. */
static void write_in_place(const char *text, bool append)
{
	static time_t later = 2000000000;
	later++;
	const struct timespec times[2] = {{.tv_sec = later}, {.tv_sec = later}};
	FILE *file = fopen(sandbox_path("revoked"), append ? "a" : "w");

	if (!file || fputs(text, file) < 0 || fflush(file) != 0 ||
		futimens(fileno(file), times) != 0 || fclose(file) != 0)
		sandbox_fail("revoked");
}

static void test_list(void)
{
	sandbox_write("revoked", "# nobody\n");
	bearer_config("", "revocation_file = revoked");
	struct tpam_engine *engine = bearer_engine(keep_log);
	char *mine = bearer_authorization("\"exp\":1900000000,\"jti\":\"t-1\",\"sid\":\"s-1\"");
	char *other = bearer_authorization("\"exp\":1900000000,\"jti\":\"t-2\",\"sid\":\"s-2\"");

	expect(engine, mine, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	write_in_place("jti:t-1\n", true);
	expect(engine, mine, TPAM_REVOKED, TPAM_REASON_REVOKED);
	CHECK_TEXT(last_log, "ours: the revocation list has been read again");
	expect(engine, other, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	last_log[0] = '\0';
	expect(engine, mine, TPAM_REVOKED, TPAM_REASON_REVOKED);
	CHECK_TEXT(last_log, ""); /* and only once */

	/* As many bytes as before, in the same file. */
	write_in_place("jti:t-1\n", false);
	expect(engine, mine, TPAM_REVOKED, TPAM_REASON_REVOKED);
	write_in_place("jti:t-2\n", false);
	expect(engine, mine, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	expect(engine, other, TPAM_REVOKED, TPAM_REASON_REVOKED);

	sandbox_write("revoked", "sid:s-1\n"); /* another file by the name */
	expect(engine, mine, TPAM_REVOKED, TPAM_REASON_REVOKED);
	expect(engine, other, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	sandbox_write("revoked", "sub:alice");
	expect(engine, mine, TPAM_REVOKED, TPAM_REASON_REVOKED);
	expect(engine, other, TPAM_REVOKED, TPAM_REASON_REVOKED);
	tpam_kit_free(mine);
	tpam_kit_free(other);
	tpam_engine_close(engine);
}

/* A list that cannot be read lets nobody pass, and is read again once it can. */
static void test_broken_list(void)
{
	sandbox_write("revoked", "jti:t-9\n");
	bearer_config("", "revocation_file = revoked");
	struct tpam_engine *engine = bearer_engine(keep_log);
	char *mine = bearer_authorization("\"exp\":1900000000,\"jti\":\"t-1\"");
	char *nameless = bearer_authorization("\"exp\":1900000000");

	expect(engine, mine, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	write_in_place("t-1\n", true);
	expect(engine, mine, TPAM_ERROR, TPAM_REASON_MISCONFIGURED);
	CHECK_TEXT(last_log, "ours: the revocation list cannot be read: nobody passes");
	expect(engine, nameless, TPAM_ERROR, TPAM_REASON_MISCONFIGURED);
	sandbox_write("revoked", "jti:t-8\n");
	expect(engine, mine, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	if (unlink(sandbox_path("revoked")) != 0)
		sandbox_fail("revoked");
	expect(engine, mine, TPAM_ERROR, TPAM_REASON_MISCONFIGURED);
	expect(engine, mine, TPAM_ERROR, TPAM_REASON_MISCONFIGURED);
	sandbox_write("revoked", "jti:t-1\n");
	expect(engine, mine, TPAM_REVOKED, TPAM_REASON_REVOKED);
	if (unlink(sandbox_path("revoked")) != 0 || mkdir(sandbox_path("revoked"), 0700) != 0)
		sandbox_fail("revoked");
	expect(engine, mine, TPAM_ERROR, TPAM_REASON_MISCONFIGURED);
	if (rmdir(sandbox_path("revoked")) != 0)
		sandbox_fail("revoked");
	sandbox_write("revoked", "");
	expect(engine, nameless, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	tpam_kit_free(mine);
	tpam_kit_free(nameless);
	tpam_engine_close(engine);
}

static void count_events(const char *outcome, unsigned expected)
{
	char line[1024], wanted[64];
	unsigned count = 0;
	FILE *file = fopen(sandbox_path("audit.jsonl"), "r");

	(void)snprintf(wanted, sizeof(wanted), "\"outcome\":\"%s\"", outcome);
	while (file && fgets(line, sizeof(line), file))
		count += strstr(line, "\"event\":\"revocation\",\"provider\":\"ours\"") &&
			 strstr(line, wanted);
	if (file)
		(void)fclose(file);
	CHECK(count == expected);
}

/* The audit hears of each list, but of the first, which is the configuration's. */
static void test_told(void)
{
	sandbox_write("revoked", "jti:t-9\n");
	bearer_config("", "revocation_file = revoked\n[audit]\nsink = file:audit.jsonl");
	struct tpam_engine *engine = bearer_engine(NULL);
	char *mine = bearer_authorization("\"exp\":1900000000,\"jti\":\"t-1\"");

	expect(engine, mine, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	write_in_place("jti:t-1\n", true);
	expect(engine, mine, TPAM_REVOKED, TPAM_REASON_REVOKED);
	expect(engine, mine, TPAM_REVOKED, TPAM_REASON_REVOKED);
	write_in_place("t-1\n", false);
	expect(engine, mine, TPAM_ERROR, TPAM_REASON_MISCONFIGURED);
	write_in_place("jti:t-8\n", false);
	expect(engine, mine, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	tpam_kit_free(mine);
	tpam_engine_close(engine);
	count_events("success", 2);
	count_events("error", 1);
}

static void test_left_out(void)
{
	static const char weak[] = "{\"kty\":\"OKP\",\"kid\":\"weak\",\"crv\":\"Ed25519\","
				   "\"x\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}";
	char *set = tpam_signer_public_json(bearer_signer);
	char text[2048];

	if (!set)
		abort();
	*strrchr(set, ']') = '\0';
	(void)snprintf(text, sizeof(text), "%s,%s]}", set, weak);
	tpam_kit_free(set);
	sandbox_write("more.json", text);
	bearer_config("", "");
	sandbox_write("bearer.ini",
		"[tokenpam]\nmode = development\n[provider:ours]\nplugin = bearer\n"
		"issuer = https://issuer.example\njwks_file = more.json\n"
		"[service:notes]\naudience = notes\nauth = required ours\n");
	last_log[0] = '\0';
	struct tpam_engine *engine = bearer_engine(keep_log);
	CHECK_TEXT(last_log, "ours: some keys of the set cannot be used and are left out");
	char *authorization = bearer_authorization("\"exp\":1900000000");
	expect(engine, authorization, TPAM_SUCCESS, TPAM_REASON_ACCEPTED);
	tpam_kit_free(authorization);
	tpam_engine_close(engine);
}

int main(void)
{
	bearer_begin(NOW);
	test_seconds();
	test_life();
	test_list();
	test_broken_list();
	test_told();
	test_left_out();
	bearer_end();
	return check_end();
}
