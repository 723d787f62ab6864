// A stand-in for the node's eDirectory client: LDAP bind, search, add, replace and delete over TCP or TLS (RFC 4511).
import { readFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { connect as connectTls } from 'node:tls'

const tag = {
  bind: 0x60,
  bound: 0x61,
  unbind: 0x42,
  search: 0x63,
  entry: 0x64,
  searched: 0x65,
  add: 0x68,
  modify: 0x66,
  delete: 0x4a,
}

/** `code` is the LDAP result code; undefined when the directory gave no answer at all. */
export class DirectoryError extends Error {
  constructor(message, code) {
    super(message)
    this.code = code
  }
}

export const equals = (attribute, value) => item(0xa3, item(0x04, attribute), item(0x04, value))
export const present = attribute => item(0x87, attribute)

/** Opens a connection; `rootCertificate` (a file) makes it TLS. */
export const connect = async ({ host, port, rootCertificate, timeoutMs = 5000 }) => {
  const socket = await open({ host, port, rootCertificate, timeoutMs })
  const waiting = new Map()
  let bytes = Buffer.alloc(0)
  let last = 0
  socket.on('data', more => {
    bytes = Buffer.concat([bytes, more])
    for (let message = parse(bytes); message; message = parse(bytes)) {
      bytes = bytes.subarray(message.end)
      const [id, operation] = children(message.body)
      receive(waiting, id.body.readUIntBE(0, id.body.length), operation)
    }
  })
  const lost = () => {
    for (const { failed } of waiting.values()) failed(new DirectoryError('the directory ended the connection'))
  }
  socket.on('error', lost).on('close', lost)

  const ask = operation =>
    new Promise((done, failed) => {
      const id = ++last
      const late = setTimeout(() => failed(new DirectoryError('the directory does not answer')), timeoutMs)
      const end = then => value => {
        clearTimeout(late)
        waiting.delete(id)
        then(value)
      }
      waiting.set(id, { entries: [], done: end(done), failed: end(failed) })
      socket.write(item(0x30, integer(id), operation))
    })

  return {
    bind: (dn, password) => ask(item(tag.bind, integer(3), item(0x04, dn), item(0x80, password))),
    /** @returns entries as `{ dn, attributes: { lower-case name: values } }`. */
    search: (base, { scope = 'base', filter = present('objectClass'), attributes = [] } = {}) => {
      const scopes = ['base', 'one', 'sub']
      const limits = [enumerated(scopes.indexOf(scope)), enumerated(0), integer(0), integer(0), item(0x01, [0])]
      const wanted = item(0x30, ...attributes.map(name => item(0x04, name)))
      return ask(item(tag.search, item(0x04, base), ...limits, filter, wanted))
    },
    add: (dn, attributes) => {
      const list = Object.entries(attributes).map(([name, values]) =>
        item(0x30, item(0x04, name), item(0x31, ...values.map(value => item(0x04, value)))),
      )
      return ask(item(tag.add, item(0x04, dn), item(0x30, ...list)))
    },
    replace: (dn, attribute, values) => {
      const changed = item(0x30, item(0x04, attribute), item(0x31, ...values.map(value => item(0x04, value))))
      return ask(item(tag.modify, item(0x04, dn), item(0x30, item(0x30, enumerated(2), changed))))
    },
    delete: dn => ask(item(tag.delete, dn)),
    close: () => socket.end(item(0x30, integer(last + 1), item(tag.unbind))),
  }
}

const open = ({ host, port, rootCertificate, timeoutMs }) =>
  new Promise((done, failed) => {
    const tls = () => connectTls({ host, port, ca: readFileSync(rootCertificate) })
    const socket = rootCertificate ? tls() : connectTcp({ host, port })
    const refuse = reason => {
      socket.destroy()
      failed(new DirectoryError(`cannot reach the directory at ${host}:${port}: ${reason}`))
    }
    socket.setTimeout(timeoutMs, () => refuse('no answer'))
    socket.once('error', error => refuse(error.code ?? error.message))
    socket.once(rootCertificate ? 'secureConnect' : 'connect', () => done(socket.setTimeout(0)))
  })

const receive = (waiting, id, { tag: kind, body }) => {
  const request = waiting.get(id)
  if (request === undefined) return
  if (kind === tag.entry) return void request.entries.push(entryOf(body))
  const [code, , message] = children(body)
  if (code.body[0] === 0) request.done(request.entries)
  else request.failed(new DirectoryError(String(message.body), code.body[0]))
}

const entryOf = body => {
  const [dn, list] = children(body)
  const attributes = children(list.body).map(attribute => {
    const [name, values] = children(attribute.body)
    return [String(name.body).toLowerCase(), children(values.body).map(value => String(value.body))]
  })
  return { dn: String(dn.body), attributes: Object.fromEntries(attributes) }
}

// BER: one item is a tag, a length and a body.

const item = (kind, ...parts) => {
  const body = Buffer.concat(parts.map(part => Buffer.from(part)))
  return Buffer.concat([Buffer.from([kind, ...lengthOf(body.length)]), body])
}

const lengthOf = length => {
  if (length < 0x80) return [length]
  return [0x84, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255]
}

const integer = value => item(0x02, [(value >>> 24) & 127, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])
const enumerated = value => item(0x0a, [value])

/** The first item of some bytes; undefined while it is not whole. */
const parse = bytes => {
  if (bytes.length < 2) return undefined
  const more = bytes[1] < 0x80 ? 0 : bytes[1] & 0x7f
  if (bytes.length < 2 + more) return undefined
  const length = more === 0 ? bytes[1] : bytes.readUIntBE(2, more)
  const end = 2 + more + length
  return bytes.length < end ? undefined : { tag: bytes[0], body: bytes.subarray(2 + more, end), end }
}

const children = body => {
  const all = []
  for (let rest = body; rest.length > 0; ) {
    const next = parse(rest)
    if (next === undefined) throw new DirectoryError('the answer is no LDAP')
    all.push(next)
    rest = rest.subarray(next.end)
  }
  return all
}
