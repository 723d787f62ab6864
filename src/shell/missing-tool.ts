// Which program a node has not, by the words of its shell; and in which package it comes.

/** A path or a name, without what shells put around it. */
const name = String.raw`[\w./+-]*[\w+-]`

/** As dash, bash, busybox, ksh and `find -exec` say it under `LC_ALL=C`. */
const complaints: readonly RegExp[] = [
  // dash: `/bin/sh: 1: eval: stat: not found`, `/bin/sh: 1: exec: stat: not found`
  new RegExp(`^.*: \\d+: (?:eval: |exec: )*(?:\\d+: )?(${name}): not found$`, 'm'),
  // bash: `/bin/sh: line 1: stat: command not found`
  new RegExp(`^.*: (${name}): command not found$`, 'm'),
  // busybox: `sh: stat: not found`, `sh: exec: line 0: stat: not found`, `/etc/init.d/it: line 3: stat: not found`
  // bash: `/bin/sh: line 1: exec: stat: not found`; ksh: `sh: stat: not found [No such …]`
  new RegExp(
    `^\\S*(?:sh|: line \\d+|: eval): (?:eval: |exec: )*(?:line \\d+: )?(${name}): not found(?: \\[.*\\])?$`,
    'm',
  ),
  // What it was given to look through is never without a slash.
  /^find: ['‘`]?([\w+-]+)['’]?: No such file or directory$/m,
]

/** The program that a script did not find; undefined where nothing tells of one. */
export const missingTool = (stderr: string): string | undefined => {
  for (const complaint of complaints) {
    const tool = complaint.exec(stderr)?.[1]
    if (tool !== undefined) return tool
  }
  return undefined
}

/** What to do about it, as a sentence of `help:`. */
export const installing = (tool: string): string => {
  const packages = Object.keys(toolsOf).filter(each => toolsOf[each]?.includes(tool))
  if (packages.length === 0) return `install \`${tool}\` on the node, or put it where the node's PATH finds it`
  return `install \`${tool}\` on the node (package ${packages.join(' or ')}), or put it where the node's PATH finds it`
}

/** By the names that SUSE, Red Hat or Debian give the packages. */
const toolsOf: Readonly<Record<string, readonly string[]>> = {
  coreutils: [
    ...['basename', 'cat', 'chmod', 'chown', 'cksum', 'cp', 'cut', 'date', 'dd', 'df', 'dirname', 'head', 'id', 'ln'],
    ...['ls', 'mkdir', 'mkfifo', 'mktemp', 'mv', 'od', 'readlink', 'rm', 'rmdir', 'sha1sum', 'sleep', 'sort', 'stat'],
    ...['stty', 'sync', 'tail', 'touch', 'tr', 'uname', 'wc'],
  ],
  findutils: ['find', 'xargs'],
  'util-linux': ['blkid', 'mount', 'script', 'setsid', 'umount'],
  e2fsprogs: ['blkid'],
  bsdutils: ['script'],
  iproute2: ['ip', 'ss'],
  iputils: ['arping'],
  gawk: ['awk'],
  grep: ['grep'],
  sed: ['sed'],
  perl: ['perl'],
  openssl: ['openssl'],
  rpm: ['rpm'],
  chkconfig: ['chkconfig'],
  aaa_base: ['chkconfig', 'checkproc', 'startproc', 'killproc'],
  sysvinit: ['checkproc', 'startproc', 'killproc'],
  systemd: ['systemctl'],
}
