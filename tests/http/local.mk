# tests/http/local.mk - the HTTP room of the kit, against a server that does everything wrong.

http_cppflags = $(AM_CPPFLAGS) -I$(srcdir)/plugins/kit -I$(srcdir)/tests/unit
http_cflags = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(LIBCURL_CFLAGS)
http_libs = plugins/kit/libkit.la

HTTP_TESTS = \
	tests/http/test_address \
	tests/http/test_breaker \
	tests/http/test_kept
UNIT_TESTS += $(HTTP_TESTS)
tests_http_test_address_CPPFLAGS = $(http_cppflags)
tests_http_test_address_LDADD = $(http_libs)
tests_http_test_breaker_CPPFLAGS = $(http_cppflags)
tests_http_test_breaker_LDADD = $(http_libs)

tests_http_test_kept_CPPFLAGS = $(http_cppflags)
tests_http_test_kept_CFLAGS = $(http_cflags)
tests_http_test_kept_LDADD = $(http_libs)

# Tools of the runner: they need its server.
HTTP_TOOLS = \
	tests/http/drive \
	tests/http/test_confirm \
	tests/http/test_dns \
	tests/http/test_fork \
	tests/http/test_h2 \
	tests/http/test_limits \
	tests/http/test_waiting
EXTRA_PROGRAMS += $(HTTP_TOOLS)
check_DATA += $(HTTP_TOOLS)
CLEANFILES += $(HTTP_TOOLS)
tests_http_drive_SOURCES = tests/http/drive.c tests/http/fakehost.h
tests_http_drive_CPPFLAGS = $(http_cppflags)
tests_http_drive_CFLAGS = $(http_cflags)
tests_http_drive_LDADD = $(http_libs)
tests_http_test_confirm_SOURCES = tests/http/test_confirm.c tests/http/fakehost.h tests/http/upstream.h
tests_http_test_confirm_CPPFLAGS = $(http_cppflags)
tests_http_test_confirm_CFLAGS = $(http_cflags)
tests_http_test_confirm_LDADD = $(http_libs) $(JANSSON_LIBS)
# It takes the place of a function that libcurl calls.
tests_http_test_dns_SOURCES = \
	tests/http/test_dns.c \
	tests/http/fakehost.h \
	tests/http/names.c \
	tests/http/names.h \
	tests/http/upstream.h
tests_http_test_dns_CPPFLAGS = $(http_cppflags)
tests_http_test_dns_CFLAGS = $(http_cflags)
tests_http_test_dns_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic
tests_http_test_dns_LDADD = $(http_libs) $(JANSSON_LIBS)
tests_http_test_fork_SOURCES = tests/http/test_fork.c tests/http/fakehost.h tests/http/upstream.h
tests_http_test_fork_CPPFLAGS = $(http_cppflags)
tests_http_test_fork_CFLAGS = $(http_cflags)
tests_http_test_fork_LDADD = $(http_libs) $(JANSSON_LIBS)
tests_http_test_h2_SOURCES = tests/http/test_h2.c tests/http/fakehost.h tests/http/upstream.h
tests_http_test_h2_CPPFLAGS = $(http_cppflags)
tests_http_test_h2_CFLAGS = $(http_cflags)
tests_http_test_h2_LDADD = $(http_libs) $(JANSSON_LIBS)
tests_http_test_limits_SOURCES = tests/http/test_limits.c tests/http/fakehost.h tests/http/upstream.h
tests_http_test_limits_CPPFLAGS = $(http_cppflags)
tests_http_test_limits_CFLAGS = $(http_cflags)
tests_http_test_limits_LDADD = $(http_libs) $(JANSSON_LIBS)
tests_http_test_waiting_SOURCES = tests/http/test_waiting.c tests/http/fakehost.h tests/http/upstream.h
tests_http_test_waiting_CPPFLAGS = $(http_cppflags)
tests_http_test_waiting_CFLAGS = $(http_cflags)
tests_http_test_waiting_LDADD = $(http_libs) $(JANSSON_LIBS)

RUNNERS += tests/http/run
CONCURRENT_TESTS += tests/http/run
EXTRA_DIST += \
	tests/http/cases \
	tests/http/h2server.py \
	tests/http/server.py
