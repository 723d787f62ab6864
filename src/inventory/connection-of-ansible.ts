// Variables by which Ansible reaches a host and that are not here, each with what to write instead.
const byConfig = 'write what it says into ~/.ssh/config, below a `Host` of this name'
const noProgram = 'remove it: no program is started to connect'
const plainShell = 'remove it: commands are carried out by the `sh` of the node'
const asUser = 'write `ansible_become_user`'
const itsPassword = 'write `ansible_become_password`'

export const insteadOfConnection: Readonly<Record<string, string>> = {
  ansible_become_exe: 'remove it: `sudo` or `su` is found by its name on the node',
  ansible_become_flags: 'remove it: `sudo` or `su` starts a plain shell of the user',
  ansible_become_pass: itsPassword,
  ansible_pipelining: 'remove it: commands go to one shell that stays open',
  ansible_remote_tmp: 'remove it: nothing is put onto the node to be carried out',
  ansible_shell_executable: plainShell,
  ansible_ssh_args: byConfig,
  ansible_ssh_common_args: byConfig,
  ansible_ssh_executable: noProgram,
  ansible_ssh_extra_args: byConfig,
  ansible_ssh_host: 'write `ansible_host`',
  ansible_ssh_pass: 'write `ansible_password`',
  ansible_ssh_password: 'write `ansible_password`',
  ansible_ssh_pipelining: 'remove it: commands go to one shell that stays open',
  ansible_ssh_port: 'write `ansible_port`',
  ansible_ssh_retries: 'remove it: a connection that was lost is made anew, and what was asked on it is asked again',
  ansible_ssh_user: 'write `ansible_user`',
  ansible_su: 'write `ansible_become: true` and `ansible_become_method: su`',
  ansible_su_pass: itsPassword,
  ansible_su_user: asUser,
  ansible_sudo: 'write `ansible_become: true`',
  ansible_sudo_pass: itsPassword,
  ansible_sudo_user: asUser,
}
