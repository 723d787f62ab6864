// What is asked of any node, whatever it is for. Old nodes have little, so the words of the shell do where they can.
import { probe, question, type Told } from '#task'

/** Clocks that are further apart make logs of two nodes hard to read, and a directory refuse its replicas. */
const furthestApart = 5

/** Below this an installation breaks off half-way. */
const leastFreeKb = 200 * 1024

export default [
  question({
    name: 'clock',
    together: { within: furthestApart },
    help: 'let all nodes take their time from one server (NTP), before anything is installed',
    async ask({ look }) {
      const before = Date.now()
      const { stdout } = await look(probe('date -u +%s'))
      const here = (before + Date.now()) / 2
      return clockOf(Number.parseInt(stdout, 10), here)
    },
  }),
  question({
    name: 'user',
    async ask({ look }) {
      const { stdout } = await look(probe('id -un; id -u'))
      const [name = '', uid] = stdout.split('\n')
      return uid === '0'
        ? { text: name }
        : { text: name, mind: `commands run as ${name}; most steps need root: \`ansible_become: true\`` }
    },
  }),
  question({
    name: 'shell',
    ask: async ({ look }) => ({ text: (await look(probe('readlink /proc/$$/exe'))).stdout }),
  }),
  question({
    name: 'tools',
    ask: async ({ look }) => toolsOf((await look(probe(missing([...needed, ...Object.keys(wished)])))).stdout),
  }),
  question({
    name: 'free space',
    ask: async ({ look }) => spaceOf((await look(probe('df -Pk / /var /tmp'))).stdout),
  }),
  question({
    name: 'release',
    ask: async ({ look }) => releaseOf((await look(probe(releaseScript))).stdout),
  }),
]

/** @param seconds As the node says, cut off. @param hereMs When it said so, by this machine's clock. */
export const clockOf = (seconds: number, hereMs: number): Told => {
  const ahead = Math.round(seconds + 0.5 - hereMs / 1000)
  if (Number.isNaN(ahead)) return { text: 'says no time', wrong: 'its `date` cannot be understood' }
  if (Math.abs(ahead) <= 2) return { text: 'as here', value: ahead }
  const text = `${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine`
  return { text, value: ahead, ...(Math.abs(ahead) > furthestApart && { wrong: `its clock is ${text}` }) }
}

/** What every node needs, as `docs/nodes.md` says it. */
export const needed = [
  ...['awk', 'basename', 'cat', 'chmod', 'chown', 'cksum', 'cmp', 'cp', 'cut', 'date', 'df', 'dirname', 'find', 'grep'],
  ...[
    'head',
    'id',
    'ln',
    'ls',
    'mkdir',
    'mktemp',
    'mv',
    'od',
    'readlink',
    'rm',
    'rmdir',
    'sed',
    'sort',
    'stat',
    'sync',
  ],
  ...['tail', 'touch', 'tr', 'uname', 'wc'],
]

/** What does not work without each of the others. */
export const wished: Readonly<Record<string, string>> = {
  blkid: 'a partition cannot be told from another one',
  ip: 'addresses cannot be looked at',
  perl: 'the agents cannot be asked',
  openssl: 'of an agent with TLS no more than a connection is seen',
  mkfifo: 'an installation does not outlive its controller',
  script: 'an installation does not outlive its controller',
  setsid: 'an installation does not outlive its controller',
}

const missing = (tools: readonly string[]): string =>
  `for tool in ${tools.join(' ')}; do command -v "$tool" >/dev/null 2>&1 || echo "$tool"; done`

export const toolsOf = (stdout: string): Told => {
  const gone = stdout.split('\n').filter(Boolean)
  if (gone.length === 0) return { text: 'all there' }
  const text = `without ${gone.join(', ')}`
  const missed = gone.filter(tool => needed.includes(tool))
  if (missed.length > 0) return { text, wrong: `steps need ${missed.join(', ')}, and the node has not` }
  return { text, mind: `${text}: ${[...new Set(gone.map(tool => wished[tool]))].join('; ')}` }
}

/** @source POSIX, `df -P`: file system, 1024-blocks, used, available, capacity, mounted on */
export const spaceOf = (stdout: string): Told => {
  const rows = stdout.split('\n').flatMap(line => {
    const [, freeKb, at] = /\s(\d+)\s+\d+%\s+(\/.*)$/.exec(line) ?? []
    return freeKb === undefined || at === undefined ? [] : [{ freeKb: Number(freeKb), at }]
  })
  const each = rows.filter(({ at }, index) => rows.findIndex(other => other.at === at) === index)
  if (each.length === 0) return { text: 'not told', mind: '`df -Pk` says nothing that can be understood' }
  const short = each.filter(({ freeKb }) => freeKb < leastFreeKb)
  const text = each.map(({ freeKb, at }) => `${at} ${amount(freeKb)}`).join(', ')
  return short.length === 0
    ? { text }
    : {
        text,
        wrong: `hardly any space is free: ${short.map(({ freeKb, at }) => `${amount(freeKb)} at ${at}`).join(', ')}`,
      }
}

const amount = (kb: number): string => {
  if (kb < 1024) return `${kb} KB`
  return kb < 1024 * 1024 ? `${Math.floor(kb / 1024)} MB` : `${Math.floor(kb / 1024 / 1024)} GB`
}

const releaseScript = `for file in /etc/novell-release /etc/SuSE-release; do [ -r "$file" ] && head -n 1 "$file"; done
[ ! -r /etc/os-release ] || sed -n 's/^PRETTY_NAME="\\{0,1\\}\\([^"]*\\)"\\{0,1\\}$/\\1/p' /etc/os-release; uname -r`

const releaseOf = (stdout: string): Told => ({ text: [...new Set(stdout.split('\n').filter(Boolean))].join(', ') })
