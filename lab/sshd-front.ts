// The second lane: OpenSSH's sshd inside the node, one process per connection, as under inetd.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { Problem } from '../src/model/problem.ts'
import { entering } from './enter.ts'
import { must } from './programs.ts'
import { type Front, type KeyPair, listen, type NodeDoor } from './ssh-front.ts'
import { sshdProgram } from './sshd-program.ts'

type Options = { readonly hostKey: KeyPair; readonly clientKey: KeyPair; readonly door: NodeDoor }

/** Each connection's socket becomes the stdin and stdout of an `sshd -i`. */
export const openSshdFront = async ({ hostKey, clientKey, door }: Options): Promise<Front> => {
  const listener = createServer({ pauseOnConnect: true }, async socket => {
    socket.on('error', () => {}).setNoDelay(true)
    const pid = await door.pid()
    if (pid === 0) return void socket.destroy()
    await layOut(pid, hostKey, clientKey)
    const [program = '', ...args] = [...entering(pid), sshdProgram, '-i', '-e', '-f', '/dev/null', ...settings]
    spawn(program, args, { stdio: [socket, socket, 'inherit'], env: {} }).on('error', () => {})
    socket.destroy()
  })
  const port = await listen(listener, 0)
  return {
    port,
    close: () => new Promise(resolve => listener.close(() => resolve())),
    fault: async ({ kind }) => {
      if (kind === 'unreachable') return void listener.close()
      if (kind === 'none') return void (listener.listening || (await listen(listener, port)))
      throw new Problem({
        code: 'lab-fault-unknown',
        summary: `sshd cannot play the fault ${kind}`,
        help: 'use a lab without --sshd',
      })
    },
  }
}

const place = '/run/lab/sshd'

const settings = Object.entries({
  HostKey: `${place}/host_key`,
  AuthorizedKeysFile: `${place}/authorized_keys`,
  PidFile: 'none',
  UsePAM: 'no',
  StrictModes: 'no',
  PermitRootLogin: 'yes',
  PasswordAuthentication: 'no',
  Subsystem: 'sftp internal-sftp',
  LogLevel: 'ERROR',
}).flatMap(([name, value]) => ['-o', `${name}=${value}`])

/** Once after each start of the node, since its /run starts empty. */
const layOut = async (pid: number, hostKey: KeyPair, clientKey: KeyPair): Promise<void> => {
  await must([...entering(pid), 'sh', '-c', layOutScript, 'sh', clientKey.public], hostKey.private)
}

const layOutScript = `set -e
[ ! -e ${place}/host_key ] || exit 0
umask 022
mkdir -p /run/sshd ${place}
printf '%s\\n' "$1" >${place}/authorized_keys
umask 077
cat >${place}/host_key.$$
mv ${place}/host_key.$$ ${place}/host_key`
