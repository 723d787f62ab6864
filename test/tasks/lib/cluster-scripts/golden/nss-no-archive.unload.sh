#!/bin/bash
# Unload script of the Messenger cluster resource, written from the worksheet (manual, 11.2.3).
# Numbers such as D1 are those of docs/errata.md: there the manual's sample is wrong or silent.
. /opt/novell/ncs/lib/ncsfuncs

# begin run: stop the Messenger agents. What stands up to "end run" is written anew by the next run.
# request service stop
ignore_error /etc/init.d/novell-nmma stop

# Wait no longer than needed, at most 8 seconds; the sample sleeps for 8 in any case (D12).
messenger_agents_left() { pgrep -x nmma >/dev/null; }
messenger_wait() {
  messenger_seconds=$1
  while messenger_agents_left && [ "$messenger_seconds" -gt 0 ]; do
    sleep 1
    messenger_seconds=$((messenger_seconds - 1))
  done
}
messenger_wait 8

# stop service otherwise: the agents themselves, by name. The sample looks for their stop scripts, with quotes that
# keep it from finding any (D1).
for messenger_signal in TERM KILL; do
  messenger_agents_left || break
  ignore_error pkill -$messenger_signal -x nmma
  messenger_wait 3
done
# end run

# take the NCP server off the address; the sample has no line for it (D4)
ignore_error ncpcon unbind --ncpservername=CLUSTER_MSGPOOL_SERVER --ipaddress=10.88.1.100

# delete IP address
ignore_error del_secondary_ipaddress 10.88.1.100

# deactivate the pool, which dismounts its volume; the sample unmounts a place where no NSS volume is (D5)
exit_on_error nss /pooldeact=MSGPOOL

# return status
exit 0
