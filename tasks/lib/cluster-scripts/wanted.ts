// The two scripts as they are to be: the templates filled in, and composed with what stands there.
import { template, z } from '#task'
import { type Composing, compose, usualComposing } from './compose.ts'
import { type ScriptSettings, scriptSettings, templateValues } from './settings.ts'

/** Arguments of every step that deals with the scripts. */
export const scriptArgs = {
  load_script: template().meta({ description: 'template of the load script' }),
  unload_script: template().meta({ description: 'template of the unload script' }),
  settings: scriptSettings,
  compose: z
    .enum(['insert', 'replace'])
    .optional()
    .meta({ description: 'into the scripts that stand there, which is usual for NSS, or in their place' }),
}

type Composed = { readonly settings: ScriptSettings; readonly compose?: Composing | undefined }

/** The generated script mounts an NSS volume where it is mounted unless told otherwise; one that stands there knows where. */
export const isMountedSo = ({ settings, compose }: Composed): boolean =>
  settings.storage.kind !== 'nss' ||
  composingOf({ settings, compose }) === 'insert' ||
  settings.mount_point === `/media/nss/${settings.storage.volume}`

/** What `isMountedSo` finds wrong. */
export const mountedElsewhere = {
  path: ['settings', 'mount_point'],
  message:
    '/media/nss/VOLUME, where the generated script mounts an NSS volume; for another place have the agents put into the script that stands there (`compose: insert`)',
}

type Args = Composed & {
  readonly load_script: { fill(values: Readonly<Record<string, unknown>>): string }
  readonly unload_script: { fill(values: Readonly<Record<string, unknown>>): string }
}

export type Pair = { readonly load: string; readonly unload: string }

export const generated = ({ load_script, unload_script, settings }: Args): Pair => {
  const values = templateValues(settings)
  return { load: load_script.fill(values), unload: unload_script.fill(values) }
}

export const composingOf = ({ compose, settings }: Composed): Composing => compose ?? usualComposing(settings)

/** @throws {Problem} where our part has no place in what stands there. */
export const composed = (args: Args, standing: Pair): Pair => {
  const { load, unload } = generated(args)
  const how = composingOf(args)
  const { settings } = args
  return {
    load: compose(how, { name: 'load script', standing: standing.load, generated: load, settings }),
    unload: compose(how, { name: 'unload script', standing: standing.unload, generated: unload, settings }),
  }
}
