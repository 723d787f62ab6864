#!/bin/bash
# Load script of the Messenger cluster resource, written from the worksheet (manual, 11.2.3).
# Numbers such as D2 are those of docs/errata.md: there the manual's sample is wrong or silent.
. /opt/novell/ncs/lib/ncsfuncs

# activate the pool; the sample has no line for it (D4)
exit_on_error nss /poolact=MSGPOOL

# mount filesystem
exit_on_error ncpcon mount /opt="noatime,nodiratime" MSGVOL=254

# A wrong volume ID makes the mount fail without a word, so it is looked at.
exit_on_error grep -q "' /media/nss/MSGVOL '" /proc/mounts

# add IP address
exit_on_error add_secondary_ipaddress 10.88.1.100

# bind the NCP server to it; the sample has no line for it (D4)
exit_on_error ncpcon bind --ncpservername=CLUSTER_MSGPOOL_SERVER --ipaddress=10.88.1.100

# begin run: start the Messenger agents. What stands up to "end run" is written anew by the next run.
# start service
exit_on_error /etc/init.d/novell-nmma start
# end run

# return status
exit 0
