// Links: where they lead.
import { file, type World } from '#task'

/** Where the links lead that stand at a path. */
export const followed = async (world: World, path: string, links = 8): Promise<string> => {
  const seen = await world.look(file(path))
  return seen.type === 'link' && links > 0 ? followed(world, targetOf(path, seen.target), links - 1) : path
}

/** A target as the link at a path means it. */
export const targetOf = (path: string, target: string): string => {
  const parts = target.startsWith('/') ? [] : path.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return `/${parts.filter(Boolean).join('/')}`
}
