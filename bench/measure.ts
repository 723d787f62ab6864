// One whole process with all that it starts: how long, how much work, how much memory.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'

export type Measure = {
  /** From the start of the process to its end. */
  readonly wallMs: number
  /** User and system time, of the process and of what it waited for; in steps of 10 ms. */
  readonly cpuMs: number
  /** What all else on the machine worked meanwhile: nodes of a lab for the most part. */
  readonly othersMs: number
  /** Peaks of the resident sets, added up over the processes that live at the same time. */
  readonly peakKb: number
  readonly exitCode: number | null
}

export type Place = {
  readonly cwd: string
  /** Output goes here; the file begins anew. */
  readonly log: string
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/**
 * Starts a program and waits for its end.
 *
 * One at a time: the work of all children of this process is counted.
 *
 * @throws {Error} `AbortError`; then the program was told to end.
 */
export const measure = async (
  [program = '', ...args]: readonly string[],
  { cwd, log, env, signal }: Place,
): Promise<Measure> => {
  const output = openSync(log, 'w')
  const [cpuBefore, allBefore] = [childrenCpuMs(), machineCpuMs()]
  const started = performance.now()
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
    ...(signal && { signal }),
  })
  closeSync(output)
  const memory = watchMemory(child.pid ?? 0)
  try {
    const [exitCode] = (await once(child, 'exit')) as [number | null]
    const cpuMs = childrenCpuMs() - cpuBefore
    return {
      wallMs: performance.now() - started,
      cpuMs,
      othersMs: Math.max(0, machineCpuMs() - allBefore - cpuMs),
      peakKb: memory.peakKb(),
      exitCode,
    }
  } finally {
    memory.stop()
  }
}

/** The kernel's unit in /proc/PID/stat, the same on every Linux: `USER_HZ` is 100. */
const tickMs = 10

/** @source proc(5), /proc/pid/stat, fields 16 and 17: `cutime`, `cstime` */
const childrenCpuMs = (): number => {
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * tickMs
}

/** @source proc(5), /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; what a hypervisor took is no work. */
const machineCpuMs = (): number => {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? ''
  )
    .split(/ +/)
    .map(Number)
  return (user + nice + system + irq + softirq) * tickMs
}

/** What a process takes in its last moments is missed; a peak is seldom there. */
const sampleMs = 20

const watchMemory = (pid: number) => {
  let highest = 0
  const look = () => {
    const sum = familyOf(pid).reduce((total, member) => total + peakOf(member), 0)
    highest = Math.max(highest, sum)
  }
  const timer = setInterval(look, sampleMs)
  return { peakKb: () => highest, stop: () => clearInterval(timer) }
}

const familyOf = (pid: number): readonly number[] => {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(familyOf)]
}

/** @source proc(5), /proc/pid/status: `VmHWM`, in kB */
const peakOf = (pid: number): number => Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)

const read = (file: string): string => {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return '' // It has ended meanwhile.
  }
}
