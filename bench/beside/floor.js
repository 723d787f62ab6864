// The floor, a bare prototype: ssh2 in one process, one script a host, nothing looked at but whether it ended well.
//
// node floor.js LIST SCRIPT: a file of JSON, `[{ port, key }]`, and what each of these hosts is to run.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import ssh2 from 'ssh2'

const [list, script] = process.argv.slice(2).map(file => readFileSync(file, 'utf8'))

const carryOut = ({ port, key }) =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    const sock = connect({ port, host: '127.0.0.1', noDelay: true })
    client.on('error', reject).on('ready', () =>
      client.exec(script, (error, channel) => {
        if (error) return reject(error)
        channel.on('exit', status => {
          client.end()
          if (status === 0) resolve()
          else reject(new Error(`exit status ${status}`))
        })
        channel.resume()
        channel.stderr.pipe(process.stderr)
      }),
    )
    client.connect({ sock, username: 'root', privateKey: readFileSync(key), authHandler: ['publickey'] })
  })

await Promise.all(JSON.parse(list).map(carryOut))
