// One node without namespaces while it is up: processes that bear its mark, below a root of its own.
import { realpathSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { addressOf } from '../network.ts'
import { begin, type Making, nodeName, placeOf, type RunningNode } from '../node.ts'
import { bootPlain, standIns } from './node-script.ts'
import { endMarked, marking, markOf } from './processes.ts'

/** Where the programs lie that nodes have links to. */
export const toolsOf = (files: string): string => `${files}/tools`

export const startPlainNode = async (index: number, { files, storage, network }: Making): Promise<RunningNode> => {
  const own = { root: realpathSync(placeOf(files, index).files), mark: markOf(files, index) }
  for (const [name, text] of Object.entries(standIns(nodeName(index), storage.uuid)))
    await writeFile(`${own.root}/usr/local/sbin/${name}`, text, { mode: 0o755 })
  const node = await begin(index, [...marking(own.mark), 'sh', '-c', bootPlain], {
    FILES: own.root,
    TOOLS: toolsOf(files),
    ADDRESS: addressOf(network.part, index),
    UUID: storage.uuid,
    IMAGE: storage.image,
  })
  return {
    ...node,
    async finish() {
      await node.finish()
      await storage.room?.serve(own)
    },
    async stop() {
      await node.stop()
      await endMarked(own.mark)
      storage.room?.leave(own)
    },
  }
}
