// Whether something answers at an address and a port, as the node sees it.
import { resource, z } from '#task'

const noProgram = 44

/** The key is host, port and seconds, with a space between: a connection that takes longer is none. */
export const connects = resource<{ connects: boolean }>({
  kind: 'connects',
  schema: z.object({ connects: z.boolean() }),
  early: false,
  exits: [0, 1],
  read($, key) {
    const [host = '', port = '', seconds = ''] = key.split(' ')
    return $`
if command -v perl >/dev/null 2>&1; then
  perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => $ARGV[2])' -- ${host} ${port} ${seconds}
elif command -v nc >/dev/null 2>&1; then nc -z -w ${seconds} -- ${host} ${port} || exit 1
else echo 'neither perl nor nc is there to ask with' >&2; exit ${noProgram}; fi`
  },
  parse: ({ exitCode }) => ({ connects: exitCode === 0 }),
})
