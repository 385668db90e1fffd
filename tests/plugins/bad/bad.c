/*
 * bad.c - plugins whose descriptor does not do; each build with -DBAD_... is another one.
 *
 * The unit test of descriptors has the many; these are the ones that matter to the loader itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <tokenpam/provider.h>

#ifdef BAD_TOO_SMALL
#define SIZE 128 /* as from before the first version */
#elif defined BAD_ODD_SIZE
#define SIZE 140 /* a member that hides in padding */
#else
#define SIZE sizeof(struct tpam_provider)
#endif

#ifdef BAD_NULL_TEXTS
#define TEXT(text) NULL
#else
#define TEXT(text) text
#endif

#ifdef BAD_UNBUILT_GROUP
#define GROUPS (TPAM_AUTH | TPAM_LOGIN)
#else
#define GROUPS TPAM_AUTH
#endif

#ifdef BAD_OPTIONS
static const struct tpam_option option_unnamed = {
	.size = sizeof(option_unnamed), .type = TPAM_TYPE_TEXT, .help = "Has no name."};

static const struct tpam_option option_taken = {.size = sizeof(option_taken),
	.type = TPAM_TYPE_TEXT,
	.name = "plugin",
	.help = "Is the loader's."};

static const struct tpam_option option_default = {.size = sizeof(option_default),
	.type = TPAM_TYPE_DURATION,
	.name = "patience",
	.fallback = "30",
	.help = "Lacks a unit in its default."};

static const struct tpam_option *const options[] = {
	&option_taken, &option_default, &option_unnamed, NULL};
#define OPTIONS options
#else
#define OPTIONS NULL
#endif

static int32_t open_instance(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	(void)host;
	(void)instance;
	*ret_state = NULL;
	return TPAM_OK;
}

static int32_t authenticate(void *state, struct tpam_call *call)
{
	(void)state;
	(void)call;
	return TPAM_SUCCESS;
}

__attribute__((used)) static const struct tpam_provider provider = {
	.size = SIZE,
	.abi = TPAM_ABI,
	.name = TEXT("bad"),
	.version = TEXT("1"),
	.summary = TEXT("Ought not to load."),
	.role = TPAM_ROLE_CHECK,
	.groups = GROUPS,
	.options = OPTIONS,
	.open = open_instance,
	.authenticate = authenticate,
};

#ifdef BAD_NULL
#define ANSWER NULL
#else
#define ANSWER &provider
#endif

#ifdef BAD_NO_ENTRY
#define ENTRY tpam_provider_v9
TPAM_EXPORT const struct tpam_provider *tpam_provider_v9(void);
#else
#define ENTRY tpam_provider_v1
#endif

const struct tpam_provider *ENTRY(void)
{
	return ANSWER;
}
