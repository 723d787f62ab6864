// What a person does whom a resume asks: looks at the node, and says what is there.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ran } from '../e2e/command.ts'
import { familyOf, read } from '../e2e/machines.ts'
import type { Site } from '../e2e/site.ts'
import { countedStep, countOn } from './counted.ts'

export type Word = '--again' | '--done'

/** @returns The flag and the address of each step that the command asks about; nothing where it asks about none. */
export const answerOf = async (site: Site, { stderr }: Ran): Promise<readonly string[]> => {
  const addresses = new Set([...stderr.matchAll(/--again (\S+@\S+)/g)].map(([, address = '']) => address))
  const words = await Promise.all([...addresses].map(async address => [await wordFor(site, address), address]))
  return words.flat()
}

/** Of a program that is not counted nobody knows how it went: it is carried out again. */
const wordFor = async (site: Site, address: string): Promise<Word> => {
  if (!address.startsWith(`${countedStep}@`)) return '--again'
  for (const end = Date.now() + 30_000; Date.now() < end && isInstalling(site); ) await sleep(50)
  const { ended } = await countOn(site, address.split('@')[1] ?? '')
  return ended.includes(0) ? '--done' : '--again'
}

const isInstalling = (site: Site): boolean =>
  familyOf(site.lab.pid).some(pid => read(`/proc/${pid}/cmdline`).includes('/media/messenger/install'))
