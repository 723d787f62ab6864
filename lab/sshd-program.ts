// Where OpenSSH's server is, on this machine and so on the nodes.
export const sshdProgram = '/usr/sbin/sshd'
