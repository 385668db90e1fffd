# tests/cache/local.mk - what is kept of verdicts, and what is not.

# The plugin "kept" with other inputs, threads, and without a recheck.
check_LTLIBRARIES += \
	tests/plugins/kept_blocking.la \
	tests/plugins/kept_headers.la \
	tests/plugins/kept_inputs.la \
	tests/plugins/kept_plain.la \
	tests/plugins/kept_turns.la
tests_plugins_kept_blocking_la_SOURCES = tests/plugins/kept.c tests/plugins/kept.h
tests_plugins_kept_blocking_la_CPPFLAGS = $(plugin_cppflags) -DNAME='"kept_blocking"' \
	-DFLAGS='(TPAM_CONCURRENT | TPAM_BLOCKING)'
tests_plugins_kept_blocking_la_LDFLAGS = $(test_plugin_ldflags)
tests_plugins_kept_headers_la_SOURCES = tests/plugins/kept.c tests/plugins/kept.h
tests_plugins_kept_headers_la_CPPFLAGS = $(plugin_cppflags) -DNAME='"kept_headers"' \
	-DINPUTS='TPAM_INPUT(HEADERS)'
tests_plugins_kept_headers_la_LDFLAGS = $(test_plugin_ldflags)
tests_plugins_kept_inputs_la_SOURCES = tests/plugins/kept.c tests/plugins/kept.h
tests_plugins_kept_inputs_la_CPPFLAGS = $(plugin_cppflags) -DNAME='"kept_inputs"' \
	-DINPUTS='(((TPAM_INPUT(HEADERS) - 2) & ~TPAM_INPUT(REQUEST_ID)) | TPAM_INPUT(BASIC_USER))'
tests_plugins_kept_inputs_la_LDFLAGS = $(test_plugin_ldflags)
tests_plugins_kept_plain_la_SOURCES = tests/plugins/kept.c tests/plugins/kept.h
tests_plugins_kept_plain_la_CPPFLAGS = $(plugin_cppflags) -DNAME='"kept_plain"' -DRECHECK=NULL
tests_plugins_kept_plain_la_LDFLAGS = $(test_plugin_ldflags)
tests_plugins_kept_turns_la_SOURCES = tests/plugins/kept.c tests/plugins/kept.h
tests_plugins_kept_turns_la_CPPFLAGS = $(plugin_cppflags) -DNAME='"kept_turns"' -DFLAGS=0
tests_plugins_kept_turns_la_LDFLAGS = $(test_plugin_ldflags)

check_PROGRAMS += tests/cache/test_cases
tests_cache_test_cases_SOURCES = tests/cache/test_cases.c tests/cache/play.c tests/cache/play.h tests/plugins/kept.h
tests_cache_test_cases_CPPFLAGS = $(public_cppflags)
tests_cache_test_cases_LDADD = core/libtokenpam.la

EXTRA_DIST += tests/cache/cases

check_PROGRAMS += tests/cache/test_model tests/cache/test_flood
tests_cache_test_model_SOURCES = tests/cache/test_model.c
tests_cache_test_flood_SOURCES = tests/cache/test_flood.c

# Many threads; the second is not for the thread sanitizer, which ends the children of threads.
check_PROGRAMS += tests/cache/test_threads tests/cache/test_fork
tests_cache_test_threads_SOURCES = tests/cache/test_threads.c tests/plugins/kept.h
tests_cache_test_threads_CPPFLAGS = $(public_cppflags)
tests_cache_test_threads_LDADD = core/libtokenpam.la
tests_cache_test_fork_SOURCES = tests/cache/test_fork.c
tests_cache_test_fork_CPPFLAGS = $(public_cppflags)
tests_cache_test_fork_LDADD = core/libtokenpam.la
