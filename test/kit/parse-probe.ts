// What a kind of thing makes of a node's answer.
import type { Json } from '../../src/model/json.ts'
import type { Output, Ref } from '../../src/task/resource.ts'

export const parse = ({ resource, key }: Ref, stdout: string, more: Partial<Output> = {}): Json | undefined => {
  if ('ask' in resource) throw new Error('no node is asked for it')
  return resource.parse({ stdout, stderr: '', exitCode: 0, ...more }, key)
}
