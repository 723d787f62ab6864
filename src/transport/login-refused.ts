// What to tell when a server lets nobody in.
import { exitCodes, Problem } from '../model/problem.ts'
import type { LoginWays } from './login.ts'

type Endpoint = { readonly host: string; readonly address: string; readonly port: number; readonly user: string }

export type Refused = Pick<LoginWays, 'told' | 'taken'> & {
  /** The server's last words, where it ended the connection itself. */
  readonly said?: string
}

/** The server took none of the ways. */
export const loginRefused = ({ host, address, port, user }: Endpoint, { told, taken, said }: Refused): Problem => {
  const ways = told()
  const tried = ways.length > 0 ? `tried: ${ways.join(', ')}` : 'no key, no agent, no password to try'
  const takes = taken().length > 0 ? [`the server takes ${taken().join(', ')}`] : []
  return new Problem({
    code: 'login-refused',
    summary: `${host} does not let ${user} in`,
    host,
    seen: [tried, ...takes, ...(said ? [said] : [])].join('; '),
    state: 'nothing was done there',
    exit: exitCodes.unreachable,
    help: [
      `try \`ssh -p ${port} ${user}@${address}\` by hand; name a key in the inventory (\`ansible_ssh_private_key_file\`), or start an agent (\`ssh-add\`)`,
      ...(said ? ['an agent of many keys uses up the attempts: `IdentitiesOnly yes` in ~/.ssh/config'] : []),
    ].join('\n'),
  })
}
