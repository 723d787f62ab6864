# A node before the first step: a list with a line that is kept, and an init script as LSB has it, whose service runs.
mkdir -p /srv; echo '# kept' >/etc/app-services
cat >/etc/init.d/app <<'END'
#!/bin/sh
### BEGIN INIT INFO
# Provides:          app
# Required-Start:
# Required-Stop:
# Default-Start:     3 5
# Default-Stop:      0 1 6
# Short-Description: app
### END INIT INFO
case $1 in
  start | restart | reload) touch /run/app ;;
  stop) rm -f /run/app ;;
  status) if [ -e /run/app ]; then echo running; else echo unused; exit 3; fi ;;
esac
END
chmod 755 /etc/init.d/app; /etc/init.d/app start
