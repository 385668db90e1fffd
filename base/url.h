/*
 * url.h - is a configured URL one that credentials and decisions may travel over.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef BASE_URL_H
#define BASE_URL_H

#define URL_MAX 2048

enum url_fault {
	URL_FINE = 0,
	URL_PLAIN, /* http to something that is not loopback; well-formed otherwise */
	URL_TOO_LONG,
	URL_SCHEME,
	URL_BYTES, /* blanks, controls, bytes that are to be percent-encoded, a broken escape */
	URL_FRAGMENT,
	URL_USERINFO,
	URL_NO_HOST,
	URL_HOST,
	URL_PORT
};

/* https, or http to 127.0.0.0/8, [::1] or localhost; no user information, no fragment. */
enum url_fault url_judge(const char *url);

/* What is wrong, for "got ..."; it never repeats the URL, which may hold a password. */
const char *url_fault_text(enum url_fault fault);

#endif
