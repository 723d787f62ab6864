// The one stable name of a step: `install/mount@node2`, the same on screen, in flags, journal and reports.

/**
 * Turns a name that a person wrote into the form that an address uses.
 *
 * @returns Lower-case words joined by `-`; empty when the name holds no letter or digit.
 */
export const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(isAscii(name) ? /[^a-z0-9]+/g : /[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')

/** Most names are, and the letters of all languages take a while to compile. */
const isAscii = (name: string): boolean => !/[^\0-\x7f]/.test(name)

/** `playbook/step`, without a host. */
export type StepId = `${string}/${string}`

export const stepId = (playbook: string, step: string): StepId => `${playbook}/${step}`

export const stepAddress = (step: StepId, host: string): string => `${step}@${host}`

/** The address of what stands in an event, a plan or a state as two fields. */
export const addressOf = ({ step, host }: { readonly step: string; readonly host: string }): string => `${step}@${host}`
