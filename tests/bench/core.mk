# tests/bench/core.mk - what a decision costs in core itself: make tests/bench/bench_core, and run it as "make check" would.

EXTRA_PROGRAMS += tests/bench/bench_core
tests_bench_bench_core_SOURCES = tests/bench/bench_core.c
tests_bench_bench_core_CPPFLAGS = $(public_cppflags)
tests_bench_bench_core_LDADD = core/libtokenpam.la

.PHONY: bench-core
bench-core: tests/bench/bench_core $(check_LTLIBRARIES) $(plugin_LTLIBRARIES)
	@$(AM_TESTS_ENVIRONMENT) tests/bench/bench_core $(BENCH)
