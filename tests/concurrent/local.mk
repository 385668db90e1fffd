# tests/concurrent/local.mk - many threads; what the thread sanitizer watches, too.

check_PROGRAMS += tests/concurrent/test_concurrent
tests_concurrent_test_concurrent_SOURCES = tests/concurrent/test_concurrent.c
tests_concurrent_test_concurrent_CPPFLAGS = $(public_cppflags)
tests_concurrent_test_concurrent_LDADD = core/libtokenpam.la
