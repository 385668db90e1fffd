# tests/bench/local.mk - how fast tokenpam is, compared with OpenSSL alone and with others. Not part of 'make check'.
#
# What concerns others is compiled by the runner, where they are.

BENCH_TOOLS = \
	tests/bench/mint \
	tests/bench/raw \
	tests/bench/tokenpam
EXTRA_PROGRAMS += $(BENCH_TOOLS)
CLEANFILES += $(BENCH_TOOLS)

# Without libtool's wrappers: a process is started to see how long that takes.
bench_ldflags = $(AM_LDFLAGS) -no-install
bench_driver = tests/bench/bench.h tests/bench/driver.c tests/bench/material.c

tests_bench_mint_SOURCES = tests/bench/mint.c tests/bench/bench.h
tests_bench_mint_CPPFLAGS = $(public_cppflags)
tests_bench_mint_LDFLAGS = $(bench_ldflags)
tests_bench_mint_LDADD = plugins/kit/libtokenpam-kit.la
tests_bench_raw_SOURCES = tests/bench/raw.c $(bench_driver)
tests_bench_raw_CPPFLAGS = $(public_cppflags)
tests_bench_raw_CFLAGS = $(AM_CFLAGS) $(LIBCRYPTO_CFLAGS)
tests_bench_raw_LDFLAGS = $(bench_ldflags)
tests_bench_raw_LDADD = $(LIBCRYPTO_LIBS)
tests_bench_tokenpam_SOURCES = \
	tests/bench/figures.c \
	tests/bench/tokenpam.c \
	tests/bench/tokenpam.h \
	$(bench_driver)
tests_bench_tokenpam_CPPFLAGS = $(public_cppflags)
tests_bench_tokenpam_LDFLAGS = $(bench_ldflags)
tests_bench_tokenpam_LDADD = core/libtokenpam.la

# make bench BENCH='--quick'
.PHONY: bench
bench: all $(BENCH_TOOLS) tests/jose/mkjwt$(EXEEXT)
	@$(AM_TESTS_ENVIRONMENT) CFLAGS='$(CFLAGS)' '$(srcdir)/tests/bench/run' $(BENCH)

dist_check_SCRIPTS += tests/bench/run
EXTRA_DIST += \
	tests/bench/cjose.c \
	tests/bench/claims.h \
	tests/bench/liboauth2.c \
	tests/bench/libjwt.c \
	tests/bench/contestants.py \
	tests/bench/material.py \
	tests/bench/measure.py \
	tests/bench/npm/.npmrc \
	tests/bench/npm/bench.js \
	tests/bench/npm/package-lock.json \
	tests/bench/npm/package.json \
	tests/bench/table.py
