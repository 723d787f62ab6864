# An init script as LSB has it; its daemon leaves a line each time that it begins.
here=$PWD
cat >/etc/init.d/toy <<END
#!/bin/sh
### BEGIN INIT INFO
# Provides:          toy
# Required-Start:
# Required-Stop:
# Default-Start:     3 5
# Default-Stop:      0 1 6
# Short-Description: toy
### END INIT INFO
pid=/run/toy.pid
runs() { [ -f \$pid ] && kill -0 "\$(cat \$pid)" 2>/dev/null; }
start() { runs && return; echo began >>$here/log; sleep 300 >/dev/null 2>&1 & echo \$! >\$pid; }
stop() { runs && kill "\$(cat \$pid)"; rm -f \$pid; }
case \$1 in
  start) start ;;
  stop) stop ;;
  restart | reload) stop; start ;;
  status) if runs; then echo running; else echo unused; exit 3; fi ;;
esac
END
chmod 755 /etc/init.d/toy
