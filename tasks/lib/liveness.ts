// Whether an agent answers: a TCP connect proves nothing, so it is asked something that only it can answer.
import type { HostDollar } from '#task'

export type Endpoint = { readonly address: string; readonly port: number }

/** @source Messenger agents: both answer with the result code 53505 (0xD101) to a request without a user. */
export const answersAs = (answer: string): boolean => answer.includes('NM_A_SZ_RESULT_CODE') && answer.includes('53505')

// Perl is on every target, unlike curl; `alarm` ends a request that nobody answers.
const program = `use IO::Socket::INET;
my ($address, $port, $request) = @ARGV; alarm 5;
my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Timeout => 3) or exit 1;
$request =~ s/\\\\r\\\\n/\\r\\n/g; print $socket $request; $socket->flush; print while <$socket>;`

const ask = async ($: HostDollar, { address, port }: Endpoint, request: string): Promise<string> =>
  (await $`perl -e ${program} -- ${address} ${port} ${request}`).stdout

const body = '&tag=NM_A_SZ_TRANSACTION_ID_A&cmd=0&val=1&type=10'

export const livenessProbes = {
  messaging: ($: HostDollar, at: Endpoint) =>
    ask(
      $,
      at,
      String.raw`POST /topic HTTP/1.0\r\nHost: ${at.address}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ),
  archive: ($: HostDollar, at: Endpoint) => ask($, at, String.raw`GET /logout HTTP/1.0\r\nHost: ${at.address}\r\n\r\n`),
}
