dnl warnings.m4 - the strict set, as far as the compiler knows it.
dnl
dnl SPDX-License-Identifier: Apache-2.0

AC_DEFUN([TPAM_WARNINGS], [
    AC_ARG_ENABLE([werror],
        [AS_HELP_STRING([--enable-werror], [make every warning of the compiler an error])],
        [], [enable_werror=no])
    WARNING_CFLAGS=
    AX_APPEND_COMPILE_FLAGS([-std=gnu17 m4_normalize([
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
        -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
        -Wcast-qual -Wwrite-strings -Wpointer-arith -Wformat=2 -Wundef -Wvla
        -Wimplicit-fallthrough -Wdate-time
    ])], [WARNING_CFLAGS], [-Werror])
    dnl Sanitizers make gcc see paths that are not there, so these two are for the plain build.
    AS_IF([test "$sanitizers" = no],
        [AX_APPEND_COMPILE_FLAGS([-Wnull-dereference -Wlogical-op], [WARNING_CFLAGS], [-Werror])])
    AS_IF([test "$enable_werror" = yes], [WARNING_CFLAGS="$WARNING_CFLAGS -Werror"])
    AC_SUBST([WARNING_CFLAGS])
])
