// Digests that results hand on, as Ansible's do. Nothing rests on them: they are for whoever compares.
import { createHash } from 'node:crypto'

/** In lower-case hex. */
export const sha1Of = (content: string | Uint8Array): string => createHash('sha1').update(content).digest('hex')
