// Whether an agent answers: a TCP connect proves nothing, so it is asked something that only it can answer.
import { type LookDollar, resource, z } from '#task'

export type Endpoint = {
  readonly address: string
  readonly port: number
  /** How long it may take until the connection stands; 3 unless told. */
  readonly seconds?: number
  /** Whether the agent speaks TLS on that port, and nothing else. */
  readonly tls?: boolean
}

/** @source Messenger agents: both answer with the result code 53505 (0xD101) to a request without a user. */
export const answersAs = (answer: string): boolean => answer.includes('NM_A_SZ_RESULT_CODE') && answer.includes('53505')

// Perl is on every target, unlike curl; `alarm` ends a request that nobody answers.
const program = `use IO::Socket::INET;
my ($address, $port, $request, $seconds) = @ARGV; alarm 2 * $seconds;
my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Timeout => $seconds) or exit 1;
$request =~ s/\\\\r\\\\n/\\r\\n/g; print $socket $request; $socket->flush; print while <$socket>;`

const ask = ($: LookDollar, { address, port, seconds = 3, tls = false }: Endpoint, request: string) =>
  tls
    ? $`
command -v perl >/dev/null || { perl; exit; }
if ! command -v openssl >/dev/null 2>&1; then perl -e ${connecting} -- ${address} ${port} ${seconds} && echo ${accepted}; exit; fi
printf '%b' ${request} | perl -e ${ending} -- ${2 * seconds} openssl s_client -quiet -connect ${`${address}:${port}`} 2>/dev/null`
    : $`perl -e ${program} -- ${address} ${port} ${request} ${seconds}`

/**
 * Its certificate is not checked: nothing is told that anybody could misuse, and old agents have certificates that no
 * program of today would take.
 */
const ending = 'alarm shift; exec @ARGV'

/** Without `openssl` nothing more can be had than a connection that was accepted. */
const connecting = `use IO::Socket::INET;
my ($address, $port, $seconds) = @ARGV; alarm 2 * $seconds;
exit(IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Timeout => $seconds) ? 0 : 1);`
const accepted = 'accepted and not asked'

const body = '&tag=NM_A_SZ_TRANSACTION_ID_A&cmd=0&val=1&type=10'

export const livenessProbes = {
  messaging: ($: LookDollar, at: Endpoint) =>
    ask(
      $,
      at,
      String.raw`POST /topic HTTP/1.0\r\nHost: ${at.address}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ),
  archive: ($: LookDollar, at: Endpoint) => ask($, at, String.raw`GET /logout HTTP/1.0\r\nHost: ${at.address}\r\n\r\n`),
}

type Probe = keyof typeof livenessProbes

/** Whether the agent behind an address answers as it should, asked from the node: over the network, unless it is there. */
export const agentAnswer = ({ probe, ...at }: Endpoint & { readonly probe: Probe }) =>
  answerOf([probe, at.address, at.port, at.seconds ?? 3, ...(at.tls ? ['tls'] : [])].join(' '))

/** `only`: nothing more than a connection was seen, since the node has no program that speaks TLS. */
const answer = z.object({ answers: z.boolean(), only: z.literal('connection').optional() })

const answerOf = resource<z.infer<typeof answer>>({
  kind: 'agent-answer',
  schema: answer,
  exits: 'any',
  read($, key) {
    const [probe = '', address = '', port, seconds, tls] = key.split(' ')
    const at = { address, port: Number(port), seconds: Number(seconds), tls: tls === 'tls' }
    return probe === 'archive' ? livenessProbes.archive($, at) : livenessProbes.messaging($, at)
  },
  parse: ({ stdout }) =>
    stdout.trim() === accepted ? { answers: true, only: 'connection' } : { answers: answersAs(stdout) },
})
