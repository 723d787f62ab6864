#!/bin/bash
# Unload script of the Messenger cluster resource, written from the worksheet (manual, 11.2.3).
# Numbers such as D1 are those of docs/errata.md: there the manual's sample is wrong or silent.
. /opt/novell/ncs/lib/ncsfuncs

# begin run: stop the Messenger agents. What stands up to "end run" is written anew by the next run.
# request service stop
ignore_error /etc/init.d/novell-nmma stop
ignore_error /etc/init.d/novell-nmaa stop

# Wait no longer than needed, at most 20 seconds; the sample sleeps for 8 in any case (D12).
messenger_agents_left() { pgrep -x nmma >/dev/null || pgrep -x nmaa >/dev/null; }
messenger_wait() {
  messenger_seconds=$1
  while messenger_agents_left && [ "$messenger_seconds" -gt 0 ]; do
    sleep 1
    messenger_seconds=$((messenger_seconds - 1))
  done
}
messenger_wait 20

# stop service otherwise: the agents themselves, by name. The sample looks for their stop scripts, with quotes that
# keep it from finding any (D1).
for messenger_signal in TERM KILL; do
  messenger_agents_left || break
  ignore_error pkill -$messenger_signal -x nmma
  ignore_error pkill -$messenger_signal -x nmaa
  messenger_wait 1
done
# end run

# define IP address
RESOURCE_IP=10.88.1.100

# define mount point
MOUNT_POINT=/mnt/messenger

# delete IP address
ignore_error del_secondary_ipaddress $RESOURCE_IP

# unmount file system; a load that failed before its mount has nothing to unmount, and must go offline all the same.
# ncsfuncs evaluates arguments a second time, so what may hold blanks stands in two kinds of quotes.
if [ "$(stat -c %d "$MOUNT_POINT")" != "$(stat -c %d "$MOUNT_POINT/..")" ]; then
  exit_on_error umount "'$MOUNT_POINT'"
fi

# return status
exit 0
