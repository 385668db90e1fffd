/*
 * codes.h - the numbers that hosts and plugins share: outcomes, reasons, groups, items, fields.
 *
 * Included by tokenpam.h and by provider.h; nobody needs to include it alone. All of them cross the plugin
 * border as int32_t or uint32_t, only grow at their ends, and are never renumbered.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TOKENPAM_CODES_H
#define TOKENPAM_CODES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a rule, a group and a decision come to; outcomes.def has the meaning of each. */
enum tpam_outcome {
#define X(number, NAME, name, status, weight, meaning) TPAM_##NAME = number,
#include <tokenpam/outcomes.def>
#undef X
	/* Returned by a provider alone: the call is parked and is to be run again when woken. No outcome. */
	TPAM_PENDING = 100
};

/* One more than the largest outcome. */
#define TPAM_OUTCOME_LIMIT 15

/* Why; reasons.def has the meaning of each and what to do about it. */
enum tpam_reason {
	TPAM_REASON_NONE = 0,
#define X(number, NAME, name, meaning, remedy) TPAM_REASON_##NAME = number,
#include <tokenpam/reasons.def>
#undef X
};

/* What an entry point of the library or of the host table returns; anything but TPAM_OK is negative. */
enum tpam_code {
	TPAM_OK = 0,
	TPAM_E_MEMORY = -1,   /* an allocation failed */
	TPAM_E_ARGUMENT = -2, /* the caller passed what the function's description rules out */
	TPAM_E_LIMIT = -3,    /* larger than a limit */
	TPAM_E_CONFIG = -4,   /* the configuration does not load; the report says why */
	TPAM_E_SYSTEM = -5,   /* the operating system refused; errno says why */
	TPAM_E_UNSET = -6,    /* there is no such value */
	TPAM_E_CONTRACT = -7, /* a plugin did what its descriptor or provider.h rules out */
	TPAM_E_CANCELLED = -8 /* the caller has given it up */
};

/* Groups of rules, as in PAM. Bits: a descriptor lists those that it serves. */
enum tpam_group {
	TPAM_AUTH = 1,    /* whose credential is this */
	TPAM_ACCOUNT = 2, /* may still deny, after the requirements */
	TPAM_SESSION = 4, /* is told of what was accepted */
	TPAM_LOGIN = 8    /* reserved: how a person or a program obtains a credential */
};

/*
 * What a request holds, set by the host and read by plugins whose descriptor lists it. Each is a bit position
 * of tpam_provider.inputs, see TPAM_INPUT().
 */
enum tpam_item {
	TPAM_ITEM_SERVICE = 1,        /* name of the service that is asked for */
	TPAM_ITEM_TOOL = 2,           /* the operation; also "prompt:NAME" and "resource:URI" */
	TPAM_ITEM_TOOL_ARGUMENTS = 3, /* a JSON object */
	TPAM_ITEM_TENANT = 4,         /* the tenant that the request asks for */
	TPAM_ITEM_USERNAME = 5,       /* the user that the request asks to be */
	TPAM_ITEM_RESOURCE = 6,       /* resource indicator, RFC 8707 */
	TPAM_ITEM_METHOD = 7,         /* HTTP method */
	TPAM_ITEM_URL = 8,            /* the URL as the client sees it, without fragment */
	TPAM_ITEM_PEER_ADDRESS = 9,   /* the client's address in text */
	TPAM_ITEM_REQUEST_ID = 10,    /* made by the library if the host sets none */
	TPAM_ITEM_DPOP_PROOF = 11,    /* RFC 9449 */
	TPAM_ITEM_CLIENT_CERTIFICATE = 12, /* DER bytes */
	/* The following are not set with tpam_request_set(). */
	TPAM_ITEM_TAGS = 13,       /* of the tool: tpam_request_add_tag() */
	TPAM_ITEM_HEADERS = 14,    /* tpam_request_add_header() */
	TPAM_ITEM_CREDENTIAL = 15, /* what the option `credential` of the provider selects */
	TPAM_ITEM_BASIC_USER = 16, /* the user name beside a credential taken from Basic */
	TPAM_ITEM_AUDIENCE =
		17, /* what a token must be made for: the service's, else the provider's option */
	TPAM_ITEM_IDENTITY = 18,    /* in account and session: the fields of the identity */
	TPAM_ITEM_HOST_POINTER = 19 /* tpam_request_set_host_pointer() */
};

/* The fields of an identity. Text holds one value, a list several, a time is in seconds since 1970 (UTC). */
enum tpam_field {
	TPAM_FIELD_ISSUER = 1,  /* text: who vouches; the name of the provider section unless set */
	TPAM_FIELD_SUBJECT = 2, /* text: who, unique and never reused within the issuer; required */
	TPAM_FIELD_CLIENT_ID = 3, /* text: the OAuth client that the credential was issued to */
	TPAM_FIELD_USERNAME = 4,  /* text */
	TPAM_FIELD_NAME = 5,      /* text: for display */
	TPAM_FIELD_EMAIL = 6,     /* text */
	TPAM_FIELD_EMAIL_VERIFIED = 7, /* number: 0 or 1 */
	TPAM_FIELD_TENANT = 8,         /* text */
	TPAM_FIELD_ROLES = 9,          /* list */
	TPAM_FIELD_GROUPS = 10,        /* list */
	TPAM_FIELD_AUDIENCES = 11,     /* list: what the credential was made for */
	TPAM_FIELD_SCOPES = 12,        /* list: as the provider gives them */
	TPAM_FIELD_CLAIMS = 13,        /* text: a JSON object */
	TPAM_FIELD_ISSUED_AT = 14,     /* number: time */
	TPAM_FIELD_NOT_BEFORE = 15,    /* number: time */
	TPAM_FIELD_EXPIRES_AT = 16,    /* number: time; refused by the library when it has passed */
	TPAM_FIELD_AUTH_TIME = 17,     /* number: time at which the user signed in */
	TPAM_FIELD_TOKEN_ID = 18 /* text: the credential's own name, as jti; not the credential */
};

/* Levels of the log hook. */
enum tpam_log_level {
	TPAM_LOG_ERROR = 1,   /* misconfiguration, a broken contract, a lost component */
	TPAM_LOG_WARNING = 2, /* works, and somebody should look */
	TPAM_LOG_NOTICE = 3,  /* refusals, loads, reloads */
	TPAM_LOG_DEBUG = 4
};

#ifdef __cplusplus
}
#endif

#endif
