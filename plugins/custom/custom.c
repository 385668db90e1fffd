/*
 * custom.c - the smallest complete provider, to begin one's own with.
 *
 * It takes tokens that consist of a prefix and one shared key, for instance "acme_" and 32 random letters, and says
 * that whoever has the key is `subject`. tokenpam-provider(7) walks through it line by line.
 *
 *     cc -shared -fPIC -fvisibility=hidden -o custom.so custom.c $(pkg-config --cflags tokenpam)
 *
 *     [provider:acme]
 *     plugin  = ./custom.so
 *     key     = ${file:/run/secrets/acme}
 *     subject = acme-batch
 *     scopes  = notes.read
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <tokenpam/provider.h>

#define KEY_MIN 16 /* bytes */

/* All that an instance knows. It hangs on the instance: the same plugin may be configured many times. */
struct custom {
	const struct tpam_host *host;
	const struct tpam_instance *instance;
	const char *prefix; /* options live as long as the instance, so there is nothing to copy */
	const char *key;
};

/* Looks at the options and does nothing else: "tokenpam check" must work without a network. */
static int32_t custom_open(
	const struct tpam_host *host, struct tpam_instance *instance, void **ret_state)
{
	struct custom *custom = (struct custom *)calloc(1, sizeof(*custom));
	if (!custom)
		return TPAM_E_MEMORY;
	custom->host = host;
	custom->instance = instance;
	custom->prefix = host->option_text(instance, "prefix", 0);
	custom->key = host->option_text(instance, "key", 0);

	/* The loader adds file, line and column, and does not load the configuration. */
	if (strlen(custom->key) < KEY_MIN)
		host->problem(instance, "key", 0, NULL, "a key of at least 16 bytes");
	*ret_state = custom;
	return TPAM_OK;
}

static void custom_close(void *state)
{
	free(state);
}

/* How long this takes says nothing about where the two differ. */
static int same_secret(const char *one, size_t one_length, const char *other, size_t other_length)
{
	volatile unsigned char difference = one_length != other_length;
	for (size_t i = 0; i < one_length && other_length > 0; i++)
		difference = (unsigned char)(difference | (one[i] ^ other[i % other_length]));
	return difference == 0;
}

/* Sets who it is. The loader refuses a success that comes without a subject. */
static void identify(const struct custom *custom, struct tpam_call *call)
{
	const struct tpam_host *host = custom->host;
	const char *subject = host->option_text(custom->instance, "subject", 0);
	host->set_text(call, TPAM_FIELD_SUBJECT, subject, strlen(subject));
	for (uint32_t i = 0; i < host->option_count(custom->instance, "scopes"); i++) {
		const char *scope = host->option_text(custom->instance, "scopes", i);
		host->add_text(call, TPAM_FIELD_SCOPES, scope, strlen(scope));
	}
}

/* Called for each request, by many threads at once, since the descriptor says TPAM_CONCURRENT. */
static int32_t custom_authenticate(void *state, struct tpam_call *call)
{
	const struct custom *custom = (const struct custom *)state;
	const struct tpam_host *host = custom->host;
	size_t prefix_length = strlen(custom->prefix);
	uint64_t length = 0;
	const char *token = (const char *)host->item_bytes(call, TPAM_ITEM_CREDENTIAL, &length);

	/* Another provider's token: say so, and the stack may ask the next one. */
	if (length < prefix_length || memcmp(token, custom->prefix, prefix_length) != 0)
		return TPAM_FOREIGN;

	/* Ours, and bad. The reason is for the operator; the token itself never goes into it. */
	if (!same_secret(token + prefix_length, (size_t)length - prefix_length, custom->key,
		    strlen(custom->key))) {
		host->reason(call, TPAM_REASON_UNKNOWN_TOKEN, "the key of this provider", NULL);
		return TPAM_INVALID;
	}
	identify(custom, call);
	return TPAM_SUCCESS;
}

/* The options: from these come the checks with file and line, and "tokenpam plugin show". */
static const struct tpam_option option_key = {sizeof(struct tpam_option), TPAM_TYPE_TEXT,
	TPAM_OPTION_REQUIRED | TPAM_OPTION_SECRET, 0, "key", NULL, NULL,
	"The key that follows the prefix in a token."};

static const struct tpam_option option_prefix = {sizeof(struct tpam_option), TPAM_TYPE_TEXT, 0, 0,
	"prefix", "custom_", NULL, "What tokens of this kind begin with."};

static const struct tpam_option option_subject = {sizeof(struct tpam_option), TPAM_TYPE_TEXT,
	TPAM_OPTION_REQUIRED, 0, "subject", NULL, NULL, "Who has the key."};

static const struct tpam_option option_scopes = {sizeof(struct tpam_option), TPAM_TYPE_TEXT,
	TPAM_OPTION_LIST, 0, "scopes", NULL, NULL, "What the holder of the key may do."};

static const struct tpam_option *const options[] = {
	&option_key, &option_prefix, &option_subject, &option_scopes, NULL};

static const char *const credentials[] = {"bearer", NULL};

/* What this plugin is. Members in the order of the structure, so that C++ takes it, too. */
static const struct tpam_provider provider = {
	.size = sizeof(struct tpam_provider),
	.abi = TPAM_ABI,
	.name = "custom",
	.version = "1",
	.summary = "Takes one shared key behind a prefix.",
	.role = TPAM_ROLE_IDENTITY,
	.groups = TPAM_AUTH,
	.binding = TPAM_BINDING_NONE,
	.flags = TPAM_CONCURRENT,
	.outcomes = TPAM_MAY(SUCCESS) | TPAM_MAY(FOREIGN) | TPAM_MAY(INVALID),
	.reserved = 0,
	.inputs = TPAM_INPUT(CREDENTIAL),
	.inputs_needed = TPAM_INPUT(CREDENTIAL), /* without one the loader answers no_credential */
	.credentials = credentials,
	.options = options,
	.open = custom_open,
	.close = custom_close,
	.authenticate = custom_authenticate,
	.account = NULL,
	.session = NULL,
	.recheck = NULL,
	.probe = NULL,
};

TPAM_PROVIDER(provider)
