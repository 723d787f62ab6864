// Tasks of Ansible whose work a program of the node does here: which one, and how a step says that it is due.

const programs = {
  acl: 'setfacl',
  alternatives: 'update-alternatives',
  apt: 'apt-get',
  apt_key: 'apt-key',
  apt_repository: 'add-apt-repository',
  archive: 'tar',
  cron: 'crontab',
  debconf: 'debconf-set-selections',
  dnf: 'dnf',
  dpkg_selections: 'dpkg',
  filesystem: 'mkfs',
  firewalld: 'firewall-cmd',
  get_url: 'curl',
  git: 'git',
  group: 'groupadd',
  hostname: 'hostname',
  iptables: 'iptables',
  known_hosts: 'ssh-keyscan',
  lvg: 'vgcreate',
  lvol: 'lvcreate',
  modprobe: 'modprobe',
  nmcli: 'nmcli',
  package: 'zypper',
  parted: 'parted',
  pip: 'pip',
  rpm_key: 'rpm',
  seboolean: 'setsebool',
  selinux: 'setenforce',
  subversion: 'svn',
  synchronize: 'rsync',
  sysctl: 'sysctl',
  timezone: 'timedatectl',
  ufw: 'ufw',
  unarchive: 'tar',
  uri: 'curl',
  user: 'useradd',
  yum: 'yum',
  yum_repository: 'yum',
  zypper: 'zypper',
}

const lookingPrograms = {
  find: 'find',
  getent: 'getent',
  package_facts: 'rpm -qa',
  service_facts: 'chkconfig --list',
}

const guarded = (program: string): string =>
  `write a \`command:\` step with \`${program}\` and a guard: \`creates:\`, or \`when:\` on what a step before it registers`

const looking = (program: string): string =>
  `write a \`command:\` step with \`${program}\` and \`reads: true\`, and register what it prints`

const each = (names: Readonly<Record<string, string>>, help: (program: string) => string) =>
  Object.fromEntries(Object.entries(names).map(([name, program]) => [name, help(program)]))

export const byProgram: Readonly<Record<string, string>> = {
  ...each(programs, guarded),
  ...each(lookingPrograms, looking),
}
