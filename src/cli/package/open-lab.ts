// The lab of a site, opened by a program: its nodes are reached as a run reaches them.
import { resolve } from 'node:path'
import type { HostShell } from '../../shell/host-shell.ts'
import { openNodes } from '../connections.ts'
import { labDirectory, labTarget, loadLab } from '../lab.ts'
import { findSettings } from '../settings.ts'
import type { OpenLab } from './lab-words.ts'

export const openLab: OpenLab = async ({ cwd = '.', nodes = 2 } = {}) => {
  const { connectionOf, labDown, labReset, labStatus, labUp } = await loadLab()
  const dir = labDirectory(findSettings(resolve(cwd)).state)
  const there = await labStatus(dir)
  const lab = there ?? (await labUp({ dir, nodes }))
  const open = () => openNodes(host => labTarget(host, connectionOf(lab, host)))
  let reached = open()
  return {
    nodes: lab.nodes.map(({ name }) => name),
    lacks: lab.lacks,
    host: name => lateShell(name, () => reached.shell(name)),
    async reset() {
      // What runs on the nodes ends, and so do our shells.
      await reached.close()
      reached = open()
      await labReset(dir)
    },
    async close() {
      await reached.close()
      if (!there) await labDown(dir)
    },
  }
}

const lateShell = (host: string, shell: () => Promise<HostShell>): HostShell => ({
  host,
  run: async (script, options) => (await shell()).run(script, options),
  terminal: async (command, size) => (await shell()).terminal(command, size),
  follow: async script => (await shell()).follow(script),
  upload: async (bytes, path, mode) => (await shell()).upload(bytes, path, mode),
})
