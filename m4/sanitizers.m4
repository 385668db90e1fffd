dnl sanitizers.m4 - builds that watch themselves: --enable-sanitizers=address,undefined or =thread.
dnl
dnl The flags go to every object and every link, so that library, plugins, programs and tests agree.
dnl
dnl SPDX-License-Identifier: Apache-2.0

AC_DEFUN([TPAM_SANITIZERS], [
    AC_ARG_ENABLE([sanitizers],
        [AS_HELP_STRING([--enable-sanitizers=LIST], [build everything with -fsanitize=LIST, for tests only])],
        [sanitizers=$enableval], [sanitizers=no])
    AS_IF([test "$sanitizers" = yes], [sanitizers=address,undefined])
    SANITIZER_CFLAGS=
    AS_IF([test "$sanitizers" != no], [
        SANITIZER_CFLAGS="-fsanitize=$sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer"
        AC_MSG_CHECKING([whether $CC links with -fsanitize=$sanitizers])
        tpam_saved_CFLAGS=$CFLAGS
        CFLAGS="$CFLAGS $SANITIZER_CFLAGS"
        AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])],
            [AC_MSG_RESULT([no]); AC_MSG_ERROR([this compiler has no such sanitizer: $sanitizers])])
        CFLAGS=$tpam_saved_CFLAGS
    ])
    AC_SUBST([SANITIZER_CFLAGS])
])
