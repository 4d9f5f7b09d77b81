#!/bin/bash
# Ends the servers of a run when servers.sh is killed outright, of which no trap can tell. servers.sh starts it in a
# session of its own; when servers.sh has ended well there is nothing left to do.
#
#   guard.sh RUN-FOLDER PID BIRTH
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib/say.sh"
source "$here/../lib/family.sh"
source "$here/all.sh"

run=$1
while [[ $(birth_of "$2") == "$3" ]]; do sleep 1; done
stop_servers
