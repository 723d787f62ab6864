// What lies on the nodes before they start: a bare system, the vendor's files, and each node's own name.
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { addressOf, outerAddressOf } from './network.ts'
import { type NodePlace, nodeName, placeOf } from './node.ts'
import { furnish } from './node-script.ts'
import { toolsOf } from './plain/node.ts'
import { gather } from './plain/node-script.ts'
import { must } from './programs.ts'
import { vendorFiles } from './vendor/index.ts'
import type { LabPlan } from './words.ts'

/** Lays out the files of all nodes; they differ in their host names only. */
export const furnishNodes = async (files: string, plan: LabPlan): Promise<void> => {
  const base: NodePlace = { files: `${files}/base/files`, work: `${files}/base/work`, root: `${files}/base/root` }
  const isPlain = plan.grants.lane === 'plain'
  for (const path of Object.values(base)) await mkdir(path, { recursive: true })
  const settings = {
    KIND: plan.grants.root,
    USERS: plan.grants.users ? '1' : '0',
    FILES: base.files,
    WORK: base.work,
    ROOT: isPlain ? base.files : base.root,
    OWN: `${files}/base`,
    HIDE: plan.hide.join(' '),
    HOSTS: hosts(plan),
  }
  await must(['env', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`), 'sh', '-c', furnish])
  await copyVendor(settings.ROOT, plan)
  if (isPlain) await must(['env', `NODE_PROGRAM=${process.execPath}`, 'sh', '-c', gather, 'sh', toolsOf(files)])
  else await must(['umount', base.root])
  for (let index = 1; index <= plan.nodes; index += 1) {
    const place = placeOf(files, index)
    await mkdir(dirname(place.files), { recursive: true })
    await must(['cp', '-a', base.files, place.files])
    await rm(`${place.files}/etc/hostname`, { force: true }) // a whiteout, under an overlay
    await writeFile(`${place.files}/etc/hostname`, `${nodeName(index)}\n`)
    if (isPlain) await writeFile(`${place.files}/etc/lab/address`, `${addressOf(plan.network, index)}\n`)
  }
  await must(['rm', '-rf', `${files}/base`])
}

const hosts = ({ nodes, network }: LabPlan): string =>
  [
    '127.0.0.1 localhost',
    `${outerAddressOf(network)} directory`,
    ...Array.from({ length: nodes }, (_, index) => `${addressOf(network, index + 1)} ${nodeName(index + 1)}`),
  ].join('\n')

const copyVendor = async (root: string, { vendorRoot }: LabPlan): Promise<void> => {
  for (const { path, mode, text } of vendorFiles(vendorRoot)) {
    await mkdir(dirname(`${root}${path}`), { recursive: true })
    await writeFile(`${root}${path}`, text)
    await chmod(`${root}${path}`, Number.parseInt(mode, 8))
  }
}
