# tests/concurrent/local.mk - many threads; what the thread sanitizer watches, too.

check_PROGRAMS += tests/concurrent/test_concurrent
tests_concurrent_test_concurrent_SOURCES = tests/concurrent/test_concurrent.c
tests_concurrent_test_concurrent_CPPFLAGS = $(public_cppflags)
tests_concurrent_test_concurrent_LDADD = core/libtokenpam.la

# The puppet with other threads: one that blocks, one that must not be called twice at once.
check_LTLIBRARIES += tests/plugins/puppet_blocking.la tests/plugins/puppet_turns.la
tests_plugins_puppet_blocking_la_SOURCES = tests/plugins/puppet.c tests/plugins/puppet.h
tests_plugins_puppet_blocking_la_CPPFLAGS = $(plugin_cppflags) \
	-DNAME='"puppet_blocking"' -DFLAGS='(TPAM_CONCURRENT | TPAM_BLOCKING)'
tests_plugins_puppet_blocking_la_LDFLAGS = $(test_plugin_ldflags)
tests_plugins_puppet_turns_la_SOURCES = tests/plugins/puppet.c tests/plugins/puppet.h
tests_plugins_puppet_turns_la_CPPFLAGS = $(plugin_cppflags) -DNAME='"puppet_turns"' -DFLAGS=0
tests_plugins_puppet_turns_la_LDFLAGS = $(test_plugin_ldflags)

check_PROGRAMS += tests/concurrent/test_loop
tests_concurrent_test_loop_SOURCES = tests/concurrent/test_loop.c
tests_concurrent_test_loop_CPPFLAGS = $(public_cppflags)
tests_concurrent_test_loop_LDADD = core/libtokenpam.la
