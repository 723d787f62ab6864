// A stand-in for Linux User Management: the directory's users that have a uid become users of this node.
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, DirectoryError, equals } from '../../eDirectory/lib/ldap.mjs'

const root = process.env.LAB_ROOT ?? ''

/** Lines that end so were written here, and only these are replaced. */
const mark = 'LUM'

const main = async ([command, name]) => {
  const settings = readSettings(`${root}/etc/nam.conf`)
  const directory = await connect({ host: settings['preferred-server'], port: Number(settings['ldap-port'] ?? 389) })
  try {
    if (command === 'refresh') await refresh(directory, settings['base-name'])
    if (command === 'find') await find(directory, { base: settings['base-name'], name })
  } finally {
    directory.close()
  }
}

const refresh = async (directory, base) => {
  const ask = filter => directory.search(base, { scope: 'sub', filter })
  const users = await ask(equals('objectClass', 'posixAccount'))
  const groups = await ask(equals('objectClass', 'posixGroup'))
  const passwd = users.map(({ attributes: it }) =>
    [it.uid[0], 'x', it.uidnumber[0], it.gidnumber[0], mark, it.homedirectory[0], it.loginshell?.[0] ?? '/bin/sh'].join(
      ':',
    ),
  )
  replaceLines(`${root}/etc/passwd`, passwd, line => line.split(':')[4] === mark)
  const group = groups.map(({ attributes: it }) => `${it.cn[0]}:${mark}:${it.gidnumber[0]}:`)
  replaceLines(`${root}/etc/group`, group, line => line.split(':')[1] === mark)
  console.log(`${users.length} user(s), ${groups.length} group(s)`)
}

/** Ends with 1 when the directory has no user of that name. */
const find = async (directory, { base, name }) => {
  const found = await directory.search(base, { scope: 'sub', filter: equals('cn', name), attributes: ['cn'] })
  if (found.length === 0) throw new DirectoryError(`${name}: no such object in the directory (-601)`)
}

const readSettings = path =>
  Object.fromEntries(
    readFileSync(path, 'utf8')
      .split('\n')
      .filter(line => /^[\w-]+=/.test(line))
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  )

const replaceLines = (path, lines, isOurs) => {
  const others = readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line !== '' && !isOurs(line))
  const text = `${[...others, ...lines].join('\n')}\n`
  if (text !== readFileSync(path, 'utf8')) writeFileSync(path, text)
}

main(process.argv.slice(2)).catch(error => {
  console.error(error.code === 'ENOENT' ? `${error.path} is not there: LUM is not configured` : error.message)
  process.exitCode = 1
})
