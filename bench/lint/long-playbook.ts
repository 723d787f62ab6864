// A site with a playbook of so many lines and an inventory of so many hosts: what a lint is measured with.

const steps: readonly ((at: number) => readonly string[])[] = [
  at => [
    `    - name: Directory ${at}`,
    '      file:',
    `        path: "{{ base }}/directory-${at}"`,
    '        state: directory',
    '        mode: "0755"',
    `      when: size > ${at % 200}`,
  ],
  at => [
    `    - name: Copy ${at}`,
    '      copy:',
    `        dest: "{{ top }}/file-${at}"`,
    '        content: |',
    '          host {{ inventory_hostname }} role {{ role }}',
    '        mode: "0644"',
    `      tags: [tag-${at % 7}]`,
  ],
  at => [
    `    - name: Line ${at}`,
    '      lineinfile:',
    '        path: "{{ base }}/conf"',
    `        line: "key-${at} = {{ size + ${at} }}"`,
    `        regexp: "^key-${at} ="`,
  ],
  at => [
    `    - name: Command ${at}`,
    `      command: test -d /directory-${at}`,
    '      args:',
    `        creates: "{{ base }}/done-${at}"`,
    `      register: result_${at}`,
  ],
  at => [
    `    - name: Tell ${at}`,
    '      debug:',
    `        msg: "{{ result_${at - 1}.rc | default(0) }} on {{ inventory_hostname }}"`,
    `      when: result_${at - 1} is defined`,
  ],
]

/** Whole steps, until there are so many lines. */
export const longPlaybook = (lines: number): string => {
  const written = ['- name: Everything', '  hosts: all', '  vars:', '    top: "{{ base }}/x"', '  tasks:']
  for (let at = 0; written.length < lines; at += 1) written.push(...(steps[at % steps.length]?.(at) ?? []))
  return `${written.join('\n')}\n`
}

export const wideInventory = (hosts: number): string => {
  const host = (at: number) => `    node${at}: { ansible_host: 192.0.2.1, role: role-${at % 5}, size: ${at} }`
  const all = Array.from({ length: hosts }, (_, at) => host(at + 1))
  return ['all:', '  vars: { base: /srv }', '  hosts:', ...all, ''].join('\n')
}
