// What a person types to each of the strange installers: what stands at the end of the screen, and the keys.
export type Site = { readonly host: string; readonly port: number; readonly address: string }

export const password = 'Kanarienvogel-4711'

export const worksheet = ({ host, port, address }: Site) => ({
  mount_point: '/mnt/messenger',
  tree: 'ACME_TREE',
  server_context: 'ou=messenger,o=acme',
  ldap_host: host,
  ldap_port: port,
  user_dn: 'cn=admin,o=acme',
  user_contexts: 'ou=users,o=acme',
  server_address: address,
  messaging_port: 8300,
  archive_port: 8310,
  archive_agent: true,
})

/** `\r` is the Enter key; keys behind a prompt are typed one by one. */
export type Typing = readonly (readonly [prompt: RegExp, keys: string])[]

export type Stranger = {
  readonly create: (site: Site) => Typing
  readonly join: Typing
  /** What the shipped dialogue comes to a stop at. */
  readonly stopsAt: RegExp
}

export const strangers: Readonly<Record<string, Stranger>> = {
  deutsch: {
    stopsAt: /Lizenzbedingungen zu \[j\/N\]\?/,
    create: ({ host, port, address }) => [
      [/Lizenzbedingungen zu \[j\/N\]\? $/, 'vielleicht\r'],
      [/antworten\.\r\n.*\[j\/N\]\? $/, 'j\r'],
      [/Cluster \[j\/N\]\? $/, 'j\r'],
      [/Datenträgers: $/, '/mnt/messengx\x7fer\r'],
      [/Ihre Wahl: $/, '2\r'],
      [/Rechner des .*: $/, `${host}\r`],
      [/Port des .*: $/, `${port}\r`],
      [/Baum: $/, 'ACME_TREE\r'],
      [/Serverobjekt: $/, 'ou=messenger,o=acme\r'],
      [/am Verzeichnis als .*: $/, 'cn=admin,o=acme\r'],
      [/Kennwort für .*: $/, `${password}\r`],
      [/Wiederholung\): $/, `${password}\r`],
      [/Benutzer: $/, 'ou=users,o=acme\r'],
      [/Ihre Wahl \[1\]: $/, '2\r'],
      [/finden: $/, `${address}\r`],
      [/Messaging-Agenten \[8300\]: $/, '\r'],
      [/Archiv-Agenten \[8310\]: $/, '\r'],
      [/starten \[j\/N\]\? $/, 'n\r'],
    ],
    join: [
      [/Lizenzbedingungen zu \[j\/N\]\? $/, 'j\r'],
      [/Cluster \[j\/N\]\? $/, 'j\r'],
      [/Datenträgers: $/, '/mnt/messenger\r'],
      [/Ihre Wahl: $/, '1\r'],
      [/übernehmen \[j\/N\]\? $/, 'j\r'],
      [/starten \[j\/N\]\? $/, 'n\r'],
    ],
  },
  pages: {
    stopsAt: /--More--/,
    create: ({ host, port, address }) => [
      [/--More--\(30%\)\S*$/, ' '],
      [/--More--\(70%\)\S*$/, ' '],
      [/--More--\(100%\)\S*$/, ' '],
      [/AGREE[^\n]*\n> $/, 'AGREE\r'],
      [/Folder [^\n]*\n> $/, '/mnt/messenger\r'],
      [/first server\?[^\n]*\n> $/, '\r'],
      [/tree\r?\n> $/, 'ACME_TREE\r'],
      [/LDAP server\r?\n> $/, `${host}\r`],
      [/Port [^\n]*\n> $/, `${port}\r`],
      [/Administrator[^\n]*\n> $/, 'cn=admin,o=acme\r'],
      [/Password\r?\n> $/, 'wrong-one\r'],
      [/LDAP server\r?\n> $/, `${host}\r`],
      [/Port [^\n]*\n> $/, `${port}\r`],
      [/Administrator[^\n]*\n> $/, 'cn=admin,o=acme\r'],
      [/Password\r?\n> $/, `${password}\r`],
      [/created\?\r?\n> $/, 'ou=messenger,o=acme\r'],
      [/users\?\r?\n> $/, 'ou=users,o=acme\r'],
      [/address\r?\n> $/, `${address}\r`],
      [/Port .*8300\)\r?\n> $/, '\r'],
      [/Archive port [^\n]*\n> $/, '\r'],
      [/any key.*$/, 'x'],
    ],
    join: [
      [/--More--\(30%\)\S*$/, ' '],
      [/--More--\(70%\)\S*$/, ' '],
      [/--More--\(100%\)\S*$/, ' '],
      [/AGREE[^\n]*\n> $/, 'AGREE\r'],
      [/Folder [^\n]*\n> $/, '/mnt/messenger\r'],
      [/first server\?[^\n]*\n> $/, 'no\r'],
      [/any key.*$/, 'x'],
      [/Configuring[\s\S]*any key.*$/, 'x'],
    ],
  },
  wizard: {
    stopsAt: /Enter choice:/,
    create: ({ host, port, address }) => [
      [/Enter choice: $/, '1\r'],
      [/Shared folder on .*: $/, '/mnt/messenger\r'],
      [/Enter choice: $/, '1\r'],
      [/reached\?[\s\S]*Enter choice: $/, '1\r'],
      [/Directory server .*: $/, `${host}\r`],
      [/Directory port .*: $/, `${port}\r`],
      [/Tree .*: $/, 'ACME_TREE\r'],
      [/administrator .*: $/, '\r'],
      [/Password: $/, `${password}\r`],
      [/Password: $/, `${password}\r`],
      [/Context of the service .*: $/, 'ou=messenger,o=acme\r'],
      [/Context of the users .*: $/, 'ou=users,o=acme\r'],
      [/Enter choice: $/, '1\r'],
      [/Service address .*: $/, `${address}\r`],
      [/8310\?[\s\S]*Enter choice: $/, '1\r'],
      [/Start now\? \(Y\/N\) $/, 'n'],
    ],
    join: [
      [/Enter choice: $/, '1\r'],
      [/Shared folder on .*: $/, '/mnt/messenger\r'],
      [/Enter choice: $/, '2\r'],
      [/found[\s\S]*Enter choice: $/, '1\r'],
      [/Start now\? \(Y\/N\) $/, 'n'],
    ],
  },
}
