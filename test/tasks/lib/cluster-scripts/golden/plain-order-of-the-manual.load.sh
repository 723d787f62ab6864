#!/bin/bash
# Load script of the Messenger cluster resource, written from the worksheet (manual, 11.2.3).
# Numbers such as D2 are those of docs/errata.md: there the manual's sample is wrong or silent.

# In the sample the name of this file has lost a letter (D2).
. /opt/novell/ncs/lib/ncsfuncs

# define IP address
RESOURCE_IP=10.88.1.100

# define filesystem type
MOUNT_FS=ext4

# define mount options
MOUNT_OPTIONS=noatime,nodiratime

# define device
MOUNT_DEV=/dev/messenger/data

# define mount point
MOUNT_POINT=/mnt/messenger

# mount file system; ncsfuncs evaluates arguments a second time, so what may hold blanks stands in two kinds of quotes
exit_on_error mount -t $MOUNT_FS "'$MOUNT_DEV'" "'$MOUNT_POINT'" -o "'$MOUNT_OPTIONS'"

# add IP address
exit_on_error add_secondary_ipaddress $RESOURCE_IP

# begin run: start the Messenger agents. What stands up to "end run" is written anew by the next run.
# start service
exit_on_error /etc/init.d/novell-nmma start
exit_on_error /etc/init.d/novell-nmaa start
# end run

# return status
exit 0
