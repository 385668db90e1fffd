/*
 * pam.c - the system's libpam, asked about a stack.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "stacks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <security/pam_appl.h>

/* One code for each outcome, none for two. */
static const struct {
	int32_t outcome;
	int code;
	const char *word;
} codes[] = {
	{TPAM_SUCCESS, PAM_SUCCESS, "success"},
	{TPAM_EXPIRING, PAM_NEW_AUTHTOK_REQD, "new_authtok_reqd"},
	{TPAM_IGNORE, PAM_IGNORE, "ignore"},
	{TPAM_NO_CREDENTIAL, PAM_CRED_UNAVAIL, "cred_unavail"},
	{TPAM_FOREIGN, PAM_USER_UNKNOWN, "user_unknown"},
	{TPAM_MALFORMED, PAM_SERVICE_ERR, "service_err"},
	{TPAM_INVALID, PAM_AUTH_ERR, "auth_err"},
	{TPAM_EXPIRED, PAM_CRED_EXPIRED, "cred_expired"},
	{TPAM_REVOKED, PAM_ACCT_EXPIRED, "acct_expired"},
	{TPAM_STEP_UP, PAM_CRED_INSUFFICIENT, "cred_insufficient"},
	{TPAM_DENIED, PAM_PERM_DENIED, "perm_denied"},
	{TPAM_RATE_LIMITED, PAM_MAXTRIES, "maxtries"},
	{TPAM_UNAVAILABLE, PAM_AUTHINFO_UNAVAIL, "authinfo_unavail"},
	{TPAM_ERROR, PAM_ABORT, "abort"},
};

#define CODE_COUNT (sizeof(codes) / sizeof(codes[0]))

int32_t pam_to_outcome(int code)
{
	for (size_t i = 0; i < CODE_COUNT; i++) {
		if (codes[i].code == code)
			return codes[i].outcome;
	}
	return -1;
}

int outcome_to_pam(int32_t outcome)
{
	for (size_t i = 0; i < CODE_COUNT; i++) {
		if (codes[i].outcome == outcome)
			return codes[i].code;
	}
	return outcome == TPAM_PENDING ? PAM_INCOMPLETE : ALIEN;
}

const char *outcome_pam_word(int32_t outcome)
{
	return codes[outcome - 1].word;
}

/* The run that libpam is in; the probe module tells it of each call. */
static struct run *running;
static const struct target *targets[TARGETS_MAX];

__attribute__((visibility("default"))) int probe_call(size_t number);
int probe_call(size_t number)
{
	return outcome_to_pam(run_call(running, targets[number]));
}

/* As root libpam would answer PAM_SYSTEM_ERR where the audit record cannot be written: there is no audit here. */
__attribute__((visibility("default"))) int audit_open(void);
int audit_open(void)
{
	errno = EPROTONOSUPPORT;
	return -1;
}

/* Without this libpam sleeps after a failure that asked for it. */
static void no_delay(int status, unsigned microseconds, void *data)
{
	(void)status;
	(void)microseconds;
	(void)data;
}

static int no_conversation(
	int count, const struct pam_message **messages, struct pam_response **responses, void *data)
{
	(void)count;
	(void)messages;
	(void)responses;
	(void)data;
	return PAM_CONV_ERR;
}

static void note_targets(const struct stacks *stacks)
{
	for (size_t i = 0; i < stacks->count; i++) {
		for (size_t j = 0; j < stacks->list[i].count; j++) {
			const struct line *line = &stacks->list[i].lines[j];
			for (size_t k = 0; line->kind == KIND_RULE && k < line->target_count; k++)
				targets[line->targets[k].number] = &line->targets[k];
		}
	}
}

bool pam_run(struct run *run, const struct stacks *stacks, const char *folder)
{
	static const struct pam_conv conversation = {.conv = no_conversation};
	void (*delay)(int, unsigned, void *) = no_delay;
	const void *item;
	pam_handle_t *pam = NULL;
	memcpy(&item, &delay, sizeof(item));
	*run = (struct run){.count = 0};
	running = run;
	note_targets(stacks);
	if (pam_start_confdir("service", "nobody", &conversation, folder, &pam) != PAM_SUCCESS)
		return false;
	int code = pam_set_item(pam, PAM_FAIL_DELAY, item);
	if (code == PAM_SUCCESS) {
		do
			code = pam_authenticate(pam, 0);
		while (code == PAM_INCOMPLETE && run->count < RUNS_MAX);
	}
	run->code = pam_to_outcome(code);
	pam_end(pam, code);
	return run->code > 0;
}
