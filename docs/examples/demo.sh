#!/usr/bin/env bash
# demo.sh - a token on its way through the stack of conf/development.ini: where it may go, where it may not, a wrong
# one, and none. './autogen.sh --demo' builds what it needs and runs it.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

TOKENPAM=hosts/cli/tokenpam
CONFIG=conf/development.ini
DROP_IN=conf/development.d

title='' plain='' quiet=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
    title=$'\e[1m' quiet=$'\e[2m' plain=$'\e[0m'
fi

# Random tokens for Alice and Bob, their hashes where the configuration looks, and one of the same kind that nobody
# knows.
make_tokens() {
    umask 077
    mkdir -p demo "$DROP_IN"
    rm -f demo/*.token "$DROP_IN"/demo.*
    {
        echo '# Made by docs/examples/demo.sh.'
        "$TOKENPAM" hash --subject alice --name Alice --scopes 'notes.read notes.write' --generate demo/alice.token
        "$TOKENPAM" hash --subject bob --name Bob --scopes 'notes.read notes.write notes.admin' --generate demo/bob.token
    } >"$DROP_IN/demo.tokens"
    "$TOKENPAM" hash --subject mallory --generate demo/wrong.token >/dev/null
    printf '%s\n' '; Made by docs/examples/demo.sh.' '[provider:team]' 'tokens += demo.tokens' >"$DROP_IN/demo.ini"
}

number=0
unexpected=0

# scene EXPECTED-STATUS TEXT ARGUMENT...: shows a command and what comes of it.
scene() {
    local expected=$1 text=$2 status=0
    shift 2
    number=$((number + 1))
    printf '\n%s%d. %s%s\n' "$title" "$number" "$text" "$plain"
    printf '%s$ %s %s%s\n' "$quiet" "$TOKENPAM" "$*" "$plain"
    "$TOKENPAM" "$@" || status=$?
    [ "$status" -eq "$expected" ] && return
    printf 'the command ended with %d, expected %d\n' "$status" "$expected" >&2
    unexpected=1
}

make_tokens
printf '%sA token, and what %s makes of it%s\n' "$title" "$CONFIG" "$plain"
echo 'Alice has a token in demo/alice.token, and the configuration its hash. Her scopes: notes.read notes.write.'

scene 0 'Alice lists her notes: who she is, what she may do, and the way there' \
    verify -c "$CONFIG" --trace notes/list_notes demo/alice.token
scene 1 'The same token at a tool that she may not use' \
    verify -c "$CONFIG" notes/delete_note demo/alice.token
scene 1 'A token that nobody was given' \
    verify -c "$CONFIG" notes/list_notes demo/wrong.token
scene 1 'No token at all' \
    verify -c "$CONFIG" notes/list_notes

cat <<END

${title}Next${plain}
  $TOKENPAM verify -c $CONFIG notes/delete_note demo/bob.token   Bob may
  $TOKENPAM show -c $CONFIG notes      what holds for the service, with file:line
  $TOKENPAM plugin show static                       what a plugin can do
  $TOKENPAM explain missing_scope                    what a reason means
  ./autogen.sh --check                                        every test
END
exit "$unexpected"
