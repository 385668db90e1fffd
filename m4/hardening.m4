dnl hardening.m4 - flags that make a mistake harder to exploit, as far as compiler and linker know them.
dnl
dnl SPDX-License-Identifier: Apache-2.0

AC_DEFUN([TPAM_HARDENING], [
    HARDENING_CFLAGS=
    HARDENING_LDFLAGS=
    AX_APPEND_COMPILE_FLAGS([m4_normalize([
        -fstack-protector-strong -fstack-clash-protection -fcf-protection -mbranch-protection=standard
    ])], [HARDENING_CFLAGS], [-Werror])
    AX_APPEND_LINK_FLAGS([-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed], [HARDENING_LDFLAGS])

    dnl A shared object of a sanitizer build finds its runtime in the program, and fortified calls are not watched.
    AS_IF([test "$sanitizers" = no], [
        AX_APPEND_LINK_FLAGS([-Wl,-z,defs], [HARDENING_LDFLAGS])
        TPAM_FORTIFY
    ])

    PIE_CFLAGS=
    PIE_LDFLAGS=
    AX_CHECK_COMPILE_FLAG([-fPIE], [PIE_CFLAGS=-fPIE
        AX_CHECK_LINK_FLAG([-pie], [PIE_LDFLAGS=-pie], [PIE_CFLAGS=], [-fPIE])])

    AC_SUBST([HARDENING_CPPFLAGS])
    AC_SUBST([HARDENING_CFLAGS])
    AC_SUBST([HARDENING_LDFLAGS])
    AC_SUBST([PIE_CFLAGS])
    AC_SUBST([PIE_LDFLAGS])
])

dnl Only with optimisation, where the C library accepts it, and not where the user or the compiler chose a level.
AC_DEFUN([TPAM_FORTIFY], [
    HARDENING_CPPFLAGS=
    AC_MSG_CHECKING([whether to define _FORTIFY_SOURCE])
    AC_COMPILE_IFELSE([AC_LANG_SOURCE([
#if !defined(__OPTIMIZE__) || defined(_FORTIFY_SOURCE)
#error leave it
#endif
    ])], [HARDENING_CPPFLAGS=-D_FORTIFY_SOURCE=2; AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no])])
])
