// A stand-in for the node's part of Cluster Services: hands what was typed to the cluster and prints what it says.
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'

const root = process.env.LAB_ROOT ?? ''
const settingsFile = `${root}/etc/lab/cluster`

/** Lines `name=value`. */
const readSettings = () =>
  existsSync(settingsFile)
    ? Object.fromEntries(
        readFileSync(settingsFile, 'utf8')
          .split('\n')
          .filter(line => /^\w+=/.test(line))
          .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
      )
    : {}

const { host = 'directory', port = '7023', ...release } = readSettings()

/** A node that shares its network with others says in a file which address is its own: it is known by it. */
const addressFile = `${root}/etc/lab/address`
const own = existsSync(addressFile) ? { localAddress: readFileSync(addressFile, 'utf8').trim() } : {}

const fail = text => {
  console.error(`cluster: ${text}`)
  process.exit(1)
}

const socket = connect({ host, port: Number(port), timeout: 5000, ...own })
let answer = ''
socket.setEncoding('utf8')
socket.on('connect', () => socket.write(`${JSON.stringify({ argv: process.argv.slice(2), release })}\n`))
socket.on('data', text => {
  answer += text
})
socket.on('timeout', () => fail('Cluster Services does not answer'))
socket.on('error', () => fail('Cluster Services does not run on this node'))
socket.on('close', () => {
  if (!answer.endsWith('\n')) return fail('Cluster Services ended the connection')
  const { status, text } = JSON.parse(answer)
  process.exitCode = status
  ;(status === 0 ? process.stdout : process.stderr).write(text)
})
