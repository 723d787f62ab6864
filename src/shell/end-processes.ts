// Shell code that ends processes on a node and stays until they are gone.

export type Whom = {
  /** All that this process started, and what those started. */
  readonly below: number
  /** The process itself too, and all of its terminal session. */
  readonly withSession?: boolean
}

/**
 * A script that sends TERM, two seconds later KILL, and ends with status 0 when nothing of it is left.
 *
 * It reads `/proc`, since `ps` differs from system to system. A daemon that left the session is not ended.
 *
 * @source proc(5), `/proc/PID/stat`: state, parent, process group and session follow the name in parentheses
 */
export const endingScript = ({ below, withSession = false }: Whom): string => `
living() {
  cat /proc/[0-9]*/stat 2>/dev/null | sed -n 's/^\\([0-9]*\\) (.*) /\\1 /p' | awk -v root=${below} -v all=${withSession ? 1 : 0} '
    $2 != "Z" { parent[$1] = $3; session[$1] = $5 }
    function isOurs(pid) {
      if (all && (pid == root || session[pid] == root)) return 1
      while (pid in parent) { pid = parent[pid]; if (pid == root) return 1 }
      return 0
    }
    END { for (pid in parent) if (isOurs(pid)) print pid }'
}
for signal in TERM KILL KILL; do
  pids=$(living)
  [ -n "$pids" ] || exit 0
  kill -$signal $pids 2>/dev/null
  tries=20
  while [ $tries -gt 0 ] && [ -n "$(living)" ]; do sleep 0.1 || sleep 1; tries=$((tries - 1)); done
done
[ -z "$(living)" ]
`
