#!/bin/bash
# Lets a test take a server away and bring it back. servers.sh makes a small script for each server that calls this:
#
#   start [FLAG...]     starts it with further flags, and returns when it is ready; does nothing if it runs
#   stop                ends it, and returns when it is gone
#   restart [FLAG...]   both
#   freeze, thaw        stops its processes without ending them, and lets them run again
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib/say.sh"
source "$here/../lib/family.sh"
source "$here/all.sh"

run=$1 name=$2 action=${3-}
shift $(($# < 3 ? $# : 3))
# shellcheck source=/dev/null
source "$run/state"

start() { # FLAG...
    pid_of "$name" >/dev/null && return
    spawn "$name" "$@"
    await_ready "$name" && return
    show_log "$name"
    die "$name did not start"
}

case $action in
    start) start "$@" ;;
    stop) stop_server "$name" ;;
    restart)
        stop_server "$name"
        start "$@"
        ;;
    freeze)
        signal_family "$name" STOP
        await_stopped "$name"
        ;;
    thaw) signal_family "$name" CONT ;;
    *) die "usage: start [FLAG...] | stop | restart [FLAG...] | freeze | thaw" ;;
esac
