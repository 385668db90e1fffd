# tests/introspect/local.mk - the plugin introspect: what it writes, endpoints that do everything wrong, very many calls.

# What is written to an endpoint, with the plugin's own source.
UNIT_TESTS += tests/introspect/test_question
tests_introspect_test_question_SOURCES = \
	tests/introspect/test_question.c \
	plugins/kit/client_auth.c \
	plugins/kit/client_auth.h
tests_introspect_test_question_CPPFLAGS = $(public_cppflags)
tests_introspect_test_question_CFLAGS = $(AM_CFLAGS) $(LIBCRYPTO_CFLAGS)
tests_introspect_test_question_LDADD = plugins/kit/libtokenpam-kit.la $(LIBCRYPTO_LIBS)

# With nothing but what the libraries export, as a host would. The plugin is found in TOKENPAM_PLUGINS.
check_PROGRAMS += tests/introspect/test_many tests/introspect/test_memory
CONCURRENT_TESTS += tests/introspect/test_many
tests_introspect_test_many_SOURCES = \
	tests/introspect/test_many.c \
	tests/introspect/slow_server.c \
	tests/introspect/slow_server.h
tests_introspect_test_many_CPPFLAGS = $(public_cppflags)
tests_introspect_test_many_LDADD = core/libtokenpam.la
tests_introspect_test_memory_SOURCES = tests/introspect/test_memory.c $(lacking_sources)
tests_introspect_test_memory_CPPFLAGS = $(public_cppflags)
tests_introspect_test_memory_LDFLAGS = $(lacking_ldflags)
tests_introspect_test_memory_LDADD = $(lacking_ldadd)

# A tool of the runner and no test.
EXTRA_PROGRAMS += tests/introspect/ask
check_DATA += tests/introspect/ask$(EXEEXT)
CLEANFILES += tests/introspect/ask$(EXEEXT)
tests_introspect_ask_CPPFLAGS = $(public_cppflags)
tests_introspect_ask_LDADD = core/libtokenpam.la

RUNNERS += tests/introspect/run-introspect
EXTRA_DIST += tests/introspect/cases.py tests/introspect/endpoint.py
AM_TESTS_ENVIRONMENT += \
	ASK='$(abs_builddir)/tests/introspect/ask$(EXEEXT)'; export ASK;
