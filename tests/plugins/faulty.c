/*
 * faulty.c - breaks its contract as the option `fault` says.
 *
 * Built twice: as a provider of role identity, and with -DROLE=TPAM_ROLE_CHECK as one that may identify nobody.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#ifndef ROLE
#define ROLE TPAM_ROLE_IDENTITY
#endif

#define LONG_TEXT 5000

struct faulty {
	const struct tpam_host *host;
	int64_t fault;
};

typedef int32_t fault_fn(const struct tpam_host *host, struct tpam_call *call);

static void set(
	const struct tpam_host *host, struct tpam_call *call, int32_t field, const char *text)
{
	(void)host->set_text(call, field, text, strlen(text));
}

static int32_t identity(const struct tpam_host *host, struct tpam_call *call)
{
	set(host, call, TPAM_FIELD_SUBJECT, "faulty");
	return TPAM_SUCCESS;
}

static int32_t none(const struct tpam_host *host, struct tpam_call *call)
{
	return ROLE == TPAM_ROLE_IDENTITY ? identity(host, call) : TPAM_SUCCESS;
}

/* ---- What is returned ---- */

static int32_t no_identity(const struct tpam_host *host, struct tpam_call *call)
{
	(void)host;
	(void)call;
	return TPAM_SUCCESS;
}

static int32_t outcome_zero(const struct tpam_host *host, struct tpam_call *call)
{
	(void)identity(host, call);
	return 0;
}

static int32_t outcome_99(const struct tpam_host *host, struct tpam_call *call)
{
	(void)identity(host, call);
	return 99;
}

static int32_t outcome_negative(const struct tpam_host *host, struct tpam_call *call)
{
	(void)identity(host, call);
	return INT32_MIN;
}

static int32_t outcome_unlisted(const struct tpam_host *host, struct tpam_call *call)
{
	(void)identity(host, call);
	return TPAM_EXPIRING;
}

static int32_t pending(const struct tpam_host *host, struct tpam_call *call)
{
	(void)identity(host, call);
	return TPAM_PENDING;
}

/* ---- What is read ---- */

static int32_t read_text(const struct tpam_host *host, struct tpam_call *call)
{
	(void)host->item_text(call, TPAM_ITEM_TENANT);
	return identity(host, call);
}

static int32_t read_credential(const struct tpam_host *host, struct tpam_call *call)
{
	uint64_t length;
	(void)host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);
	return identity(host, call);
}

static int32_t read_list(const struct tpam_host *host, struct tpam_call *call)
{
	(void)host->item_list(call, TPAM_ITEM_TAGS, 0);
	return identity(host, call);
}

static int32_t read_header(const struct tpam_host *host, struct tpam_call *call)
{
	(void)host->header(call, "Authorization", 0);
	return identity(host, call);
}

static int32_t read_identity(const struct tpam_host *host, struct tpam_call *call)
{
	(void)host->identity_text(call, TPAM_FIELD_SUBJECT, 0);
	return identity(host, call);
}

static int32_t read_pointer(const struct tpam_host *host, struct tpam_call *call)
{
	(void)host->host_pointer(call);
	return identity(host, call);
}

static int32_t read_nonsense(const struct tpam_host *host, struct tpam_call *call)
{
	(void)host->item_text(call, INT32_MAX);
	(void)host->item_text(call, -1);
	return identity(host, call);
}

/* ---- What is set ---- */

static int32_t set_broken_utf8(const struct tpam_host *host, struct tpam_call *call)
{
	int32_t outcome = identity(host, call);
	set(host, call, TPAM_FIELD_NAME, "\xC3(");
	return outcome;
}

static int32_t set_control(const struct tpam_host *host, struct tpam_call *call)
{
	int32_t outcome = identity(host, call);
	set(host, call, TPAM_FIELD_NAME, "two\nlines");
	return outcome;
}

static int32_t set_long(const struct tpam_host *host, struct tpam_call *call)
{
	char text[LONG_TEXT + 1];
	int32_t outcome = identity(host, call);
	memset(text, 'x', LONG_TEXT);
	text[LONG_TEXT] = '\0';
	set(host, call, TPAM_FIELD_NAME, text);
	return outcome;
}

static int32_t set_scope(const struct tpam_host *host, struct tpam_call *call)
{
	int32_t outcome = identity(host, call);
	(void)host->add_text(call, TPAM_FIELD_SCOPES, "read write", strlen("read write"));
	return outcome;
}

static int32_t set_number(const struct tpam_host *host, struct tpam_call *call)
{
	int32_t outcome = identity(host, call);
	(void)host->set_number(call, TPAM_FIELD_SUBJECT, 7);
	return outcome;
}

static int32_t set_nonsense(const struct tpam_host *host, struct tpam_call *call)
{
	int32_t outcome = identity(host, call);
	set(host, call, 9999, "x");
	return outcome;
}

static int32_t set_deep_claims(const struct tpam_host *host, struct tpam_call *call)
{
	char text[2048] = "{\"a\":";
	int32_t outcome = identity(host, call);
	memset(text + 5, '[', 1000);
	memset(text + 1005, ']', 1000);
	strcpy(text + 2005, "}");
	set(host, call, TPAM_FIELD_CLAIMS, text);
	return outcome;
}

static int32_t set_double_claims(const struct tpam_host *host, struct tpam_call *call)
{
	int32_t outcome = identity(host, call);
	set(host, call, TPAM_FIELD_CLAIMS, "{\"admin\":false,\"admin\":true}");
	return outcome;
}

static int32_t set_list_claims(const struct tpam_host *host, struct tpam_call *call)
{
	int32_t outcome = identity(host, call);
	set(host, call, TPAM_FIELD_CLAIMS, "[1]");
	return outcome;
}

/* ---- What is told ---- */

static int32_t reason_unknown(const struct tpam_host *host, struct tpam_call *call)
{
	host->reason(call, 9999, NULL, NULL);
	return identity(host, call);
}

/* No fault of form: what is told must come out harmless. */
static int32_t told_control(const struct tpam_host *host, struct tpam_call *call)
{
	host->trace(call, "one\n2026-01-01 accepted \x1B[31mroot");
	host->reason(call, TPAM_REASON_UNKNOWN_TOKEN, "one\nline", "\xFF\x1B[0m");
	return TPAM_INVALID;
}

#define FAULT_LIST(X)                                                                              \
	X(none)                                                                                    \
	X(identity)                                                                                \
	X(no_identity)                                                                             \
	X(outcome_zero)                                                                            \
	X(outcome_99)                                                                              \
	X(outcome_negative)                                                                        \
	X(outcome_unlisted)                                                                        \
	X(pending)                                                                                 \
	X(read_text)                                                                               \
	X(read_credential)                                                                         \
	X(read_list)                                                                               \
	X(read_header)                                                                             \
	X(read_identity)                                                                           \
	X(read_pointer)                                                                            \
	X(read_nonsense)                                                                           \
	X(set_broken_utf8)                                                                         \
	X(set_control)                                                                             \
	X(set_long)                                                                                \
	X(set_scope)                                                                               \
	X(set_number)                                                                              \
	X(set_nonsense)                                                                            \
	X(set_deep_claims)                                                                         \
	X(set_double_claims)                                                                       \
	X(set_list_claims)                                                                         \
	X(reason_unknown)                                                                          \
	X(told_control)

static fault_fn *const faults[] = {
#define X(name) name,
	FAULT_LIST(X)
#undef X
};

static const char *const fault_words[] = {
#define X(name) #name,
	FAULT_LIST(X)
#undef X
		NULL};

static const char *const open_words[] = {"fine", "silent", "memory", "problem", "nonsense", NULL};

static const struct tpam_option option_fault = {
	.size = sizeof(option_fault),
	.type = TPAM_TYPE_ENUM,
	.name = "fault",
	.fallback = "none",
	.values = fault_words,
	.help = "What goes wrong in a call.",
};

static const struct tpam_option option_open = {
	.size = sizeof(option_open),
	.type = TPAM_TYPE_ENUM,
	.name = "open",
	.fallback = "fine",
	.values = open_words,
	.help = "How opening ends.",
};

static const struct tpam_option *const options[] = {&option_fault, &option_open, NULL};

/* The answers that the words of `open` stand for. */
static int32_t open_answer(const struct tpam_host *host, struct tpam_instance *instance)
{
	static const int32_t answers[] = {TPAM_OK, TPAM_E_SYSTEM, TPAM_E_MEMORY, TPAM_OK, 12345};
	int64_t word = 0;
	(void)host->option_number(instance, "open", 0, &word);
	if (strcmp(open_words[word], "problem") == 0)
		host->problem(instance, "open", 0, "problem", "anything else");
	return answers[word];
}

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct faulty *faulty = calloc(1, sizeof(*faulty));
	if (!faulty)
		return TPAM_E_MEMORY;
	faulty->host = host;
	(void)host->option_number(instance, "fault", 0, &faulty->fault);
	int32_t code = open_answer(host, instance);
	if (code == TPAM_OK)
		*ret_state = faulty;
	else
		free(faulty);
	return code;
}

static int32_t run(void *state, struct tpam_call *call)
{
	const struct faulty *faulty = state;
	return faults[faulty->fault](faulty->host, call);
}

/* In account and session the same faults, of which `identity` is one there. */
static int32_t run_later(void *state, struct tpam_call *call)
{
	const struct faulty *faulty = state;
	return faults[faulty->fault] == none ? TPAM_SUCCESS : run(state, call);
}

static const struct tpam_provider provider = {
	.size = sizeof(provider),
	.abi = TPAM_ABI,
	.name = "faulty",
	.version = "1",
	.summary = "Breaks its contract as it is told.",
	.role = ROLE,
	.groups = TPAM_AUTH | TPAM_ACCOUNT | TPAM_SESSION,
	.flags = TPAM_CONCURRENT | TPAM_TEST_ONLY,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(INVALID),
	.options = options,
	.open = open_instance,
	.close = free,
	.authenticate = run,
	.account = run_later,
	.session = run_later,
};

TPAM_PROVIDER(provider)
