// A shell that was started on a terminal, with streams of its own: a terminal would mix stdout and stderr.
//
// On the node three fifos lead from the terminal's side to a second channel. They are opened before su is started, which
// hands them on, and their directory is removed as soon as all are open: so the other user needs no way into it, and
// nothing of it is left, whatever happens later.
import { randomBytes } from 'node:crypto'
import { reveal, type Secret } from '../model/secret.ts'
import { Outlet } from '../shell/outlet.ts'
import { wideTerminal } from '../shell/plain-terminal.ts'
import { quoteWord } from '../shell/quote.ts'
import type { Channel, Connection } from './channel.ts'
import { startingSh } from './login-line.ts'
import { MarkerReader } from './marker-reader.ts'
import { waited } from './waited.ts'

export type Bridging = {
  /** Shell code for the terminal; what it starts finds the streams as descriptors 3, 4 and 5. */
  readonly start: string
  /** Looks at all that the terminal said; gives what to type. Throws to end it. */
  hear(said: string): Secret | undefined
  /** Takes why there is no second channel. */
  refuse(problem: unknown): void
}

/** Longest wait for what is under way, when the shell has ended. */
const drainMs = 1000

/** @throws {Problem} what the connection throws for the terminal. */
export const bridge = async (connection: Connection, { start, hear, refuse }: Bridging): Promise<Channel> => {
  const marker = randomBytes(16).toString('hex')
  const line = startingSh(`${opening(marker)}${start}`)
  const terminal = await connection.open(line, { pty: wideTerminal })
  const [stdout, stderr] = [new Outlet(), new Outlet()]
  const streams = directoryOn(terminal, marker, { hear, refuse })
    .then(async directory => {
      const channel = await connection.open(leading(directory))
      channel.onStdout(bytes => stdout.push(bytes))
      channel.onStderr(bytes => stderr.push(bytes))
      return channel
    })
    .catch(error => {
      if (error) refuse(error)
      terminal.destroy()
      return undefined
    })
  const drained = streams.then(channel => channel?.closed)
  return {
    onStdout: listener => stdout.listen(listener),
    onStderr: listener => stderr.listen(listener),
    write: async bytes => (await streams)?.write(bytes),
    endInput: () => void streams.then(channel => channel?.endInput()),
    closed: terminal.closed.then(async status => {
      await Promise.race([drained, waited(drainMs)])
      return status
    }),
    destroy() {
      terminal.destroy()
      void streams.then(channel => channel?.destroy())
    },
  }
}

/** Answers what the terminal asks, and waits for the directory that it names. */
const directoryOn = (
  terminal: Channel,
  marker: string,
  { hear, refuse }: Pick<Bridging, 'hear' | 'refuse'>,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const said = new MarkerReader(marker, /^\/\S+$/)
    terminal.onStdout(bytes => {
      const found = said.feed(bytes)
      if (found) resolve(found.said)
      try {
        const answer = hear(said.text)
        if (answer) void terminal.write(`${reveal(answer)}\n`)
      } catch (error) {
        refuse(error)
        terminal.destroy()
      }
    })
    void terminal.closed.then(() => reject(undefined))
  })

/** Opening a fifo waits for the other side; they are opened in one order on both. */
const opening = (marker: string): string => `
umask 077
d=$(mktemp -d "\${TMPDIR:-/tmp}/run.XXXXXX") || exit 1
trap 'rm -rf "$d"' 0
trap 'exit 129' 1 2 15
mkfifo "$d/in" "$d/out" "$d/err" || exit 1
echo ${marker} "$d"
exec 3<"$d/in" 4>"$d/out" 5>"$d/err" || exit 1
rm -rf "$d"
trap - 0 1 2 15
`

const leading = (directory: string): string =>
  startingSh(`
d=${quoteWord(directory)}
exec 6<&0 3>"$d/in" 4<"$d/out" 5<"$d/err" || exit 1
cat <&6 >&3 4<&- 5<&- & in=$!
cat <&4 3>&- 5<&- 6<&- & out=$!
cat <&5 >&2 3>&- 4<&- 6<&- & err=$!
exec 3>&- 4<&- 5<&- 6<&-
wait $out $err
kill $in 2>/dev/null
`)
