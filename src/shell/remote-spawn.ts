// Stands where zx expects `child_process.spawn`: a child that lives on a node and has no process here.
import type { ChildProcess, spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import type { CommandOptions, CommandResult, HostShell } from './host-shell.ts'

export type Errand = {
  readonly shell: HostShell
  /** Read when the command goes out: a `timeout()` behind the template still counts. */
  options: CommandOptions
  readonly onEnd: (script: string, result: CommandResult | undefined, ms: number) => void
}

/** A `spawn` that ignores where and how zx would start the script, and carries it to the node. */
export const remoteSpawn = (errand: Errand): typeof spawn => {
  const start = (script: string): ChildProcess => {
    const child = new RemoteChild()
    queueMicrotask(() => void carryOut(child, script, errand))
    return child as unknown as ChildProcess // zx uses no more of it than RemoteChild has
  }
  return start as unknown as typeof spawn
}

/** No `pid` and no `kill`: there is nothing on this machine that a signal could reach. */
class RemoteChild extends EventEmitter {
  readonly stdin = null
  readonly stdout = new Told()
  readonly stderr = new Told()
}

/** As much of a stream as zx needs for a text that comes whole: where it is to be piped to, nobody reads it. */
class Told extends EventEmitter {
  pipe(): void {}
  destroy(): void {}
}

const carryOut = async (child: RemoteChild, script: string, { shell, options, onEnd }: Errand): Promise<void> => {
  const start = performance.now()
  try {
    const result = await shell.run(script, options).catch(error => {
      onEnd(script, undefined, performance.now() - start)
      throw error
    })
    onEnd(script, result, performance.now() - start)
    if (result.stdout !== '') child.stdout.emit('data', result.stdout)
    if (result.stderr !== '') child.stderr.emit('data', result.stderr)
    child.emit('close', result.exitCode, null)
  } catch (error) {
    child.emit('error', error)
    child.emit('close', null, null)
  }
}
