/*
 * provider.h - the contract between the loader and a provider plugin.
 *
 * A plugin is a shared object that exports one function, tpam_provider_v1(), which returns a constant
 * descriptor. The loader checks the descriptor, creates an instance for each [provider:NAME] section that
 * names the plugin, and calls the instance's functions while it runs a stack. plugins/custom/custom.c is the
 * smallest complete example; tokenpam-provider(7) tells the same story at length.
 *
 * What a plugin may rely on
 *   - Nothing of the host is needed by symbol: the loader hands struct tpam_host to open(), and it stays
 *     valid for as long as the process lives.
 *   - Strings that the loader passes are UTF-8, NUL-terminated and without control characters, and live until
 *     the function they were passed to or asked for in returns; options live as long as the instance. Setters
 *     copy.
 *   - Every pointer that the loader passes is valid in the call it is passed to, and nowhere else, unless its
 *     description says otherwise.
 *
 * What a plugin must keep
 *   - All state hangs on the instance: no writable globals. One plugin may be configured many times.
 *   - open() parses and checks. It starts no thread, opens no connection and keeps no descriptor.
 *   - A function returns an outcome of outcomes.def. Anything else, success without an identity from a
 *     provider of role identity in auth, an identity set by another role, or an input read that the
 *     descriptor does not list, is a broken contract: the request is denied with outcome error, and the log
 *     says which plugin did what.
 *   - A credential, or a part of one, never goes into reason(), trace(), log() or a field of the identity.
 *   - No exceptions, longjmp, exit, signals, locale or working directory changes across the border.
 *
 * Evolution: structures begin with their size, are only appended to, and a member is used only where both
 * sides have it (TPAM_HAS). The name of the entry changes when that is not enough. Until version 1 is
 * declared frozen the header may still change.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TOKENPAM_PROVIDER_H
#define TOKENPAM_PROVIDER_H

#include <stddef.h>
#include <stdint.h>

#include <tokenpam/codes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The minor version of this header: raised whenever a structure grows. */
#define TPAM_ABI 4

/* True where the other side's structure reaches as far as `member`. */
#define TPAM_HAS(object, member)                                                                   \
	((size_t)(object)->size >=                                                                 \
		offsetof(__typeof__(*(object)), member) + sizeof((object)->member))

/* The bit of an item in tpam_provider.inputs and inputs_needed. */
#define TPAM_INPUT(item) (UINT64_C(1) << TPAM_ITEM_##item)

/* The bit of an outcome in tpam_provider.outcomes. */
#define TPAM_MAY(outcome) (UINT32_C(1) << TPAM_##outcome)

/* What a provider is for. */
enum tpam_role {
	TPAM_ROLE_IDENTITY = 1, /* recognises credentials and says whose they are */
	TPAM_ROLE_CHECK = 2,    /* looks at the request or the identity; identifies nobody */
	TPAM_ROLE_UTILITY =
		3 /* a constant of the stack, as permit and deny; its outcomes explain nothing */
};

/* How a provider makes sure that a credential was made for us. */
enum tpam_binding {
	TPAM_BINDING_NONE = 0, /* does not, or its operator configures each credential by hand */
	TPAM_BINDING_AUDIENCE =
		1, /* sets TPAM_FIELD_AUDIENCES; the loader compares them and offers option `audience` */
	TPAM_BINDING_CLIENT = 2 /* compares the client the credential was issued to, by itself */
};

/* tpam_provider.flags */
enum tpam_provider_flag {
	TPAM_CONCURRENT =
		1, /* one instance may be called from many threads at once; else the loader takes turns */
	TPAM_BLOCKING = 2,  /* a call may block on something other than the host table's fetches */
	TPAM_TEST_ONLY = 4, /* refused in production */
	/* the owner of a token chose its scopes: they are not ours until a grant says so */
	TPAM_TOKEN_SCOPES_DROP = 8
};

enum tpam_option_type {
	TPAM_TYPE_TEXT = 1,
	TPAM_TYPE_BOOL = 2,     /* on, off, yes, no, true, false; number 1 or 0 */
	TPAM_TYPE_NUMBER = 3,   /* decimal, not negative */
	TPAM_TYPE_DURATION = 4, /* decimal with unit ms, s, m, h or d; number in milliseconds */
	TPAM_TYPE_SIZE = 5,     /* decimal with unit B, KiB or MiB; number in bytes */
	TPAM_TYPE_ENUM = 6,     /* one of `values`; number is its index */
	TPAM_TYPE_PATH =
		7, /* of a file; made absolute, relative to the file that the option stands in */
	TPAM_TYPE_URL =
		8 /* https, or http to a loopback address (to any in development mode, with a warning) */
};

enum tpam_option_flag {
	TPAM_OPTION_REQUIRED = 1,
	TPAM_OPTION_LIST = 2, /* several words on a line */
	TPAM_OPTION_REPEATABLE =
		4, /* several lines, each one value: the whole line, quotes removed */
	TPAM_OPTION_SECRET =
		8, /* never shown; in production only by ${env:}, ${file:} or ${cred:} */
	TPAM_OPTION_DEPRECATED = 16 /* works, and 'check' says to use what `help` names */
};

/*
 * One option of a provider. Name: [a-z][a-z0-9_]*, at most 40 bytes. From this
 * table come the checks with file and line, "tokenpam plugin show" and completion,
 * so `help` is one sentence for people. Names that every provider has are refused
 * here: plugin, credential, link, leeway, expire_soon, anonymous, token_scopes, grant, cache_ttl, cache_negative_ttl,
 * stale_if_error, guard_client, guard_upstream, audience (where bound by it).
 */
struct tpam_option {
	uint32_t size; /* sizeof(struct tpam_option) */
	uint32_t type; /* enum tpam_option_type */
	uint32_t flags;
	uint32_t reserved; /* 0 */
	const char *name;
	const char *fallback;      /* the default as it would be written, or NULL */
	const char *const *values; /* for TPAM_TYPE_ENUM: the words, NULL-terminated; else NULL */
	const char *help;
};

/* Entries of a descriptor's `options`, at file scope of a C source. `words`: as `values`. */
#define TPAM_OPTION(type, flags, name, fallback, help)                                             \
	&(const struct tpam_option)                                                                \
	{                                                                                          \
		sizeof(struct tpam_option), (type), (flags), 0, (name), (fallback), NULL, (help)   \
	}
#define TPAM_OPTION_ENUM(name, words, fallback, help)                                              \
	&(const struct tpam_option)                                                                \
	{                                                                                          \
		sizeof(struct tpam_option), TPAM_TYPE_ENUM, 0, 0, (name), (fallback), (words),     \
			(help)                                                                     \
	}

/* How tpam_host.read_file() reads. */
enum tpam_file_flag {
	TPAM_FILE_SECRET = 1, /* nobody else may read it */
	/*
	 * Since 3: it is the provider's own business, as a file that it writes, or looks after by itself;
	 * its changing is no reason to load the configuration again.
	 */
	TPAM_FILE_OWN = 2
};

/* What tpam_host.event() tells. */
enum tpam_event {
	TPAM_EVENT_KEYS = 1, /* an issuer's keys are others than before, or cannot be had */
	TPAM_EVENT_REVOCATION =
		2 /* what is revoked is something else than before, or cannot be told */
};

struct tpam_instance; /* a configured provider; the loader's */
struct tpam_call;     /* one rule being run for one request; the loader's */
struct tpam_waker;    /* what wakes a parked call; the loader's */

/*
 * What the loader offers to plugins. Functions that take an instance alone may be called whenever the
 * instance is open, from any thread, unless said otherwise; functions that take a call, only from within that
 * call's function and in its thread. Codes are of enum tpam_code. No function calls back into the plugin.
 */
struct tpam_host {
	uint32_t size;
	uint32_t abi; /* TPAM_ABI of the loader */

	/*
	 * Options: only those that the descriptor lists. They were checked before open().
	 *
	 * option_count: how many values the option has; its default counts as one.
	 * option_text:  value `index`, NULL beyond the last. Lives as long as the instance.
	 * option_number: the value as a number of the option's type; TPAM_E_UNSET beyond the last.
	 */
	uint32_t (*option_count)(const struct tpam_instance *instance, const char *name);
	const char *(*option_text)(
		const struct tpam_instance *instance, const char *name, uint32_t index);
	int32_t (*option_number)(const struct tpam_instance *instance, const char *name,
		uint32_t index, int64_t *ret);

	/* The instance's name, as in [provider:NAME]. */
	const char *(*name)(const struct tpam_instance *instance);

	/*
	 * Only in open(): reports that the value of an option does not do. The loader adds file, line and
	 * column, and the configuration does not load. Several problems may be reported; `option` NULL means
	 * the section. `got` is left out for options flagged secret.
	 */
	void (*problem)(struct tpam_instance *instance, const char *option, uint32_t index,
		const char *got, const char *expected);

	/* Only in open(): as problem(), but a line of a file that an option names. */
	void (*problem_at)(struct tpam_instance *instance, const char *path, uint32_t line,
		uint32_t column, const char *got, const char *expected);

	/*
	 * Only in open(): a scope that this instance can give. An instance that names none may give any;
	 * where all providers of a stack named theirs, 'check' warns of requirements that nobody can meet.
	 */
	int32_t (*offer_scope)(struct tpam_instance *instance, const char *scope);

	/*
	 * Reads the whole of a file that belongs to the configuration, safely: regular, not writable by
	 * others and, with TPAM_FILE_SECRET in `flags`, not readable by others (development mode warns
	 * instead), at most `limit` bytes. The bytes are followed by a NUL that `ret_length` does not count.
	 * They are wiped and freed by release(), which takes NULL, too. TPAM_E_SYSTEM sets errno;
	 * TPAM_E_CONFIG is a file with the wrong owner or mode, which has been logged. A file that is read in open() is one that the
	 * configuration was made from: when it changes, the loader loads all of it again.
	 */
	int32_t (*read_file)(const struct tpam_instance *instance, const char *path, uint32_t flags,
		uint64_t limit, char **ret_bytes, uint64_t *ret_length);
	void (*release)(void *bytes, uint64_t length);

	/* Clocks in nanoseconds; wall: since 1970 (UTC), monotonic: since some moment in the past. */
	int64_t (*clock_wall)(const struct tpam_instance *instance);
	int64_t (*clock_monotonic)(const struct tpam_instance *instance);

	/* The leeway for comparisons of times, in seconds: the section's own, else that of [tokenpam]. */
	int64_t (*leeway)(const struct tpam_instance *instance);

	/* Writes to the host's log, with the instance's name in front. Level: enum tpam_log_level. */
	void (*log)(const struct tpam_instance *instance, int32_t level, const char *text);

	/*
	 * Inputs, only those that the descriptor lists. A getter returns NULL where the host set nothing.
	 *
	 * item_text:  items that are text; arguments and other JSON too.
	 * item_bytes: items that are bytes, the credential foremost; followed by a NUL that `ret_length` does
	 * not count.
	 * item_list:  element `index` of the tags, or of the audiences a token must be made for.
	 * header:     value `index` of the header `name` (case does not matter), as the client sent it: any
	 *             bytes but NUL, CR and LF.
	 * identity_text, identity_number: a field of the identity, in account and session. `index` counts a
	 * list.
	 * host_pointer: what tpam_request_set_host_pointer() set.
	 */
	const char *(*item_text)(struct tpam_call *call, int32_t item);
	const void *(*item_bytes)(struct tpam_call *call, int32_t item, uint64_t *ret_length);
	const char *(*item_list)(struct tpam_call *call, int32_t item, uint32_t index);
	const char *(*header)(struct tpam_call *call, const char *name, uint32_t index);
	const char *(*identity_text)(struct tpam_call *call, int32_t field, uint32_t index);
	int32_t (*identity_number)(struct tpam_call *call, int32_t field, int64_t *ret);
	void *(*host_pointer)(struct tpam_call *call);

	/*
	 * The identity, in auth and from role identity. Setting a field again replaces it; add_text() appends
	 * to a list and drops what is already in it. Text must be UTF-8 without control characters (claims:
	 * one JSON object, no deeper than max_json_depth, no member twice). What was set counts only if the
	 * rule ends well. A setter that is refused makes the outcome error whatever is returned, and one that
	 * goes beyond a limit (TPAM_E_LIMIT: 4 KiB of text, 64 KiB of claims, 4,096 elements) makes it
	 * invalid, so the code may be ignored.
	 */
	int32_t (*set_text)(
		struct tpam_call *call, int32_t field, const char *text, uint64_t length);
	int32_t (*set_number)(struct tpam_call *call, int32_t field, int64_t value);
	int32_t (*add_text)(
		struct tpam_call *call, int32_t field, const char *text, uint64_t length);

	/*
	 * Why the rule ends as it does: a reason, what would have done and what came instead, each NULL where
	 * it says nothing. The client never sees expected and got. The last call counts.
	 */
	void (*reason)(
		struct tpam_call *call, int32_t reason, const char *expected, const char *got);

	/* A note for whoever reads the trace: a step, one line. */
	void (*trace)(struct tpam_call *call, const char *text);

	/*
	 * What goes into the challenge or Retry-After of a refusal: a parameter of the WWW-Authenticate
	 * challenge of `scheme` (quoted by the loader), and the seconds to wait.
	 */
	int32_t (*challenge)(
		struct tpam_call *call, const char *scheme, const char *name, const char *value);
	void (*retry_after)(struct tpam_call *call, int64_t seconds);

	/*
	 * Memory that outlives re-runs of a parked call and ends with the request: the address of a pointer
	 * that is NULL at first, one for each (owner, key). `owner` is the address of something of the
	 * plugin's: its state for what belongs to the instance, a static object for what all its instances
	 * share. `destroy` is called with what the pointer then holds, if it is not NULL. NULL: no memory.
	 */
	void **(*slot)(struct tpam_call *call, const void *owner, const char *key,
		void (*destroy)(void *));

	/*
	 * Waiting. is_async: 1 where the call may be parked, 0 where it must wait by itself. deadline:
	 * monotonic nanoseconds after which nobody wants the answer, 0 for never. park: a waker for this
	 * call, or NULL where it cannot be parked; a provider that got one returns TPAM_PENDING and is run
	 * again from its top once wake() was called, from any thread, even before it returned. A waker
	 * belongs to the caller, stays valid after the call has ended or was cancelled, and is given back
	 * once with waker_release(). At most 32 runs a rule and request.
	 */
	int32_t (*is_async)(struct tpam_call *call);
	int64_t (*deadline)(struct tpam_call *call);
	struct tpam_waker *(*park)(struct tpam_call *call);
	void (*wake)(struct tpam_waker *waker);
	void (*waker_release)(struct tpam_waker *waker);

	/*
	 * Caching. cache: in auth, the verdict of this run may be kept for this many seconds, at most until
	 * it expires; keeping is the loader's choice. cache_flush: forget what was kept of this instance,
	 * after keys or revocations changed; what runs that began before come to is not kept either.
	 */
	void (*cache)(struct tpam_call *call, int64_t seconds);
	void (*cache_flush)(struct tpam_instance *instance);

	/*
	 * Since 2, and only in calls. 1 where something in the configuration looks at a field of the
	 * identities that this instance sets, and `like` is NULL or would match it, * and ? in it standing for
	 * what is not known yet; 0 where nothing does: what must be fetched for it need not be, then.
	 */
	int32_t (*wanted)(const struct tpam_instance *instance, int32_t field, const char *like);

	/*
	 * Since 2. Only in open(), of a provider that is bound by audience: as it is configured, the client a
	 * credential was issued to binds it instead, and the provider compares that by itself.
	 */
	int32_t (*bind_by_client)(struct tpam_instance *instance);

	/*
	 * Since 2. 1 where the section says audience = none: its operator accepts credentials that were made for
	 * anybody. Where nothing else binds them to us a provider accepts them then, and only then.
	 */
	int32_t (*audience_none)(const struct tpam_instance *instance);

	/*
	 * Since 2. Only in open(): credentials that begin so are this provider's, and are shown to no other of the
	 * same rules that would take them for want of a better (accept = opaque), whatever becomes of them here. What the
	 * option `accept` says with prefix:WORD need not be said again. At most 128 bytes.
	 */
	int32_t (*own_prefix)(struct tpam_instance *instance, const char *prefix);

	/*
	 * Since 3. As offer_scope(), for any field that requirements look at: a value that this instance can
	 * give it. NULL is none, so that what is never set, be it text, number or claims, can be said too.
	 */
	int32_t (*offer)(struct tpam_instance *instance, int32_t field, const char *value);

	/*
	 * Since 3. Something for the operator's audit, if there is one: what happened (enum tpam_event), how it ended (an
	 * outcome), and a sentence without a credential. Not in open().
	 */
	void (*event)(const struct tpam_instance *instance, int32_t event, int32_t outcome,
		const char *text);

	/*
	 * Since 3, and only in calls: the same as wanted() of an identity whose field has the value `known`
	 * anyhow. What looks at that, too, is met already and does not count.
	 */
	int32_t (*wanted_beside)(const struct tpam_instance *instance, int32_t field,
		const char *like, const char *known);

	/*
	 * Since 3. 1 where somebody only asks what would be, and is let in by no answer: what counts, locks or
	 * tells others does nothing of that then.
	 */
	int32_t (*simulated)(struct tpam_call *call);

	/*
	 * Since 4. Zeroed memory for what must not be read by others, as a key or a password: it stays out of
	 * core dumps, is locked as far as the process may, and is wiped and given back by release(). NULL
	 * without memory; a process has 64 MiB of it, which its plugins share. Options flagged secret, and
	 * what read_file() reads with TPAM_FILE_SECRET, lie there. At any time, from any thread.
	 */
	void *(*allocate)(uint64_t length);

	/*
	 * Since 4. Only in open(): what an option says is taken, and its operator should know what comes of it, as
	 * 'check' tells them, and the log. The loader adds file, line and column; `option` NULL means the section.
	 * No value of an option flagged secret.
	 */
	void (*warning)(struct tpam_instance *instance, const char *option, uint32_t index,
		const char *text);
};

/* What a plugin is. Constant: it and all that it points to live as long as the process. */
struct tpam_provider {
	uint32_t size; /* sizeof(struct tpam_provider) */
	uint32_t abi;  /* TPAM_ABI of the header that the plugin was built with */

	const char *name;    /* [a-z][a-z0-9_-]*, at most 40 bytes */
	const char *version; /* of the plugin, for people */
	const char *summary; /* one sentence */

	uint32_t role;     /* enum tpam_role */
	uint32_t groups;   /* bits of enum tpam_group that it serves */
	uint32_t binding;  /* enum tpam_binding */
	uint32_t flags;    /* enum tpam_provider_flag */
	uint32_t outcomes; /* TPAM_MAY() of all that it ever returns, or 0 for any */
	uint32_t reserved; /* 0 */

	/*
	 * What it reads of the request, and what it cannot do without. Where
	 * a needed item is unset the loader does not call it: no_credential
	 * if it is the credential, else error with reason missing_input.
	 */
	uint64_t inputs;
	uint64_t inputs_needed;

	/*
	 * Where it may find its credential, the usual place first,
	 * NULL-terminated: "bearer", "basic", "header:NAME", "cookie:NAME". The
	 * first is the default of the option `credential`. NULL if it takes none.
	 */
	const char *const *credentials;

	const struct tpam_option *const *options; /* NULL-terminated, or NULL */

	/*
	 * Creates an instance. TPAM_OK and the state, which is passed to every other function; or another
	 * code, after problem() where an option is to blame. Nothing is kept of `instance` but the pointer,
	 * which stays valid until close(). Never called twice at once for one plugin.
	 */
	int32_t (*open)(
		const struct tpam_host *host, struct tpam_instance *instance, void **ret_state);

	/* Frees what open() made. Called once, when no call is running and none will come. May be NULL. */
	void (*close)(void *state);

	/* One function a group that it serves, else NULL. Each returns an outcome. */
	int32_t (*authenticate)(void *state, struct tpam_call *call);
	int32_t (*account)(void *state, struct tpam_call *call);
	int32_t (*session)(void *state, struct tpam_call *call);

	/*
	 * Asks again whether a kept verdict still holds for this request (revocation, replay, proof). Success
	 * lets it stand; anything else is the outcome. identity_text() and identity_number() give what the
	 * verdict says, whatever `inputs` lists; nothing can be set. If cache_flush() is called meanwhile,
	 * success leads to authenticate(). May be NULL.
	 */
	int32_t (*recheck)(void *state, struct tpam_call *call);

	/*
	 * Since 2. Finds out whether the instance could decide, for an operator who asks: may fetch, and
	 * waits. There is no request, so no input but what the configuration says. Success, with what is
	 * worth knowing in TPAM_FIELD_CLAIMS, or the outcome that calls would have, with its reason. May
	 * be NULL: there is nothing to find out.
	 */
	int32_t (*probe)(void *state, struct tpam_call *call);
};

/*
 * Padding would let a later member hide in an older structure's size; LP64 is what the layout is written for.
 */
#if UINTPTR_MAX == UINT64_MAX && !defined(__cplusplus)
_Static_assert(sizeof(struct tpam_option) == 48, "struct tpam_option has no padding");
_Static_assert(sizeof(struct tpam_host) % 8 == 0, "struct tpam_host ends on a multiple of 8");
_Static_assert(sizeof(struct tpam_provider) == 144, "struct tpam_provider has no padding");
#endif

/* The one name that a plugin exports. */
#define TPAM_PROVIDER_ENTRY "tpam_provider_v1"

#ifdef __cplusplus
#define TPAM_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define TPAM_EXPORT __attribute__((visibility("default")))
#endif

TPAM_EXPORT const struct tpam_provider *tpam_provider_v1(void);

/* Writes the entry: TPAM_PROVIDER(descriptor) at the end of the plugin's source. */
#define TPAM_PROVIDER(descriptor)                                                                  \
	TPAM_EXPORT const struct tpam_provider *tpam_provider_v1(void)                             \
	{                                                                                          \
		return &(descriptor);                                                              \
	}

#ifdef __cplusplus
}
#endif

#endif
