// What the installation needs of each node, looked at and not touched: run it the day before.
import { playbook } from '#playbook'

export default playbook({
  name: 'What the installation needs of each node',
  hosts: 'failover_list',
  worksheet: 'worksheets/messenger.ts',
  tasks: [
    {
      name: 'Media',
      source: '11.2.1 preferred node, 2',
      command: { argv: ['test', '-x', "{{ installer.command.split(' ')[0] }}"], reads: true },
      register: 'media',
    },
    {
      name: 'Media are there',
      assert: { that: '{{ media.rc == 0 }}', fail_msg: 'The installation program is not there, or nobody may run it' },
    },
    {
      name: 'Device',
      source: '11.2.1 preferred node, 1',
      when: "partition.kind == 'plain'",
      command: { argv: ['test', '-e', '{{ partition.device }}'], reads: true },
      register: 'device',
    },
    {
      name: 'Device is there',
      when: "partition.kind == 'plain'",
      assert: { that: '{{ device.rc == 0 }}', fail_msg: 'The device of the partition is not there' },
    },
    {
      name: "Agents' user",
      source: '11.2.1 non-root access',
      when: "agents_user != 'root'",
      command: { argv: ['id', '-u', '{{ agents_user }}'], reads: true },
      register: 'agents_uid_here',
    },
    {
      name: "Agents' user has one number",
      when: "agents_user != 'root' and agents_uid is defined",
      assert: {
        that: "{{ agents_uid_here.stdout in ['', agents_uid | string] }}",
        fail_msg: "The agents' user has another uid on this node; files on the partition belong to the number",
      },
    },
  ],
})
