/*
 * replay_sum.c - what came of all records: those that would come out otherwise, by what they have in common.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output.h"
#include "replay.h"

#define CASES_MAX 4096

/* A name for programs, and a sentence. */
static const struct {
	const char *name, *text;
} doubts[DOUBTS] = {
	[DOUBT_CREDENTIAL] = {"credential",
		"nobody was recognised; what becomes of a credential only its provider can tell"},
	[DOUBT_OUTAGE] = {"outage", "could not be decided then"},
	[DOUBT_IDENTITY] = {"identity", "do not say who it was, at which service"},
	[DOUBT_HASHED] = {"hashed", "depend on who it was, and do not say it"},
	[DOUBT_JOINED] = {"joined", "are of an identity that several providers know"},
	[DOUBT_CUT] = {"cut", "have members that are not whole"},
	[DOUBT_PROVIDER] = {"provider", "are of a provider that is not configured"},
	[DOUBT_BEFORE] = {"before", "are of somebody whom another service had recognised"},
	[DOUBT_OTHERS] = {"others", "depend on what other providers of the rules would have said"},
	[DOUBT_USERNAME] = {"username", "depend on the user that was asked for"},
	[DOUBT_ACCOUNT] = {"account", "depend on account rules that may look at anything"},
	[DOUBT_SESSION] = {"session", "may have been refused by session rules, which are not run"},
	[DOUBT_ABSENT] = {"absent", "depend on what no record has"},
};

/* ---- Adding ---- */

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static bool is_let_pass(const struct audit_record *record)
{
	return json_is_false(json_object_get(record->object, "enforced"));
}

/* What records of one case have in common. */
static json_t *case_of(const struct audit_record *record, const struct replayed *replayed)
{
	const struct tpam_result *result = replayed->result;
	const char *who = record->id ? record->id : record->provider;
	int32_t reason = tpam_result_reason(result);

	json_t *was = json_pack("{s:s, s:b, s:o, s:o}", "outcome", record->outcome, "enforced",
		!is_let_pass(record), "reason", text_or_null(record->reason), "rule",
		text_or_null(record->rule));
	json_t *is = json_pack("{s:s, s:b, s:o, s:o, s:o, s:o}", "outcome",
		tpam_outcome_name(tpam_result_outcome(result)), "enforced",
		tpam_result_enforced(result), "reason", text_or_null(tpam_reason_name(reason)),
		"rule", text_or_null(tpam_result_rule(result)), "expected",
		text_or_null(tpam_result_expected(result)), "got",
		text_or_null(tpam_result_got(result)));
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "service", text_or_null(record->service),
		"tool", text_or_null(record->tool), "who", text_or_null(who), "was", was, "is", is);
}

static json_t *find_case(
	struct replay *replay, const json_t *common, uint32_t absent, bool *ret_new)
{
	char *key = json_dumps(common, JSON_COMPACT | JSON_SORT_KEYS), *whole = NULL;

	if (!key || asprintf(&whole, "%u %s", absent, key) < 0)
		exit(fail_memory());
	json_t *one = json_object_get(replay->cases, whole);
	*ret_new = !one;
	if (!one && json_object_size(replay->cases) < CASES_MAX) {
		one = json_deep_copy(common);
		json_object_set_new(replay->cases, whole, one);
	}
	free(key);
	free(whole);
	return one;
}

static void add_case(
	struct replay *replay, const struct audit_record *record, const struct replayed *replayed)
{
	json_t *common = case_of(record, replayed);
	bool is_new;

	json_t *one = find_case(replay, common, replayed->absent, &is_new);
	json_decref(common);
	if (!one) {
		replay->more++;
		return;
	}
	if (is_new)
		json_object_update_new(
			one, json_pack("{s:I, s:I, s:o, s:s, s:I}", "absent",
				     (json_int_t)replayed->absent, "count", (json_int_t)0,
				     "request_id", text_or_null(record->request_id), "file",
				     record->file, "line", (json_int_t)record->line));
	json_t *count = json_object_get(one, "count");
	json_integer_set(count, json_integer_value(count) + 1);
}

void replay_add(
	struct replay *replay, const struct audit_record *record, const struct replayed *replayed)
{
	if (replayed->doubt != DOUBT_NONE)
		replay->doubts[replayed->doubt]++;
	else if (replayed->same)
		replay->same[replayed->absent]++;
	else
		add_case(replay, record, replayed);
}

/* ---- Settling: a field that no record has may have been left out of all ---- */

static bool lacks(struct replay *replay, uint32_t absent, uint64_t count)
{
	if (count == 0 || !(absent & ~replay->seen))
		return false;
	replay->doubts[DOUBT_ABSENT] += count;
	replay->lacking |= absent & ~replay->seen;
	return true;
}

static uint64_t settle_same(struct replay *replay)
{
	uint64_t same = 0;

	for (uint32_t i = 0; i < REPLAY_SETS; i++)
		if (!lacks(replay, i, replay->same[i]))
			same += replay->same[i];
	return same;
}

/* Those that are left differ, as an array. */
static json_t *settle_cases(struct replay *replay, uint64_t *ret_count)
{
	json_t *array = json_array(), *one;
	const char *key;

	json_object_foreach(replay->cases, key, one)
	{
		uint32_t absent = (uint32_t)json_integer_value(json_object_get(one, "absent"));
		uint64_t count = (uint64_t)json_integer_value(json_object_get(one, "count"));
		json_object_del(one, "absent");
		if (lacks(replay, absent, count))
			continue;
		*ret_count += count;
		json_array_append(array, one);
	}
	*ret_count += replay->more;
	return array;
}

/* ---- Telling ---- */

static void print_side(const char *label, const json_t *side)
{
	const char *reason = text_member(side, "reason"), *rule = text_member(side, "rule");
	const char *expected = text_member(side, "expected"), *got = text_member(side, "got");
	const char *const parts[][2] = {
		{": ", reason}, {", ", rule}, {", expected ", expected}, {", got ", got}};

	printf("  %-3s  ", label);
	print_text(stdout, text_member(side, "outcome"));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i][1])
			continue;
		fputs(parts[i][0], stdout);
		print_text(stdout, parts[i][1]);
	}
	puts(json_is_true(json_object_get(side, "enforced")) ? "" : ", let pass by audit_only");
}

static void print_case(const json_t *one)
{
	const char *tool = text_member(one, "tool"), *who = text_member(one, "who");
	const char *request = text_member(one, "request_id");

	print_text(stdout, who ? who : "nobody");
	fputs("  ", stdout);
	print_text(stdout, text_member(one, "service"));
	if (tool) {
		putchar('/');
		print_text(stdout, tool);
	}
	json_int_t count = json_integer_value(json_object_get(one, "count"));
	printf("  %lld time%s, first ", (long long)count, count == 1 ? "" : "s");
	if (request) {
		print_text(stdout, request);
		fputs(" in ", stdout);
	}
	print_text(stdout, text_member(one, "file"));
	printf(":%lld\n", (long long)json_integer_value(json_object_get(one, "line")));
	print_side("was", json_object_get(one, "was"));
	print_side("is", json_object_get(one, "is"));
}

/* Fields that should have been written. */
static json_t *lacking(const struct replay *replay)
{
	json_t *array = json_array();

	for (enum replay_field i = 0; i < REPLAY_FIELDS; i++)
		if ((replay->lacking & REPLAY_BIT(i)) &&
			!audit_list_has(array, replay_field_name(i)))
			json_array_append_new(array, json_string(replay_field_name(i)));
	return array;
}

static void print_doubts(const struct replay *replay)
{
	json_t *fields = lacking(replay);
	char *text = plain_text(fields);

	if (!text)
		exit(fail_memory());
	for (size_t i = 0; i < DOUBTS; i++)
		if (replay->doubts[i] > 0)
			printf("  %llu %s%s%s\n", (unsigned long long)replay->doubts[i],
				doubts[i].text, i == DOUBT_ABSENT ? ": " : "",
				i == DOUBT_ABSENT ? text : "");
	free(text);
	json_decref(fields);
}

struct sums {
	uint64_t same, differing, unknown;
};

static void print_all(const struct replay *replay, const json_t *cases, const struct sums *sums)
{
	json_t *one;
	size_t i;

	json_array_foreach(cases, i, one)
	{
		print_case(one);
	}
	if (replay->more > 0)
		printf("%llu more in other ways\n", (unsigned long long)replay->more);
	if (replay->bad > 0)
		printf("%llu lines are no records and were passed over\n",
			(unsigned long long)replay->bad);
	printf("%llu decisions", (unsigned long long)replay->decisions);
	if (replay->decisions > 0)
		printf(" from %s to %s", replay->first, replay->last);
	printf(": %llu would come out otherwise, %llu the same, of %llu nobody knows\n",
		(unsigned long long)sums->differing, (unsigned long long)sums->same,
		(unsigned long long)sums->unknown);
	print_doubts(replay);
}

static int print_all_json(const struct replay *replay, const json_t *cases, const struct sums *sums)
{
	json_t *unknown = json_object();

	for (size_t i = 1; i < DOUBTS; i++)
		if (replay->doubts[i] > 0)
			json_object_set_new(unknown, doubts[i].name,
				json_integer((json_int_t)replay->doubts[i]));
	json_t *all = json_pack("{s:I, s:I, s:I, s:O, s:I, s:o, s:o}", "decisions",
		(json_int_t)replay->decisions, "same", (json_int_t)sums->same, "differing",
		(json_int_t)sums->differing, "cases", cases, "no_records", (json_int_t)replay->bad,
		"unknown", unknown, "lacking", lacking(replay));
	int code = print_json(all);
	json_decref(all);
	return code;
}

int replay_tell(struct replay *replay, bool json)
{
	struct sums sums = {0};
	int code = EXIT_ACCEPTED;

	sums.same = settle_same(replay);
	json_t *cases = settle_cases(replay, &sums.differing);
	sums.unknown = replay->decisions - sums.same - sums.differing;
	if (json)
		code = print_all_json(replay, cases, &sums);
	else
		print_all(replay, cases, &sums);
	json_decref(cases);
	if (code != EXIT_ACCEPTED)
		return code;
	if (sums.differing > 0)
		return EXIT_REFUSED;
	return sums.same > 0 ? EXIT_ACCEPTED : EXIT_UNKNOWN;
}
