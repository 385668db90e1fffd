# tests/refresh/local.mk - files behind a configuration that change while it runs.

check_LTLIBRARIES += tests/plugins/filed.la
tests_plugins_filed_la_SOURCES = tests/plugins/filed.c
tests_plugins_filed_la_CPPFLAGS = $(plugin_cppflags)
tests_plugins_filed_la_LDFLAGS = $(test_plugin_ldflags)

check_PROGRAMS += tests/refresh/test_files
tests_refresh_test_files_SOURCES = tests/refresh/test_files.c tests/refresh/stage.h
tests_refresh_test_files_CPPFLAGS = $(public_cppflags)
tests_refresh_test_files_LDADD = core/libtokenpam.la

check_PROGRAMS += tests/refresh/test_load
tests_refresh_test_load_SOURCES = tests/refresh/test_load.c tests/refresh/stage.h
tests_refresh_test_load_CPPFLAGS = $(public_cppflags)
tests_refresh_test_load_LDADD = core/libtokenpam.la

check_PROGRAMS += tests/refresh/test_gate
tests_refresh_test_gate_SOURCES = tests/refresh/test_gate.c tests/refresh/stage.h
tests_refresh_test_gate_CPPFLAGS = $(public_cppflags)
tests_refresh_test_gate_LDADD = core/libtokenpam.la

check_PROGRAMS += tests/refresh/test_memory
tests_refresh_test_memory_SOURCES = tests/refresh/test_memory.c tests/refresh/stage.h \
	tests/torture/allocations.c tests/torture/allocations.h
tests_refresh_test_memory_CPPFLAGS = $(public_cppflags)
tests_refresh_test_memory_LDADD = core/libtokenpam.la
