// Users of a test alone, in a mount namespace of their own: who may become whom, and by which password.
import { spawnSync } from 'node:child_process'
import { Secret } from '../../src/model/secret.ts'
import { hasNamespaces, hasSshd } from './sshd.ts'

export const hasSudo = hasSshd && hasNamespaces && spawnSync('sudo', ['--version']).status === 0
export const hasSu = hasSshd && hasNamespaces && spawnSync('su', ['--version']).status === 0

export const password = new Secret('ops_password', 'ops password')

/** The password as /etc/shadow has it. */
const hash = '$6$runbook$1Pxl145HoblQwg6QKouoEOjrToP5ba9VTeZ/0g/5NYFShJXw.kslnqI6cgTnHFoPabk3ksT4XcGgqgNdVyBO50'

export const rootPassword = new Secret('root_password', 'root password')

const rootHash = '$6$runbook2$nvIOAVqyIVUYixU0UoPAu8QctaZiIiT1IaF0VbdRoAvfmALqRVHAo8.P12KAkGWGoq2zVapJoPqiq2BxfzrYC.'

/** `guest` is asked for the password as a question, which is the usual way on SUSE. */
export const passwordLogins = [
  'UsePAM yes',
  'PasswordAuthentication yes',
  'Match User guest',
  'PasswordAuthentication no',
]

export type Accounts = {
  readonly sudoers?: readonly string[]
  /** How sudo asks, as /etc/pam.d/sudo has it. */
  readonly pam?: readonly string[]
}

/** A script for `prepare`: users with one password, root with another; `locked` has no shell. */
export const accounts = ({ sudoers = [], pam = [] }: Accounts = {}): string => `
cp /etc/passwd /etc/shadow /etc/group "$1"
sed -i '/^root:/d' "$1/shadow"
echo "root:"'${rootHash}'":20000:0:99999:7:::" >>"$1/shadow"
uid=7100
for user in ops free guest locked; do
  shell=/bin/sh
  [ $user != locked ] || shell=/usr/sbin/nologin
  echo "$user:x:$uid:$uid::/tmp:$shell" >>"$1/passwd"
  echo "$user:"'${hash}'":20000:0:99999:7:::" >>"$1/shadow"
  echo "$user:x:$uid:" >>"$1/group"
  uid=$((uid + 1))
done
printf '%s\\n' ${lines(sudoers)} >"$1/sudoers"
if [ -n '${pam.join('')}' ]; then
  printf '%s\\n' ${lines(pam)} >"$1/pam"
  mount --bind "$1/pam" /etc/pam.d/sudo
fi
chmod 440 "$1/sudoers"
for file in passwd shadow group sudoers; do mount --bind "$1/$file" "/etc/$file"; done
mkdir -p /run/sudo
mount -t tmpfs sudo /run/sudo
`

const lines = (texts: readonly string[]): string => texts.map(line => `'${line}'`).join(' ') || "''"
